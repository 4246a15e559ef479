#include "base/utf8.h"
#include "capi/facts.h"
#include "capi/with_session.h"

#include <cstring>

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

constexpr const char *client_gone = "the client has gone";

// Of a refusal: a page for people, and not a file.
constexpr std::size_t max_refusal_body = 4096;

std::shared_ptr<session_control> find_ticket(const cryo_auth *auth) noexcept {
    return shared_object<session_control>(handle_type::auth, auth);
}

// A ticket whose client has gone is as good as settled.
cryo_status no_ticket(const char *function, const cryo_auth *auth) noexcept {
    return type_of(auth) == handle_type::auth ? ticket_is_over(function, client_gone)
                                              : bad_handle(function, handle_type::auth, auth);
}

using verdict = session_control::verdict;

cryo_status settle(const char *function, cryo_auth *auth, verdict outcome, const char *reason) noexcept {
    return guard(function, [&] {
        const auto ticket = find_ticket(auth);
        if (!ticket) return no_ticket(function, auth);
        return ticket->settle(outcome, reason) ? CRYO_OK : ticket_is_over(function, client_gone);
    });
}

// While it is not settled.
template <typename Function>
cryo_status with_ticket(const char *function, const cryo_auth *auth, Function body) noexcept {
    return guard(function, [&]() -> cryo_status {
        const auto ticket = find_ticket(auth);
        if (!ticket) return no_ticket(function, auth);
        if (ticket->decided() != session_control::verdict::pending)
            return ticket_is_over(function, client_gone);
        return body(*ticket);
    });
}

template <typename Function>
cryo_status ask(const char *function, const cryo_auth *auth, Function body) noexcept {
    return with_ticket(function, auth, [&](session_control &ticket) { return body(ticket.facts()); });
}

bool is_key(const char *key) noexcept {
    return key != nullptr && *key != '\0' && std::strlen(key) <= max_key;
}

} // namespace

