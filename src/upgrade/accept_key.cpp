#include "upgrade/accept_key.h"

#include "base/random.h"
#include "upgrade/syntax.h"

#include <algorithm>
#include <array>

#include <mbedtls/base64.h>
#include <mbedtls/sha1.h>
#include <mbedtls/version.h>

namespace cryo_core::upgrade {

namespace {

using sha1_digest = std::array<std::uint8_t, 20>;

bool sha1(bytes_view input, sha1_digest &out) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    return mbedtls_sha1(input.data(), input.size(), out.data()) == 0;
#else
    return mbedtls_sha1_ret(input.data(), input.size(), out.data()) == 0;
#endif
}

} // namespace

bool is_websocket_key(std::string_view text) noexcept {
    constexpr std::size_t digits = 22;
    if (text.size() != digits + 2 || text.substr(digits) != "==") return false;
    // 22 digits hold 132 bits, of which the last four must be zero.
    if (std::string_view("AQgw").find(text[digits - 1]) == std::string_view::npos) return false;
    return std::all_of(text.begin(), text.begin() + digits,
                       [](char c) { return is_digit(c) || is_letter(c) || c == '+' || c == '/'; });
}

std::string base64(bytes_view data) {
    std::string text(4 * ((data.size() + 2) / 3) + 1, '\0'); // and the zero that mbedTLS writes behind it
    std::size_t size = 0;
    if (mbedtls_base64_encode(reinterpret_cast<unsigned char *>(text.data()), text.size(), &size, data.data(),
                              data.size()) != 0)
        return {};
    text.resize(size);
    return text;
}

std::string new_websocket_key() {
    std::array<std::uint8_t, 16> random{};
    fill_random(random);
    return base64(random);
}

std::string accept_key(std::string_view sec_websocket_key) {
    std::string input(sec_websocket_key);
    input += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    sha1_digest digest;
    return sha1(as_bytes(input), digest) ? base64(digest) : std::string();
}

} // namespace cryo_core::upgrade
