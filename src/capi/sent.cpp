#include "capi/sent.h"

namespace cryo_core::capi {

cryo_status sent(status outcome) noexcept {
    switch (outcome) {
    case status::ok:
        return CRYO_OK;
    case status::full:
        return fail(status::full, "The session's send queue is full: its peer takes less than is sent. "
                                  "Send less, or drop what is not worth waiting for.");
    case status::total_full:
        return fail(status::total_full, "All sessions together hold as much as they may (cryo_server_options_"
                                        "set_max_total_queued_bytes): their peers take less than is sent.");
    case status::receipts_full:
        return fail(status::receipts_full,
                    "The session owes as many receipts as it may. Wait for some of them, or raise the limit "
                    "(cryo_server_options_set_max_receipts).");
    case status::state:
        return fail(status::state,
                    "The client is not connected at the moment. Send when it is again, or let it "
                    "keep what is sent meanwhile (cryo_client_options_set_resend).");
    default:
        return fail(status::closed, "The session is closed or closing.");
    }
}

} // namespace cryo_core::capi
