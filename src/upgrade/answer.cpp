#include "upgrade/answer.h"

namespace cryo_core::upgrade {

std::string_view reason_phrase(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 414:
        return "URI Too Long";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return ""; // the phrase may be empty, the space before it stays (RFC 9112 4)
    }
}

namespace {

std::string headers_for(const refusal &no) {
    const unsigned wait = no.retry_after_s.value_or(no.status == 503 ? 1 : 0);
    const std::string retry = wait == 0 ? "" : "Retry-After: " + std::to_string(wait) + "\r\n";
    switch (no.status) {
    case 401:
        return retry + "WWW-Authenticate: Bearer\r\nConnection: close\r\n";
    case 426:
        return retry + "Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n";
    default:
        return retry + "Connection: close\r\n";
    }
}

} // namespace

std::string switching_protocols(std::string_view accept_key, std::string_view more_headers) {
    std::string out = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: ";
    out += accept_key;
    out += "\r\n";
    out += more_headers;
    out += "\r\n";
    return out;
}

std::string refuse(const refusal &no) {
    if (no.status == 0) return {};
    std::string out = "HTTP/1.1 " + std::to_string(no.status) + ' ';
    out += reason_phrase(no.status);
    out +=
        "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + std::to_string(no.body.size()) +
        "\r\nCache-Control: no-store\r\n" + headers_for(no) + "\r\n";
    if (!no.omit_body) out += no.body;
    return out;
}

} // namespace cryo_core::upgrade
