// The bearer tokens that are let in.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
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

    std::size_t size() const noexcept { return tokens_.size(); }

  private:
    std::vector<std::string> tokens_;
};

// A set that may be replaced while others look into it.
class current_tokens {
  public:
    explicit current_tokens(token_set first) : now_(std::make_shared<const token_set>(std::move(first))) {}

    std::shared_ptr<const token_set> get() const {
        const std::lock_guard lock(mutex_);
        return now_;
    }
    void replace(token_set by) {
        auto made = std::make_shared<const token_set>(std::move(by));
        const std::lock_guard lock(mutex_);
        now_.swap(made);
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const token_set> now_;
};

// One token a line; blank lines and lines that begin with # are skipped, blanks around a token too. Throws
// std::runtime_error: it cannot be read, or holds none.
std::vector<std::string> read_token_file(const std::filesystem::path &file);

// 192 bits from the operating system, as base64url. Throws std::system_error.
std::string random_token();

} // namespace cryo_tool
