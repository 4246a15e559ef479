// What may be typed at the prompt instead of a text.
#pragma once

#include "conversation.h"
#include "line_sink.h"

#include <string>

namespace cryo_tool {

// Sends the line, or carries out the command that it is. What is wrong with it is shown.
void obey(const std::string &line, conversation &with, line_sink &show);

} // namespace cryo_tool
