#include "upgrade/foreign.h"

namespace cryo_core::upgrade {

std::string_view foreign_protocol(bytes_view first) noexcept {
    const std::string_view text = as_text(first);
    constexpr std::string_view proxy_2("\r\n\r\n\0\r\nQUIT\n", 12);
    if (text.starts_with("PROXY ") || text.starts_with(proxy_2))
        return "the PROXY protocol, which is not expected here";
    if (text.starts_with(std::string_view("\x16\x03", 2))) return "TLS, on a port without it";
    if (text.starts_with("PRI * HTTP/2")) return "HTTP/2";
    return {};
}

} // namespace cryo_core::upgrade
