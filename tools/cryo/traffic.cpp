#include "traffic.h"

#include "display_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace cryo_tool {
namespace {

constexpr auto window = std::chrono::milliseconds(1000);

std::optional<double> median(std::vector<double> values) {
    if (values.empty()) return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

traffic::traffic() noexcept
    : number_([] {
          static std::atomic<std::uint64_t> last{0};
          return ++last;
      }()) {}

void traffic::session(const std::string &id) {
    const std::lock_guard lock(mutex_);
    rtt_by_session_.emplace(id, std::nullopt);
}

traffic::counts &traffic::add_counts() {
    const std::lock_guard lock(mutex_);
    return counts_.emplace_back();
}

void traffic::rtt(const std::string &id, double ms) {
    const std::lock_guard lock(mutex_);
    if (const auto found = rtt_by_session_.find(id); found != rtt_by_session_.end()) found->second = ms;
}

void traffic::closed(const std::string &id) {
    const std::lock_guard lock(mutex_);
    rtt_by_session_.erase(id);
}

traffic::rates traffic::now(clock::time_point time) {
    const std::lock_guard lock(mutex_);
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    for (const counts &each : counts_) {
        messages += each.messages.load(std::memory_order_relaxed);
        bytes += each.bytes.load(std::memory_order_relaxed);
    }
    while (samples_.size() > 1 && time - samples_[1].time >= window)
        samples_.pop_front();
    rates result;
    if (!samples_.empty() && time > samples_.front().time) {
        const sample &since = samples_.front();
        const double seconds = std::chrono::duration<double>(time - since.time).count();
        result.messages_per_second = static_cast<double>(messages - since.messages) / seconds;
        result.bytes_per_second = static_cast<double>(bytes - since.bytes) / seconds;
    }
    samples_.push_back({time, messages, bytes});

    std::vector<double> measured;
    for (const auto &[id, rtt] : rtt_by_session_) {
        if (rtt) measured.push_back(*rtt);
    }
    result.median_rtt_ms = median(std::move(measured));
    result.sessions = rtt_by_session_.size();
    return result;
}

std::string status_text(const traffic::rates &rates) {
    std::array<char, 160> out{};
    std::snprintf(out.data(), out.size(), "%zu session%s  %.0f messages/s  %s/s", rates.sessions,
                  rates.sessions == 1 ? "" : "s", rates.messages_per_second,
                  display_size(rates.bytes_per_second).c_str());
    std::string text = out.data();
    if (rates.median_rtt_ms) {
        std::snprintf(out.data(), out.size(), "  rtt %.2f ms", *rates.median_rtt_ms);
        text += out.data();
    }
    return text;
}

} // namespace cryo_tool
