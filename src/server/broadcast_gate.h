// Keeps broadcasts, each of them mail to all loops, and sessions that move from one loop to another apart: a
// broadcast in the middle of a move would pass the session by, or come to it twice.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace cryo_core {

class broadcast_gate {
  public:
    // While no session moves, calls `now`, which posts mail and does no more; no move begins meanwhile.
    // Otherwise what `later` gives is called instead, by the end of the last move: false.
    template <typename Now, typename Later>
    bool pass(Now now, Later later) {
        const std::lock_guard lock(mutex_);
        if (moves_ == 0) {
            now();
            return true;
        }
        waiting_.emplace_back(later());
        return false;
    }

    // A broadcast waits for the moves that have begun, and not for others behind them.
    bool wait_for_broadcasts() noexcept {
        const std::lock_guard lock(mutex_);
        return !waiting_.empty();
    }
    // On the loop that the session leaves: what was broadcast before is on its way to all loops.
    void begin_move() noexcept {
        const std::lock_guard lock(mutex_);
        ++moves_;
    }
    // On the loop where it has arrived.
    void end_move() noexcept {
        const std::lock_guard lock(mutex_);
        if (--moves_ > 0) return;
        for (const auto &post : std::exchange(waiting_, {}))
            post();
    }

  private:
    std::mutex mutex_;
    std::size_t moves_ = 0;
    std::vector<std::function<void()>> waiting_;
};

} // namespace cryo_core
