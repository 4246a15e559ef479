// What a transport reports about a link: bytes, room, the end.
#include "base/log.h"
#include "net/loop_core.h"
#include "net/tls_link.h"

#include <utility>

namespace cryo_core::net {

void abort_after_exception(link &l, const char *what) noexcept {
    try {
        log(log_level::error, "the connection of " + l.remote_address() + " is dropped: " + what);
    } catch (...) { // no memory to say so
    }
    l.abort();
}

namespace {

// Nothing may be thrown through a transport.
template <typename F>
void guarded(link &l, F f) noexcept {
    try {
        f();
    } catch (const std::exception &e) {
        abort_after_exception(l, e.what());
    } catch (...) {
        abort_after_exception(l, "unknown exception");
    }
}

} // namespace

void link_events::opened(link &l, os_socket s, void *carried) noexcept {
    l.descriptor_ = s;
    l.carried_ = carried;
}

os_socket link_events::take_descriptor(link &l) noexcept {
    l.carried_ = nullptr;
    return std::exchange(l.descriptor_, no_socket);
}

bool link_events::handshake_done(link &l) noexcept {
    return !std::exchange(l.ready_, true);
}

void link_events::received(link &l, bytes_mut data) noexcept {
    l.core_.note_input();
    l.core_.counters().bytes_in.add(data.size());
    if (l.phase_ != link::phase::open) return;
    guarded(l, [&] {
        l.core_.forget_answers();
        l.handler_->on_read(data);
        const bool waits = l.core_.answers_expected();
        if (!l.flush_requested()) return;
        if (waits) return l.core_.flush_when_answered(l);
        ring<link, rings::due>::remove(l);
        l.flush();
    });
}

link_events::outcome link_events::read_some(link &l) noexcept {
    bytes_mut into;
    guarded(l, [&] { into = l.core_.read_buffer(); });
    if (into.empty()) return outcome::nothing;
    const bytes_mut behind = l.tls_ != nullptr ? into.subspan(tls_gap) : into;
    const net::received got = receive_some(l.descriptor_, behind);
    if (got.end || got.error != 0) {
        over(l);
        return outcome::nothing;
    }
    if (got.size == 0) return outcome::nothing;
    if (l.tls_ == nullptr)
        received(l, into.first(got.size));
    else if (!received_tls(l, into, got.size))
        return outcome::nothing;
    return got.size == behind.size() ? outcome::part : outcome::all;
}

void link_events::over(link &l) noexcept {
    const char *const failure = l.tls_ != nullptr ? l.tls_->failure() : nullptr;
    l.core_.carrier().close(l);
    closed(l, failure);
}

// What the end of the handshake says, and what is said to the text that came with it, leave together.
bool link_events::received_tls(link &l, bytes_mut buffer, std::size_t size) noexcept {
    const tls_link::text text = l.tls_->open(buffer, size);
    if (l.tls_->is_agreed()) handshake_done(l);
    if (text.size != 0)
        received(l, buffer.first(text.size));
    else
        l.core_.note_input();
    if (!is_open(l)) return false;
    const bool sent = l.tls_->flush();
    if (text.then == tls_link::state::open && sent) {
        if (l.tls_->waiting() != 0 && !l.choked_) l.choke();
        return true;
    }
    over(l);
    return false;
}

void link_events::can_write(link &l) noexcept {
    if (l.tls_ != nullptr) {
        if (!l.tls_->drain()) return l.abort();
        if (l.tls_->waiting() != 0) return; // choked still
        if (!l.ready_) {
            l.choked_ = false;
            return;
        }
    }
    l.choked_ = l.stalled_ = false;
    l.credit_ = write_credit;
    l.adjust_reading();
    if (l.phase_ == link::phase::finishing) {
        l.shut_down();
    } else if (l.phase_ == link::phase::open) {
        ring<link, rings::due>::remove(l);
        guarded(l, [&] { l.flush(); });
    }
}

void link_events::closed(link &l, const char *handshake_failure) noexcept {
    if (handshake_failure != nullptr && !l.ready_) l.core_.tell_tls_failure(l, handshake_failure);
    l.phase_ = link::phase::ending;
    l.core_.end_soon(l);
}

} // namespace cryo_core::net
