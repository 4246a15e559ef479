// Events in memory as the application reads them: a run of records, each with its content behind it. The
// layout is public (cryo.h, CRYO_BATCH_* and CRYO_RECORD_*).
#pragma once

#include "base/bytes.h"
#include "cryo.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

namespace cryo_core::capi {

// What is told of an event. The views are copied when it is written.
struct event_fields {
    std::int32_t kind = 0;
    std::int32_t message_kind = 0;
    std::int32_t code = 0;
    std::int32_t http_status = 0;
    cryo_session *session = nullptr;
    void *ticket = nullptr; // of an event that asks: cryo_auth, cryo_hook or cryo_token_request, by its kind
    std::uint64_t receipt = 0;
    std::uint64_t message_id = 0;
    double value = 0;
    bytes_view data{};
    std::string_view text{};
};

// As it lies in memory. What is added to it comes behind, and CRYO_RECORD_SIZE grows.
struct event_record {
    std::uint64_t size;
    std::int32_t kind;
    std::int32_t message_kind;
    std::uint64_t session;
    std::uint64_t ticket;
    std::uint64_t data_length;
    std::uint32_t data;
    std::uint32_t text;
    std::uint32_t text_length;
    std::int32_t code;
    std::int32_t http_status;
    std::uint32_t reserved;
    std::uint64_t receipt;
    std::uint64_t message_id;
    double value;
};

// The ticket of an event that nobody has taken is not left to its time-out.
void refuse_ticket(std::int32_t event_kind, void *ticket) noexcept;

class event_block {
  public:
    // Throws std::bad_alloc.
    explicit event_block(std::size_t capacity);
    event_block(const event_block &) = delete;
    event_block &operator=(const event_block &) = delete;
    ~event_block() { clear(); }

    static constexpr std::size_t size_of(std::size_t content) noexcept {
        return sizeof(event_record) + ((content + 7) & ~std::size_t{7});
    }
    // A text has its NUL behind it, and stands behind the data.
    static std::size_t size_of(const event_fields &what) noexcept {
        return size_of(what.data.size() + (what.text.empty() ? 0 : what.text.size() + 1));
    }
    static constexpr std::size_t room_in_front = CRYO_BATCH_SIZE; // of the first record

    std::size_t capacity() const noexcept { return capacity_; }
    bool has_room_for(std::size_t record) const noexcept { return record <= capacity_ - end_; }
    bool empty() const noexcept { return count_ == 0; }
    std::uint32_t count() const noexcept { return count_; }
    std::uint64_t data_bytes() const noexcept { return data_bytes_; }

    // While there is room. `holds`: the session's reference is the block's from here on; if this throws,
    // nothing has happened.
    void append(const event_fields &what, bool holds);
    // The same for the usual one, whose session is held by what comes later.
    void append_message(cryo_session *session, std::int32_t kind, std::uint64_t id,
                        bytes_view data) noexcept {
        const std::size_t size = size_of(data.size());
        new (begin_record(size, data)) event_record{size,
                                                    CRYO_EVENT_MESSAGE,
                                                    kind,
                                                    as_number(session),
                                                    0,
                                                    data.size(),
                                                    sizeof(event_record),
                                                    0,
                                                    0,
                                                    0,
                                                    0,
                                                    0,
                                                    0,
                                                    id,
                                                    0};
    }
    // Takes all of another one if there is room.
    bool take_over(event_block &other) noexcept;
    // The first records of another one, into this one, which is empty and has room for them all.
    void take_first(event_block &from, std::uint32_t count);

    // The first event. It stays until drop_first().
    event_fields first() const noexcept;
    bool holds_first() const noexcept { return !held_.empty() && held_[held_from_].at == begin_; }
    bool holds_nothing() const noexcept { return held_.empty(); }
    // What it holds is the caller's.
    void drop_first() noexcept;
    // Refuses tickets, lets go of sessions.
    void refuse_all() noexcept;
    // Lets go of sessions: tickets are somebody's, or were refused.
    void clear() noexcept;

    // Its events as one run of bytes, with the head of a batch in front.
    bytes_view as_batch() noexcept;
    bool is_batch(const std::uint8_t *batch) const noexcept { return batch == bytes_.get(); }

    event_block *next = nullptr; // in a list
    bool given_back = false;

  private:
    struct held {
        std::size_t at; // the record
        cryo_session *session;
    };

    static std::uint64_t as_number(const void *handle) noexcept {
        return reinterpret_cast<std::uintptr_t>(handle);
    }
    // The place for its fixed part, behind which the data is.
    std::uint8_t *begin_record(std::size_t size, bytes_view data) noexcept {
        std::uint8_t *const at = bytes_.get() + end_;
        if (!data.empty()) std::memcpy(at + sizeof(event_record), data.data(), data.size());
        end_ += size;
        count_in(1, data.size());
        return at;
    }
    void count_in(std::uint32_t count, std::uint64_t data_bytes) noexcept {
        count_ += count;
        data_bytes_ += data_bytes;
    }

    std::unique_ptr<std::uint8_t[]> bytes_;
    std::size_t capacity_;
    std::size_t begin_ = room_in_front; // of the first record
    std::size_t end_ = room_in_front;   // behind the last one
    std::uint64_t data_bytes_ = 0;
    std::uint32_t count_ = 0;
    std::size_t held_from_ = 0; // the first of held_ that is still its
    std::vector<held> held_;    // in the order of the records
};

// Blocks in their order, which it owns.
class block_list {
  public:
    block_list() noexcept = default;
    block_list(const block_list &) = delete;
    block_list &operator=(const block_list &) = delete;
    ~block_list() {
        while (first_ != nullptr)
            pop_front();
    }

    bool empty() const noexcept { return first_ == nullptr; }
    event_block &front() const noexcept { return *first_; }
    event_block &back() const noexcept { return *last_; }
    void push_back(std::unique_ptr<event_block> block) noexcept {
        event_block *const added = block.release();
        added->next = nullptr;
        (first_ == nullptr ? first_ : last_->next) = added;
        last_ = added;
    }
    std::unique_ptr<event_block> pop_front() noexcept {
        std::unique_ptr<event_block> taken(first_);
        first_ = taken->next;
        return taken;
    }
    event_block *find(const std::uint8_t *batch) const noexcept;

  private:
    event_block *first_ = nullptr;
    event_block *last_ = nullptr;
};

} // namespace cryo_core::capi
