// The golden vectors (tests/vectors/*.json), and bytes written in hexadecimal.
#pragma once

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cryo_test {

// One list of a file. Throws when it is not there: a test without its vectors must not pass.
inline nlohmann::json load_vectors(const std::string &name, const std::string &list) {
    std::ifstream file(std::string(CRYO_VECTORS_DIR) + "/" + name);
    if (!file) throw std::runtime_error("cannot open the vectors " + name);
    return nlohmann::json::parse(file).at(list);
}

inline std::vector<std::uint8_t> from_hex(std::string_view text) {
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        throw std::invalid_argument("not lower-case hexadecimal");
    };
    if (text.size() % 2 != 0) throw std::invalid_argument("an odd number of hexadecimal digits");
    std::vector<std::uint8_t> out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2)
        out.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
    return out;
}

template <typename Bytes>
std::string to_hex(const Bytes &bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

} // namespace cryo_test
