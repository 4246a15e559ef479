// PROXY headers: the outcome is the same however they are cut, nothing behind them is taken, and the client
// that they name is one that can be written down. The first byte decides how many bytes of cuts follow.
#include "net/proxy_header.h"

#include <algorithm>
#include <cstdlib>
#include <string>

using namespace cryo_core;
using parser = net::proxy_header_parser;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

struct outcome {
    parser::result last;
    std::size_t consumed = 0;
    std::string client;
};

template <typename NextCut>
outcome run(bytes_view input, NextCut next_cut) {
    parser p;
    outcome out;
    while (!input.empty() && out.last.is == parser::state::more) {
        // In its own memory, so that a sanitizer sees each byte read too far.
        const std::size_t size = std::min<std::size_t>(next_cut(), input.size());
        const std::string piece(as_text(input.first(size)));
        out.last = p.feed(as_bytes(piece));
        require(out.last.consumed <= size);
        require(out.last.is != parser::state::more || out.last.consumed == size);
        out.consumed += out.last.consumed;
        input = input.subspan(size);
    }
    if (out.last.is == parser::state::complete && p.names_client()) out.client = p.client().text();
    return out;
}

bool same(const outcome &a, const outcome &b) {
    return a.last.is == b.last.is && a.last.what == b.last.what && a.consumed == b.consumed &&
           a.client == b.client;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < 1) return 0;
    const bytes_view all(data, size);
    const std::size_t cut_count = std::min<std::size_t>(all[0] % 16, size - 1);
    const bytes_view cuts = all.subspan(1, cut_count);
    const bytes_view input = all.subspan(1 + cut_count);

    const outcome whole = run(input, [&] { return input.size(); });
    std::size_t turn = 0;
    require(same(whole, run(input, [&]() -> std::size_t {
                     return cuts.empty() ? 2 : std::size_t{1} + cuts[turn++ % cuts.size()];
                 })));
    require(same(whole, run(input, [] { return 1; })));
    require((whole.last.is == parser::state::failed) == !whole.last.what.empty());
    if (whole.last.is == parser::state::more) require(whole.consumed == input.size());
    if (whole.last.is == parser::state::complete && input[0] == 'P')
        require(whole.consumed <= net::max_proxy_line && input[whole.consumed - 1] == '\n');
    require(whole.client != "unknown");
    return 0;
}
