#include "screen.h"

#include <cstdio>
#include <utility>

namespace cryo_tool {

void screen::line(std::string_view text) {
    refresh();
    show(text);
}

void screen::error_line(std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (prompt_ != nullptr) {
        errors_.append(text) += '\n';
        return;
    }
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

void screen::show_above(prompt *where) {
    refresh();
    const std::lock_guard lock(mutex_);
    prompt_ = where;
}

void screen::refresh() {
    std::string errors;
    {
        const std::lock_guard lock(mutex_);
        errors = std::exchange(errors_, {});
    }
    if (!errors.empty()) show(std::string_view(errors).substr(0, errors.size() - 1));
}

void screen::show(std::string_view text) {
    if (prompt_ != nullptr) return prompt_->print(text);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

} // namespace cryo_tool
