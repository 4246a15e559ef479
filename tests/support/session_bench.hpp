// A session on a bench: time is a number, the peer is frames written by hand, and what comes out is written
// down.
#pragma once

#include "codec/encode.h"
#include "session/session.h"

#include <cmath>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cryo_core {

struct session_peer {
    static void set_next_number(session &of, std::uint32_t number) { of.next_number_ = number; }
};

} // namespace cryo_core

namespace cryo_test {

using cryo_core::codec::frame_type;

inline const cryo_core::uuid bench_sid = *cryo_core::uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");

inline std::string frame_text(std::uint32_t number, frame_type type, std::string_view payload = {},
                              const cryo_core::uuid &sid = bench_sid) {
    std::string out(cryo_core::codec::header_size + payload.size(), '\0');
    cryo_core::codec::write_frame(reinterpret_cast<std::uint8_t *>(out.data()),
                                  {sid, number, type, cryo_core::as_bytes(payload)});
    return out;
}

// "ping 7", "pong 7", "ack 3", "error 0 invalid_operation", "text 4 hello", "binary 5 \x01"
inline std::string describe(std::string_view frame) {
    const auto all = cryo_core::as_bytes(frame);
    const std::string number = std::to_string(cryo_core::load_be<std::uint32_t>(all.data() + 16));
    const std::string payload(frame.substr(cryo_core::codec::header_size));
    switch (static_cast<frame_type>(all[20])) {
    case frame_type::ack:
        return "ack " + number + payload;
    case frame_type::error:
        return "error " + number + " " + payload;
    case frame_type::ping_pong:
        return payload + " " + number;
    case frame_type::utf8_data:
        return "text " + number + " " + payload;
    case frame_type::binary_data:
        return "binary " + number + " " + payload;
    default:
        return "type " + std::to_string(all[20]) + " " + number;
    }
}

class session_bench final : public cryo_core::session_events {
  public:
    using list = std::vector<std::string>;

    explicit session_bench(const cryo_core::session_options &o = {}, cryo_core::time_us begin = 1'000'000,
                           cryo_core::cale::role self = cryo_core::cale::role::server)
        : options(o), now(begin),
          one(bench_sid,
              {.options = options, .counters = counters, .events = *this, .extensions = &extensions}, begin,
              self) {}

    // One line an event: "open", "text hello", "binary …", "stat 2 42", "close 4001 why".
    void on_open() override { add("open"); }
    void on_message(cryo_core::message_kind kind, cryo_core::bytes_view data) override {
        add((kind == cryo_core::message_kind::utf8 ? "text " : "binary ") +
            std::string(cryo_core::as_text(data)));
    }
    void on_statistic(cryo_core::statistic which, double value) override {
        std::string number = std::to_string(value); // six digits behind the point
        number.erase(number.find_last_not_of('0') + 1);
        if (number.back() == '.') number.pop_back();
        add("stat " + std::to_string(static_cast<int>(which)) + " " + number);
    }
    void on_dropped(const cryo_core::data_frame &frame, cryo_core::drop_reason reason) override {
        add(std::string("dropped ") + cryo_core::name_of(reason) + " " +
            std::string(cryo_core::as_text(frame.payload.view())));
    }
    void on_writable() override { add("writable"); }
    // "receipt 7 acknowledged 1.5", "receipt 8 dropped by oldest", …
    void on_receipt(std::uint64_t receipt, cryo_core::receipt_outcome outcome, double ms,
                    std::string_view by) override {
        static constexpr const char *names[] = {"",        "acknowledged", "timed out",
                                                "dropped", "vetoed",       "closed"};
        std::string line = "receipt " + std::to_string(receipt) + " " + names[static_cast<int>(outcome)];
        if (ms >= 0) line += " " + std::to_string(std::llround(ms * 1000)) + " us";
        if (!by.empty()) line += " by " + std::string(by);
        add(line);
    }
    void on_close_wanted(std::uint16_t code, std::string_view reason) override {
        add("close " + std::to_string(code) + " " + std::string(reason));
    }
    bool ping_under_way() noexcept override { return under_way; }
    void on_computation(cryo_core::cale_job job) override {
        job.run();
        one.computed(std::move(job), now);
    }

