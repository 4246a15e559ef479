// Answers to a client's upgrade: the head comes out the same however it is cut, what passes for a switch is
// one, and a body is bounded. The first byte says how many bytes of cuts follow.
#include "upgrade/response.h"
#include "upgrade/response_body.h"

#include <algorithm>
#include <cstdlib>

using namespace cryo_core;
using namespace cryo_core::upgrade;

namespace {

constexpr std::size_t max_body = 64;
constexpr std::string_view expected = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

void require(bool holds) {
    if (!holds) std::abort();
}

struct outcome {
    response_parser::result last;
    std::size_t consumed = 0;
    response head;
    std::string body;
    bool body_open = false;
};

template <typename NextCut>
outcome run(bytes_view input, NextCut next_cut) {
    response_parser parser;
    std::optional<response_body> body;
    outcome out;
    while (!input.empty()) {
        // In its own memory, so that a sanitizer sees each byte read too far.
        const std::size_t size = std::min<std::size_t>(next_cut(), input.size());
        const std::string piece(as_text(input.first(size)));
        input = input.subspan(size);
        bytes_view rest = as_bytes(piece);
        if (!body) {
            out.last = parser.feed(rest);
            require(out.last.consumed <= size);
            require(out.last.state != head_state::more || out.last.consumed == size);
            out.consumed += out.last.consumed;
            if (out.last.state == head_state::failed) break;
            if (out.last.state == head_state::more) continue;
            rest = rest.subspan(out.last.consumed);
            out.head = parser.take();
            body.emplace(out.head, max_body);
        }
        if (body->wants_more()) body->feed(rest);
    }
    if (body) {
        out.body_open = body->wants_more();
        out.body = body->take();
    }
    return out;
}

bool same(const response &a, const response &b) {
    return a.http_minor == b.http_minor && a.status == b.status && a.reason == b.reason &&
           a.retry_after == b.retry_after && a.sec_websocket_accept == b.sec_websocket_accept &&
           a.upgrade_websocket == b.upgrade_websocket && a.connection_upgrade == b.connection_upgrade &&
           a.has_extension == b.has_extension && a.has_subprotocol == b.has_subprotocol &&
           a.chunked == b.chunked && a.content_length == b.content_length;
}

bool same(const outcome &a, const outcome &b) {
    return a.last.state == b.last.state && std::string_view(a.last.what) == b.last.what &&
           a.consumed == b.consumed && same(a.head, b.head) && a.body == b.body && a.body_open == b.body_open;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < 1) return 0;
    const bytes_view all(data, size);
    const std::size_t cut_count = std::min<std::size_t>(all[0] % 16, size - 1);
    const bytes_view cuts = all.subspan(1, cut_count);
    const bytes_view input = all.subspan(1 + cut_count);

    const auto whole = run(input, [&] { return input.size(); });
    std::size_t turn = 0;
    require(same(whole, run(input, [&]() -> std::size_t {
                     return cuts.empty() ? 2 : std::size_t{1} + cuts[turn++ % cuts.size()];
                 })));
    require(same(whole, run(input, [] { return 1; })));
    require((whole.last.state == head_state::failed) == (*whole.last.what != '\0'));
    if (whole.last.state != head_state::complete) return 0;
    const response &head = whole.head;
    require(head.status == 101 || (head.status >= 200 && head.status <= 999));
    require(head.reason.size() <= max_told_value && head.retry_after.size() <= max_told_value);
    require(!has_control(head.reason) && !has_control(head.retry_after));
    require(whole.body.size() <= max_body && (head.status != 101 || whole.body.empty()));
    if (switching_trouble(head, expected).empty())
        require(head.upgrade_websocket && head.connection_upgrade && head.sec_websocket_accept == expected &&
                !head.has_extension && !head.has_subprotocol && head.http_minor > 0);
    return 0;
}
