// The prompt with libedit, which reads one key at a time: in between the program does other things.
#include "prompt.h"

#include "terminal.h"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <stdexcept>

namespace cryo_tool {
namespace {

bool hung_up() noexcept {
    pollfd terminal{STDIN_FILENO, POLLIN, 0};
    return poll(&terminal, 1, 0) == 1 && (terminal.revents & (POLLHUP | POLLERR)) != 0;
}

} // namespace

class prompt::editor {
  public:
    explicit editor(std::filesystem::path file);
    ~editor();
    editor(const editor &) = delete;
    editor &operator=(const editor &) = delete;

    got read(std::string &line);
    void set_label(const std::string &label);
    void print(std::string_view text);
    void finish();

  private:
    static char *label_of(EditLine *edit);

    void hide();
    void show();
    std::size_t columns_before_cursor() const;
    void remember(const std::string &line);

    const std::filesystem::path file_;
    EditLine *edit_;
    History *history_;
    HistEvent event_{};
    std::string label_;
    bool active_ = false;
};

prompt::editor::editor(std::filesystem::path file) : file_(std::move(file)) {
    // Without a locale that knows UTF-8 nothing but ASCII could be typed.
    if (std::setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
    edit_ = el_init("cryo", stdin, stdout, stderr);
    history_ = history_init();
    if (edit_ == nullptr || history_ == nullptr) throw std::runtime_error("the prompt could not be set up");
    constexpr int lines_kept = 1000;
    history(history_, &event_, H_SETSIZE, lines_kept);
    history(history_, &event_, H_SETUNIQUE, 1);
    if (!file_.empty()) history(history_, &event_, H_LOAD, file_.c_str());
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_PROMPT, &label_of);
    el_set(edit_, EL_HIST, &::history, history_);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_source(edit_, nullptr); // ~/.editrc
}

prompt::editor::~editor() {
    finish();
    if (!file_.empty()) history(history_, &event_, H_SAVE, file_.c_str());
    history_end(history_);
    el_end(edit_);
}

char *prompt::editor::label_of(EditLine *edit) {
    void *self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return static_cast<editor *>(self)->label_.data();
}

input::got prompt::editor::read(std::string &line) {
    int count = 0;
    const char *const text = el_gets(edit_, &count);
    if (text == nullptr || count <= 0) return hung_up() ? got::end : got::nothing;
    constexpr char control_d = 4;
    if (count == 1 && text[0] == control_d) return got::end;
    const char last = text[count - 1];
    if (last != '\n' && last != '\r') return got::nothing;
    line.assign(text, static_cast<std::size_t>(count) - 1);
    remember(line);
    active_ = false;
    el_set(edit_, EL_UNBUFFERED, 0);
    show();
    return got::line;
}

void prompt::editor::remember(const std::string &line) {
    if (!line.empty()) history(history_, &event_, H_ENTER, line.c_str());
}

void prompt::editor::set_label(const std::string &label) {
    if (active_ && label == label_) return;
    if (active_) hide();
    label_ = label;
    show();
}

void prompt::editor::print(std::string_view text) {
    const bool was_active = active_;
    if (was_active) hide();
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
    if (was_active) show();
}

void prompt::editor::finish() {
    if (!active_) return;
    hide();
    active_ = false;
    el_set(edit_, EL_UNBUFFERED, 0);
    std::fflush(stdout);
}

// Takes the prompt and what is typed from the screen; libedit does not know, and draws it anew in show().
void prompt::editor::hide() {
    el_resize(edit_);
    const std::size_t rows_above = columns_before_cursor() / terminal_width(STDOUT_FILENO);
    std::fputc('\r', stdout);
    if (rows_above > 0) std::fprintf(stdout, "\x1b[%zuA", rows_above);
    std::fputs("\x1b[J", stdout);
}

void prompt::editor::show() {
    if (active_) {
        el_set(edit_, EL_REFRESH);
        return;
    }
    active_ = true;
    el_set(edit_, EL_UNBUFFERED, 1);
}

std::size_t prompt::editor::columns_before_cursor() const {
    const LineInfoW *const line = el_wline(edit_);
    std::size_t columns = label_.size(); // which is ASCII
    for (const wchar_t *c = line->buffer; c < line->cursor; ++c) {
        constexpr int caret_notation = 2;
        const int width = wcwidth(*c);
        columns += static_cast<std::size_t>(width < 0 ? caret_notation : width);
    }
    return columns;
}

prompt::prompt(const std::filesystem::path &history) : editor_(std::make_unique<editor>(history)) {}
prompt::~prompt() = default;

int prompt::fd() const noexcept {
    return STDIN_FILENO;
}
bool prompt::ready() const noexcept {
    return false;
}
input::got prompt::read(std::string &line) {
    return editor_->read(line);
}
void prompt::set_label(const std::string &label) {
    editor_->set_label(label);
}
void prompt::print(std::string_view text) {
    editor_->print(text);
}
void prompt::finish() {
    editor_->finish();
}

} // namespace cryo_tool
