// What goes on at the moment, for the status line.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace cryo_tool {

class traffic {
  public:
    using clock = std::chrono::steady_clock;

    struct rates {
        std::size_t sessions = 0;
        double messages_per_second = 0; // received
        double bytes_per_second = 0;    // of their payload
        std::optional<double> median_rtt_ms;
    };

    traffic() noexcept;

    // Any thread.
    void session(const std::string &id);
    void message(std::size_t bytes) {
        counts &mine = of_thread();
        mine.messages.store(mine.messages.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        mine.bytes.store(mine.bytes.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
    }
    void rtt(const std::string &id, double ms);
    void closed(const std::string &id);

    // Over the last second or so. To be called a few times a second, by one thread.
    rates now(clock::time_point time);

  private:
    struct sample {
        clock::time_point time;
        std::uint64_t messages;
        std::uint64_t bytes;
    };

    // Written by one thread, without a lock: it is for each message.
    struct alignas(64) counts {
        std::atomic<std::uint64_t> messages{0};
        std::atomic<std::uint64_t> bytes{0};
    };

    counts &of_thread() {
        struct mine {
            std::uint64_t number = 0;
            counts *at = nullptr;
        };
        thread_local constinit mine here{};
        if (here.at == nullptr || here.number != number_) here = {number_, &add_counts()};
        return *here.at;
    }
    counts &add_counts();

    const std::uint64_t number_; // from 1, never used again: an address may be
    std::mutex mutex_;
    std::deque<counts> counts_; // stay where they are
    std::unordered_map<std::string, std::optional<double>> rtt_by_session_;
    std::deque<sample> samples_;
};

// "3 sessions  120 messages/s  1.2 MiB/s  rtt 0.42 ms"
std::string status_text(const traffic::rates &rates);

} // namespace cryo_tool
