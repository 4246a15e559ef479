// Events pulled many at a time.
#include "capi/event_queue.h"
#include "capi/guard.h"
#include "endpoint/answers.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

cryo_status next_batch(event_queue &queue, std::int32_t timeout_ms, std::uint32_t most, bytes_view &out) {
    switch (queue.next_many(timeout_ms, most, out)) {
    case event_queue::outcome::timeout:
        return fail_plainly(status::timeout, "No event came in time.");
    case event_queue::outcome::woken:
        return fail_plainly(status::state, "The queue was woken.");
    case event_queue::outcome::closed:
        return fail_plainly(status::closed, "The queue was freed.");
    case event_queue::outcome::event:
        break;
    }
    return CRYO_OK;
}

} // namespace

extern "C" {

cryo_status cryo_queue_next_many(cryo_queue *queue, int32_t timeout_ms, uint32_t max_events,
                                 const uint8_t **batch, size_t *len) {
    return with_handle<event_queue>(
        "cryo_queue_next_many", handle_type::queue, queue, [&](event_queue &found) -> cryo_status {
            if (batch == nullptr) return invalid("cryo_queue_next_many", "`batch` is NULL.");
            if (len == nullptr) return invalid("cryo_queue_next_many", "`len` is NULL.");
            if (timeout_ms < -1) return invalid("cryo_queue_next_many", "the time-out is below -1.");
            if (*batch != nullptr) {
                if (!found.give_back(*batch))
                    return invalid("cryo_queue_next_many", "`*batch` is no batch of this queue.");
                *batch = nullptr;
            }
            answers::done_here();
            bytes_view next;
            const cryo_status outcome = next_batch(found, timeout_ms, max_events, next);
            if (outcome != CRYO_OK) return outcome;
            answers::begin_here();
            *batch = next.data();
            *len = next.size();
            return CRYO_OK;
        });
}

cryo_status cryo_queue_release(cryo_queue *queue, const uint8_t *batch) {
    return with_handle<event_queue>(
        "cryo_queue_release", handle_type::queue, queue, [&](event_queue &found) -> cryo_status {
            if (batch != nullptr && !found.give_back(batch))
                return invalid("cryo_queue_release", "that is no batch of this queue.");
            answers::done_here();
            return CRYO_OK;
        });
}

} // extern "C"
