#include "client/frame_writer.h"

#include "base/byte_buffer.h"
#include "base/random.h"
#include "ws/build.h"

#include <algorithm>
#include <memory>

namespace cryo_core {

namespace {

constexpr std::size_t batch_size = 64 * 1024;

// The thread's: a client that says nothing holds none.
std::uint8_t *batch_memory() {
    static thread_local std::unique_ptr<std::uint8_t[]> memory;
    if (!memory) memory.reset(new std::uint8_t[batch_size]); // which nothing is written to first
    return memory.get();
}

ws::mask_keys::seed fresh_seed() {
    ws::mask_keys::seed seed{};
    fill_random(seed);
    return seed;
}

} // namespace

frame_writer::frame_writer() : keys_(fresh_seed()) {}

frame_writer::result frame_writer::flush(net::ws_link &link, session &from, time_us now) {
    for (;;) {
        const std::size_t room = link.writable();
        if (room == 0) return from.next_frame_size() == 0 ? result::drained : result::choked;
        if (ping_due_ && !write_ping(link)) return result::broken;
        from.flushed(); // the link has room, so the system has what was written before
        const std::size_t frame_size = from.next_frame_size();
        if (frame_size == 0) return result::drained;
        const bool large = ws::header_size(frame_size, true) + frame_size > std::min(room, batch_size);
        const bool written = large ? write_large(link, from, frame_size, now)
                                   : write_batch(link, from, std::min(room, batch_size), now);
        if (!written) return result::broken;
    }
}

bool frame_writer::write_batch(net::ws_link &link, session &from, std::size_t room, time_us now) {
    std::uint8_t *const batch = batch_memory();
    std::size_t size = 0;
    for (;;) {
        const std::size_t frame_size = from.next_frame_size();
        const std::size_t whole = ws::header_size(frame_size, true) + frame_size;
        if (frame_size == 0 || size + whole > room) break;
        if (!take(from, batch + size, frame_size, now)) break;
        size += whole;
    }
    return size == 0 || link.write({batch, size});
}

bool frame_writer::write_ping(net::ws_link &link) {
    ping_due_ = false;
    std::uint8_t frame[ws::header_size(0, true)];
    return link.write({frame, ws::write_masked(frame, ws::opcode::ping, {}, keys_.next())});
}

// A frame must not be split, and the link keeps what the system does not take of it.
bool frame_writer::write_large(net::ws_link &link, session &from, std::size_t frame_size, time_us now) {
    byte_buffer frame;
    std::uint8_t *const out = frame.extend(ws::header_size(frame_size, true) + frame_size);
    return !take(from, out, frame_size, now) || link.write(frame.view());
}

bool frame_writer::take(session &from, std::uint8_t *out, std::size_t frame_size, time_us now) noexcept {
    const ws::masking_key key = keys_.next();
    std::uint8_t *const payload = out + ws::write_masked_header(out, ws::opcode::binary, frame_size, key);
    if (!from.take_frame(payload, now)) return false;
    ws::apply_mask({payload, frame_size}, key, 0);
    return true;
}

bool frame_writer::write_close(net::ws_link &link, std::uint16_t code, std::string_view reason) {
    std::uint8_t frame[ws::max_masked_close_frame_size];
    return link.write({frame, ws::write_masked_close(frame, code, reason, keys_.next())});
}

} // namespace cryo_core
