#include "display_text.h"

#include <array>
#include <cstdio>

namespace cryo_tool {
namespace {

constexpr std::string_view ellipsis = "\u2026";

struct code_point {
    char32_t value;
    std::size_t length; // 0: the bytes are no UTF-8
};

code_point first_code_point(std::string_view text) {
    const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte_at(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {0, 0};
    char32_t value = lead & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(i) & 0xc0) != 0x80) return {0, 0};
        value = (value << 6) | (byte_at(i) & 0x3fu);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < smallest.at(length) || value > 0x10ffff || surrogate) return {0, 0};
    return {value, length};
}

bool is_safe(char32_t c) {
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return false; // C0, DEL, C1
    if (c == 0xad || c == 0x61c || c == 0x180e || c == 0xfeff) return false;
    if (c >= 0x200b && c <= 0x200f) return false; // zero width, direction marks
    if (c >= 0x2028 && c <= 0x202e) return false; // line ends, direction overrides
    if (c >= 0x2060 && c <= 0x206f) return false; // invisible operators, direction isolates
    if (c >= 0xfff9 && c <= 0xfffb) return false; // annotations
    return c < 0xe0000 || c > 0xe0fff;            // tags
}

template <typename... Args>
std::string format(const char *pattern, Args... args) {
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), pattern, args...);
    return out.data();
}

std::string escaped(char32_t c) {
    if (c == '\n') return "\\n";
    if (c == '\r') return "\\r";
    if (c == '\t') return "\\t";
    return format("\\u{%x}", static_cast<unsigned>(c));
}

} // namespace

std::string display_text(std::string_view text, std::size_t max_columns) {
    std::string out;
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto [value, length] = first_code_point(text);
        const std::size_t taken = length == 0 ? 1 : length;
        std::string shown(text.substr(0, taken));
        if (length == 0)
            shown = format("\\x%02x", static_cast<unsigned>(static_cast<std::uint8_t>(text[0])));
        else if (!is_safe(value))
            shown = escaped(value);
        columns += length != 0 && is_safe(value) ? 1 : shown.size();
        if (columns > max_columns) return out.append(ellipsis);
        out += shown;
        text.remove_prefix(taken);
    }
    return out;
}

std::string display_bytes(std::span<const std::uint8_t> data, std::size_t max_bytes) {
    std::string out;
    for (const std::uint8_t byte : data.first(std::min(data.size(), max_bytes)))
        out += format(out.empty() ? "%02x" : " %02x", static_cast<unsigned>(byte));
    if (data.size() > max_bytes) out.append(" ").append(ellipsis);
    return out;
}

std::string display_size(double bytes) {
    constexpr std::array<const char *, 4> units{"B", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < units.size(); ++unit)
        bytes /= 1024;
    return format(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units.at(unit));
}

} // namespace cryo_tool
