// A WebSocket server for tests of clients, over our own loop: it accepts each upgrade, and says what it is
// told to.
#pragma once

#include "net_service.hpp"
#include "upgrade/accept_key.h"
#include "upgrade/admission.h"
#include "upgrade/answer.h"
#include "ws/build.h"
#include "ws/parse.h"

#include <optional>

namespace cryo_test {

namespace ws = cryo_core::ws;

struct ws_script {
    bool echo = true;
    bool answer_close = true;
    std::string greeting; // frames that go out together with the answer to the upgrade
    std::function<void(const cryo_core::upgrade::request &)> on_request{};
    std::function<void(ws::opcode, std::string)>
        on_frame{}; // messages, pings, pongs, and closes with their code
};

class ws_serving final : public net::link_handler, private ws::parse_handler {
  public:
    ws_serving(net::link &own, const ws_script &script)
        : own_(own), script_(script), head_(std::in_place), parser_(options()) {}

    void on_read(cryo_core::bytes_mut data) override {
        if (head_) data = upgrade(data);
        if (head_ || ended_) return;
        const auto result = parser_.feed(data, *this);
        if (result.state == ws::parse_result::state::failed) close(result.close_code, result.what);
        own_.request_flush();
    }

    void on_flush() override {
        while (at_ < out_.size()) {
            if (own_.writable() == 0) return;
            const auto taken = own_.write(cryo_core::as_bytes(std::string_view(out_).substr(at_)));
            if (!taken) return;
            at_ += *taken;
        }
        out_.clear();
        at_ = 0;
        if (ended_) own_.finish();
    }

    void on_gone() noexcept override { delete this; }

  private:
    static ws::parse_options options() {
        ws::parse_options o;
        o.accept_text = true;
        o.max_message = 64 * 1024 * 1024;
        return o;
    }

    cryo_core::bytes_mut upgrade(cryo_core::bytes_mut data) {
        const auto result = head_->feed(data);
        if (result.state == cryo_core::upgrade::head_state::more) return {};
        std::optional<cryo_core::upgrade::refusal> refused;
        if (result.state == cryo_core::upgrade::head_state::failed) {
            refused.emplace();
            refused->status = result.status;
            refused->body = result.what;
        } else {
            const auto request = head_->take();
            refused = cryo_core::upgrade::check_upgrade(request);
            if (script_.on_request) script_.on_request(request);
            if (!refused)
                out_ = cryo_core::upgrade::switching_protocols(
                           cryo_core::upgrade::accept_key(request.sec_websocket_key)) +
                       script_.greeting;
        }
        head_.reset();
        if (refused) {
            out_ = cryo_core::upgrade::refuse(*refused);
            ended_ = true;
        }
        own_.request_flush();
        return data.subspan(result.consumed);
    }

    void put(ws::opcode kind, cryo_core::bytes_view payload) {
        std::uint8_t start[ws::max_header_size];
        const std::size_t size = ws::write_header(start, kind, payload.size());
        out_.append(reinterpret_cast<const char *>(start), size);
        out_ += cryo_core::as_text(payload);
    }
    void close(std::uint16_t code, std::string_view reason) {
        std::uint8_t frame[ws::max_control_frame_size];
        const std::size_t size = ws::write_close(frame, code, reason);
        out_.append(reinterpret_cast<const char *>(frame), size);
        ended_ = true;
    }
    void tell(ws::opcode kind, std::string payload) {
        if (script_.on_frame) script_.on_frame(kind, std::move(payload));
    }

    bool on_message(ws::opcode kind, cryo_core::bytes_mut payload) override {
        if (script_.echo) put(kind, payload);
        tell(kind, std::string(cryo_core::as_text(payload)));
        return true;
    }
    bool on_ping(cryo_core::bytes_view payload) override {
        put(ws::opcode::pong, payload);
        tell(ws::opcode::ping, std::string(cryo_core::as_text(payload)));
        return true;
    }
    bool on_pong(cryo_core::bytes_view payload) override {
        tell(ws::opcode::pong, std::string(cryo_core::as_text(payload)));
        return true;
    }
    bool on_close(std::uint16_t code, std::string_view reason) override {
        if (script_.answer_close) close(code, {});
        tell(ws::opcode::close, std::to_string(code) + " " + std::string(reason));
        return true;
    }

    net::link &own_;
    const ws_script &script_;
    std::optional<cryo_core::upgrade::request_parser> head_;
    ws::parser parser_;
    std::string out_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

class ws_server {
  public:
    explicit ws_server(ws_script script = {}, const net::loop_options &options = {})
        : script_(std::move(script)),
          service_([this](net::link &l) { return new ws_serving(l, script_); }, options) {}

    std::uint16_t port() const { return service_.port(); }

  private:
    ws_script script_;
    service service_;
};

} // namespace cryo_test
