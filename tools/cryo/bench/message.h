// The messages of the load generator: each differs from every other, so that an echo of the wrong one shows.
#pragma once

#include "base/bytes.h"
#include "codec/frame.h"

#include <vector>

namespace cryo_tool {

// Makes the frames of all sessions, in one place of memory: it holds what they have in common.
class bench_message {
  public:
    bench_message(std::size_t size, bool binary);

    std::size_t size() const noexcept { return frame_.size() - cryo_core::codec::header_size; }

    // The frame that a session sends with this number. Valid until the next call. The salt tells the sessions
    // apart.
    cryo_core::bytes_view frame(const cryo_core::uuid &sid, std::uint32_t salt,
                                std::uint32_t number) noexcept;

    // Whether a data frame brings back the payload of the message with that number.
    bool is_echo(cryo_core::codec::frame_type type, cryo_core::bytes_view payload, std::uint32_t salt,
                 std::uint32_t number) const noexcept;

  private:
    static constexpr std::size_t mark_size = 8;

    std::vector<std::uint8_t> frame_;
    cryo_core::codec::frame_type type_;
};

} // namespace cryo_tool
