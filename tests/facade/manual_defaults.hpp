// What cryo.h says of the defaults: the number behind "Default" in the comment above a setter.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <regex> // before cmocka and its macro fail
#include <sstream>
#include <string>

namespace cryo_test {

class manual {
  public:
    manual() {
        std::ifstream in(CRYO_HEADER);
        std::stringstream whole;
        whole << in.rdbuf();
        text_ = whole.str();
    }

    const std::string &text() const { return text_; }

    // How many setters there are that take a number; `prefix` is "cryo_server_options", for example.
    std::size_t number_setters(const std::string &prefix) const {
        const std::regex setter(prefix + "_set_(\\w+)\\(" + prefix + " \\*options, uint\\d+_t ");
        return static_cast<std::size_t>(
            std::distance(std::sregex_iterator(text_.begin(), text_.end(), setter), std::sregex_iterator()));
    }

    // The comment above the setter and those that follow one another without a comment of their own.
    std::string comment_above(const std::string &setter) const {
        const std::size_t at = text_.find(setter + "(");
        if (at == std::string::npos) return "";
        const std::string before = text_.substr(0, at);
        return before.substr(before.rfind("/*"));
    }

    // "Default 10000." or "Default 0: no limit"; the sentence may be broken over two lines.
    std::optional<std::uint64_t> default_of(const std::string &setter) const {
        const std::string comment = comment_above(setter);
        std::smatch found;
        if (!std::regex_search(comment, found, std::regex("Default\\s+(?:\\*\\s+)?(\\d+)")))
            return std::nullopt;
        return std::stoull(found[1]);
    }

  private:
    std::string text_;
};

} // namespace cryo_test
