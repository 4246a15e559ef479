#include "token.h"

#include "base64.h"
#include "random.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <stdexcept>

namespace cryo_tool {
namespace {

std::string_view without_blanks(std::string_view line) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

// 0 when they are equal.
unsigned difference(std::string_view secret, std::string_view given) noexcept {
    volatile unsigned differs = secret.size() == given.size() ? 0 : 1;
    const std::string_view other =
        differs != 0 ? given : secret; // of the same length, so that the loop is as well
    for (std::size_t i = 0; i < given.size(); ++i)
        differs = differs | static_cast<unsigned>(static_cast<std::uint8_t>(other[i]) ^
                                                  static_cast<std::uint8_t>(given[i]));
    return differs;
}

} // namespace

bool token_set::contains(std::string_view token) const noexcept {
    unsigned found = 0;
    for (const std::string &secret : tokens_)
        found |= static_cast<unsigned>(difference(secret, token) == 0);
    return found != 0;
}

std::vector<std::string> read_token_file(const std::filesystem::path &file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read the token file " + file.string());
    std::vector<std::string> tokens;
    for (std::string line; std::getline(in, line);) {
        const std::string_view token = without_blanks(line);
        if (!token.empty() && token.front() != '#') tokens.emplace_back(token);
    }
    if (in.bad()) throw std::runtime_error("cannot read the token file " + file.string());
    if (tokens.empty()) throw std::runtime_error("there is no token in " + file.string());
    return tokens;
}

std::string random_token() {
    std::array<std::uint8_t, 24> bytes{};
    fill_random(bytes);
    return to_base64url(bytes);
}

} // namespace cryo_tool
