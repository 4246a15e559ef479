// A lock-free box of mails: any thread puts one in, the loop takes them all out at once. What one thread put
// in comes out in its order.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace cryo_core::net {

class mail {
  public:
    mail() noexcept = default;
    mail(const mail &) = delete;
    mail &operator=(const mail &) = delete;
    virtual ~mail() = default;

    // On the loop's thread, once. A mail that is destroyed without it never reached its loop.
    virtual void deliver() noexcept = 0;

  protected:
    // After deliver(), or instead of it.
    virtual void dispose() noexcept { delete this; }

  private:
    friend class mailbox;
    mail *next_ = nullptr;
};

class mailbox {
  public:
    mailbox() noexcept = default;
    mailbox(const mailbox &) = delete;
    mailbox &operator=(const mailbox &) = delete;
    ~mailbox() { close(); }

    enum class outcome { first, added, closed };

    // first: the box was empty, so the loop has to be woken. closed: the mail has been disposed of.
    outcome put(std::unique_ptr<mail> letter) noexcept { return put(*letter.release()); }
    // A mail that has its own dispose(), and is in no box.
    outcome put(mail &letter) noexcept {
        mail *head = head_.load(std::memory_order_relaxed);
        do {
            if (head == closed_mark()) {
                letter.dispose();
                return outcome::closed;
            }
            letter.next_ = head;
        } while (!head_.compare_exchange_weak(head, &letter, std::memory_order_seq_cst,
                                              std::memory_order_relaxed));
        return head == nullptr ? outcome::first : outcome::added;
    }

    // The loop's thread calls this and close(). Delivers what is there now; what comes meanwhile is the next
    // call's. Returns how many there were.
    std::size_t deliver() noexcept {
        if (empty()) return 0;
        std::size_t count = 0;
        mail *all = head_.exchange(nullptr, std::memory_order_acq_rel);
        for (mail *at = reversed(all); at != nullptr;) {
            mail *const letter = std::exchange(at, at->next_);
            letter->deliver();
            letter->dispose();
            ++count;
        }
        return count;
    }

    // From now on put() refuses. Destroys what was not delivered, in order.
    void close() noexcept {
        mail *all = head_.exchange(closed_mark(), std::memory_order_seq_cst);
        if (all == closed_mark()) return;
        for (mail *at = reversed(all); at != nullptr;) {
            mail *const letter = std::exchange(at, at->next_);
            letter->dispose();
        }
    }

    bool empty() const noexcept {
        mail *const head = head_.load(std::memory_order_seq_cst); // see loop_core::put_quietly
        return head == nullptr || head == closed_mark();
    }

  private:
    // An address that no mail can have.
    mail *closed_mark() const noexcept { return reinterpret_cast<mail *>(const_cast<mailbox *>(this)); }

    static mail *reversed(mail *at) noexcept {
        mail *first = nullptr;
        while (at != nullptr) {
            mail *const next = at->next_;
            at->next_ = first;
            first = at;
            at = next;
        }
        return first;
    }

    std::atomic<mail *> head_{nullptr}; // the newest first
};

} // namespace cryo_core::net
