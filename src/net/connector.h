// The race for a connection to one of a host's addresses (RFC 8305 section 5): the next one is tried when the
// one before has failed, or has been silent for a while; the first that answers wins. Only src/net includes
// this.
#pragma once

#include "net/loop_core.h"
#include "net/watched_socket.h"

#include <memory>
#include <vector>

namespace cryo_core::net {

// More than any sane name has. Keeps one from making us knock at thousands of doors.
constexpr std::size_t max_addresses = 16;

// How long an address may be silent before the next one is tried beside it.
constexpr time_us next_address_after = from_ms(250);

// The families in turn, beginning with that of the first (RFC 8305 section 4), all with this port, and no
// more than max_addresses.
std::vector<address> interleaved(const std::vector<address> &found, std::uint16_t port);

class connector_watcher {
  public:
    // Either of these, once. The connector may be destroyed in it.
    virtual void on_tcp(watched_socket &&connected, const address &to) noexcept = 0;
    virtual void on_no_tcp() noexcept = 0;

  protected:
    ~connector_watcher() = default;
};

class connector final : private timer {
  public:
    connector(loop_core &core, connector_watcher &who, std::vector<address> addresses, time_us until);
    ~connector() override;

    // May tell at once.
    void start() noexcept { try_next(); }

    // The last address that was tried; empty: none.
    const address *last_tried() const noexcept { return next_ == 0 ? nullptr : &addresses_[next_ - 1]; }
    // "[::1]:80: connection refused; 192.0.2.1:80: no answer"
    std::string story() const;
    // Whether none was tried for lack of a descriptor or memory of ours.
    bool exhausted() const noexcept { return exhausted_; }

  private:
    struct attempt final : public socket_watcher {
        void on_ready(bool readable, bool writable) noexcept override;
        connector *of = nullptr;
        watched_socket socket;
        int error = 0; // of the system
        int uv_error = 0;
        bool failed = false;
    };

    void on_deadline(time_us now) override;
    void try_next() noexcept;
    enum class begun : std::uint8_t { failed, under_way, won }; // won: this may be gone
    begun begin(attempt &one, const address &to) noexcept;
    bool connected(attempt &one) noexcept;
    void go_on(attempt &one) noexcept;
    time_us patience() const noexcept;

    loop_core &core_;
    connector_watcher &who_;
    const std::vector<address> addresses_;
    const std::unique_ptr<attempt[]> attempts_; // one for each address
    const time_us until_;
    std::size_t next_ = 0;  // the address to be tried
    std::size_t alive_ = 0; // attempts under way
    bool exhausted_ = false;
};

} // namespace cryo_core::net
