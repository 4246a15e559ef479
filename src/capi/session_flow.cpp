// How fast an application takes a session's messages: pausing it, and acknowledging them itself.
#include "capi/event_queue.h"
#include "capi/sent.h"
#include "capi/with_session.h"

using namespace cryo_core;
using namespace cryo_core::capi;

extern "C" {

cryo_status cryo_session_pause_reading(cryo_session *session) {
    return with_session("cryo_session_pause_reading", session,
                        [](session_control &found) { return sent(found.pause(true)); });
}

cryo_status cryo_session_resume_reading(cryo_session *session) {
    return with_session("cryo_session_resume_reading", session,
                        [](session_control &found) { return sent(found.pause(false)); });
}

uint64_t cryo_message_id(const cryo_session *session) {
    return guard_value("cryo_message_id", std::uint64_t{0}, [&]() -> std::uint64_t {
        if (const session_control *const told = telling::of(session)) return told->told_message();
        const auto found = find_session(session);
        if (!found) bad_handle("cryo_message_id", handle_type::session, session);
        return 0; // it is told on another thread, if one is
    });
}

cryo_status cryo_message_ack(cryo_session *session, uint64_t message) {
    return with_session("cryo_message_ack", session, [&](session_control &found) -> cryo_status {
        const status outcome = found.acknowledge(message);
        if (outcome == status::ok) return CRYO_OK;
        if (outcome == status::state)
            return fail(status::state,
                        "cryo_message_ack: no message of the session's present connection has that id; what "
                        "came by a former one and was not acknowledged, its peer sends again.");
        return sent(outcome);
    });
}

} // extern "C"
