// What is shown at a terminal, with or without a prompt.
#pragma once

#include "line_sink.h"
#include "prompt.h"

#include <mutex>

namespace cryo_tool {

// Above the prompt when there is one. Lines for standard error come from any thread; while there is a prompt,
// they wait for the thread that it belongs to.
class screen final : public line_sink {
  public:
    void line(std::string_view text) override;
    void error_line(std::string_view text) override;

    // From then on above this prompt; nullptr: there is none any more.
    void show_above(prompt *where);
    // Shows what has waited.
    void refresh();

  private:
    void show(std::string_view text);

    std::mutex mutex_;
    std::string errors_;
    prompt *prompt_ = nullptr;
};

} // namespace cryo_tool