    std::uint8_t *place_for(std::size_t size) noexcept override {
        if (place) return place(size);
        if (!takes_at_once) return nullptr;
        return reinterpret_cast<std::uint8_t *>(at_once.emplace_back(size, '\0').data());
    }
    void leave_out(std::size_t size) noexcept override {
        if (!at_once.empty() && at_once.back().size() == size) at_once.pop_back();
    }

    void open() { one.peer_listens(now); }
    void hear(std::string message) {
        one.receive({reinterpret_cast<std::uint8_t *>(message.data()), message.size()}, now);
    }
    void hear(std::uint32_t number, frame_type type, std::string_view payload = {}) {
        hear(frame_text(number, type, payload));
    }
    void pass(cryo_core::time_us us) {
        now += us;
        one.tick(now);
    }
    void pass_ms(std::int64_t ms) { pass(cryo_core::from_ms(ms)); }
    bool say(std::string_view text) { return say_with(text, 0) == cryo_core::status::ok; }
    cryo_core::status say_with(std::string_view text, std::uint64_t receipt, std::string_view key = {}) {
        using cryo_core::shared_bytes;
        auto frame = cryo_core::make_frame(cryo_core::message_kind::utf8,
                                           shared_bytes::copy(cryo_core::as_bytes(text)));
        if (!key.empty()) frame.key = shared_bytes::copy(cryo_core::as_bytes(key));
        frame.receipt = receipt;
        return one.send(std::move(frame), now);
    }

    bool say_at_once(std::string_view text) {
        return one.send_at_once(cryo_core::message_kind::utf8, cryo_core::as_bytes(text), now);
    }

    // The next frame; "" when there is none that may leave.
    std::string take() {
        std::string frame(one.next_frame_size(), '\0');
        if (frame.empty()) return {};
        if (!one.take_frame(reinterpret_cast<std::uint8_t *>(frame.data()), now)) return {};
        return frame;
    }
    // Everything that may leave, described, and then taken by the kernel.
    list said() {
        list all;
        for (std::string frame; !(frame = take()).empty();)
            all.push_back(describe(frame));
        one.flushed();
        one.tell_flow();
        return all;
    }
    // The same of what has left at once.
    list said_at_once() {
        list all;
        for (const std::string &frame : std::exchange(at_once, {}))
            all.push_back(describe(frame));
        one.flushed();
        one.tell_flow();
        return all;
    }
    bool round_trip_is(double ms) const { return std::abs(counters.rtt_ms.load() - ms) < 1e-9; }
    list told() { return std::exchange(events, {}); }

    cryo_core::session_options options;
    cryo_core::session_counters counters;
    cryo_core::extension_source extensions;
    cryo_core::time_us now;
    list events;
    std::function<std::uint8_t *(std::size_t)> place;
    bool takes_at_once = false;
    bool under_way = false;                        // pings are
    std::deque<std::string> at_once;               // as they were written, sealed or not
    std::function<void(const std::string &)> then; // inside the event
    cryo_core::session one;

  private:
    void add(const std::string &event) {
        events.push_back(event);
        if (then) then(event);
    }
};

} // namespace cryo_test

// Compares lists of lines, and shows them both when they differ.
#define assert_lines(got, ...)                                                                               \
    do {                                                                                                     \
        const std::vector<std::string> got_lines = (got), wanted_lines = __VA_ARGS__;                        \
        if (got_lines != wanted_lines) {                                                                     \
            for (const auto &line : got_lines)                                                               \
                print_error("got:    %s\n", line.c_str());                                                   \
            for (const auto &line : wanted_lines)                                                            \
                print_error("wanted: %s\n", line.c_str());                                                   \
        }                                                                                                    \
        assert_true(got_lines == wanted_lines);                                                              \
    } while (false)
