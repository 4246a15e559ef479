#include "client/retry_hint.h"

#include <charconv>
#include <cstdint>

namespace cryo_core {

time_us retry_hint(std::string_view reason) noexcept {
    constexpr std::string_view begin = "(retry in ";
    constexpr std::string_view end = " ms)";
    constexpr std::uint64_t most = 3'600'000;
    const std::size_t at = reason.rfind(begin);
    if (at == std::string_view::npos || !reason.ends_with(end)) return 0;
    const std::size_t first = at + begin.size();
    if (reason.size() < first + end.size()) return 0;
    const std::string_view digits = reason.substr(first, reason.size() - end.size() - first);
    std::uint64_t ms = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ms);
    if (error != std::errc() || rest != digits.data() + digits.size() || ms > most) return 0;
    return from_ms(static_cast<std::int64_t>(ms));
}

} // namespace cryo_core
