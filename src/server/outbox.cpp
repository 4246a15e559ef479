#include "server/outbox.h"

#include "base/thread_pointer.h"
#include "ws/build.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

namespace cryo_core {

namespace {

// One batch is at most what a link takes at once; larger frames are framed into memory of their own.
constexpr std::size_t batch_size = net::plain_credit;

// From this size on a payload is not copied into a batch where the link can do without.
constexpr std::size_t gathered_size = 4096;

CRYO_THREAD_POINTER outbox::batch *batch_of_thread = nullptr;

} // namespace

// The frames of one write: runs of bytes that were put together here, and between them payloads that lie
// where they are. There is one in a thread: a session that says nothing holds none.
class outbox::batch {
  public:
    // This thread's. Throws std::bad_alloc.
    static batch &here() {
        if (batch_of_thread == nullptr) {
            static thread_local std::unique_ptr<batch> memory;
            memory.reset(new batch);
            batch_of_thread = memory.get();
        }
        return *batch_of_thread;
    }
    // The same while `of` has something in it, or may put something there; else null.
    static batch *of(const outbox *of) noexcept {
        return batch_of_thread != nullptr && batch_of_thread->owner_ == of ? batch_of_thread : nullptr;
    }
    batch(const batch &) = delete;
    batch &operator=(const batch &) = delete;
    ~batch() { batch_of_thread = nullptr; }

    // When it is empty.
    void begin(const outbox *owner, std::size_t most) noexcept {
        assert(size() == 0);
        owner_ = owner;
        most_ = most;
    }
    void clear() noexcept {
        for (std::size_t i = 0; i < payload_count_; ++i)
            payloads_[i] = {};
        owner_ = nullptr;
        size_ = run_begin_ = piece_count_ = payload_count_ = payload_bytes_ = 0;
    }
    void end_turn() noexcept { most_ = 0; }
    bool takes(std::size_t more) const noexcept { return size_ + more <= most_; }

    std::size_t size() const noexcept { return size_ + payload_bytes_; }
    std::size_t room() const noexcept { return batch_size - size_; }
    bool has_place() const noexcept { return payload_count_ < max_payloads; }
    std::uint8_t *extend(std::size_t n) noexcept {
        std::uint8_t *const at = bytes_ + size_;
        size_ += n;
        return at;
    }
    void take_back(std::size_t n) noexcept { size_ -= n; }
    // While it has a place.
    void add(shared_bytes payload) noexcept {
        end_run();
        payload_bytes_ += payload.size();
        pieces_[piece_count_++] = payload.view();
        payloads_[payload_count_++] = std::move(payload);
    }
    // Nothing is added behind it.
    std::span<const bytes_view> pieces() noexcept {
        end_run();
        return {pieces_, piece_count_};
    }
    // If the last piece is a payload.
    const shared_bytes *last_payload() const noexcept {
        const bool last = payload_count_ > 0 &&
                          pieces_[piece_count_ - 1].data() == payloads_[payload_count_ - 1].view().data();
        return last ? &payloads_[payload_count_ - 1] : nullptr;
    }

  private:
    static constexpr std::size_t max_payloads = net::max_pieces / 2 - 1; // a run before each, and one behind

    // cppcheck-suppress uninitMemberVarPrivate ; it is what others fill
    batch() noexcept {} // NOLINT(modernize-use-equals-default): which would write to all of it

    void end_run() noexcept {
        if (size_ > run_begin_) pieces_[piece_count_++] = {bytes_ + run_begin_, size_ - run_begin_};
        run_begin_ = size_;
    }

