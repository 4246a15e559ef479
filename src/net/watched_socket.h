// A socket of ours that a loop watches. Only src/net includes this.
#pragma once

#include "net/socket.h"

#include <utility>
#include <uv.h>

namespace cryo_core::net {

class socket_watcher {
  public:
    // It can be read from, or written to, without waiting. An error is both: the next call tells it.
    virtual void on_ready(bool readable, bool writable) noexcept = 0;

  protected:
    ~socket_watcher() = default;
};

class watched_socket {
  public:
    watched_socket() noexcept = default;
    watched_socket(const watched_socket &) = delete;
    watched_socket(watched_socket &&other) noexcept
        : socket_(std::move(other.socket_)), handle_(std::exchange(other.handle_, nullptr)) {}
    watched_socket &operator=(watched_socket &&other) noexcept {
        close();
        socket_ = std::move(other.socket_);
        handle_ = std::exchange(other.handle_, nullptr);
        return *this;
    }
    ~watched_socket() { close(); }

    // 0, or why it cannot be watched; then it is closed. Nothing is watched for yet.
    int open(uv_loop_t &on, socket &&what, socket_watcher &who) noexcept;
    // Who hears of it from now on.
    void hand_to(socket_watcher &who) noexcept { handle_->who = &who; }

    void watch(bool reading, bool writing) noexcept;
    void close() noexcept;
    // It is not watched any more.
    socket release() noexcept {
        socket taken = std::move(socket_);
        close();
        return taken;
    }

    explicit operator bool() const noexcept { return handle_ != nullptr; }
    os_socket descriptor() const noexcept { return socket_.get(); }

  private:
    // libuv lets go of it some time behind the socket's end.
    struct handle {
        uv_poll_t poll{};
        socket_watcher *who = nullptr;
        int events = 0; // that libuv was told to watch for
    };
    static void ready(uv_poll_t *poll, int error, int events) noexcept;

    socket socket_;
    handle *handle_ = nullptr;
};

} // namespace cryo_core::net
