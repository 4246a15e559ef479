// What the program says of a command line that it does not understand.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
} // namespace CLI

namespace cryo_tool {

// One line, with what was meant where that can be guessed. `app` has parsed the command line.
std::string usage_error_text(const CLI::App &app, const CLI::ParseError &error);

} // namespace cryo_tool
