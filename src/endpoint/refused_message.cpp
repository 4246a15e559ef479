#include "endpoint/refused_message.h"

#include "base/utf8.h"
#include "ws/close_code.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

std::size_t refused_message::find(std::uint16_t code, std::span<const data_frame> left) noexcept {
    const shared_bytes suspect = std::exchange(suspect_, {});
    if (left.empty()) return 0;
    const auto index_of = [&](auto found) { return static_cast<std::size_t>(found - left.begin()); };
    const auto is_text = [](const data_frame &frame) { return frame.kind() == message_kind::utf8; };
    switch (code) {
    case ws::close_code::too_big:
        return index_of(std::max_element(left.begin(), left.end(), [](const auto &a, const auto &b) {
            return a.payload.size() < b.payload.size();
        }));
    case ws::close_code::invalid_payload: {
        const auto broken = std::find_if(left.begin(), left.end(), [&](const data_frame &frame) {
            return is_text(frame) && !utf8_valid(frame.payload.view());
        });
        return index_of(broken != left.end() ? broken : std::find_if(left.begin(), left.end(), is_text));
    }
    case ws::close_code::policy_violation:
        if (left.front().payload.view().data() == suspect.view().data()) return 0;
        suspect_ = left.front().payload;
        break;
    default:
        break;
    }
    return left.size();
}

} // namespace cryo_core
