// What a server sends: from the socket through the parser to the handler.
#include "net/ws_connection.h"

namespace cryo_core::net {

void ws_connection::watch() noexcept {
    if (open() && stream_ != nullptr) stream_->watch(!paused_ && rest_.empty());
}

void ws_connection::on_ready(bool readable, bool writable) noexcept {
    // cppcheck-suppress throwInNoexceptFunction ; it catches
    guarded([&] {
        if (writable && stream_->choked()) {
            if (!stream_->drain())
                lose_output();
            else if (!stream_->choked())
                drained();
        }
        if (readable && open() && !paused_ && rest_.empty()) read();
    });
    watch();
}

void ws_connection::read() {
    const bytes_mut buffer = core_.read_buffer();
    const auto size = stream_->read(buffer);
    if (!size) return end_soon();
    core_.note_input();
    if (*size > 0) take_new(buffer.first(*size));
    if (open() && stream_->more_to_read()) core_.soon(*this);
}

void ws_connection::take_new(bytes_mut data) {
    const std::size_t taken = take(data);
    if (taken < data.size()) rest_.append(data.subspan(taken));
}

// What was read before it was paused. It may be paused again on the way.
void ws_connection::take_rest() {
    rest_at_ += take(rest_.span().subspan(rest_at_));
    if (rest_at_ < rest_.size()) return;
    rest_.reset();
    rest_at_ = 0;
}

// How much of it is done with: all but what a pause leaves.
std::size_t ws_connection::take(bytes_mut data) {
    if (paused_) return 0;
    if (deaf_ && open()) handler_.on_activity();
    if (deaf_ || !open()) return data.size();
    const ws::parse_result result = parser_->feed_as<ws::role::client>(data, *this);
    if (open() && result.state == ws::parse_result::state::failed) violated(result);
    if (open() && result.state == ws::parse_result::state::more && parser_->in_message())
        handler_.on_activity();
    return deaf_ || !open() ? data.size() : result.consumed;
}

void ws_connection::violated(const ws::parse_result &how) {
    deaf_ = true;
    if (phase_ != phase::open) return; // we have closed; its end is awaited
    if (how.close_code == ws::close_code::too_big)
        handler_.on_too_big();
    else
        handler_.on_violation(how.close_code, how.what);
}

// Also behind our own close: what the server has to say until it answers that.
bool ws_connection::on_message(ws::opcode kind, bytes_mut payload) {
    if (kind == ws::opcode::text)
        handler_.on_text(payload);
    else
        handler_.on_binary(payload);
    return open() && !paused_;
}

bool ws_connection::on_ping(bytes_view payload) {
    if (phase_ == phase::open && !mute_) say_pong(payload);
    return true;
}

bool ws_connection::on_pong(bytes_view) {
    if (phase_ == phase::open) handler_.on_activity();
    return open() && !paused_;
}

bool ws_connection::on_close(std::uint16_t code, std::string_view reason) {
    closed_ = deaf_ = true;
    if (phase_ == phase::open) handler_.on_peer_close(code, reason);
    if (!open()) return false;
    phase_ = phase::finishing;
    if (choked_)
        give_up_in(finish_timeout_ms);
    else
        end_soon();
    return false;
}

void ws_connection::pause_read() noexcept {
    if (phase_ != phase::finishing) paused_ = true;
    watch();
}

// Not here: it may be called inside of the handler.
void ws_connection::resume_read() noexcept {
    if (!std::exchange(paused_, false) || !open()) return;
    core_.soon(*this);
}

} // namespace cryo_core::net
