#include "server/outbox.h"

#include "ws/build.h"

#include <algorithm>
#include <memory>

namespace cryo_core {

namespace {

// One batch is at most what a link takes at once; larger frames are framed into memory of their own.
constexpr std::size_t batch_size = net::plain_credit;

} // namespace

// The frames of one write. The memory belongs to the thread: a session that says nothing holds none.
class outbox::batch {
  public:
    batch() {
        static thread_local std::unique_ptr<std::uint8_t[]> memory;
        if (!memory) memory = std::make_unique_for_overwrite<std::uint8_t[]>(batch_size);
        memory_ = memory.get();
    }
    std::size_t size() const noexcept { return size_; }
    std::size_t room() const noexcept { return batch_size - size_; }
    bytes_view view() const noexcept { return {memory_, size_}; }
    std::uint8_t *extend(std::size_t n) noexcept {
        std::uint8_t *const at = memory_ + size_;
        size_ += n;
        return at;
    }
    void take_back(std::size_t n) noexcept { size_ -= n; }

  private:
    std::uint8_t *memory_; // looked up once
    std::size_t size_ = 0;
};

outbox::result outbox::flush(net::link &link, session *from, time_us now) {
    for (;;) {
        const bool more =
            !rest_.empty() || !loose_.empty() || (from != nullptr && from->next_frame_size() > 0);
        if (!more) return result::drained;
        const std::size_t room = link.writable();
        if (room == 0) return result::choked;
        if (rest_.empty()) {
            if (!write_batch(link, from, room, now)) return result::broken;
        } else if (!write_rest(link)) {
            return result::broken;
        }
        if (from != nullptr && rest_.empty()) from->flushed(); // which may let more of its frames go
    }
}

// False: the link is broken.
bool outbox::write_batch(net::link &link, session *from, std::size_t room, time_us now) {
    batch next;
    fill(next, from, room, now);
    const bytes_view whole = next.view();
    if (whole.empty()) return true; // a large frame, which is in rest_ now, or one that could not be sealed
    const auto taken = link.write(whole);
    if (!taken) return false;
    try {
        rest_.append(whole.subspan(*taken));
    } catch (const std::bad_alloc &) { // half a frame has left, and nothing may follow it
        link.abort();
        return false;
    }
    return true;
}

bool outbox::write_rest(net::link &link) {
    const auto taken = link.write(rest_.view().subspan(rest_at_));
    if (!taken) return false;
    rest_at_ += *taken;
    if (rest_at_ == rest_.size()) {
        rest_.reset();
        rest_at_ = 0;
    }
    return true;
}

void outbox::fill(batch &into, session *from, std::size_t room, time_us now) {
    if (!loose_.empty()) {
        if (loose_.size() > into.room()) {
            rest_ = std::move(loose_);
            return;
        }
        std::memcpy(into.extend(loose_.size()), loose_.data(), loose_.size());
        loose_.reset();
    }
    while (from != nullptr && into.size() < room) {
        const std::size_t frame_size = from->next_frame_size();
        if (frame_size == 0) return;
        const std::size_t size = ws::header_size(frame_size, false) + frame_size;
        if (size > into.room()) {
            if (into.size() == 0) take_large(*from, frame_size, now);
            return;
        }
        std::uint8_t *const at = into.extend(size);
        if (!from->take_frame(at + ws::write_header(at, ws::opcode::binary, frame_size), now))
            return into.take_back(size);
    }
}

void outbox::take_large(session &from, std::size_t frame_size, time_us now) {
    rest_.reserve(ws::header_size(frame_size, false) + frame_size);
    std::uint8_t *const header = rest_.extend(ws::header_size(frame_size, false));
    ws::write_header(header, ws::opcode::binary, frame_size);
    if (!from.take_frame(rest_.extend(frame_size), now)) rest_.reset();
}

} // namespace cryo_core
