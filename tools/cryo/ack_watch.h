// Whether what was sent has been acknowledged.
#pragma once

#include <cryo.hpp>

#include <chrono>
#include <optional>

namespace cryo_tool {

// The library does not tell of each acknowledgement; this concludes it from what it counts. Every
// acknowledgement is a sample of the round trip, whose average then changes, as good as always: where it
// comes out the same, the count of messages that timed out says, a little later, that it was not one of them.
class ack_watch {
  public:
    using clock = std::chrono::steady_clock;

    enum class news {
        none,
        all_acknowledged, // what was sent has arrived
        some_acknowledged,
        timed_out, // some of it has not, in time
    };

    explicit ack_watch(std::chrono::milliseconds ack_timeout) : ack_timeout_(ack_timeout) {}

    // To be called right before a message is sent, and when it was accepted.
    void about_to_send(const cryo::session &session);
    void sent(clock::time_point now);

    // What is new since the last call.
    news look(const cryo::session &session, clock::time_point now);

    // Nothing of what was sent will be acknowledged any more.
    void forget() noexcept { unresolved_ = 0; }

    std::size_t unresolved() const noexcept { return unresolved_; }
    // When to look at the latest.
    std::optional<clock::time_point> deadline() const noexcept;

  private:
    void wait_from(clock::time_point time) noexcept;
    static double timeouts_of(const cryo::session &session);

    const std::chrono::milliseconds ack_timeout_;
    std::size_t unresolved_ = 0;
    std::optional<double> rtt_;
    double timeouts_ = 0;
    clock::time_point deadline_;
};

} // namespace cryo_tool
