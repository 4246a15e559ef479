// What tickets and sessions tell of the certificate that a client has shown.
#include "capi/guard.h"
#include "capi/session_attachment.h"
#include "endpoint/session_control.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

struct text_out {
    char *out;
    std::size_t capacity;
    std::size_t *len;
};

std::shared_ptr<session_control> find_asking(const cryo_auth *auth) noexcept {
    return shared_object<session_control>(handle_type::auth, auth);
}

// `what` picks a text of it; null: there are fewer.
template <typename What>
cryo_status tell(const char *function, const session_facts &facts, const text_out &to, What what) {
    const net::peer_certificate *const shown = facts.certificate();
    if (shown == nullptr)
        return fail(status::not_found, std::string(function) + ": the client has shown no certificate.");
    const std::string *const text = what(*shown);
    if (text == nullptr)
        return fail(status::not_found, std::string(function) + ": the certificate has fewer names.");
    return copy_out(function, *text, to.out, to.capacity, to.len);
}

template <typename What>
cryo_status ask_ticket(const char *function, const cryo_auth *auth, const text_out &to, What what) noexcept {
    return guard(function, [&]() -> cryo_status {
        const auto ticket = find_asking(auth);
        if (!ticket && type_of(auth) != handle_type::auth)
            return bad_handle(function, handle_type::auth, auth);
        if (!ticket || ticket->decided() != session_control::verdict::pending)
            return ticket_is_over(function, "the client has gone");
        return tell(function, ticket->facts(), to, what);
    });
}

template <typename What>
cryo_status ask_session(const char *function, const cryo_session *session, const text_out &to,
                        What what) noexcept {
    return guard(function, [&]() -> cryo_status {
        const auto found = find_session(session);
        return found ? tell(function, found->facts(), to, what)
                     : bad_handle(function, handle_type::session, session);
    });
}

const std::string *subject_of(const net::peer_certificate &of) noexcept {
    return &of.subject;
}

const std::string *fingerprint_of_peer(const net::peer_certificate &of) noexcept {
    return &of.fingerprint;
}

auto name_at(std::size_t index) noexcept {
    return [index](const net::peer_certificate &of) {
        return index < of.names.size() ? &of.names[index] : nullptr;
    };
}

} // namespace

extern "C" {

cryo_status cryo_auth_peer_certificate_subject(const cryo_auth *auth, char *out, size_t capacity,
                                               size_t *len) {
    return ask_ticket(__func__, auth, {out, capacity, len}, subject_of);
}

cryo_status cryo_auth_peer_certificate_name(const cryo_auth *auth, size_t index, char *out, size_t capacity,
                                            size_t *len) {
    return ask_ticket(__func__, auth, {out, capacity, len}, name_at(index));
}

cryo_status cryo_auth_peer_certificate_fingerprint(const cryo_auth *auth, char *out, size_t capacity,
                                                   size_t *len) {
    return ask_ticket(__func__, auth, {out, capacity, len}, fingerprint_of_peer);
}

cryo_status cryo_session_peer_certificate_subject(const cryo_session *session, char *out, size_t capacity,
                                                  size_t *len) {
    return ask_session(__func__, session, {out, capacity, len}, subject_of);
}

cryo_status cryo_session_peer_certificate_name(const cryo_session *session, size_t index, char *out,
                                               size_t capacity, size_t *len) {
    return ask_session(__func__, session, {out, capacity, len}, name_at(index));
}

cryo_status cryo_session_peer_certificate_fingerprint(const cryo_session *session, char *out, size_t capacity,
                                                      size_t *len) {
    return ask_session(__func__, session, {out, capacity, len}, fingerprint_of_peer);
}

} // extern "C"
