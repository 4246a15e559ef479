#include "capi/event_queue.h"
#include "capi/guard.h"
#include "endpoint/answers.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

// An event handle is for one thread at a time, so nothing frees it meanwhile.
const event *find_event(const char *function, const cryo_event *handle) noexcept {
    const auto *const found = static_cast<const event *>(find_object(handle_type::event, handle));
    if (found == nullptr) bad_handle(function, handle_type::event, handle);
    return found;
}

void *ticket(const char *function, const cryo_event *handle, std::int32_t kind) noexcept {
    const event *const found = find_event(function, handle);
    return found != nullptr && found->fields.kind == kind ? found->fields.ticket : nullptr;
}

bool has_data(std::int32_t kind) noexcept {
    switch (kind) {
    case CRYO_EVENT_MESSAGE:
    case CRYO_EVENT_AUTH:
    case CRYO_EVENT_LOST:
    case CRYO_EVENT_DROPPED:
    case CRYO_EVENT_HOOK:
        return true;
    default:
        return false;
    }
}

cryo_status next_event(event_queue &queue, std::int32_t timeout_ms, cryo_event *&out) {
    std::unique_ptr<event> next;
    switch (queue.next(timeout_ms, next)) {
    case event_queue::outcome::timeout:
        return fail(status::timeout, "No event came in time.");
    case event_queue::outcome::woken:
        return fail(status::state, "The queue was woken.");
    case event_queue::outcome::closed:
        return fail(status::closed, "The queue was freed.");
    case event_queue::outcome::event:
        break;
    }
    out = next.release()->handle;
    return CRYO_OK;
}

} // namespace

extern "C" {

cryo_status cryo_queue_new(cryo_queue **out) {
    return guard("cryo_queue_new", [&]() -> cryo_status {
        if (out == nullptr) return invalid("cryo_queue_new", "`out` is NULL.");
        *out = static_cast<cryo_queue *>(add_handle(handle_type::queue, std::make_shared<event_queue>()));
        return CRYO_OK;
    });
}

void cryo_queue_free(cryo_queue *queue) {
    guard(__func__, [&] {
        const auto found =
            std::static_pointer_cast<event_queue>(take_back("cryo_queue_free", handle_type::queue, queue));
        if (found) found->close();
        return CRYO_OK;
    });
}

cryo_status cryo_queue_set_capacity(cryo_queue *queue, uint32_t events, uint64_t bytes) {
    return with_handle<event_queue>(
        "cryo_queue_set_capacity", handle_type::queue, queue, [&](event_queue &found) -> cryo_status {
            if (events == 0 || bytes == 0)
                return invalid("cryo_queue_set_capacity", "a capacity of 0 takes nothing.");
            found.set_capacity(events, bytes);
            return CRYO_OK;
        });
}

int32_t cryo_queue_fd(const cryo_queue *queue) {
    return with_handle<event_queue>("cryo_queue_fd", handle_type::queue, queue, [](event_queue &found) {
        const int fd = found.watched_fd();
        return fd >= 0 ? fd
                       : fail(status::unsupported,
                              "There is no descriptor for a queue: the system has none left, or "
                              "no such thing. cryo_queue_next works without.");
    });
}

cryo_status cryo_queue_next(cryo_queue *queue, int32_t timeout_ms, cryo_event **out) {
    return with_handle<event_queue>(__func__, handle_type::queue, queue, [&](event_queue &found) {
        if (out == nullptr) return invalid("cryo_queue_next", "`out` is NULL.");
        if (timeout_ms < -1) return invalid("cryo_queue_next", "the time-out is below -1.");
        answers::done_here();
        return next_event(found, timeout_ms, *out);
    });
}

cryo_status cryo_queue_wake(cryo_queue *queue) {
    return with_handle<event_queue>("cryo_queue_wake", handle_type::queue, queue, [](event_queue &found) {
        found.wake();
        return CRYO_OK;
    });
}

void cryo_event_free(cryo_event *handle) {
    if (handle == nullptr) return;
    const event *const found = find_event(__func__, handle);
    if (found == nullptr) return;
    delete found;
}

int32_t cryo_event_kind(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? 0 : found->fields.kind;
}

cryo_session *cryo_event_session(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? nullptr : found->fields.session;
}

cryo_auth *cryo_event_auth(const cryo_event *handle) {
    return static_cast<cryo_auth *>(ticket(__func__, handle, CRYO_EVENT_AUTH));
}

int32_t cryo_event_message_kind(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? 0 : found->fields.message_kind;
}

const uint8_t *cryo_event_data(const cryo_event *handle, size_t *len) {
    static constexpr std::uint8_t nothing = 0;
    const event *const found = find_event(__func__, handle);
    if (len != nullptr) *len = found == nullptr ? 0 : found->fields.data.size();
    if (found == nullptr || !has_data(found->fields.kind)) return nullptr;
    return found->fields.data.empty() ? &nothing : found->fields.data.data();
}

int32_t cryo_event_code(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? 0 : found->fields.code;
}

const char *cryo_event_text(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? "" : found->text.c_str();
}

int32_t cryo_event_http_status(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? 0 : found->fields.http_status;
}

uint64_t cryo_event_receipt(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? 0 : found->fields.receipt;
}

uint64_t cryo_event_message_id(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? 0 : found->fields.message_id;
}

cryo_hook *cryo_event_hook(const cryo_event *handle) {
    return static_cast<cryo_hook *>(ticket(__func__, handle, CRYO_EVENT_HOOK));
}

cryo_token_request *cryo_event_token_request(const cryo_event *handle) {
    return static_cast<cryo_token_request *>(ticket(__func__, handle, CRYO_EVENT_TOKEN));
}

double cryo_event_value(const cryo_event *handle) {
    const event *const found = find_event(__func__, handle);
    return found == nullptr ? 0 : found->fields.value;
}

} // extern "C"
