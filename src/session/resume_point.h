// What the two ends of a conversation say at the upgrade of a new connection: whose numbers they go on with,
// and what has arrived.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cryo_core {

struct resume_point {
    // Which numbers are meant: the server makes a fresh one whenever they begin anew. 0: none yet.
    std::uint64_t conversation = 0;
    std::uint32_t received = 0; // one more than the number of the last frame that was received

    // The query parameter of a client, and the header of a server's answer.
    static constexpr std::string_view parameter = "x-cryo-resume";
    static constexpr std::string_view header = "X-Cryo-Resume";
    static constexpr std::string_view header_in_lower_case = "x-cryo-resume";

    // "0123456789abcdef.17", or "new" without a conversation.
    std::string text() const;
    static std::optional<resume_point> parse(std::string_view text) noexcept;
};

} // namespace cryo_core
