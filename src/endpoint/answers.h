// What a thread sends that takes events many at a time: short messages to sessions on other threads, gathered
// in letters that it goes on writing to while they are on their way.
//
// A letter lies in its loop's mailbox from its first message on, so nothing that was sent waits for its
// sender. A loop that looks by itself (net::loop::expect_answers) is not woken before the sender is done,
// though: it finds all there is at once. There is no allocation for a message: letters are written to again.
#pragma once

#include "base/fork.h"
#include "endpoint/session_control.h"

#include <array>
#include <memory>

namespace cryo_core {

class answers final : private net::letter_writer {
  public:
    answers() noexcept;
    ~answers();
    answers(const answers &) = delete;
    answers &operator=(const answers &) = delete;

    // This thread sends like that from now on, until done_here(); or not, if there is no memory.
    static void begin_here() noexcept;
    static void done_here() noexcept {
        if (answers *const mine = of_thread()) mine->done();
    }
    // null: it does not.
    static answers *of_thread() noexcept { return static_cast<answers *>(letter_writer::of_thread()); }

    // Whether this message goes that way; else session_control::send it is.
    static bool takes(const session_control &to, bytes_view data) noexcept {
        return data.size() < longest && to.takes_shared_sends();
    }
    // As session_control::send.
    status send(const std::shared_ptr<session_control> &to, message_kind kind, bytes_view data);

    // The session that was sent to last, as the caller knows it; null: another one.
    const std::shared_ptr<session_control> *last(const void *name) const noexcept {
        return name == last_name_ && process_ == process_number() ? &last_ : nullptr;
    }
    const std::shared_ptr<session_control> &remember(const void *name,
                                                     std::shared_ptr<session_control> what) {
        last_ = std::move(what);
        last_name_ = name;
        return last_;
    }

  private:
    class letter;
    // A longer one is not copied on its way.
    static constexpr std::size_t longest = 4096;
    // The letters to one loop: the first is being written to, if any is.
    struct lane {
        std::shared_ptr<net::loop> to;
        std::array<letter *, 4> letters{};
        bool open = false;  // the first one is
        bool quiet = false; // the loop was not woken for something, perhaps
    };

    void done() noexcept; // all that it had to say at the moment is said
    void another_is_posted() noexcept override;
    lane &lane_to(const std::shared_ptr<net::loop> &to);
    static letter &fresh_letter(lane &of, bool must);
    static void let_go(lane &of) noexcept;

    const std::uint32_t process_; // in the child of a fork there is nobody to read them
    static constexpr std::size_t max_lanes = 8;
    std::array<lane, max_lanes> lanes_;
    std::size_t recent_ = 0;
    std::shared_ptr<session_control> last_;
    const void *last_name_ = nullptr;
};

} // namespace cryo_core
