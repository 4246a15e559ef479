#include "base64.h"

#include <mbedtls/base64.h>

#include <algorithm>
#include <stdexcept>

namespace cryo_tool {

std::string to_base64(std::span<const std::uint8_t> data) {
    std::string text((data.size() + 2) / 3 * 4 + 1, '\0'); // with room for the NUL that mbedTLS adds
    std::size_t len = 0;
    if (mbedtls_base64_encode(reinterpret_cast<unsigned char *>(text.data()), text.size(), &len, data.data(),
                              data.size()) != 0)
        throw std::length_error("too long for base64");
    text.resize(len);
    return text;
}

std::string to_base64url(std::span<const std::uint8_t> data) {
    std::string text = to_base64(data);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(std::find(text.begin(), text.end(), '='), text.end());
    return text;
}

} // namespace cryo_tool
