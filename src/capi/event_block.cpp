#include "capi/event_block.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace cryo_core::capi {

namespace {

struct batch_head {
    std::uint32_t version;
    std::uint32_t count;
    std::uint64_t size;
    std::uint32_t first;
    std::uint32_t record_size;
};

using record = event_record;

static_assert(sizeof(record) == CRYO_RECORD_SIZE && sizeof(batch_head) == CRYO_BATCH_SIZE);
static_assert(CRYO_RECORD_SIZE % 8 == 0 && CRYO_BATCH_SIZE % 8 == 0);
static_assert(
    offsetof(record, kind) == CRYO_RECORD_KIND &&
    offsetof(record, message_kind) == CRYO_RECORD_MESSAGE_KIND &&
    offsetof(record, session) == CRYO_RECORD_SESSION && offsetof(record, ticket) == CRYO_RECORD_TICKET &&
    offsetof(record, data_length) == CRYO_RECORD_DATA_LENGTH && offsetof(record, data) == CRYO_RECORD_DATA &&
    offsetof(record, text) == CRYO_RECORD_TEXT && offsetof(record, text_length) == CRYO_RECORD_TEXT_LENGTH &&
    offsetof(record, code) == CRYO_RECORD_CODE && offsetof(record, http_status) == CRYO_RECORD_HTTP_STATUS &&
    offsetof(record, receipt) == CRYO_RECORD_RECEIPT &&
    offsetof(record, message_id) == CRYO_RECORD_MESSAGE_ID && offsetof(record, value) == CRYO_RECORD_VALUE);
static_assert(offsetof(batch_head, count) == CRYO_BATCH_COUNT &&
              offsetof(batch_head, size) == CRYO_BATCH_BYTES &&
              offsetof(batch_head, first) == CRYO_BATCH_FIRST &&
              offsetof(batch_head, record_size) == CRYO_BATCH_RECORD_SIZE);

template <typename T>
T read_as(const std::uint8_t *from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

template <typename T>
T *as_handle(std::uint64_t number) noexcept {
    return reinterpret_cast<T *>(static_cast<std::uintptr_t>(number));
}

} // namespace

void refuse_ticket(std::int32_t event_kind, void *ticket) noexcept {
    static constexpr const char *why = "nobody pulled its ticket out of the queue";
    if (ticket == nullptr) return;
    if (event_kind == CRYO_EVENT_AUTH) cryo_auth_reject(static_cast<cryo_auth *>(ticket), nullptr);
    if (event_kind == CRYO_EVENT_HOOK) cryo_hook_fail(static_cast<cryo_hook *>(ticket), why);
    if (event_kind == CRYO_EVENT_TOKEN) cryo_token_fail(static_cast<cryo_token_request *>(ticket), why);
}

event_block::event_block(std::size_t capacity)
    : bytes_(new std::uint8_t[room_in_front + capacity]), capacity_(room_in_front + capacity) {}

void event_block::append(const event_fields &what, bool holds) {
    const std::size_t size = size_of(what);
    if (holds) held_.push_back({end_, what.session});
    std::uint8_t *const at = begin_record(size, what.data);
    const auto text = what.text.empty() ? 0 : static_cast<std::uint32_t>(sizeof(record) + what.data.size());
    auto *const made = new (at) record{size,
                                       what.kind,
                                       what.message_kind,
                                       as_number(what.session),
                                       as_number(what.ticket),
                                       what.data.size(),
                                       sizeof(record),
                                       text,
                                       static_cast<std::uint32_t>(what.text.size()),
                                       what.code,
                                       what.http_status,
                                       0,
                                       what.receipt,
                                       what.message_id,
                                       what.value};
    static_cast<void>(made);
    if (text == 0) return;
    std::memcpy(at + text, what.text.data(), what.text.size());
    at[text + what.text.size()] = 0;
}

bool event_block::take_over(event_block &other) noexcept {
    const std::size_t more = other.end_ - other.begin_;
    if (!has_room_for(more)) return false;
    if (other.held_from_ < other.held_.size()) {
        try {
            held_.reserve(held_.size() + other.held_.size() - other.held_from_);
        } catch (const std::bad_alloc &) {
            return false;
        }
        for (std::size_t i = other.held_from_; i < other.held_.size(); ++i)
            held_.push_back({other.held_[i].at - other.begin_ + end_, other.held_[i].session});
        other.held_.clear();
    }
    std::memcpy(bytes_.get() + end_, other.bytes_.get() + other.begin_, more);
    end_ += more;
    count_in(other.count_, other.data_bytes_);
    other.clear();
    return true;
}

void event_block::take_first(event_block &from, std::uint32_t count) {
    held_.reserve(from.held_.size() - from.held_from_);
    for (; count > 0; --count) {
        if (from.holds_first()) held_.push_back({end_, from.held_[from.held_from_].session});
        const auto head = read_as<record>(from.bytes_.get() + from.begin_);
        std::memcpy(bytes_.get() + end_, from.bytes_.get() + from.begin_, head.size);
        end_ += head.size;
        count_in(1, head.data_length);
        from.drop_first();
    }
}

event_fields event_block::first() const noexcept {
    const std::uint8_t *const at = bytes_.get() + begin_;
    const auto head = read_as<record>(at);
    event_fields made;
    made.kind = head.kind;
    made.message_kind = head.message_kind;
    made.code = head.code;
    made.http_status = head.http_status;
    made.session = as_handle<cryo_session>(head.session);
    made.ticket = as_handle<void>(head.ticket);
    made.receipt = head.receipt;
    made.message_id = head.message_id;
    made.value = head.value;
    made.data = {at + head.data, static_cast<std::size_t>(head.data_length)};
    made.text = as_text({at + head.text, head.text_length});
    return made;
}

void event_block::drop_first() noexcept {
    if (holds_first() && ++held_from_ == held_.size()) {
        held_.clear();
        held_from_ = 0;
    }
    const auto head = read_as<record>(bytes_.get() + begin_);
    begin_ += head.size;
    --count_;
    data_bytes_ -= head.data_length;
}

void event_block::refuse_all() noexcept {
    for (std::size_t at = begin_; at < end_;) {
        const auto head = read_as<record>(bytes_.get() + at);
        refuse_ticket(head.kind, as_handle<void>(head.ticket));
        at += head.size;
    }
    clear();
}

void event_block::clear() noexcept {
    for (; held_from_ < held_.size(); ++held_from_)
        cryo_session_release(held_[held_from_].session);
    held_.clear();
    held_from_ = 0;
    begin_ = end_ = room_in_front;
    count_ = 0;
    data_bytes_ = 0;
    given_back = false;
}

bytes_view event_block::as_batch() noexcept {
    const batch_head head{CRYO_BATCH_VERSION, count_, end_, static_cast<std::uint32_t>(begin_),
                          sizeof(record)};
    std::memcpy(bytes_.get(), &head, sizeof head);
    return {bytes_.get(), end_};
}

event_block *block_list::find(const std::uint8_t *batch) const noexcept {
    for (event_block *at = first_; at != nullptr; at = at->next)
        if (!at->given_back && at->is_batch(batch)) return at;
    return nullptr;
}

} // namespace cryo_core::capi
