#include "capi/client_application.h"

namespace cryo_core::capi {

void client_application::on_attempt_failed(session_control &who, const failed_attempt &what) noexcept {
    const auto code = static_cast<cryo_status>(what.why.code);
    const std::int64_t retry_ms = what.retry_in == never ? -1 : what.retry_in / 1000;
    if (handlers_.on_attempt_failed != nullptr)
        return call_out("function for failed attempts", [&] {
            handlers_.on_attempt_failed(handle_of(who), code, what.http_status, what.why.text.c_str(),
                                        retry_ms, handlers_.user.get());
        });
    enqueue(CRYO_EVENT_ATTEMPT_FAILED, &who,
            {.code = code,
             .http_status = what.http_status,
             .value = static_cast<double>(retry_ms),
             .text = what.why.text});
}

// Whatever goes wrong here, the attempt has failed, and the next one asks again.
void client_application::on_token_wanted(session_control &who,
                                         const std::shared_ptr<token_request> &ticket) noexcept {
    const auto fail = [&](const char *why) noexcept {
        try {
            who.settle_token(*ticket, token_request::answer::failed, why);
        } catch (...) { // the ticket is left alone, and times out
        }
    };
    try {
        cryo_token_request *const handle = token_attachment::prepare(*ticket, who.shared_from_this());
        if (tokens_.fn != nullptr) return tokens_.fn(handle, tokens_.user.get());
        const session_attachment::reference its(session_attachment::of(who));
        if (handlers_.queue->push({.kind = CRYO_EVENT_TOKEN, .session = its.handle(), .ticket = handle}))
            return its.keep();
        fail("There is no token: the queue of events was freed.");
    } catch (...) {
        log_thrown("token provider");
        fail("There is no token: its provider threw an exception.");
    }
}

void client_application::on_lost(session_control &who, message_kind kind, bytes_view data) noexcept {
    tell_data(CRYO_EVENT_LOST, handlers_.on_lost, "function for lost messages", who, kind, data);
}

} // namespace cryo_core::capi
