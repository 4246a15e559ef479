// The bearer tokens that are let in.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cryo_tool {

class token_set {
  public:
    explicit token_set(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {}

    // Takes time that depends on the length of `token` and the number of tokens, and on nothing else: how
    // long a refusal takes tells nothing of what would have been right.
    bool contains(std::string_view token) const noexcept;

  private:
    std::vector<std::string> tokens_;
};

// One token a line; blank lines and lines that begin with # are skipped, blanks around a token too. Throws
// std::runtime_error: it cannot be read, or holds none.
std::vector<std::string> read_token_file(const std::filesystem::path &file);

// 192 bits from the operating system, as base64url. Throws std::system_error.
std::string random_token();

} // namespace cryo_tool
