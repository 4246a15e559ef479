// The connections of a loop: how they come in, are flushed, and end.
#include "net/loop_core.h"

#include "base/log.h"
#include "base/prefetch.h"
#include "net/preface.h"

#include <new>
#include <string>
#include <utility>

namespace cryo_core::net {

namespace {

// Room for several messages of some KiB: what the end of the buffer cuts has to be copied.
constexpr std::size_t shared_read_size = 256 * 1024;

// About as much of a handler is looked at when it flushes. A guess that is wrong costs a little time.
constexpr std::size_t handler_bytes = 512;

} // namespace

void loop_core::take_in(socket accepted, const address &from) noexcept {
    if (torn_down_ || end_asked_) return;
    if (proxy_protocol_ != nullptr) return preface::begin(*this, std::move(accepted), from);
    introduce_socket(std::move(accepted), from);
}

void loop_core::introduce_socket(socket accepted, const address &from) noexcept {
    if (torn_down_ || end_asked_ || transport_ == nullptr) return;
    if (!transport_->has_place_for(accepted.get())) return complain_of_descriptors(accepted.get());
    link *const fresh = make_link(from);
    if (fresh == nullptr) return;
    set_no_delay(accepted.get());
    if (user_timeout_ms_ != 0) set_user_timeout(accepted.get(), user_timeout_ms_);
    if (tls_ != nullptr) fresh->tls_ = tls_link::make(*tls_, accepted.get());
    if ((tls_ == nullptr || fresh->tls_ != nullptr) && transport_->adopt(*fresh, std::move(accepted)))
        return introduce(*fresh);
    fresh->phase_ = link::phase::ending;
    end_soon(*fresh);
}

void loop_core::tell_tls_failure(const link &of, const char *why) noexcept {
    counters_.tls_failures.add(1);
    acceptor_.on_tls_failure(of, why);
}

bytes_mut loop_core::read_buffer() {
    if (read_buffer_ == nullptr)
        read_buffer_.reset(new std::uint8_t[shared_read_size]); // which nothing is written to first
    return {read_buffer_.get(), shared_read_size};
}

void loop_core::complain_of_descriptors(os_socket one) noexcept {
    if (!complaints_.due(now())) return;
    try {
        log(log_level::error,
            "connections are dropped: this process has more descriptors, " + std::to_string(one) +
                ", than were prepared for; raise the limit of open files (ulimit -n) before the server is "
                "made, and set max_sessions to as many as are to be expected");
    } catch (...) { // no memory to say so
    }
}

link *loop_core::make_link(const address &from) noexcept {
    try {
        auto *const fresh = new link(*this, from);
        links_.add(*fresh);
        ++link_count_;
        counters_.connections.add(1);
        counters_.open.add(1);
        return fresh;
    } catch (const std::bad_alloc &) {
        log(log_level::error, "a connection is dropped: out of memory");
        return nullptr;
    }
}

void loop_core::introduce(link &fresh) noexcept {
    try {
        fresh.handler_ = acceptor_.on_link(fresh);
    } catch (const std::exception &e) {
        abort_after_exception(fresh, e.what());
        return;
    }
    if (fresh.handler_ == nullptr) fresh.abort();
}

void loop_core::flush_soon(link &l) noexcept {
    l.waits_for_answer_ = false;
    flushing_.add(l);
}

void loop_core::end_soon(link &l) noexcept {
    ending_.add(l);
}

void loop_core::end_later(link &l) noexcept {
    l.written_or_deadline_ = now() + from_ms(finish_timeout_ms);
    finishing_.add(l);
    if (!finish_timer_.armed()) timers_.set(finish_timer_, l.written_or_deadline_);
}

void loop_core::finish_timer::on_deadline(time_us now) {
    while (!core_.finishing_.empty()) {
        link &first = core_.finishing_.front();
        if (first.written_or_deadline_ > now) {
            core_.timers_.set(*this, first.written_or_deadline_);
            return;
        }
        first.phase_ = link::phase::ending;
        core_.end_soon(first);
    }
}

// libuv hands mail over between sockets.
bool loop_core::deliver_mail() noexcept {
    if (box_.empty()) return false;
    const bool polls = std::exchange(polling_, false);
    tell_parts();
    wake_owed_.store(false);
    const std::size_t count = box_.deliver();
    polling_ = polls;
    if (count != 0) counters_.mails.note(count, static_cast<std::int64_t>(uv_now(&uv_)));
    return count != 0;
}

// libuv has read the clock when the poll returned, and does so again before the next one.
void loop_core::begin_turn() noexcept {
    turn_began_ms_ = uv_now(&uv_);
}

void loop_core::end_turn() noexcept {
    const std::uint64_t began = std::exchange(turn_began_ms_, 0);
    const std::uint64_t now = uv_now(&uv_);
    if (began == 0 || now == began) return;
    const std::uint64_t took = now - began;
    counters_.busy_ms.add(took);
    counters_.turn_ms.note(took, static_cast<std::int64_t>(now));
    if (took >= slow_turn_ms) counters_.slow_turns.add(1);
}

// In uv_check, behind the sockets of an iteration, and in uv_prepare, behind its timers.
void loop_core::settle() noexcept {
    if (answer_timer_.armed() && answer_timer_.deadline() <= now()) stop_looking_for_answers();
    deliver_mail();
    flush_links();
    run_errands();
    end_links();
    arm();
}

void loop_core::flush_links() noexcept {
    ring<link, rings::due> due; // what is asked for meanwhile comes in the next round
    due.take(flushing_);
    while (!due.empty()) {
        link &l = due.front();
        ring<link, rings::due>::remove(l);
        // cppcheck-suppress identicalInnerCondition ; one was taken off
        if (!due.empty()) prefetch<handler_bytes>(due.front().handler_);
        flush_now(l);
    }
}

void loop_core::flush_now(link &l) noexcept {
    ring<link, rings::due>::remove(l);
    try {
        l.flush();
    } catch (const std::exception &e) {
        abort_after_exception(l, e.what());
    } catch (...) {
        abort_after_exception(l, "unknown exception");
    }
}

void loop_core::run_errands() noexcept {
    ring<loop_errand, loop_errand> due; // as above
    due.take(errands_);
    while (!due.empty()) {
        loop_errand &errand = due.front();
        ring<loop_errand, loop_errand>::remove(errand);
        errand.run_errand();
    }
}

void loop_core::end_links() noexcept {
    while (!ending_.empty())
        end_link(ending_.front());
}

void loop_core::end_link(link &l) noexcept {
    if (l.is_open()) transport_->close(l);
    ring<link, rings::due>::remove(l);
    if (l.handler_ != nullptr) l.handler_->on_gone();
    --link_count_;
    counters_.open.subtract(1);
    delete &l;
}

} // namespace cryo_core::net
