// The way from bytes to admitted or refused: the head comes out the same however it is cut, and whatever
// passes is what the later layers take it for. The first byte chooses the limit, the second how many bytes
// of cuts follow.
#include "base/utf8.h"
#include "upgrade/accept_key.h"
#include "upgrade/answer.h"
#include "upgrade/foreign.h"
#include "upgrade/question.h"

#include <algorithm>
#include <cstdlib>

using namespace cryo_core;
using namespace cryo_core::upgrade;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

struct outcome {
    request_parser::result last;
    std::size_t consumed = 0;
    request head;
};

template <typename NextCut>
outcome run(std::size_t max_head, bytes_view input, NextCut next_cut) {
    request_parser parser(max_head);
    outcome out;
    while (!input.empty() && out.last.state == head_state::more) {
        // In its own memory, so that a sanitizer sees each byte read too far.
        const std::size_t size = std::min<std::size_t>(next_cut(), input.size());
        const std::string piece(as_text(input.first(size)));
        out.last = parser.feed(as_bytes(piece));
        require(out.last.consumed <= size);
        require(out.last.state != head_state::more || out.last.consumed == size);
        out.consumed += out.last.consumed;
        input = input.subspan(size);
    }
    if (out.last.state == head_state::complete) out.head = parser.take();
    return out;
}

bool same(const request &a, const request &b) {
    return a.method == b.method && a.target == b.target && a.path == b.path && a.query == b.query &&
           a.http_minor == b.http_minor && a.host == b.host && a.upgrade_websocket == b.upgrade_websocket &&
           a.connection_upgrade == b.connection_upgrade && a.has_body == b.has_body &&
           a.sec_websocket_key == b.sec_websocket_key && a.sec_websocket_version == b.sec_websocket_version &&
           a.origin == b.origin && a.user_agent == b.user_agent && a.authorization == b.authorization &&
           a.x_forwarded_for == b.x_forwarded_for && a.forwarded == b.forwarded && a.by_proxy == b.by_proxy;
}

bool same(const outcome &a, const outcome &b) {
    return a.last.state == b.last.state && a.last.status == b.last.status &&
           std::string_view(a.last.what) == b.last.what && a.consumed == b.consumed && same(a.head, b.head);
}

void require_answerable(const refusal &no) {
    const std::string answer = refuse(no);
    require(answer.empty() == (no.status == 0));
    if (no.status == 0) return;
    require(no.status >= 400 && no.status < 600 && !no.body.empty());
    require(answer.starts_with("HTTP/1.1 ") && answer.find("\r\n\r\n") != std::string::npos);
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

void require_sound(const request &head) {
    require(!head.method.empty());
    require(head.path.starts_with('/') || (head.path == "*" && head.method == "OPTIONS"));
    require(head.target.find(' ') == std::string::npos);
    for (const auto *text :
         {&head.target, &head.host, &head.origin, &head.user_agent, &head.sec_websocket_key,
          &head.authorization, &head.x_forwarded_for, &head.forwarded})
        require(!has_control(*text));
}

// Who asks how the server is is no client, and never gets the body of one who asks for its head alone.
void ask(const request &head) {
    static_cast<void>(has_bearer(head, "token"));
    if (asked_by(head) == question::none) return;
    require(check_upgrade(head).has_value());
    const std::string answer = answer_question(head, {.body = "body"});
    require(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    require(answer.ends_with("\r\n\r\nbody") == (head.method != "HEAD"));
}

void admit(const request &head) {
    if (const auto no = check_upgrade(head)) return require_answerable(*no);
    require(head.method == "GET" && head.upgrade_websocket && head.connection_upgrade && !head.has_body);
    require(accept_key(head.sec_websocket_key).size() == 28);
    const auto query = parse_query(head.query);
    require(query.size() == count_parameters(head.query) && query.size() <= max_parameters);
    for (const auto &[name, value] : application_parameters(query))
        require(utf8_valid(as_bytes(name)) && utf8_valid(as_bytes(value)));

    const auto token = read_token(query);
    if (const auto *no = std::get_if<refusal>(&token)) {
        require(no->status == 401);
        return require_answerable(*no);
    }
    const auto &text = std::get<std::string>(token);
    require(!text.empty() && utf8_valid(as_bytes(text)) && text.find('\0') == std::string::npos);
    const auto sid = read_sid(query);
    if (const auto *no = std::get_if<refusal>(&sid)) {
        require(no->status == 400);
        require_answerable(*no);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < 2) return 0;
    constexpr std::size_t limits[] = {default_max_head, 512, 100, 1};
    const bytes_view all(data, size);
    const std::size_t max_head = limits[all[0] % 4];
    const std::size_t cut_count = std::min<std::size_t>(all[1] % 16, size - 2);
    const bytes_view cuts = all.subspan(2, cut_count);
    const bytes_view input = all.subspan(2 + cut_count);

    static_cast<void>(foreign_protocol(input));
    const auto whole = run(max_head, input, [&] { return input.size(); });
    require(whole.consumed <= max_head);
    std::size_t turn = 0;
    require(same(whole, run(max_head, input, [&]() -> std::size_t {
                     return cuts.empty() ? 2 : std::size_t{1} + cuts[turn++ % cuts.size()];
                 })));
    require(same(whole, run(max_head, input, [] { return 1; })));

    if (whole.last.state == head_state::failed)
        require_answerable({.status = whole.last.status, .body = whole.last.what});
    if (whole.last.state != head_state::complete) return 0;
    require_sound(whole.head);
    ask(whole.head);
    admit(whole.head);
    return 0;
}
