// The WebSocket parser under any bytes: what comes out must not depend on how they are cut, nor on a handler
// that stops after each event. The first byte chooses role and limits, the second how many bytes of cuts
// follow.
#include "ws_recorder.hpp"

#include <cstdlib>

using namespace cryo_core;
using namespace cryo_core::ws;

namespace {

parse_options options_from(std::uint8_t choice) {
    constexpr std::uint64_t sizes[] = {16 * 1024 * 1024, 200, 10, UINT64_MAX};
    constexpr std::uint32_t fragments[] = {1024, 4, 1, 2};
    parse_options options;
    options.role = (choice & 1) != 0 ? role::client : role::server;
    options.accept_text = (choice & 2) == 0;
    options.max_message = sizes[choice >> 2 & 3];
    options.max_fragments = fragments[choice >> 4 & 3];
    return options;
}

void require(bool holds) {
    if (!holds) std::abort();
}

void require_sound(const parse_options &options, const cryo_test::ws_outcome &outcome) {
    using state = enum parse_result::state;
    require((outcome.state == state::failed) == (outcome.close_code != 0));
    require(outcome.state != state::failed || may_be_sent(outcome.close_code));
    for (const auto &event : outcome.events) {
        require(event != "broken");
        const auto payload = as_bytes(event).subspan(event.find(':') + 1);
        if (event.starts_with("text ")) require(options.accept_text && utf8_valid(payload));
        if (event.starts_with("close ")) require(utf8_valid(payload) && payload.size() <= max_reason_size);
        if (event.starts_with("p")) require(payload.size() <= max_control_size);
        require(payload.size() <= std::max<std::uint64_t>(options.max_message, max_control_size));
    }
}

// Stops at each event and goes on with what was left.
std::vector<std::string> stop_and_go(const parse_options &options, bytes_view input) {
    std::vector<std::uint8_t> bytes(input.begin(), input.end());
    cryo_test::ws_recorder recorder;
    parser parsing(options);
    bytes_mut rest = bytes;
    for (;;) {
        recorder.stop_after = recorder.events.size() + 1;
        const auto result = parsing.feed(rest, recorder);
        rest = rest.subspan(result.consumed);
        if (result.state != parse_result::state::stopped || recorder.events.size() < recorder.stop_after)
            return recorder.events;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < 2) return 0;
    const bytes_view all(data, size);
    const parse_options options = options_from(all[0]);
    const std::size_t cut_count = std::min<std::size_t>(all[1] % 16, size - 2);
    const bytes_view cuts = all.subspan(2, cut_count);
    const bytes_view input = all.subspan(2 + cut_count);

    const auto whole = cryo_test::ws_run_whole(options, input);
    require_sound(options, whole);
    std::size_t turn = 0;
    std::size_t empty = 0; // in a row: cuts of nothing but zeros would never get on
    const auto next_cut = [&]() -> std::size_t {
        if (cuts.empty()) return 1;
        const std::size_t cut = cuts[turn++ % cuts.size()];
        empty = cut == 0 ? empty + 1 : 0;
        return empty > cuts.size() ? 1 : cut;
    };
    require(whole.same_as(cryo_test::ws_run(options, input, next_cut)));
    require(whole.same_as(cryo_test::ws_run(options, input, [] { return 1; })));
    require(whole.events == stop_and_go(options, input));
    return 0;
}
