#include "upgrade/question.h"

#include "upgrade/answer.h"
#include "upgrade/syntax.h"

namespace cryo_core::upgrade {

namespace {

constexpr std::string_view methods = "GET, HEAD, OPTIONS";

bool has_word_of_websocket(const request &head) noexcept {
    return head.upgrade_websocket || !head.sec_websocket_key.empty() || !head.sec_websocket_version.empty();
}

} // namespace

question asked_by(const request &head) noexcept {
    if (has_word_of_websocket(head)) return question::none;
    if (head.path == "/healthz") return question::alive;
    if (head.path == "/readyz") return question::ready;
    if (head.path == "/metrics") return question::figures;
    const bool whole = head.path == "*" || (head.path == "/" && head.query.empty());
    return whole && may_ask(head.method) ? question::ready : question::none;
}

bool may_ask(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool has_bearer(const request &head, std::string_view token) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view given = head.authorization;
    if (!equal_ignoring_case(given.substr(0, scheme.size()), scheme)) return false;
    const std::string_view secret = given.substr(scheme.size());
    volatile unsigned differs = secret.size() == token.size() ? 0 : 1;
    const std::string_view other = differs != 0 ? secret : token; // of the same length
    for (std::size_t i = 0; i < secret.size(); ++i)
        differs = differs | static_cast<unsigned>(static_cast<unsigned char>(secret[i]) ^
                                                  static_cast<unsigned char>(other[i]));
    return differs == 0;
}

std::string answer_question(const request &head, const reply &how) {
    std::string out = "HTTP/1.1 " + std::to_string(how.status) + ' ';
    out += reason_phrase(how.status);
    out.append("\r\nContent-Type: ").append(how.type);
    out += "\r\nContent-Length: " + std::to_string(how.body.size());
    out += "\r\nCache-Control: no-store\r\nConnection: close\r\n";
    if (head.method == "OPTIONS" || how.status == 405) out.append("Allow: ").append(methods) += "\r\n";
    if (how.status == 401) out += "WWW-Authenticate: Bearer\r\n";
    if (how.retry_after_s != 0) out += "Retry-After: " + std::to_string(how.retry_after_s) + "\r\n";
    out += "\r\n";
    if (head.method != "HEAD") out += how.body;
    return out;
}

} // namespace cryo_core::upgrade
