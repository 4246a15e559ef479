// One message to many sessions.
#include "capi/message.h"
#include "capi/sent.h"
#include "capi/with_session.h"
#include "endpoint/multicast.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

cryo_status send_one(const cryo_session *session, multicast &to) noexcept {
    return guard("cryo_sessions_send", [&]() -> cryo_status {
        auto found = find_session(session);
        if (!found) return bad_handle("cryo_sessions_send", handle_type::session, session);
        return sent(to.add(std::move(found)));
    });
}

} // namespace

extern "C" cryo_status cryo_sessions_send(cryo_session *const *sessions, size_t count, int32_t kind,
                                          const uint8_t *data, size_t len, cryo_status *statuses,
                                          size_t *sent_to) {
    return guard("cryo_sessions_send", [&]() -> cryo_status {
        if (sessions == nullptr && count > 0) return invalid("cryo_sessions_send", "`sessions` is NULL.");
        if (const cryo_status bad = check_message("cryo_sessions_send", kind, data, len)) return bad;
        multicast to(static_cast<message_kind>(kind), shared_bytes::copy({data, len}));
        std::size_t accepted = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const cryo_status outcome = send_one(sessions[i], to);
            accepted += outcome == CRYO_OK ? 1 : 0;
            if (statuses != nullptr) statuses[i] = outcome;
        }
        if (sent_to != nullptr) *sent_to = accepted;
        return CRYO_OK;
    });
}
