// What is neither a client nor a session: those who ask how the server is, and what an operator is told of
// those who did not come in, or broke the rules.
#include "server/connection.h"

#include "base/log.h"
#include "server/handshake.h"
#include "server/service.h"
#include "upgrade/answer.h"
#include "upgrade/foreign.h"

#include <utility>

namespace cryo_core {

namespace {

// A close by which one side says that the other one broke a rule. Who was not heard, or took nothing, did
// not.
constexpr bool is_breach(std::uint16_t code, std::string_view reason) noexcept {
    switch (code) {
    case cryo_close::client_error:
        return reason != cryo_close::silence && reason != stalled_reason;
    case cryo_close::cale_mismatch:
    case cryo_close::cale_handshake:
    case ws::close_code::protocol_error:
    case ws::close_code::unsupported:
    case ws::close_code::policy_violation:
    case ws::close_code::too_big:
    case cryo_close::invalid_payload:
        return true;
    default:
        return false;
    }
}

} // namespace

// --- questions ------------------------------------------------------------------------------------------

// Before all limits: a server that is full is well.
bool connection::answered(const upgrade::request &request) {
    const upgrade::question asked = upgrade::asked_by(request);
    const server_options &options = service_.options();
    const bool open = asked == upgrade::question::figures ? options.metrics : options.health;
    if (asked == upgrade::question::none || !open) return false;
    service_.counters().questions.add(1);
    service_.leave_address_book(*this);
    std::string body;
    const upgrade::reply how = reply_to(asked, request, body);
    outbox_.append(as_bytes(upgrade::answer_question(request, how)));
    if (how.status == 401 || how.status == 403) {
        service_.counters().refuse(how.status);
        service_.tell_incident(link_,
                               "was refused its question for figures with " + std::to_string(how.status));
    }
    handshake_.reset();
    finish();
    return true;
}

upgrade::reply connection::reply_to(upgrade::question asked, const upgrade::request &request,
                                    std::string &body) {
    const service_context &shared = service_.shared();
    const server_options &options = service_.options();
    if (!upgrade::may_ask(request.method)) return {.status = 405, .body = "GET, HEAD or OPTIONS.\n"};
    if (asked == upgrade::question::alive) return {.body = "ok\n"};
    if (asked == upgrade::question::ready) {
        if (shared.draining) return {503, "draining\n", "text/plain; charset=utf-8", shared.retry_after_s};
        const bool full = options.max_sessions != 0 && shared.sids.live() >= options.max_sessions;
        return {.body = full ? "ready, and full\n" : "ready\n"};
    }
    if (!options.metrics_token.empty()) {
        if (!upgrade::has_bearer(request, options.metrics_token))
            return {.status = 401, .body = "The bearer token for the figures is missing, or another one.\n"};
    } else if (!link_.remote().is_loopback() || request.by_proxy) {
        return {.status = 403, .body = "The figures are for this machine only.\n"};
    }
    body = shared.source->figures().text();
    return {.body = body, .type = "text/plain; version=0.0.4; charset=utf-8"};
}

// --- incidents ------------------------------------------------------------------------------------------

void connection::not_http(bytes_view first, const char *what, int status) {
    const std::string_view foreign = upgrade::foreign_protocol(first);
    if (status == 0 || !foreign.empty()) service_.counters().foreign.add(1);
    if (status != 0 && foreign.empty()) return refuse(status, what);
    std::string words = "speaks ";
    words += foreign.empty() ? std::string_view("no HTTP") : foreign;
    if (status != 0) words += "; it was refused with " + std::to_string(status);
    service_.tell_incident(link_, words);
    if (status == 0) return drop();
    service_.counters().refuse(status);
    std::string body = what;
    outbox_.append(as_bytes(upgrade::refuse(
        {.status = status, .body = body + " This looks like " + std::string(foreign) + "."})));
    end_session(ws::close_code::abnormal, "");
    finish();
}

// Whoever has not said a word only looked whether the port is open, or is a browser that connects ahead.
void connection::head_came_to_nothing() {
    if (link_.in_tls_handshake()) {
        service_.counters().timeouts.add(1);
        service_.tell_incident(link_, "did not finish its TLS handshake in time");
    } else if (handshake_->begun) {
        service_.counters().timeouts.add(1);
        service_.tell_incident(link_, "did not finish its request in time");
    }
    drop();
}

void connection::tell_refusal(const upgrade::refusal &no) noexcept {
    service_.counters().refuse(no.status);
    if (!log_enabled(log_level::info)) return;
    try {
        const std::string_view token = control_ ? control_->facts().token() : std::string_view();
        service_.tell_incident(link_, "was refused with " + std::to_string(no.status) + ": " +
                                          std::string(without_token(no.body, token)));
    } catch (...) { // no memory to say so
    }
}

void connection::on_malformed() {
    service_.counters().violations.add(1);
    if (!log_enabled(log_level::info)) return;
    service_.tell_incident(link_, announced_
                                      ? "sent a frame that is malformed, or for another session"
                                      : "sent a frame that is malformed, or for another session, before its "
                                        "session was announced");
}

// The close for it follows. One before the announcement is told with that.
void connection::breach(std::uint16_t code, std::string_view reason) noexcept {
    if (!is_breach(code, reason)) return;
    if (reason != cryo_close::malformed) service_.counters().violations.add(1); // else they are counted
    if (announced_) tell_close(code, reason, false);
}

// The application never hears of a session that ends before its session event: somebody may look for it in
// the log. Not a warning: who connects decides how many there are.
void connection::tell_close(std::uint16_t code, std::string_view reason, bool by_peer) noexcept {
    if (!log_enabled(log_level::info)) return;
    try {
        std::string words = by_peer ? "closed" : "is closed";
        if (!announced_) words += " before its session was announced,";
        words += " with " + std::to_string(code) + ": ";
        words += without_token(reason, control_ ? control_->facts().token() : std::string_view());
        service_.tell_incident(link_, words);
    } catch (...) { // no memory to say so
    }
}

// --- counting -------------------------------------------------------------------------------------------

void connection::count_messages() noexcept {
    if (!session_) return;
    const std::uint32_t mark = session_->messages_mark();
    service_.counters().messages_out.add(mark - std::exchange(counted_messages_, mark));
}

} // namespace cryo_core
