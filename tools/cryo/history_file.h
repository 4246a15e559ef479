// Where what was typed is kept.
#pragma once

#include <filesystem>

namespace cryo_tool {

// $XDG_STATE_HOME/cryo/history, or ~/.local/state/cryo/history; the folder is made, for its owner only.
// Empty: there is no such place.
std::filesystem::path history_file();

} // namespace cryo_tool