    const outbox *owner_ = nullptr; // who has put something in, or may
    std::size_t most_ = 0;          // of bytes, that claim() may make it
    std::size_t size_ = 0;
    std::size_t run_begin_ = 0;
    std::size_t piece_count_ = 0;
    std::size_t payload_count_ = 0;
    std::size_t payload_bytes_ = 0;
    bytes_view pieces_[net::max_pieces];
    shared_bytes payloads_[max_payloads];
    std::uint8_t bytes_[batch_size];
};

outbox::~outbox() {
    if (batch *const mine = batch::of(this)) mine->clear();
}

outbox::turn::turn(outbox &of, net::link &link, bool claims) noexcept : of_(of), link_(link) {
    if (!claims || of.has_rest() || !of.loose_.empty()) return;
    try {
        batch &next = batch::here();
        const std::size_t room = next.size() == 0 ? link.writable() : 0; // not over what is not flushed yet
        if (room > 0) next.begin(&of, std::min(room, batch_size));
    } catch (const std::bad_alloc &) { // then it goes the longer way
    }
}

outbox::turn::~turn() {
    batch *const mine = batch::of(&of_);
    if (mine == nullptr) return;
    if (mine->size() > 0) {
        mine->end_turn();
        link_.request_flush();
        if (link_.flush_requested()) return;
    }
    mine->clear(); // the link is over
}

std::uint8_t *outbox::claim(std::size_t frame_size) noexcept {
    batch *const mine = batch::of(this);
    const std::size_t header = ws::header_size(frame_size, false);
    if (mine == nullptr || !loose_.empty() || !mine->takes(header + frame_size)) return nullptr;
    std::uint8_t *const at = mine->extend(header + frame_size);
    ws::write_header(at, ws::opcode::binary, frame_size);
    return at + header;
}

void outbox::end_turn() noexcept {
    if (batch *const mine = batch::of(this)) mine->end_turn();
}

void outbox::leave_out(std::size_t frame_size) noexcept {
    if (batch *const mine = batch::of(this)) mine->take_back(ws::header_size(frame_size, false) + frame_size);
}

outbox::result outbox::flush(net::link &link, session *from, time_us now) {
    for (;;) {
        const bool more = batch::of(this) != nullptr || has_rest() || !loose_.empty() ||
                          (from != nullptr && from->next_frame_size() > 0);
        if (!more) return result::drained;
        const std::size_t room = link.writable();
        if (room == 0) {
            if (from != nullptr) from->flush_stopped();
            return result::choked;
        }
        if (!has_rest()) {
            if (!write_batch(link, from, room, now)) return result::broken;
        } else if (!write_rest(link)) {
            return result::broken;
        }
        if (from != nullptr && !has_rest()) from->flushed(); // which may let more of its frames go
    }
}

// False: the link is broken.
bool outbox::write_batch(net::link &link, session *from, std::size_t room, time_us now) {
    batch &next = batch::here();
    const struct emptied {
        ~emptied() { of.clear(); }
        batch &of;
    } afterwards{next};
    if (batch::of(this) == nullptr) next.begin(this, 0);
    fill(next, from, room, link.gathers(), now);
    if (next.size() == 0)
        return true; // a large frame, which is in rest_ now, or one that could not be sealed
    const auto pieces = next.pieces();
    const auto taken = pieces.size() == 1 ? link.write(pieces[0]) : link.write(pieces);
    if (!taken) return false;
    if (*taken == next.size() || keep_rest(next, *taken)) return true;
    link.abort(); // half a frame has left, and nothing may follow it
    return false;
}

// What was not taken is copied, but for a large payload at the end. False: there is no memory.
bool outbox::keep_rest(batch &of, std::size_t taken) noexcept {
    auto pieces = of.pieces();
    while (!pieces.empty() && taken >= pieces.front().size()) {
        taken -= pieces.front().size();
        pieces = pieces.subspan(1);
    }
    const shared_bytes *const last = of.last_payload();
    const bool keeps_last = last != nullptr && last->size() >= gathered_size;
    rest_at_ = pieces.size() == 1 && keeps_last ? taken : 0;
    if (keeps_last) {
        tail_ = *last;
        pieces = pieces.first(pieces.size() - 1);
    }
    try {
        for (const bytes_view piece : pieces)
            rest_.append(piece.subspan(std::exchange(taken, 0)));
    } catch (const std::bad_alloc &) {
        return false;
    }
    return true;
}

bool outbox::write_rest(net::link &link) {
    const std::size_t inside = std::min(rest_at_, rest_.size());
    const bytes_view pieces[] = {rest_.view().subspan(inside), tail_.view().subspan(rest_at_ - inside)};
    const auto taken = tail_.size() == 0 ? link.write(pieces[0]) : link.write(pieces);
    if (!taken) return false;
    rest_at_ += *taken;
    if (rest_at_ == rest_.size() + tail_.size()) {
        rest_.reset();
        tail_ = {};
        rest_at_ = 0;
    }
    return true;
}

void outbox::fill(batch &into, session *from, std::size_t room, bool gathers, time_us now) {
    if (!loose_.empty()) {
        if (loose_.size() > into.room()) {
            if (into.size() > 0) return; // in its turn
            rest_ = std::move(loose_);
            return;
        }
        std::memcpy(into.extend(loose_.size()), loose_.data(), loose_.size());
        loose_.reset();
    }
    while (from != nullptr && into.size() < room) {
        const std::size_t frame_size = from->next_frame_size();
        if (frame_size == 0) return;
        const std::size_t header = ws::header_size(frame_size, false);
        if (gathers && frame_size > gathered_size && from->may_leave_in_two()) {
            if (!into.has_place() || into.room() < header + codec::header_size) return;
            std::uint8_t *const at = into.extend(header + codec::header_size);
            ws::write_header(at, ws::opcode::binary, frame_size);
            into.add(from->take_head(at + header, now));
            continue;
        }
        if (header + frame_size > into.room()) {
            if (into.size() == 0) take_large(*from, frame_size, now);
            return;
        }
        std::uint8_t *const at = into.extend(header + frame_size);
        ws::write_header(at, ws::opcode::binary, frame_size);
        if (!from->take_frame(at + header, now)) return into.take_back(header + frame_size);
    }
}

void outbox::take_large(session &from, std::size_t frame_size, time_us now) {
    rest_.reserve(ws::header_size(frame_size, false) + frame_size);
    std::uint8_t *const header = rest_.extend(ws::header_size(frame_size, false));
    ws::write_header(header, ws::opcode::binary, frame_size);
    if (!from.take_frame(rest_.extend(frame_size), now)) rest_.reset();
}

} // namespace cryo_core
