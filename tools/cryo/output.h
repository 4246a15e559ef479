// Standard output, written by a thread of its own, and the status line at the bottom of a terminal.
#pragma once

#include "line_sink.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace cryo_tool {

// Lines come out in the order in which they were given, each whole. What waits to be written is bounded: when
// whoever reads standard output is slower than the events, the event that finds no room waits, and so does
// the service thread that it came from (and then the clients): no event is lost.
class output final : public line_sink {
  public:
    struct hooks {
        std::function<std::string()> status; // the text of the status line; none: there is no such line
        std::function<void()> lost; // nothing can be written any more; called once, by the writing thread
    };

    explicit output(hooks to);
    ~output() override { finish(); }
    output(const output &) = delete;
    output &operator=(const output &) = delete;

    // Any thread.
    void line(std::string_view text) override;
    // Without leaving the status line in the middle of it.
    void error_line(std::string_view text) override;

    // From now on a reader of standard output who takes nothing for so long is not waited for any more:
    // writing has failed, by ETIMEDOUT.
    void bound_patience(std::chrono::milliseconds with_reader) noexcept { patience_ = with_reader; }

    // Writes what waits, and ends. Returns 0, or the errno for which writing failed.
    int finish();

  private:
    static constexpr std::size_t capacity = 4 * 1024 * 1024;
    static constexpr std::chrono::milliseconds refresh{250};

    void add(std::string &to, std::string_view text);
    void write_all_that_comes();
    void write_batch(const std::string &lines, const std::string &errors);
    void write(std::string_view text);
    int write_patiently(std::string_view text) const;

    const hooks hooks_;
    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable room_;
    std::string lines_;
    std::string errors_;
    bool closing_ = false;
    int failure_ = 0;
    bool status_shown_ = false; // of the writing thread
    std::atomic<std::chrono::milliseconds> patience_{std::chrono::milliseconds::max()};
    std::thread writer_;
};

} // namespace cryo_tool
