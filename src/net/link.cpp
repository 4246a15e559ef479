#include "net/link.h"

#include "net/bind.h"
#include "net/loop_core.h"
#include "net/socket.h"
#include "net/tls_link.h"
#include "net/tls_peer.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace cryo_core::net {

link::link(loop_core &core, const address &from) : core_(core), remote_(from), ready_(!core.uses_tls()) {}

link::~link() = default;

loop &link::owner() const noexcept {
    return core_.owner();
}

void link::choke() noexcept {
    choked_ = true;
    core_.carrier().await_room(*this);
}

std::size_t link::writable() noexcept {
    if (phase_ != phase::open || !is_open() || choked_ || !ready_) return 0;
    if (!core_.uses_tls()) return plain_credit;
    if (tls_ != nullptr) return write_credit;
    if (credit_ == 0) {
        if (!core_.carrier().has_room(*this)) {
            choke();
            return 0;
        }
        credit_ = write_credit;
    }
    return credit_;
}

struct delivery link::delivery() const noexcept {
    auto told = is_open() ? delivery_of(descriptor_) : std::nullopt;
    if (told && tls_ != nullptr) told->waiting += tls_->waiting();
    const auto taken = phase_ == phase::open ? static_cast<std::uint64_t>(written_or_deadline_) : 0;
    return told.value_or(net::delivery{taken, 0});
}

bool link::gathers() const noexcept {
    return !core_.uses_tls();
}

std::optional<std::size_t> link::write(bytes_view data) noexcept {
    if (phase_ != phase::open || !is_open()) return std::nullopt;
    if (data.empty()) return 0;
    if (!gathers()) {
        const auto taken = write_tls(data);
        if (!taken) abort();
        return taken;
    }
    return written_plain(send_some(descriptor_, data), data.size());
}

std::optional<std::size_t> link::write(std::span<const bytes_view> pieces) noexcept {
    if (phase_ != phase::open || !is_open()) return std::nullopt;
    assert(gathers() && pieces.size() <= max_pieces);
    std::size_t size = 0;
    for (const bytes_view piece : pieces)
        size += piece.size();
    return size == 0 ? 0 : written_plain(send_some(descriptor_, pieces), size);
}

// The system says how much of it it takes, whatever carries the connection.
std::optional<std::size_t> link::written_plain(std::optional<std::size_t> taken, std::size_t size) noexcept {
    if (!taken) {
        abort();
        return taken;
    }
    written_or_deadline_ += static_cast<std::int64_t>(*taken);
    core_.counters().bytes_out.add(*taken);
    if (*taken < size) choke();
    return taken;
}

std::optional<std::size_t> link::write_tls(bytes_view data) noexcept {
    if (tls_ == nullptr) return write_carried(data);
    const bytes_view fits = data.first(std::min(data.size(), write_credit));
    if (!tls_->write(fits)) return std::nullopt;
    written_or_deadline_ += static_cast<std::int64_t>(fits.size());
    core_.counters().bytes_out.add(fits.size());
    if (tls_->waiting() != 0) choke();
    return fits.size();
}

// libwebsockets copies what a socket does not take, and does not read meanwhile but spins. So it is only
// given what a socket that has room takes whole.
std::optional<std::size_t> link::write_carried(bytes_view data) noexcept {
    const bytes_view fits = data.first(std::min<std::size_t>(data.size(), credit_));
    assert(!fits.empty() && !choked_);
    bool held = false;
    if (!core_.carrier().write(*this, fits, held)) return std::nullopt;
    credit_ -= static_cast<std::uint32_t>(fits.size());
    written_or_deadline_ += static_cast<std::int64_t>(fits.size());
    core_.counters().bytes_out.add(fits.size());
    if (held) {
        choked_ = stalled_ = true; // and can_write comes when it is rid of it
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
    if (!is_open()) return true;
    return told_ ? told_end_ : net::peer_has_left(descriptor_);
}

std::unique_ptr<const struct peer_certificate> link::peer_certificate() const {
    if (!is_open()) return nullptr;
    return tls_ != nullptr ? tls_->certificate() : core_.carrier().certificate_of(*this);
}

bool link::in_tls_handshake() const noexcept {
    if (ready_ || !is_open()) return false;
    return tls_ != nullptr ? tls_->in_handshake() : core_.carrier().in_handshake(*this);
}

address link::peer() const noexcept {
    return is_open() ? peer_of(descriptor_) : remote_;
}

std::optional<std::uint64_t> link::received() const noexcept {
    return is_open() ? received_by(descriptor_) : std::nullopt;
}

bool link::has_received_since(std::optional<std::uint64_t> before, bool just_read) const noexcept {
    if (!is_open() || net::peer_has_left(descriptor_)) return false;
    const auto now = received_by(descriptor_);
    return now && before ? *now > *before : just_read || has_unread(descriptor_);
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
    if (wanted == reading_ || !is_open() || phase_ == phase::ending) return;
    reading_ = wanted;
    core_.carrier().set_reading(*this, wanted);
}

void link::finish() noexcept {
    if (phase_ != phase::open) return;
    phase_ = phase::finishing;
    core_.end_later(*this);
    if (!holds_back()) shut_down();
    adjust_reading();
}

// What was written is not all with the system.
bool link::holds_back() const noexcept {
    return stalled_ || (tls_ != nullptr && tls_->waiting() != 0);
}

void link::say_end() noexcept {
    tls_ != nullptr ? tls_->say_end() : core_.carrier().say_end(*this);
}

void link::shut_down() noexcept {
    if (!is_open()) return;
    if (ready_) say_end();
    shut_down_sending(descriptor_);
}

void link::leave() noexcept {
    if (phase_ == phase::ending) return;
    if (is_open() && ready_ && !holds_back()) say_end();
    phase_ = phase::ending;
    core_.end_soon(*this);
}

void link::abort() noexcept {
    if (phase_ == phase::ending) return;
    if (is_open()) set_reset_on_close(descriptor_);
    phase_ = phase::ending;
    core_.end_soon(*this);
}

// Of an open link, the loop has nothing else to do.
bool link::flush_requested() const noexcept {
    return phase_ == phase::open && ring<link, rings::due>::has(*this);
}

void link::flush() {
    if (phase_ == phase::open && is_open() && !choked_) handler_->on_flush();
}

} // namespace cryo_core::net
