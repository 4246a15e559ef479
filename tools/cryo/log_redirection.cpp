#include "log_redirection.h"

#include "display_text.h"
#include "json_line.h"

#include <string>

namespace cryo_tool {
namespace {

constexpr std::string_view name_of(cryo::log_level level) noexcept {
    switch (level) {
    case cryo::log_level::error:
        return "error";
    case cryo::log_level::warning:
        return "warning";
    case cryo::log_level::info:
        return "info";
    default:
        return "debug";
    }
}

} // namespace

log_redirection::log_redirection(cryo::log_level level, line_sink &to, bool events) {
    cryo::set_log(level, [&to, events](cryo::log_level of, std::string_view line) {
        if (events && of == cryo::log_level::info)
            return to.line(json_line({{"event", "log"}, {"level", name_of(of)}, {"message", line}}));
        constexpr std::size_t longest = 2000;
        to.error_line("cryo: " + std::string(name_of(of)) + ": " + display_text(line, longest));
    });
}

log_redirection::~log_redirection() {
    cryo_set_log(CRYO_LOG_WARNING, nullptr, nullptr, nullptr);
}

} // namespace cryo_tool
