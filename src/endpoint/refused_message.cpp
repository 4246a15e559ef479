#include "endpoint/refused_message.h"

#include "base/utf8.h"
#include "ws/close_code.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

std::size_t refused_message::find(std::uint16_t code, std::span<const unsent_message> all) noexcept {
    const shared_bytes suspect = std::exchange(suspect_, {});
    const auto left = all.first(static_cast<std::size_t>(
        std::find_if(all.begin(), all.end(), [](const unsent_message &one) { return !one.left; }) -
        all.begin()));
    if (left.empty()) return all.size();
    const auto index_of = [&](auto found) {
        return found == left.end() ? all.size() : static_cast<std::size_t>(found - left.begin());
    };
    const auto is_text = [](const unsent_message &one) { return one.frame.kind() == message_kind::utf8; };
    switch (code) {
    case ws::close_code::too_big:
        return index_of(std::max_element(left.begin(), left.end(), [](const auto &a, const auto &b) {
            return a.frame.payload.size() < b.frame.payload.size();
        }));
    case ws::close_code::invalid_payload: {
        const auto broken = std::find_if(left.begin(), left.end(), [&](const unsent_message &one) {
            return is_text(one) && !utf8_valid(one.frame.payload.view());
        });
        return index_of(broken != left.end() ? broken : std::find_if(left.begin(), left.end(), is_text));
    }
    case ws::close_code::policy_violation:
        if (left.front().frame.payload.view().data() == suspect.view().data()) return 0;
        suspect_ = left.front().frame.payload;
        break;
    default:
        break;
    }
    return all.size();
}

} // namespace cryo_core
