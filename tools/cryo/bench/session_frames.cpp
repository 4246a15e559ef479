// From bytes to messages: whole ones in one frame, which is what a server sends, are taken here, and at half
// of what the library's parser takes for them; everything else goes there.
#include "bench/session.h"

namespace cryo_tool {

using namespace cryo_core;

namespace {

constexpr std::uint8_t whole_binary = 0x82; // the last frame of a message, and the first
constexpr std::uint8_t control_bit = 0x08;
constexpr std::size_t short_length = 125;
// What is longer is collected by the parser: to wait for it here would be to copy its beginning with each
// read.
constexpr std::uint64_t most_waited_for = 64 * 1024;

struct frame_head {
    std::size_t size = 0; // 0: not all of it is there
    std::uint64_t payload_size = 0;
};

frame_head head_of(bytes_view bytes) noexcept {
    if (bytes.size() < 2) return {};
    if (bytes[1] <= short_length) return {2, bytes[1]};
    if (bytes[1] == 126)
        return bytes.size() < 4 ? frame_head{} : frame_head{4, load_be<std::uint16_t>(&bytes[2])};
    // A mask, which a server has no business with, is among these: the parser complains.
    return bytes.size() < 10 ? frame_head{} : frame_head{10, load_be<std::uint64_t>(&bytes[2])};
}

} // namespace

// Returns how many bytes are not needed any more.
std::size_t bench_session::take(bytes_mut bytes) {
    if (phase_ == phase::upgrade) return take_answer(bytes);
    bytes_mut rest = bytes;
    while (!rest.empty() && phase_ != phase::ended && take_frame_at_front(rest)) {
    }
    return bytes.size() - rest.size();
}

// False: more must come first.
bool bench_session::take_frame_at_front(bytes_mut &rest) {
    if (parsing_) return feed(rest, rest.size());
    const frame_head head = head_of(rest);
    if (head.size == 0) return false;
    const bool is_whole = head.payload_size <= rest.size() - head.size;
    const bool is_message = rest[0] == whole_binary && rest[1] < 128;
    if (is_whole && is_message) {
        const auto size = static_cast<std::size_t>(head.payload_size);
        on_message(ws::opcode::binary, rest.subspan(head.size, size));
        rest = rest.subspan(head.size + size);
        return true;
    }
    if (!is_whole && is_message && head.payload_size <= most_waited_for) return false;
    if ((rest[0] & control_bit) != 0) {
        if (!is_whole && head.payload_size <= short_length) return false;
        return feed(rest, is_whole ? head.size + static_cast<std::size_t>(head.payload_size) : rest.size());
    }
    parsing_ = true;
    return feed(rest, rest.size());
}

// Hands so much to the parser, which stops behind a message that it is inside of.
bool bench_session::feed(bytes_mut &rest, std::size_t size) {
    const ws::parse_result result = parser_.feed(rest.first(size), *this);
    if (result.state == ws::parse_result::state::failed)
        return fail(&bench_faults::protocol, std::string("not WebSocket: ") + result.what);
    rest = rest.subspan(result.consumed);
    if (phase_ == phase::closing && result.consumed == 0) rest = {}; // behind the server's close
    parsing_ = parser_.in_message();
    return true;
}

} // namespace cryo_tool
