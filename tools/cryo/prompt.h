// A prompt at a terminal: lines are typed below, and what happens is shown above them.
#pragma once

#include "input.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace cryo_tool {

// With libedit lines can be edited, and there is a history; without it, the terminal's own editing has to do.
// For one thread.
class prompt final : public input {
  public:
    // The history is read from the file and added to it in the end; "": none.
    explicit prompt(const std::filesystem::path &history);
    ~prompt() override;
    prompt(const prompt &) = delete;
    prompt &operator=(const prompt &) = delete;

    int fd() const noexcept override;
    bool ready() const noexcept override;
    bool unread() const noexcept override { return false; }
    // The end is Control-D on an empty line, or that the terminal has gone.
    got read(std::string &line) override;

    // What stands before the line that is typed.
    void set_label(const std::string &label);
    // Shows a line above.
    void print(std::string_view text);
    // Takes the prompt away; it is shown again by none of the others.
    void finish();

  private:
    class editor;
    std::unique_ptr<editor> editor_;
};

} // namespace cryo_tool
