#include "uuid.h"

#include "random.h"

namespace cryo_tool {
namespace {

constexpr bool has_dash_before(std::size_t byte) noexcept {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

constexpr std::string_view digits = "0123456789abcdef";

} // namespace

std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text) noexcept {
    constexpr std::string_view upper = "0123456789ABCDEF";
    if (text.size() != 36) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    const auto digit = [&] {
        const char c = text.front();
        text.remove_prefix(1);
        const std::size_t found = digits.find(c);
        return found != std::string_view::npos ? found : upper.find(c);
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (has_dash_before(i)) {
            if (text.front() != '-') return std::nullopt;
            text.remove_prefix(1);
        }
        const std::size_t high = digit();
        const std::size_t low = digit();
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return bytes;
}

std::string random_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (has_dash_before(i)) text += '-';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 0x0f];
    }
    return text;
}

} // namespace cryo_tool
