// The headers of a request as they came, in one block: they are read seldom, and go with the upgrade.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cryo_core::upgrade {

class header_block {
  public:
    // One after the other: a name and, behind it, its value without the blanks around it. Both by the grammar
    // of RFC 9112: no colon in a name, no line end in either.
    void add_name(std::string_view name) { (lines_ += name) += ':'; }
    void add_value(std::string_view value) { (lines_ += value) += '\n'; }

    // By its name in any case, as UTF-8. Several of one name are joined, as RFC 9110 5.3 and RFC 9113 8.2.3
    // have it. Nothing: there is none.
    std::optional<std::string> value(std::string_view name) const;

  private:
    std::string lines_; // name:value\n
};

} // namespace cryo_core::upgrade
