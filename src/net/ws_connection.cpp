// The connected WebSocket; dialer.cpp has the way there.
#include "net/ws_connection.h"

#include "base/log.h"
#include "net/tls_handshake.h"

#include <algorithm>
#include <cassert>

namespace cryo_core::net {

namespace {

// A message in pieces is collected in memory that is kept for the next one up to this size.
constexpr std::size_t max_kept_memory = 64 * 1024;

constexpr std::uint16_t no_close_code = 1005;

} // namespace

std::size_t ws_connection::writable() noexcept {
    if (phase_ != phase::open || wsi_ == nullptr || choked_) return 0;
    if (credit_ == 0) {
        if (lws_send_pipe_choked(wsi_) != 0) {
            choked_ = true;
            lws_callback_on_writable(wsi_);
            return 0;
        }
        credit_ = write_credit;
    }
    return credit_;
}

bool ws_connection::write(bytes_view frames) noexcept {
    if (phase_ != phase::open || wsi_ == nullptr) return false;
    assert(!choked_);
    if (frames.empty()) return true;
    // Of all kinds this is the one that a WebSocket sends unchanged; the signature is the same for those that
    // change it.
    if (lws_write(wsi_, const_cast<unsigned char *>(frames.data()), frames.size(), LWS_WRITE_HTTP) < 0) {
        abort();
        return false;
    }
    credit_ -= static_cast<std::uint32_t>(std::min<std::size_t>(frames.size(), credit_));
    written_ += frames.size();
    if (lws_partial_buffered(wsi_) != 0) choked_ = true; // and libwebsockets says when it is rid of it
    return true;
}

// What libwebsockets still holds is what was written and the system has not got, but for what TLS has added.
struct delivery ws_connection::delivery() const noexcept {
    const auto told =
        wsi_ != nullptr ? delivery_of(static_cast<os_socket>(lws_get_socket_fd(wsi_))) : std::nullopt;
    if (!told) return {written_, 0};
    const std::uint64_t ours = before_ + written_;
    const std::uint64_t systems = told->taken + told->waiting;
    return {told->taken, std::max(ours, systems) - told->taken};
}

void ws_connection::request_flush() noexcept {
    if (phase_ != phase::open || choked_) return;
    flush_wanted_ = true;
    core_.soon(*this);
}

void ws_connection::pause_read() noexcept {
    if (paused_) return;
    paused_ = true;
    if (phase_ == phase::open && wsi_ != nullptr) lws_rx_flow_control(wsi_, 0);
}

void ws_connection::resume_read() noexcept {
    if (!paused_) return;
    paused_ = false;
    if (phase_ == phase::open && wsi_ != nullptr) lws_rx_flow_control(wsi_, 1);
}

void ws_connection::finish() noexcept {
    if (phase_ == phase::dialing) abort();
    if (phase_ != phase::open) return;
    resume_read();
    phase_ = phase::finishing;
    core_.timers().set(*this, core_.now() + from_ms(finish_timeout_ms));
}

void ws_connection::leave() noexcept {
    if (phase_ == phase::ending) return;
    told_ = true;
    end_soon();
}

void ws_connection::abort() noexcept {
    if (phase_ == phase::ending) return;
    reset_ = true;
    told_ = true; // whoever aborts it need not be told that it failed
    end_soon();
}

void ws_connection::upgraded() {
    core_.clients().dialing().remove(*this);
    core_.timers().cancel(*this);
    if (core_.user_timeout_ms() != 0)
        set_user_timeout(static_cast<os_socket>(lws_get_socket_fd(wsi_)), core_.user_timeout_ms());
    phase_ = phase::open;
    told_ = true;
    const net::delivery request = delivery();
    before_ = request.taken + request.waiting;
    if (paused_) lws_rx_flow_control(wsi_, 0);
    handler_.on_connected();
}

// Also behind our own close: what the server has to say until it answers that.
void ws_connection::received(bytes_mut piece) {
    core_.note_input();
    if (phase_ != phase::open && phase_ != phase::finishing) return;
    if (deaf_) {
        handler_.on_activity();
        return;
    }
    if (lws_is_first_fragment(wsi_) != 0) collected_.clear();
    // Before any of it is collected: the frame's header says how long it will be.
    const std::uint64_t coming = piece.size() + std::uint64_t{lws_remaining_packet_payload(wsi_)};
    if (coming > target_.max_message || collected_.size() > target_.max_message - coming) {
        deaf_ = true;
        collected_.reset();
        handler_.on_too_big();
        return;
    }
    if (lws_is_final_fragment(wsi_) == 0) {
        collected_.append(piece);
        handler_.on_activity();
    } else if (collected_.empty()) {
        deliver(piece);
    } else {
        collected_.append(piece);
        deliver(collected_.span());
        collected_.clear();
        if (collected_.capacity() > max_kept_memory) collected_.reset();
    }
}

void ws_connection::deliver(bytes_mut message) {
    if (lws_frame_is_binary(wsi_) != 0)
        handler_.on_binary(message);
    else
        handler_.on_text(message);
}

void ws_connection::pong_came() {
    if (phase_ == phase::open) handler_.on_activity();
}

void ws_connection::can_write() {
    choked_ = false;
    credit_ = write_credit;
    if (phase_ != phase::open) return;
    flush_wanted_ = false;
    handler_.on_flush();
}

// libwebsockets drops the connection when this returns, behind what is written in it: it would answer by
// itself else, also when our close frame has gone out before.
void ws_connection::peer_closes(bytes_view payload) {
    if (phase_ != phase::open) return;
    const bool has_code = payload.size() >= sizeof(std::uint16_t);
    handler_.on_peer_close(has_code ? load_be<std::uint16_t>(payload.data()) : no_close_code,
                           has_code ? as_text(payload.subspan(sizeof(std::uint16_t))) : std::string_view());
    if (phase_ != phase::open) return;
    phase_ = phase::finishing;
    core_.timers().set(*this, core_.now() + from_ms(finish_timeout_ms));
}

// The first of all the ways in which libwebsockets says that it is over.
void ws_connection::lost(std::string_view what) noexcept {
    lws *const gone = wsi_;
    if (gone == nullptr) return; // connect_to() sees that it has failed
    if (phase_ == phase::dialing) {
        try {
            note_loss(what);
        } catch (const std::bad_alloc &) {
            failure_.reason.code = status::no_memory;
        }
    }
    forget_handshake(gone);
    lws_set_opaque_user_data(gone, nullptr);
    wsi_ = nullptr;
    if (phase_ == phase::dialing)
        core_.soon(*this);
    else
        end_soon();
}

// Not inside of a callback of libwebsockets.
void ws_connection::drop(bool reset) noexcept {
    lws *const wsi = std::exchange(wsi_, nullptr);
    if (wsi == nullptr) return;
    forget_handshake(wsi);
    lws_set_opaque_user_data(wsi, nullptr);
    if (const auto fd = lws_get_socket_fd(wsi); fd != LWS_SOCK_INVALID && reset) {
        set_reset_on_close(static_cast<os_socket>(fd));
        // libwebsockets would go on sending what it holds for some seconds
        if (lws_partial_buffered(wsi) != 0) shut_down_sending(static_cast<os_socket>(fd));
    }
    lws_set_timeout(wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_SYNC);
}

void ws_connection::end_soon() noexcept {
    phase_ = phase::ending;
    core_.soon(*this);
}

void ws_connection::run_errand() noexcept {
    if (phase_ == phase::ending) {
        end();
    } else if (phase_ == phase::dialing) {
        if (wsi_ == nullptr && lookup_ == nullptr && probe_ == nullptr) try_next();
    } else if (phase_ == phase::open && flush_wanted_ && !choked_ && wsi_ != nullptr) {
        flush_wanted_ = false;
        try {
            handler_.on_flush();
        } catch (const std::exception &e) {
            abort_after_exception(e.what());
        } catch (...) {
            abort_after_exception("unknown exception");
        }
    }
}

void ws_connection::loop_ends() noexcept {
    told_ = true;
    reset_ = true;
    phase_ = phase::ending;
    end();
}

void ws_connection::end() noexcept {
    drop(reset_);
    if (armed()) core_.timers().cancel(*this);
    if (!told_) {
        told_ = true;
        try {
            handler_.on_failed(failure_);
        } catch (const std::exception &e) {
            log(log_level::error, e.what());
        } catch (...) {
            log(log_level::error, "unknown exception");
        }
    }
    handler_.on_gone();
    delete this;
}

void ws_connection::abort_after_exception(const char *what) noexcept {
    try {
        log(log_level::error, "the connection to " + target_.host + " is dropped: " + what);
    } catch (...) { // no memory to say so
    }
    abort();
}

} // namespace cryo_core::net
