// Request heads for the tests of the upgrade, and the parser run over them in any cut.
#pragma once

#include "upgrade/request.h"

#include <string>
#include <string_view>

namespace cryo_test {

struct parsed {
    cryo_core::upgrade::request_parser::result last;
    std::size_t consumed = 0; // in all
    cryo_core::upgrade::request head;
};

// Feeds the text in pieces of the size given until the parser has an opinion.
inline parsed parse_head(std::string_view text, std::size_t piece_size = SIZE_MAX,
                         std::size_t max_head = cryo_core::upgrade::default_max_head) {
    cryo_core::upgrade::request_parser parser(max_head);
    parsed out;
    while (!text.empty() && out.last.state == cryo_core::upgrade::head_state::more) {
        const auto piece = text.substr(0, piece_size);
        out.last = parser.feed(cryo_core::as_bytes(piece));
        out.consumed += out.last.consumed;
        text.remove_prefix(piece.size());
    }
    if (out.last.state == cryo_core::upgrade::head_state::complete) out.head = parser.take();
    return out;
}

constexpr std::string_view rfc_key = "dGhlIHNhbXBsZSBub25jZQ=="; // the example of RFC 6455 1.3

constexpr std::string_view plain_target =
    "/?authorization=Bearer+tok&x-cryo-sid=8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a";

constexpr std::string_view upgrade_headers = "Host: localhost\r\n"
                                             "Upgrade: websocket\r\n"
                                             "Connection: Upgrade\r\n"
                                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                             "Sec-WebSocket-Version: 13\r\n";

// A whole upgrade with that request line and, perhaps, more headers ("Name: value\r\n").
inline std::string head_with_line(std::string_view request_line, std::string_view more = "") {
    return std::string(request_line) + "\r\n" + std::string(upgrade_headers) + std::string(more) + "\r\n";
}

inline std::string head_with(std::string_view more) {
    return head_with_line("GET " + std::string(plain_target) + " HTTP/1.1", more);
}

// A WebSocket upgrade from which a header was taken out or changed.
inline std::string head_replacing(std::string_view what, std::string_view by) {
    std::string head = head_with("");
    const auto at = head.find(what);
    if (at == std::string::npos) return {};
    return head.replace(at, what.size(), by);
}

} // namespace cryo_test
