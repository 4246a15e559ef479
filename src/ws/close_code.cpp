#include "ws/close_code.h"

namespace cryo_core::ws {

namespace {

constexpr std::uint16_t mandatory_extension = 1010;

}

bool may_be_received(std::uint16_t code) noexcept {
    if (code >= 1000 && code <= 1003) return true;
    if (code >= 1007 && code <= 1014) return true;
    return code >= 3000 && code <= 4999;
}

bool may_be_sent(std::uint16_t code) noexcept {
    return may_be_received(code) && code != mandatory_extension;
}

} // namespace cryo_core::ws
