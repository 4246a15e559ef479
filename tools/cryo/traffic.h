// What goes on at the moment, for the status line.
#pragma once

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

    // Any thread.
    void session(const std::string &id);
    void message(std::size_t bytes);
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

    std::mutex mutex_;
    std::unordered_map<std::string, std::optional<double>> rtt_by_session_;
    std::uint64_t messages_ = 0;
    std::uint64_t bytes_ = 0;
    std::deque<sample> samples_;
};

// "3 sessions  120 messages/s  1.2 MiB/s  rtt 0.42 ms"
std::string status_text(const traffic::rates &rates);

} // namespace cryo_tool
