#include "capi/application.h"

#include "base/log.h"
#include "capi/session_attachment.h"
#include "ws/close_code.h"

#include <string>

namespace cryo_core::capi {

namespace {

// So that `data` is never NULL, also for an empty message.
const std::uint8_t *address_of(bytes_view data) noexcept {
    static constexpr std::uint8_t nothing = 0;
    return data.empty() ? &nothing : data.data();
}

cryo_session *handle_of(session_control &who) {
    return session_attachment::of(who).handle();
}

} // namespace

application::application(event_handlers handlers, cryo_validate_fn validator, user_data validator_user)
    : handlers_(std::move(handlers)), validator_(validator), validator_user_(std::move(validator_user)) {}

template <typename Fill>
void application::enqueue(std::int32_t kind, session_control *who, Fill fill) noexcept {
    if (!handlers_.queue) return;
    try {
        auto made = std::make_unique<event>();
        made->kind = kind;
        if (who != nullptr) made->session = cryo_session_retain(handle_of(*who));
        fill(*made);
        handlers_.queue->push(std::move(made));
    } catch (...) {
        log(log_level::error, "Memory ran out; an event was lost.");
        // Acknowledged and never seen would be worse than closed.
        if (who != nullptr) who->close(cryo_close::server_error, "Out of memory.");
    }
}

void application::on_listening(std::string_view host, std::uint16_t port) noexcept {
    call_out("listening function", [&] {
        const std::string text(host);
        if (handlers_.on_listening != nullptr)
            return handlers_.on_listening(server_, text.c_str(), port, handlers_.user.get());
        enqueue(CRYO_EVENT_LISTENING, nullptr, [&](event &made) {
            made.text = text;
            made.code = port;
        });
    });
}

// Whatever goes wrong here lets nobody in.
void application::on_validation(const std::shared_ptr<session_control> &who) noexcept {
    try {
        const std::string &token = who->facts().token;
        cryo_auth *const ticket = session_attachment::prepare(*who).auth_handle();
        if (validator_ != nullptr)
            return validator_(ticket, token.data(), token.size(), validator_user_.get());
        auto made = std::make_unique<event>();
        made->kind = CRYO_EVENT_AUTH;
        made->data.append(as_bytes(token));
        made->auth = ticket;
        if (handlers_.queue->push(std::move(made))) return;
        who->settle(false, "The server is shutting down.");
    } catch (...) {
        log_thrown("validator");
        try {
            who->settle(false, "The token could not be validated.");
        } catch (...) { // the ticket is left alone, and times out
        }
    }
}

void application::on_session(const std::shared_ptr<session_control> &who) noexcept {
    call_out("session function", [&] {
        cryo_session *const handle = session_attachment::of(*who).announce(who);
        if (handlers_.on_session != nullptr) return handlers_.on_session(handle, handlers_.user.get());
        enqueue(CRYO_EVENT_SESSION, who.get(), [](event &) {});
    });
}

void application::on_message(session_control &who, message_kind kind, bytes_view data) noexcept {
    if (handlers_.on_message != nullptr)
        return call_out("message function", [&] {
            handlers_.on_message(handle_of(who), static_cast<std::int32_t>(kind), address_of(data),
                                 data.size(), handlers_.user.get());
        });
    enqueue(CRYO_EVENT_MESSAGE, &who, [&](event &made) {
        made.message_kind = static_cast<std::int32_t>(kind);
        made.data.append(data);
    });
}

void application::on_statistic(session_control &who, statistic which, double value) noexcept {
    if (handlers_.on_stat != nullptr)
        return call_out("statistics function", [&] {
            handlers_.on_stat(handle_of(who), static_cast<std::int32_t>(which), value, handlers_.user.get());
        });
    if (congested())
        return; // who does not pull gets no pile of statistics; the next ones have the same totals
    enqueue(CRYO_EVENT_STAT, &who, [&](event &made) {
        made.code = static_cast<std::int32_t>(which);
        made.value = value;
    });
}

void application::on_closed(session_control &who, std::uint16_t code, std::string_view reason) noexcept {
    call_out("closed function", [&] {
        char text[ws::max_reason_size + 1] = {}; // the last event is told also when memory has run out
        reason.copy(text, ws::max_reason_size);
        if (handlers_.on_closed != nullptr)
            return handlers_.on_closed(handle_of(who), code, text, handlers_.user.get());
        enqueue(CRYO_EVENT_CLOSED, &who, [&](event &made) {
            made.code = code;
            made.text = text;
        });
    });
    session_attachment::of(who).release();
}

} // namespace cryo_core::capi