extern "C" {

cryo_status cryo_auth_accept(cryo_auth *auth) {
    return settle(__func__, auth, verdict::accepted, "");
}

cryo_status cryo_auth_replace(cryo_auth *auth) {
    return settle(__func__, auth, verdict::replacing, "");
}

cryo_status cryo_auth_reject(cryo_auth *auth, const char *reason) {
    return settle(__func__, auth, verdict::rejected,
                  reason == nullptr || *reason == '\0' ? "The token was refused." : reason);
}

cryo_status cryo_auth_accept_with(cryo_auth *auth, void *user, cryo_finalizer finalizer) {
    return with_ticket("cryo_auth_accept_with", auth, [&](session_control &ticket) -> cryo_status {
        session_attachment &at = session_attachment::of(ticket);
        at.make_room();
        user_data value(user, finalizer);
        bool settled = false;
        try {
            settled = ticket.settle(verdict::accepted, "", [&] { at.put_user(value); });
        } catch (...) {
            value.give_back();
            throw;
        }
        if (settled) return CRYO_OK;
        value.give_back();
        return ticket_is_over("cryo_auth_accept_with", client_gone);
    });
}

cryo_status cryo_auth_set(cryo_auth *auth, const char *key, void *value, cryo_finalizer finalizer) {
    return with_ticket("cryo_auth_set", auth, [&](session_control &ticket) -> cryo_status {
        if (!is_key(key)) return invalid("cryo_auth_set", "the key is NULL, empty or longer than 255 bytes.");
        session_attachment::of(ticket).set_value(key, value, finalizer);
        return CRYO_OK;
    });
}

cryo_status cryo_auth_set_claim(cryo_auth *auth, const char *name, const char *value) {
    return with_ticket("cryo_auth_set_claim", auth, [&](session_control &ticket) -> cryo_status {
        if (!is_key(name))
            return invalid("cryo_auth_set_claim", "the name is NULL, empty or longer than 255 bytes.");
        if (value != nullptr && !utf8_valid(as_bytes(value)))
            return invalid("cryo_auth_set_claim", "the value is not UTF-8.");
        if (session_attachment::of(ticket).set_claim(name, value) == status::ok) return CRYO_OK;
        return fail(status::too_big, "cryo_auth_set_claim: the claims of one session may have 16384 bytes.");
    });
}

cryo_status cryo_auth_set_expiry_ms(cryo_auth *auth, int64_t ms) {
    return with_ticket("cryo_auth_set_expiry_ms", auth, [&](session_control &ticket) {
        ticket.set_expiry(time_in(ms));
        return CRYO_OK;
    });
}

cryo_status cryo_auth_refuse(cryo_auth *auth, int32_t http_status, const char *body,
                             uint32_t retry_after_ms) {
    return with_ticket("cryo_auth_refuse", auth, [&](session_control &ticket) -> cryo_status {
        if (http_status < 400 || http_status > 599)
            return invalid("cryo_auth_refuse", "the status is not from 400 to 599.");
        const std::string_view text =
            body == nullptr || *body == '\0' ? "The client was refused." : std::string_view(body);
        if (text.size() > max_refusal_body)
            return fail(status::too_big, "cryo_auth_refuse: the body is longer than 4096 bytes.");
        if (!utf8_valid(as_bytes(text))) return invalid("cryo_auth_refuse", "the body is not UTF-8.");
        const auto data = ticket.ticket();
        if (!data) return ticket_is_over("cryo_auth_refuse", client_gone);
        const bool settled = ticket.settle(verdict::rejected, text, [&] {
            data->status = http_status;
            data->retry_after_s = static_cast<std::uint32_t>((std::uint64_t{retry_after_ms} + 999) / 1000);
        });
        return settled ? CRYO_OK : ticket_is_over("cryo_auth_refuse", client_gone);
    });
}

cryo_status cryo_auth_header(const cryo_auth *auth, const char *name, char *out, size_t capacity,
                             size_t *len) {
    return with_ticket("cryo_auth_header", auth, [&](session_control &ticket) -> cryo_status {
        if (name == nullptr) return invalid("cryo_auth_header", "the name is NULL.");
        const auto data = ticket.ticket();
        if (!data) return ticket_is_over("cryo_auth_header", client_gone);
        const auto value = data->headers.value(name);
        if (!value)
            return fail(status::not_found, "cryo_auth_header: the request had no header of that name.");
        return copy_out("cryo_auth_header", *value, out, capacity, len);
    });
}

cryo_status cryo_auth_token(const cryo_auth *auth, char *out, size_t capacity, size_t *len) {
    return ask("cryo_auth_token", auth, [&](const session_facts &facts) {
        return copy_out("cryo_auth_token", facts.token(), out, capacity, len);
    });
}

cryo_status cryo_auth_remote_address(const cryo_auth *auth, char *out, size_t capacity, size_t *len) {
    return ask("cryo_auth_remote_address", auth, [&](const session_facts &facts) {
        return copy_out("cryo_auth_remote_address", facts.remote_address(), out, capacity, len);
    });
}

cryo_status cryo_auth_proxy_address(const cryo_auth *auth, char *out, size_t capacity, size_t *len) {
    return ask("cryo_auth_proxy_address", auth, [&](const session_facts &facts) {
        return copy_out("cryo_auth_proxy_address", facts.proxy_address(), out, capacity, len);
    });
}

cryo_status cryo_auth_path(const cryo_auth *auth, char *out, size_t capacity, size_t *len) {
    return ask("cryo_auth_path", auth, [&](const session_facts &facts) {
        return copy_out("cryo_auth_path", facts.path(), out, capacity, len);
    });
}

cryo_status cryo_auth_parameter(const cryo_auth *auth, const char *name, char *out, size_t capacity,
                                size_t *len) {
    return ask("cryo_auth_parameter", auth, [&](const session_facts &facts) {
        return parameter_out("cryo_auth_parameter", facts, name, out, capacity, len);
    });
}

} // extern "C"
