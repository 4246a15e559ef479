// Feeds a WebSocket parser with a transcript, cut as asked, and writes down what comes out.
#pragma once

#include "ws/parse.h"

#include <algorithm>
#include <string>
#include <vector>

namespace cryo_test {

// One line an event: "binary 3:abc", "close 1000:bye".
class ws_recorder final : public cryo_core::ws::parse_handler {
  public:
    bool on_message(cryo_core::ws::opcode kind, cryo_core::bytes_mut payload) override {
        const bool text = kind == cryo_core::ws::opcode::text;
        const bool go_on = add(text ? "text " : "binary ", payload.size(), cryo_core::as_text(payload));
        std::fill(payload.begin(), payload.end(), std::uint8_t{0xee}); // the callee may
        return go_on;
    }
    bool on_ping(cryo_core::bytes_view payload) override {
        return add("ping ", payload.size(), cryo_core::as_text(payload));
    }
    bool on_pong(cryo_core::bytes_view payload) override {
        return add("pong ", payload.size(), cryo_core::as_text(payload));
    }
    bool on_close(std::uint16_t code, std::string_view reason) override {
        return add("close ", code, reason);
    }

    std::vector<std::string> events;
    std::size_t stop_after = SIZE_MAX; // the event with this number (from 1) asks to stop

  private:
    bool add(const char *kind, std::size_t number, std::string_view payload) {
        events.push_back(kind + std::to_string(number) + ":" + std::string(payload));
        return events.size() < stop_after;
    }
};

struct ws_outcome {
    std::vector<std::string> events;
    enum cryo_core::ws::parse_result::state state = cryo_core::ws::parse_result::state::more;
    std::uint16_t close_code = 0;
    std::string what;
    bool in_message = false;
    std::size_t fed = 0; // bytes given to the parser when it ended

    // The same for whoever looks from outside: the bytes fed depend on the cuts.
    bool same_as(const ws_outcome &other) const {
        return events == other.events && state == other.state && close_code == other.close_code &&
               what == other.what && in_message == other.in_message;
    }
};

// What a parser may hold when so many bytes have come.
inline std::size_t most_memory(std::size_t fed) {
    return std::max(std::size_t{256}, cryo_core::rounded_block(2 * fed + 16));
}

// The piece sizes come from next_size(), which may return 0. Each piece lies in memory of its own, exactly as
// large, so that a sanitizer sees each byte read beyond it. "broken" among the events is a promise not kept.
template <typename NextSize>
ws_outcome ws_run(const cryo_core::ws::parse_options &options, cryo_core::bytes_view input,
                  NextSize next_size) {
    using state = enum cryo_core::ws::parse_result::state;
    cryo_core::ws::parser parser(options);
    ws_recorder recorder;
    ws_outcome outcome;
    while (outcome.state == state::more && outcome.fed < input.size()) {
        const std::size_t size = std::min<std::size_t>(next_size(), input.size() - outcome.fed);
        const auto from = input.subspan(outcome.fed, size);
        std::vector<std::uint8_t> piece(from.begin(), from.end());
        const auto result = parser.feed(piece, recorder);
        outcome.fed += size;
        outcome.state = result.state;
        outcome.close_code = result.close_code;
        outcome.what = result.what;
        const bool all = result.consumed == size;
        const bool rest_untouched =
            result.consumed <= size &&
            std::equal(piece.begin() + static_cast<std::ptrdiff_t>(result.consumed), piece.end(),
                       from.begin() + static_cast<std::ptrdiff_t>(result.consumed));
        const bool frugal = parser.memory() <= most_memory(outcome.fed);
        if (!rest_untouched || !frugal || (result.state == state::more && !all))
            recorder.events.push_back("broken");
    }
    outcome.events = std::move(recorder.events);
    outcome.in_message = parser.in_message();
    return outcome;
}

inline ws_outcome ws_run_whole(const cryo_core::ws::parse_options &options, cryo_core::bytes_view input) {
    return ws_run(options, input, [&] { return input.size(); });
}

} // namespace cryo_test
