#include "history_file.h"

#include <cstdlib>
#include <string_view>

namespace cryo_tool {
namespace {

std::filesystem::path folder_of(const char *variable) {
    const char *const value = std::getenv(variable);
    const std::filesystem::path path(value == nullptr ? "" : value);
    return path.is_absolute() ? path : std::filesystem::path();
}

} // namespace

std::filesystem::path history_file() {
    std::filesystem::path state = folder_of("XDG_STATE_HOME");
    if (state.empty()) {
        const std::filesystem::path home = folder_of("HOME");
        if (home.empty()) return {};
        state = home / ".local" / "state";
    }
    const std::filesystem::path folder = state / "cryo";
    std::error_code failure;
    if (std::filesystem::create_directories(folder, failure))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
    if (failure) return {};
    return folder / "history";
}

} // namespace cryo_tool
