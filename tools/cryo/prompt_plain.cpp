// The prompt without a line editor: the terminal gives whole lines, and has no history.
#include "prompt.h"

#include "pipe_input.h"

#include <unistd.h>

#include <cstdio>

namespace cryo_tool {

class prompt::editor {
  public:
    pipe_input lines{STDIN_FILENO};
};

prompt::prompt(const std::filesystem::path &) : editor_(std::make_unique<editor>()) {}
prompt::~prompt() = default;

int prompt::fd() const noexcept {
    return STDIN_FILENO;
}

bool prompt::ready() const noexcept {
    return editor_->lines.ready();
}
input::got prompt::read(std::string &line) {
    return editor_->lines.read(line);
}

// What is typed could not be drawn again around it.
void prompt::set_label(const std::string &) {}

void prompt::print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void prompt::finish() {}

} // namespace cryo_tool
