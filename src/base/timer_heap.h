// Deadlines in order: a pairing heap whose links lie in the timers themselves, so that no operation needs
// memory. It reads no clock.
#pragma once

#include "base/clock.h"

#include <cassert>
#include <utility>

namespace cryo_core {

class timer_heap;

// Whoever owns an armed timer cancels it before destroying it.
class timer {
  public:
    timer(const timer &) = delete;
    timer &operator=(const timer &) = delete;

    // The timer is no longer armed when this is called. It may set and cancel any timer, and destroy itself.
    virtual void on_deadline(time_us now) = 0;

    time_us deadline() const noexcept { return deadline_; } // never: not armed
    bool armed() const noexcept { return deadline_ != never; }

  protected:
    timer() noexcept = default;
    virtual ~timer() { assert(!armed()); }

  private:
    friend class timer_heap;

    time_us deadline_ = never;
    timer *child_ = nullptr;
    timer *next_ = nullptr; // sibling
    timer *prev_ = nullptr; // sibling, or the parent of a first child
};

class timer_heap {
  public:
    timer_heap() noexcept = default;
    timer_heap(const timer_heap &) = delete;
    timer_heap &operator=(const timer_heap &) = delete;

    void set(timer &t, time_us when) noexcept {
        cancel(t);
        if (when == never) return;
        // What a callback sets for a time that has passed is left for the next run: it cannot hold up this
        // one.
        t.deadline_ = running_ && when <= now_ ? now_ + 1 : when;
        root_ = root_ == nullptr ? &t : meld(root_, &t);
    }

    void cancel(timer &t) noexcept {
        if (!t.armed()) return;
        if (&t == root_) {
            root_ = combine(t.child_);
        } else {
            (t.prev_->child_ == &t ? t.prev_->child_ : t.prev_->next_) = t.next_;
            if (t.next_ != nullptr) t.next_->prev_ = t.prev_;
            if (timer *below = combine(t.child_)) root_ = meld(root_, below);
        }
        t.child_ = t.next_ = t.prev_ = nullptr;
        t.deadline_ = never;
    }

    // never: there is none.
    time_us next() const noexcept { return root_ == nullptr ? never : root_->deadline_; }
    bool empty() const noexcept { return root_ == nullptr; }

    // Fires all that are due. What a callback throws comes out; running again goes on behind it.
    void run(time_us now) {
        struct running {
            explicit running(bool &f) noexcept : flag(f) { flag = true; }
            ~running() { flag = false; }
            bool &flag;
        } const mark(running_);
        now_ = now;
        while (root_ != nullptr && root_->deadline_ <= now) {
            timer &due = *root_;
            cancel(due);
            due.on_deadline(now);
        }
    }

  private:
    static timer *meld(timer *a, timer *b) noexcept {
        if (b->deadline_ < a->deadline_) std::swap(a, b);
        b->next_ = a->child_;
        if (b->next_ != nullptr) b->next_->prev_ = b;
        b->prev_ = a;
        a->child_ = b;
        a->next_ = a->prev_ = nullptr;
        return a;
    }

    // Siblings into one heap: first in pairs, then from the last pair to the first.
    static timer *combine(timer *first) noexcept {
        timer *pairs = nullptr; // a stack, linked by next_
        while (first != nullptr) {
            timer *a = first;
            timer *b = a->next_;
            first = b == nullptr ? nullptr : b->next_;
            timer *pair = b == nullptr ? a : meld(a, b);
            pair->next_ = pairs;
            pairs = pair;
        }
        if (pairs == nullptr) return nullptr;
        timer *all = pairs;
        pairs = pairs->next_;
        all->next_ = all->prev_ = nullptr;
        while (pairs != nullptr) {
            timer *const rest = pairs->next_;
            all = meld(all, pairs);
            pairs = rest;
        }
        return all;
    }

    timer *root_ = nullptr;
    time_us now_ = 0;
    bool running_ = false;
};

} // namespace cryo_core
