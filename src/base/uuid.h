// Universally unique identifiers (RFC 9562) as 16 bytes in text order.
#pragma once

#include "base/bytes.h"

#include <array>
#include <compare>
#include <functional>
#include <optional>
#include <string>

namespace cryo_core {

struct uuid {
    std::array<std::uint8_t, 16> bytes{};

    friend bool operator==(const uuid &, const uuid &) noexcept = default;

    // Takes 8-4-4-4-12 hexadecimal digits of either case, nothing around them.
    static std::optional<uuid> parse(std::string_view text) noexcept;

    // Version 4 (RFC 9562 section 5.4). Throws std::runtime_error where the system has no random bytes.
    static uuid random();

    // 36 lower-case characters.
    std::string text() const;
};

// The bytes are the peer's choice, so they are mixed with a seed of this process: nobody can aim for a
// bucket.
struct uuid_hash {
    std::size_t operator()(const uuid &id) const noexcept;
};

} // namespace cryo_core
