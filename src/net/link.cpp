#include "net/link.h"

#include "base/log.h"
#include "net/bind.h"
#include "net/descriptors.h"
#include "net/handshake_failure.h"
#include "net/loop_core.h"
#include "net/socket.h"
#include "net/tls_peer.h"

#include <algorithm>
#include <cassert>

namespace cryo_core::net {

link::link(loop_core &core, const address &from) : core_(core), remote_(from), ready_(!core.uses_tls()) {}

loop &link::owner() const noexcept {
    return core_.owner();
}

void link::choke() noexcept {
    choked_ = true;
    lws_callback_on_writable(wsi_);
}

std::size_t link::writable() noexcept {
    if (phase_ != phase::open || wsi_ == nullptr || choked_ || !ready_) return 0;
    if (!core_.uses_tls()) return plain_credit;
    if (credit_ == 0) {
        if (lws_send_pipe_choked(wsi_) != 0) {
            choke();
            return 0;
        }
        credit_ = write_credit;
    }
    return credit_;
}

os_socket link::descriptor() const noexcept {
    return static_cast<os_socket>(lws_get_socket_fd(wsi_));
}

struct delivery link::delivery() const noexcept {
    const auto told = wsi_ != nullptr ? delivery_of(descriptor()) : std::nullopt;
    return told.value_or(net::delivery{written_, 0});
}

bool link::gathers() const noexcept {
    return !core_.uses_tls();
}

std::optional<std::size_t> link::write(bytes_view data) noexcept {
    if (phase_ != phase::open || wsi_ == nullptr) return std::nullopt;
    if (data.empty()) return 0;
    if (!gathers()) {
        const auto taken = write_tls(data);
        if (!taken) abort();
        return taken;
    }
    return written_plain(send_some(descriptor(), data), data.size());
}

std::optional<std::size_t> link::write(std::span<const bytes_view> pieces) noexcept {
    if (phase_ != phase::open || wsi_ == nullptr) return std::nullopt;
    assert(gathers() && pieces.size() <= max_pieces);
    std::size_t size = 0;
    for (const bytes_view piece : pieces)
        size += piece.size();
    return size == 0 ? 0 : written_plain(send_some(descriptor(), pieces), size);
}

// Plain sockets are written to past libwebsockets, which would ask first whether there is room, and copy what
// there is none for.
std::optional<std::size_t> link::written_plain(std::optional<std::size_t> taken, std::size_t size) noexcept {
    if (!taken) {
        abort();
        return taken;
    }
    written_ += *taken;
    core_.counters().bytes_out.add(*taken);
    if (*taken < size) choke();
    return taken;
}

// libwebsockets copies what a socket does not take, and does not read meanwhile but spins. So it is only
// given what a socket that has room takes whole.
std::optional<std::size_t> link::write_tls(bytes_view data) noexcept {
    const bytes_view fits = data.first(std::min<std::size_t>(data.size(), credit_));
    assert(!fits.empty() && !choked_);
    // Nothing is changed by a raw write; libwebsockets has one signature for all.
    if (lws_write(wsi_, const_cast<unsigned char *>(fits.data()), fits.size(), LWS_WRITE_RAW) < 0)
        return std::nullopt;
    credit_ -= static_cast<std::uint32_t>(fits.size());
    written_ += fits.size();
    core_.counters().bytes_out.add(fits.size());
    if (lws_partial_buffered(wsi_) != 0) {
        choked_ = stalled_ = true; // and libwebsockets says when it is rid of it
        adjust_reading();
    }
    return fits.size();
}

void link::request_flush() noexcept {
    if (phase_ == phase::open && !choked_ && (!flush_requested() || waits_for_answer_))
        core_.flush_soon(*this);
}

void link::flush_at_once() noexcept {
    if (flush_requested()) core_.flush_now(*this);
}

bool link::peer_has_left() const noexcept {
    return wsi_ == nullptr || net::peer_has_left(descriptor());
}

std::unique_ptr<const struct peer_certificate> link::peer_certificate() const {
    return core_.uses_tls() && wsi_ != nullptr ? peer_certificate_of(wsi_) : nullptr;
}

bool link::in_tls_handshake() const noexcept {
    return !ready_ && handshake_is_under_way(wsi_);
}

address link::peer() const noexcept {
    return wsi_ != nullptr ? peer_of(descriptor()) : remote_;
}

bool link::has_unread() const noexcept {
    return wsi_ != nullptr && net::has_unread(descriptor());
}

void link::pause_read() noexcept {
    paused_ = true;
    adjust_reading();
}

void link::resume_read() noexcept {
    paused_ = false;
    adjust_reading();
}

void link::adjust_reading() noexcept {
    const bool wanted = !stalled_ && (!paused_ || phase_ == phase::finishing);
    if (wanted == reading_ || wsi_ == nullptr || phase_ == phase::ending) return;
    reading_ = wanted;
    lws_rx_flow_control(wsi_, wanted ? 1 : 0);
}

void link::finish() noexcept {
    if (phase_ != phase::open) return;
    phase_ = phase::finishing;
    core_.end_later(*this);
    if (!stalled_) shut_down();
    adjust_reading();
}

void link::shut_down() noexcept {
    if (wsi_ == nullptr) return;
    if (ready_) send_close_notify(wsi_);
    shut_down_sending(descriptor());
}

void link::leave() noexcept {
    if (phase_ == phase::ending) return;
    if (wsi_ != nullptr && ready_ && !stalled_) send_close_notify(wsi_);
    phase_ = phase::ending;
    core_.end_soon(*this);
}

void link::abort() noexcept {
    if (phase_ == phase::ending) return;
    if (wsi_ != nullptr) set_reset_on_close(descriptor());
    phase_ = phase::ending;
    core_.end_soon(*this);
}

// Of an open link, the loop has nothing else to do.
bool link::flush_requested() const noexcept {
    return phase_ == phase::open && ring<link, rings::due>::has(*this);
}

void link::flush() {
    if (phase_ == phase::open && wsi_ != nullptr && !choked_) handler_->on_flush();
}

void link_events::received(link &l, bytes_mut data) {
    l.core_.note_input();
    l.core_.counters().bytes_in.add(data.size());
    if (!l.ready_) {
        l.ready_ = true;
        lws_set_timeout(l.wsi_, NO_PENDING_TIMEOUT, 0); // it has one of its own running since the handshake
    }
    if (l.phase_ != link::phase::open) return;
    l.core_.forget_answers();
    l.handler_->on_read(data);
    const bool waits = l.core_.answers_expected();
    if (l.flush_requested()) {
        if (waits) return l.core_.flush_when_answered(l);
        ring<link, rings::due>::remove(l);
        l.flush();
    }
}

void link_events::can_write(link &l) {
    l.choked_ = l.stalled_ = false;
    l.credit_ = write_credit;
    l.adjust_reading();
    if (l.phase_ == link::phase::finishing) {
        l.shut_down();
    } else if (l.phase_ == link::phase::open) {
        ring<link, rings::due>::remove(l);
        l.flush();
    }
}

void link_events::closed(link &l, const char *handshake_failure) noexcept {
    if (l.wsi_ != nullptr) give_up_descriptor(l.descriptor()); // libwebsockets closes it next
    if (handshake_failure != nullptr && !l.ready_) l.core_.tell_tls_failure(l, handshake_failure);
    l.wsi_ = nullptr;
    l.phase_ = link::phase::ending;
    l.core_.end_soon(l);
}

void abort_after_exception(link &l, const char *what) noexcept {
    try {
        log(log_level::error, "the connection of " + l.remote_address() + " is dropped: " + what);
    } catch (...) { // no memory to say so
    }
    l.abort();
}

} // namespace cryo_core::net
