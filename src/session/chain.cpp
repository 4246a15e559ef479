#include "session/chain.h"

#include "base/log.h"

#include <string>
#include <utility>

namespace cryo_core {

bool chain::concerns(message_kind kind) const noexcept {
    if (any() || running_ || held_) return true;
    if (!source_.list) return false;
    for (const auto &one : *source_.list)
        if (one->wants(direction_, kind)) return true;
    return false;
}

void chain::put(data_frame &&frame) {
    const std::uint64_t size = frame.size();
    waiting_.push_back(std::move(frame));
    bytes_ += size;
}

void chain::run(time_us now) {
    if (running_) return; // this is inside of what a message here has led to; the loop below goes on
    struct marker {
        explicit marker(bool &flag) noexcept : flag_(flag) { flag_ = true; }
        ~marker() { flag_ = false; }
        bool &flag_;
    } const running(running_);
    while (any()) {
        if (!has_current_) begin_next();
        if (!go_on(now)) return;
    }
}

void chain::begin_next() noexcept {
    current_ = waiting_.pop_front();
    has_current_ = true;
    if (!current_.passed) list_ = source_.list; // else it waits for those in front of it
    at_ = 0;
}

// The current message, until it is out (true), or an answer is waited for.
bool chain::go_on(time_us now) {
    while (has_current_) {
        if (ticket_) {
            if (ticket_->settled() == hook_ticket::answer::none) return false;
            if (!apply()) return true;
            continue;
        }
        if (list_ && at_ < list_->size()) {
            if (!ask(now)) return false;
            continue;
        }
        current_.passed = true;
        if (held_) return false;
        data_frame done = take_current();
        out_.on_passed(direction_, std::move(done), now);
        return true;
    }
    return true;
}

// False: the answer comes later.
bool chain::ask(time_us now) {
    extension &one = *(*list_)[at_];
    if (one.removed() || !one.wants(direction_, current_.kind())) {
        ++at_;
        return true;
    }
    const auto list = list_;
    const auto ticket = std::make_shared<hook_ticket>(direction_, current_.kind(), current_.payload);
    ticket_ = ticket;
    deadline_ = now + one.timeout();
    ticket->set_being_asked(true);
    one.ask(ticket, context_);
    ticket->set_being_asked(false);
    // The session may have been closed meanwhile, and the ticket be void.
    return ticket_ != ticket || ticket->settled() != hook_ticket::answer::none;
}

// False: the message was stopped.
bool chain::apply() {
    const auto ticket = std::exchange(ticket_, nullptr);
    deadline_ = never;
    switch (ticket->settled()) {
    case hook_ticket::answer::replace: {
        const std::uint64_t before = current_.size();
        current_.payload = ticket->take_replacement();
        bytes_ += current_.size() - before;
        break;
    }
    case hook_ticket::answer::stop: {
        const auto by = (*list_)[at_];
        out_.on_vetoed(direction_, take_current(), by->name());
        return false;
    }
    case hook_ticket::answer::fail:
        return failed(ticket->reason());
    case hook_ticket::answer::over:
        return failed("it did not answer in time");
    case hook_ticket::answer::none:
    case hook_ticket::answer::settling:
    case hook_ticket::answer::pass:
        break;
    }
    ++at_;
    return true;
}

bool chain::failed(std::string_view why) {
    const auto one = (*list_)[at_];
    const bool passes = one->passes_on_failure();
    log(log_level::warning, "The extension \"" + one->name() + "\" failed" + (why.empty() ? "" : ": ") +
                                std::string(why) +
                                (passes ? "; the message passes." : "; the message is stopped."));
    if (passes) {
        ++at_;
        return true;
    }
    out_.on_vetoed(direction_, take_current(), one->name());
    return false;
}

void chain::tick(time_us now) {
    if (now < deadline_ || !ticket_) return;
    ticket_->expire(); // else its answer has just come
    run(now);
}

data_frame chain::take_current() noexcept {
    has_current_ = false;
    list_.reset();
    bytes_ -= current_.size();
    return std::move(current_);
}

data_frame chain::take() noexcept {
    if (!has_current_) {
        data_frame frame = waiting_.pop_front();
        bytes_ -= frame.size();
        return frame;
    }
    cancel();
    return take_current();
}

void chain::cancel() noexcept {
    if (ticket_) ticket_->expire();
    ticket_.reset();
    deadline_ = never;
}

} // namespace cryo_core
