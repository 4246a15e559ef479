#include "upgrade/admission.h"

#include "base/utf8.h"
#include "upgrade/accept_key.h"
#include "upgrade/syntax.h"

#include <algorithm>

namespace cryo_core::upgrade {

namespace {

constexpr std::string_view token_parameter = "authorization";
constexpr std::string_view sid_parameter = "x-cryo-sid";
constexpr std::string_view resume_parameter = "x-cryo-resume"; // not the application's, as the token
constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view websocket_version = "13";
constexpr std::ptrdiff_t iv_zeros = 8; // with which each record of CALE begins

refusal refuse_with(int status, std::string_view body) {
    return {.status = status, .body = std::string(body)};
}

bool is_websocket_upgrade(const request &head) {
    // HTTP/1.0 has no Upgrade: the header means nothing there (RFC 9110 7.8).
    return head.method == "GET" && head.http_minor >= 1 && head.upgrade_websocket && head.connection_upgrade;
}

// A client that wanted a WebSocket, or somebody between it and here, has said so; what asks for one is
// missing.
bool upgrade_was_dropped(const request &head) {
    return head.method == "GET" && (head.by_proxy || head.upgrade_websocket || head.connection_upgrade ||
                                    !head.sec_websocket_key.empty() || !head.sec_websocket_version.empty());
}

constexpr std::string_view other_dialect = "This client speaks a later protocol, that of Cryo 3 or CAMP. "
                                           "This server needs a client that sends a UUID as "
                                           "x-cryo-sid.";

// Their ids are numbers.
bool is_other_dialect(const parameters &query) {
    if (find(query, "x-camp-sid") != nullptr) return true;
    const std::string *sid = find(query, sid_parameter);
    return sid != nullptr && is_number(*sid);
}

} // namespace

std::optional<refusal> check_upgrade(const request &head) {
    if (!is_websocket_upgrade(head)) {
        std::string_view words = "This is a Cryo server. Connect to it with a WebSocket client.";
        if (upgrade_was_dropped(head))
            words =
                head.http_minor == 0
                    ? "This request came as HTTP/1.0, which has no WebSockets. A proxy in front must speak "
                      "HTTP/1.1 and pass the headers Upgrade and Connection on."
                    : "The header Upgrade: websocket or Connection: Upgrade is missing. A proxy in front "
                      "must pass "
                      "both on, with HTTP/1.1.";
        auto no = refuse_with(426, words);
        no.omit_body = head.method == "HEAD";
        return no;
    }
    if (head.has_body) return refuse_with(400, "A WebSocket upgrade has no body.");
    if (head.sec_websocket_version.empty())
        return refuse_with(400, "Sec-WebSocket-Version is missing. Send 13.");
    if (head.sec_websocket_version != websocket_version)
        return refuse_with(426, "This server speaks WebSocket version 13 only.");
    if (!is_websocket_key(head.sec_websocket_key))
        return refuse_with(400, "Sec-WebSocket-Key must be given, as 16 random bytes in base64.");
    if (count_parameters(head.query) > max_parameters)
        return refuse_with(400, "The URL has too many query parameters.");
    return std::nullopt;
}

std::variant<std::string, refusal> read_token(const parameters &query) {
    const std::string *value = find(query, token_parameter);
    if (value == nullptr && find(query, "x-camp-sid") != nullptr) return refuse_with(401, other_dialect);
    if (value == nullptr)
        return refuse_with(
            401, "The query parameter authorization is missing. It must be: Bearer, a space, the token.");
    if (!value->starts_with(bearer))
        return refuse_with(401, "The query parameter authorization must be: Bearer, a space, the token.");
    std::string token = value->substr(bearer.size());
    if (token.empty()) return refuse_with(401, "The bearer token is empty.");
    // A validator in C would see the token end at a zero byte, and take it for the shorter one.
    if (token.find('\0') != std::string::npos || !utf8_valid(as_bytes(token)))
        return refuse_with(401, "The bearer token must be UTF-8 text without zero bytes.");
    return token;
}

std::variant<uuid, refusal> read_sid(const parameters &query, bool cale) {
    if (is_other_dialect(query)) return refuse_with(400, other_dialect);
    const std::string *value = find(query, sid_parameter);
    if (value == nullptr)
        return refuse_with(
            400, "The query parameter x-cryo-sid is missing. It must be a UUID that the client chose.");
    if (const auto sid = uuid::parse(*value)) {
        const bool like_an_iv = std::all_of(sid->bytes.begin(), sid->bytes.begin() + iv_zeros,
                                            [](std::uint8_t byte) { return byte == 0; });
        if (cale && like_an_iv)
            return refuse_with(400,
                               "With CALE, x-cryo-sid must not begin with eight zero bytes. Choose another.");
        return *sid;
    }
    return refuse_with(400,
                       "The query parameter x-cryo-sid must be a UUID, as 8-4-4-4-12 hexadecimal digits.");
}

parameters application_parameters(const parameters &query) {
    parameters out;
    for (const auto &[name, value] : query)
        if (name != token_parameter && name != resume_parameter)
            out.emplace_back(replace_invalid_utf8(name), replace_invalid_utf8(value));
    return out;
}

} // namespace cryo_core::upgrade
