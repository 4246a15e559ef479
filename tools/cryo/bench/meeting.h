// Where the threads of a run meet: each waits until all have their connections, and all begin at one time.
#pragma once

#include "bench/process.h"
#include "bench/timeline.h"

#include <atomic>
#include <cstdint>

namespace cryo_tool {

class bench_meeting {
  public:
    bench_meeting(std::uint32_t workers, std::uint32_t server_pid)
        : timeline(workers), meter(server_pid), missing_(workers), workers_(workers) {}

    // A thread has its connections, or will never have any; once.
    void arrive(std::uint64_t now) {
        if (missing_.fetch_sub(1) > 1) return;
        meter.connected();
        // So that each has seen it by then; they look every 50 ms.
        constexpr std::uint64_t notice = 60'000'000;
        start_ = workers_ > 1 ? now + notice : now;
    }
    // When the warm-up begins. UINT64_MAX: not known yet.
    std::uint64_t start() const noexcept { return start_; }

    // Ends the measurement of all.
    void interrupt() noexcept { interrupted_ = true; }
    bool interrupted() const noexcept { return interrupted_; }

    bench_timeline timeline;
    bench_meter meter; // one thread at a time: the first one, but for connected()
    std::atomic<std::uint64_t> open{0};

  private:
    std::atomic<std::uint32_t> missing_;
    const std::uint32_t workers_;
    std::atomic<std::uint64_t> start_{UINT64_MAX};
    std::atomic<bool> interrupted_{false};
};

} // namespace cryo_tool
