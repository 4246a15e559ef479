#include "base/apart.h"
#include "base/utf8.h"
#include "capi/facts.h"
#include "capi/message.h"
#include "capi/sent.h"
#include "capi/session_attachment.h"
#include "capi/with_session.h"
#include "endpoint/answers.h"
#include "ws/close_code.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

template <typename Function>
cryo_status with_key(const char *function, const cryo_session *session, const char *key,
                     Function body) noexcept {
    return with_session(function, session, [&](session_control &found) -> cryo_status {
        const std::string name = key == nullptr ? "" : key;
        if (name.empty() || name.size() > max_key)
            return invalid(function, "the key is NULL, empty or longer than 255 bytes.");
        return body(session_attachment::of(found), name);
    });
}

cryo_status inside_visit(const char *function) noexcept {
    return guard(function, [&] {
        return fail(status::state,
                    std::string(function) + ": not from inside a cryo_session_visit of the same session.");
    });
}

CRYO_APART cryo_status send_copy(session_control &to, message_kind kind, bytes_view data, bytes_view key = {},
                                 std::uint64_t receipt = 0) {
    if (!to.sendable()) return sent(to.away() ? status::state : status::closed); // before anything is copied
    data_frame frame = make_frame(kind, shared_bytes::copy(data));
    if (!key.empty()) frame.key = shared_bytes::copy(key);
    frame.receipt = receipt;
    return sent(to.send(std::move(frame)));
}

// From a thread that takes events many at a time: most are for the session that the last one was for.
CRYO_APART cryo_status send_answer(answers &by, const cryo_session *session, std::int32_t kind,
                                   const std::uint8_t *data, std::size_t len) noexcept {
    return guard("cryo_session_send", [&]() -> cryo_status {
        const auto *to = by.last(session);
        if (to == nullptr || !session_attachment::of(**to).held()) {
            auto found = find_session(session);
            if (!found) return bad_handle("cryo_session_send", handle_type::session, session);
            to = &by.remember(session, std::move(found));
        }
        if (const cryo_status bad = check_message("cryo_session_send", kind, data, len)) return bad;
        const auto what = static_cast<message_kind>(kind);
        if (answers::takes(**to, {data, len})) {
            const status outcome = by.send(*to, what, {data, len});
            return outcome == status::ok ? CRYO_OK : sent(outcome);
        }
        const std::shared_ptr<session_control> kept = *to;
        return kept->send_at_once(what, {data, len}) ? CRYO_OK : send_copy(*kept, what, {data, len});
    });
}

// Not inside of an event of the session.
CRYO_APART cryo_status send_outside(cryo_session *session, std::int32_t kind, const std::uint8_t *data,
                                    std::size_t len) noexcept {
    if (answers *const by = answers::of_thread()) return send_answer(*by, session, kind, data, len);
    return with_session("cryo_session_send", session, [&](session_control &found) -> cryo_status {
        if (const cryo_status bad = check_message("cryo_session_send", kind, data, len)) return bad;
        const auto what = static_cast<message_kind>(kind);
        return found.send_at_once(what, {data, len}) ? CRYO_OK : send_copy(found, what, {data, len});
    });
}

} // namespace

