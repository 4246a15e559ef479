// A loop for clients on a thread of its own, and a handler that writes down what a link tells.
#pragma once

#include "net/dialer.h"
#include "net_service.hpp"
#include "ws/build.h"
#include "ws/mask_keys.h"

#include <deque>
#include <netinet/in.h>
#include <sys/socket.h>

namespace cryo_test {

namespace ws = cryo_core::ws;

class client_loop final : public net::link_acceptor {
  public:
    client_loop() {
        cryo_core::failure why;
        loop_ = net::loop::create({}, *this, why);
        if (!loop_) throw std::runtime_error(why.text);
        thread_ = std::thread([l = loop_] { l->run(); });
    }
    ~client_loop() override { stop(); }

    void stop() {
        if (!thread_.joinable()) return;
        post(*loop_, [p = loop_.get()] { p->end(); });
        thread_.join();
    }

    net::link_handler *on_link(net::link &) override { return nullptr; }
    net::loop &get() { return *loop_; }

  private:
    std::shared_ptr<net::loop> loop_;
    std::thread thread_;
};

// What happens is told on the loop's thread; the test waits for a signal and then reads. To be declared
// before the loop, which tells it that it is gone.
class dial_recorder final : public net::ws_link_handler {
  public:
    signal connected, failed, message, flushed, too_big, peer_closed, gone;
    net::dial_failure why;
    std::vector<std::string> messages; // "b:…" and "t:…"
    std::string closed_with;
    std::string violation; // answered with a close
    std::string address;
    std::atomic<int> life{0};
    net::ws_link *own = nullptr; // on the loop's thread
    std::function<void(dial_recorder &)> when_connected, when_message, when_flushed, when_peer_closes;

    // Begins, and returns when dial() has.
    void dial(client_loop &on, net::dial_target to) {
        run_in(on.get(), [&] { own = &net::dialer::dial(on.get(), std::move(to), *this); });
    }

    // On the loop's thread: whole frames, each written when the link takes it.
    void put(ws::opcode kind, std::string_view payload) {
        std::string frame(payload.size() + ws::max_header_size, '\0');
        frame.resize(ws::write_masked(reinterpret_cast<std::uint8_t *>(frame.data()), kind,
                                      cryo_core::as_bytes(payload), keys_.next()));
        out_.push_back(std::move(frame));
        if (own != nullptr) own->request_flush();
    }
    void put_close(std::uint16_t code, std::string_view reason) {
        std::string frame(ws::max_masked_close_frame_size, '\0');
        frame.resize(ws::write_masked_close(reinterpret_cast<std::uint8_t *>(frame.data()), code, reason,
                                            keys_.next()));
        out_.push_back(std::move(frame));
        write_out();
    }
    // As many frames as fit, or a large one by itself.
    void write_out() {
        while (!out_.empty()) {
            const std::size_t room = own->writable();
            if (room == 0) return;
            std::string batch = std::move(out_.front());
            out_.pop_front();
            while (!out_.empty() && batch.size() + out_.front().size() <= room) {
                batch += out_.front();
                out_.pop_front();
            }
            if (!own->write(cryo_core::as_bytes(batch))) return;
        }
    }

    void on_connected() override {
        address = own->remote_address();
        if (when_connected) when_connected(*this);
        connected.raise();
    }
    void on_failed(const net::dial_failure &told) override {
        why = told;
        failed.raise();
    }
    void on_binary(cryo_core::bytes_mut data) override { take("b:", data); }
    void on_text(cryo_core::bytes_mut data) override { take("t:", data); }
    void on_too_big() override { too_big.raise(); }
    void on_violation(std::uint16_t code, std::string_view what) override {
        violation = std::to_string(code) + " " + std::string(what);
        put_close(code, what);
        own->finish();
    }
    void on_activity() override { ++life; }
    void on_flush() override {
        write_out();
        if (when_flushed) when_flushed(*this);
        flushed.raise();
    }
    void on_peer_close(std::uint16_t code, std::string_view reason) override {
        closed_with = std::to_string(code) + " " + std::string(reason);
        if (when_peer_closes) when_peer_closes(*this);
        peer_closed.raise();
    }
    void on_gone() noexcept override {
        own = nullptr;
        gone.raise();
    }

  private:
    void take(const char *kind, cryo_core::bytes_mut data) {
        messages.push_back(kind + std::string(cryo_core::as_text(data)));
        if (when_message) when_message(*this);
        message.raise();
    }

    std::deque<std::string> out_;
    ws::mask_keys keys_{{}};
};

inline net::address loopback(std::uint16_t port, int family = AF_INET) {
    if (family == AF_INET6) {
        sockaddr_in6 at{};
        at.sin6_family = AF_INET6;
        at.sin6_addr = in6addr_loopback;
        at.sin6_port = htons(port);
        return net::address(reinterpret_cast<const sockaddr *>(&at));
    }
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(port);
    return net::address(reinterpret_cast<const sockaddr *>(&at));
}

inline net::dial_target target_at(std::uint16_t port, std::string host = "127.0.0.1") {
    net::dial_target to;
    to.host = std::move(host);
    to.port = port;
    return to;
}

} // namespace cryo_test
