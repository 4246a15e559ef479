// An extension against peers that send too much: token buckets for each session, of messages and of bytes.
//
//     server.add(std::make_shared<cryo::rate_limit>(cryo::rate_limit_options{
//         .messages = {{.per_second = 50, .burst = 100}}, .bytes = {{.per_second = 65536, .burst =
//         1048576}}}));
//
// A bucket holds `burst` at the beginning and at most, and gains `per_second`. A message takes one from the
// first and its size from the second; with nothing left in either, there are too many. The last one may take
// more than there is, which the next ones wait for: so a message longer than the burst passes, too, but not
// often.
//
// SPDX-License-Identifier: MIT
#ifndef CRYO_RATE_LIMIT_HPP
#define CRYO_RATE_LIMIT_HPP

#include "cryo.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace cryo {

struct rate {
    double per_second = 0;
    double burst = 0;
};

// What becomes of a message that is too much.
enum class excess {
    drop, // it goes no further; its sender is not told: it was acknowledged
    close // and the session is closed with 1008
};

struct rate_limit_options {
    std::string name = "rate_limit"; // of the extension
    std::optional<rate> messages{};  // none: any number
    std::optional<rate> bytes{};     // of payload
    excess on_excess = excess::drop;
    std::function<void(session &)> told{}; // called for each message that is too much
    std::function<std::chrono::steady_clock::time_point()> now = &std::chrono::steady_clock::now;
};

class rate_limit : public extension {
  public:
    // Throws CRYO_ERR_INVALID for a rate of nothing, and for a burst that lets nothing pass.
    explicit rate_limit(rate_limit_options how) : how_(std::move(how)) {
        for (const std::optional<rate> &each : {how_.messages, how_.bytes})
            if (each && !(each->per_second > 0 && each->burst >= 1))
                throw error(CRYO_ERR_INVALID,
                            "A rate limit has a rate of more than 0 and a burst of 1 at least.");
    }

    std::string name() const override { return how_.name; }
    void on_receive_utf8(session &from, hook ticket) override { judge(from, std::move(ticket)); }
    void on_receive_binary(session &from, hook ticket) override { judge(from, std::move(ticket)); }

  private:
    using time_point = std::chrono::steady_clock::time_point;

    struct buckets {
        double messages;
        double bytes;
        time_point filled;
    };

    void judge(session &from, hook ticket) {
        if (may_pass(from, static_cast<double>(ticket.message().size()))) return; // and the ticket lets it
        ticket.stop();
        if (how_.on_excess == excess::close) from.close(1008, "Too many messages.");
        if (how_.told) how_.told(from);
    }

    // The buckets are kept with the session, and go with it. The hooks of one session never run at the same
    // time.
    bool may_pass(session &from, double size) {
        const std::string key = "cryo.rate_limit " + how_.name;
        const time_point now = how_.now();
        bool may = false;
        const auto take = [&](buckets &left) {
            const double seconds = std::chrono::duration<double>(now - left.filled).count();
            left.filled = now;
            refill(left.messages, how_.messages, seconds);
            refill(left.bytes, how_.bytes, seconds);
            // Comparing with 1 would refuse the one that is due for a rounding error.
            may = (!how_.messages || left.messages > 0.999) && (!how_.bytes || left.bytes > 0);
            if (!may) return;
            left.messages -= 1;
            left.bytes -= size;
        };
        if (from.visit<buckets>(key, take)) return may;
        from.set(key,
                 buckets{how_.messages ? how_.messages->burst : 0, how_.bytes ? how_.bytes->burst : 0, now});
        from.visit<buckets>(key, take);
        return may;
    }

    static void refill(double &bucket, const std::optional<rate> &by, double seconds) {
        if (by) bucket = std::min(by->burst, bucket + seconds * by->per_second);
    }

    const rate_limit_options how_;
};

} // namespace cryo

#endif // CRYO_RATE_LIMIT_HPP