extern "C" {

cryo_session *cryo_session_retain(cryo_session *session) {
    if (session_control *const told = telling::of(session))
        if (session_attachment::of(*told).try_retain()) return session;
    const auto found = find_session(session);
    if (found && session_attachment::of(*found).try_retain()) return session;
    bad_handle("cryo_session_retain", handle_type::session, session);
    return nullptr;
}

void cryo_session_release(cryo_session *session) {
    if (session_control *const told = telling::of(session)) return session_attachment::of(*told).release();
    const auto found = find_session(session);
    if (found != nullptr) return session_attachment::of(*found).release();
    if (session != nullptr) bad_handle("cryo_session_release", handle_type::session, session);
}

cryo_status cryo_session_send(cryo_session *session, int32_t kind, const uint8_t *data, size_t len) {
    session_control *const told = telling::of(session);
    if (told == nullptr) return send_outside(session, kind, data, len);
    if (const cryo_status bad = check_message("cryo_session_send", kind, data, len)) return bad;
    const auto what = static_cast<message_kind>(kind);
    return guard("cryo_session_send", [&] {
        return told->send_at_once_here(what, {data, len}) ? CRYO_OK : send_copy(*told, what, {data, len});
    });
}

cryo_status cryo_session_send_with(cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                                   const char *key, uint64_t receipt) {
    return with_session("cryo_session_send_with", session, [&](session_control &found) -> cryo_status {
        if (const cryo_status bad = check_message("cryo_session_send_with", kind, data, len)) return bad;
        const std::string_view name = key == nullptr ? "" : key;
        if (key != nullptr && (name.empty() || name.size() > max_key))
            return invalid("cryo_session_send_with", "the key is empty or longer than 255 bytes.");
        const auto what = static_cast<message_kind>(kind);
        if (name.empty() && receipt == 0 && found.send_at_once(what, {data, len})) return CRYO_OK;
        return send_copy(found, what, {data, len}, as_bytes(name), receipt);
    });
}

cryo_status cryo_session_ping(cryo_session *session) {
    return with_session("cryo_session_ping", session,
                        [&](session_control &found) { return sent(found.ping()); });
}

cryo_status cryo_session_close(cryo_session *session, int32_t code, const char *reason) {
    return with_session("cryo_session_close", session, [&](session_control &found) -> cryo_status {
        if (code < 0 || code > UINT16_MAX || !ws::may_be_sent(static_cast<std::uint16_t>(code)))
            return invalid(
                "cryo_session_close",
                "that code may not be sent; take CRYO_CLOSE_GRACEFUL (4000), or one from 3000 to 4999.");
        const std::string_view text = reason == nullptr ? "" : reason;
        if (!utf8_valid(as_bytes(text))) return invalid("cryo_session_close", "the reason is not UTF-8.");
        return sent(found.close(static_cast<std::uint16_t>(code), text));
    });
}

int32_t cryo_session_is_open(const cryo_session *session) {
    const auto found = find_session(session);
    if (!found) bad_handle("cryo_session_is_open", handle_type::session, session);
    return found && found->sendable() ? 1 : 0;
}

int32_t cryo_session_is_secure(const cryo_session *session) {
    const auto found = find_session(session);
    if (!found) bad_handle("cryo_session_is_secure", handle_type::session, session);
    return found && found->secure() ? 1 : 0;
}

int32_t cryo_session_is_peer(const cryo_session *session) {
    const auto found = find_session(session);
    if (!found) bad_handle("cryo_session_is_peer", handle_type::session, session);
    return found && found->facts().peer() ? 1 : 0;
}

cryo_status cryo_session_id(const cryo_session *session, uint8_t *out) {
    return with_session("cryo_session_id", session, [&](session_control &found) -> cryo_status {
        if (out == nullptr) return invalid("cryo_session_id", "`out` is NULL.");
        const auto &bytes = found.facts().sid().bytes;
        std::copy(bytes.begin(), bytes.end(), out);
        return CRYO_OK;
    });
}

cryo_status cryo_session_id_text(const cryo_session *session, char *out, size_t capacity, size_t *len) {
    return with_session("cryo_session_id_text", session, [&](session_control &found) {
        return copy_out("cryo_session_id_text", found.facts().sid().text(), out, capacity, len);
    });
}

cryo_status cryo_session_token(const cryo_session *session, char *out, size_t capacity, size_t *len) {
    return with_session("cryo_session_token", session, [&](session_control &found) {
        return copy_out("cryo_session_token", found.facts().token(), out, capacity, len);
    });
}

cryo_status cryo_session_remote_address(const cryo_session *session, char *out, size_t capacity,
                                        size_t *len) {
    return with_session("cryo_session_remote_address", session, [&](session_control &found) {
        return copy_out("cryo_session_remote_address", found.facts().remote_address(), out, capacity, len);
    });
}

cryo_status cryo_session_proxy_address(const cryo_session *session, char *out, size_t capacity, size_t *len) {
    return with_session("cryo_session_proxy_address", session, [&](session_control &found) {
        return copy_out("cryo_session_proxy_address", found.facts().proxy_address(), out, capacity, len);
    });
}

cryo_status cryo_session_path(const cryo_session *session, char *out, size_t capacity, size_t *len) {
    return with_session("cryo_session_path", session, [&](session_control &found) {
        return copy_out("cryo_session_path", found.facts().path(), out, capacity, len);
    });
}

cryo_status cryo_session_parameter(const cryo_session *session, const char *name, char *out, size_t capacity,
                                   size_t *len) {
    return with_session("cryo_session_parameter", session, [&](session_control &found) {
        return parameter_out("cryo_session_parameter", found.facts(), name, out, capacity, len);
    });
}

cryo_status cryo_session_parameter_at(const cryo_session *session, size_t index, char *name,
                                      size_t name_capacity, size_t *name_len, char *value,
                                      size_t value_capacity, size_t *value_len) {
    return with_session("cryo_session_parameter_at", session, [&](session_control &found) -> cryo_status {
        const session_facts &facts = found.facts();
        if (index >= facts.parameter_count())
            return fail(status::not_found, "cryo_session_parameter_at: the request had fewer parameters.");
        const char *const function = "cryo_session_parameter_at";
        const auto [its_name, its_value] = facts.parameter(index);
        const cryo_status names = check_room(function, its_name, name, name_capacity, name_len);
        const cryo_status values = check_room(function, its_value, value, value_capacity, value_len);
        if (names != CRYO_OK) return names;
        if (values != CRYO_OK) return values; // and the name is not written either
        copy_out(function, its_name, name, name_capacity, name_len);
        return copy_out(function, its_value, value, value_capacity, value_len);
    });
}

cryo_status cryo_session_stat(const cryo_session *session, int32_t stat, double *out) {
    return with_session("cryo_session_stat", session, [&](session_control &found) -> cryo_status {
        if (out == nullptr) return invalid("cryo_session_stat", "`out` is NULL.");
        const session_counters &counters = found.counters();
        double value = 0;
        switch (stat) {
        case CRYO_STAT_RTT:
            value = counters.rtt_ms.load();
            break;
        case CRYO_STAT_BYTES_RX:
            value = static_cast<double>(counters.bytes_rx.load());
            break;
        case CRYO_STAT_BYTES_TX:
            value = static_cast<double>(counters.bytes_tx.load());
            break;
        case CRYO_STAT_ACK_TIMEOUT:
            value = static_cast<double>(counters.ack_timeouts.load());
            break;
        case CRYO_STAT_QUEUED_BYTES:
            value = static_cast<double>(found.pending_bytes());
            break;
        case CRYO_STAT_QUEUED_COUNT:
            value = static_cast<double>(found.pending_count());
            break;
        default:
            return invalid("cryo_session_stat", "there is no such statistic; see CRYO_STAT_*.");
        }
        if (value < 0) return fail(status::not_found, "cryo_session_stat: no round trip was measured yet.");
        *out = value;
        return CRYO_OK;
    });
}

cryo_status cryo_session_set_user(cryo_session *session, void *user, cryo_finalizer finalizer) {
    return with_session("cryo_session_set_user", session, [&](session_control &found) {
        session_attachment::of(found).set_user(user, finalizer);
        return CRYO_OK;
    });
}

void *cryo_session_user(const cryo_session *session) {
    if (session_control *const told = telling::of(session)) return session_attachment::of(*told).user();
    const auto found = find_session(session);
    if (!found) bad_handle("cryo_session_user", handle_type::session, session);
    return found ? session_attachment::of(*found).user() : nullptr;
}

cryo_status cryo_session_set(cryo_session *session, const char *key, void *value, cryo_finalizer finalizer) {
    return with_key("cryo_session_set", session, key, [&](session_attachment &at, const std::string &name) {
        return at.set_value(name, value, finalizer) ? CRYO_OK : inside_visit("cryo_session_set");
    });
}

cryo_status cryo_session_get(const cryo_session *session, const char *key, void **out) {
    return with_key("cryo_session_get", session, key,
                    [&](session_attachment &at, const std::string &name) -> cryo_status {
                        if (out == nullptr) return invalid("cryo_session_get", "`out` is NULL.");
                        bool found = false;
                        if (!at.value(name, *out, found)) return inside_visit("cryo_session_get");
                        return found ? CRYO_OK
                                     : fail(status::not_found,
                                            "cryo_session_get: the session has no value of that key.");
                    });
}

cryo_status cryo_session_visit(const cryo_session *session, const char *key, cryo_visit_fn fn, void *user) {
    return with_key("cryo_session_visit", session, key,
                    [&](session_attachment &at, const std::string &name) -> cryo_status {
                        if (fn == nullptr) return invalid("cryo_session_visit", "the function is NULL.");
                        return at.visit(name, fn, user) ? CRYO_OK : inside_visit("cryo_session_visit");
                    });
}

} // extern "C"
