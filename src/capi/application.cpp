#include "capi/application.h"

namespace cryo_core::capi {

application::application(event_handlers handlers, cryo_validate_fn validator, user_data validator_user)
    : session_teller(std::move(handlers)), validator_(validator), validator_user_(std::move(validator_user)) {
}

// It is announced when its token was accepted, and not before.
cryo_session *application::handle_for(const std::shared_ptr<session_control> &who) noexcept {
    return session_attachment::of(*who).announce(who);
}

void application::on_listening(std::string_view host, std::uint16_t port) noexcept {
    call_out("listening function", [&] {
        const std::string text(host);
        if (handlers_.on_listening != nullptr)
            return handlers_.on_listening(server_, text.c_str(), port, handlers_.user.get());
        enqueue(CRYO_EVENT_LISTENING, nullptr, {.code = port, .text = text});
    });
}

// Whatever goes wrong here lets nobody in.
void application::on_validation(const std::shared_ptr<session_control> &who) noexcept {
    try {
        const std::string_view token = who->facts().token();
        cryo_auth *const ticket = session_attachment::prepare(*who).auth_handle();
        if (validator_ != nullptr)
            return validator_(ticket, token.data(), token.size(), validator_user_.get());
        if (handlers_.queue->push({.kind = CRYO_EVENT_AUTH, .ticket = ticket, .data = as_bytes(token)}))
            return;
        who->settle(session_control::verdict::rejected, "The server is shutting down.");
    } catch (...) {
        log_thrown("validator");
        try {
            who->settle(session_control::verdict::rejected, "The token could not be validated.");
        } catch (...) { // the ticket is left alone, and times out
        }
    }
}

} // namespace cryo_core::capi
