#include "upgrade/header_block.h"

#include "upgrade/query.h"
#include "upgrade/syntax.h"

namespace cryo_core::upgrade {

std::optional<std::string> header_block::value(std::string_view name) const {
    const std::string_view between = equal_ignoring_case(name, "cookie") ? "; " : ", ";
    std::optional<std::string> found;
    for (std::string_view rest = lines_; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), name)) continue;
        if (found) *found += between;
        if (!found) found.emplace();
        *found += line.substr(colon + 1);
    }
    if (found) *found = replace_invalid_utf8(*found);
    return found;
}

} // namespace cryo_core::upgrade
