#include "capi/facts.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

constexpr const char *client_gone = "the client has gone";

std::shared_ptr<session_control> find_ticket(const cryo_auth *auth) noexcept {
    std::shared_ptr<session_control> found;
    with_object(
        handle_type::auth, auth,
        [](void *object, void *into) {
            *static_cast<std::shared_ptr<session_control> *>(into) =
                static_cast<session_control *>(object)->weak_from_this().lock();
        },
        &found);
    return found;
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

template <typename Function>
cryo_status ask(const char *function, const cryo_auth *auth, Function body) noexcept {
    return guard(function, [&] {
        const auto ticket = find_ticket(auth);
        if (!ticket) return no_ticket(function, auth);
        if (ticket->decided() != session_control::verdict::pending)
            return ticket_is_over(function, client_gone);
        return body(ticket->facts());
    });
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
