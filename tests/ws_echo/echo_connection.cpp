#include "echo_connection.h"

#include "upgrade/accept_key.h"
#include "upgrade/answer.h"
#include "ws/build.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ws_echo {

namespace ws = cryo_core::ws;
namespace upgrade_ns = cryo_core::upgrade;

namespace {

// For TLS and the request: who connects and says nothing is dropped.
constexpr time_us upgrade_timeout = cryo_core::from_ms(10'000);

// For what waits to be written when the connection is to end.
constexpr time_us end_timeout = cryo_core::from_ms(5'000);

// A client that does not read what it gets back is not read either, from so many messages on.
constexpr std::size_t max_waiting_messages = 4;

ws::parse_options parse_options_of(const options &limits) {
    ws::parse_options o;
    o.accept_text = true;
    o.max_message = limits.max_message;
    o.max_fragments = limits.max_fragments;
    return o;
}

} // namespace

connection::connection(cryo_core::net::link &own, const options &limits)
    : own_(own), limits_(limits), head_(std::in_place), parser_(parse_options_of(limits)) {
    own_.owner().set_deadline(*this, own_.owner().now() + upgrade_timeout);
}

connection::~connection() {
    own_.owner().cancel(*this);
}

void connection::on_read(bytes_mut data) {
    if (ending_) return;
    if (head_) data = upgrade(data);
    if (head_ || ending_) return;
    const ws::parse_result result = parser_.feed(data, *this);
    if (result.state == ws::parse_result::state::failed) send_close(result.close_code, result.what);
    if (waiting() > max_waiting_messages * limits_.max_message && !paused_) {
        paused_ = true;
        own_.pause_read();
    }
}

// Returns what comes behind the head.
bytes_mut connection::upgrade(bytes_mut data) {
    const auto result = head_->feed(data);
    if (result.state == upgrade_ns::head_state::more) return {};
    std::optional<upgrade_ns::refusal> refused;
    upgrade_ns::request request;
    if (result.state == upgrade_ns::head_state::failed) {
        refused.emplace();
        refused->status = result.status;
        refused->body = result.what;
    } else {
        request = head_->take();
        refused = upgrade_ns::check_upgrade(request);
    }
    head_.reset();
    own_.owner().cancel(*this);
    if (refused) {
        answer(upgrade_ns::refuse(*refused));
        end_after_flush();
    } else {
        answer(upgrade_ns::switching_protocols(upgrade_ns::accept_key(request.sec_websocket_key)));
    }
    return data.subspan(result.consumed);
}

void connection::answer(std::string_view text) {
    out_.append(cryo_core::as_bytes(text));
    own_.request_flush();
}

bool connection::on_message(ws::opcode kind, bytes_mut payload) {
    send(kind, payload);
    return true;
}

bool connection::on_ping(bytes_view payload) {
    send(ws::opcode::pong, payload);
    return true;
}

bool connection::on_close(std::uint16_t code, std::string_view reason) {
    send_close(code, reason);
    return true;
}

void connection::send(ws::opcode kind, bytes_view payload) {
    std::array<std::uint8_t, ws::max_header_size> header{};
    const std::size_t size = ws::write_header(header.data(), kind, payload.size());
    out_.append({header.data(), size});
    out_.append(payload);
    own_.request_flush();
}

void connection::send_close(std::uint16_t code, std::string_view reason) {
    std::array<std::uint8_t, ws::max_control_frame_size> frame{};
    const std::size_t size = ws::write_close(frame.data(), code, reason);
    out_.append({frame.data(), size});
    own_.request_flush();
    end_after_flush();
}

void connection::end_after_flush() {
    ending_ = true;
    own_.owner().set_deadline(*this, own_.owner().now() + end_timeout);
}

void connection::on_flush() {
    while (waiting() > 0) {
        if (own_.writable() == 0) break;
        const auto taken = own_.write(out_.view().subspan(written_));
        if (!taken) return;
        written_ += *taken;
    }
    if (waiting() == 0) {
        out_.reset();
        written_ = 0;
        if (ending_) {
            own_.owner().cancel(*this);
            own_.finish();
            return;
        }
    } else if (written_ > out_.size() / 2) {
        std::memmove(out_.data(), out_.data() + written_, waiting());
        out_.shrink(written_);
        written_ = 0;
    }
    if (paused_ && waiting() <= limits_.max_message) {
        paused_ = false;
        own_.resume_read();
    }
}

} // namespace ws_echo
