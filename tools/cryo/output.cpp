#include "output.h"

#include "terminal.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace cryo_tool {
namespace {

// A pipe with room for anything takes so much without waiting (POSIX: PIPE_BUF is 512 or more; here 4096).
constexpr std::size_t piece_size = std::min<std::size_t>(PIPE_BUF, 4096);
constexpr int look_every_ms = 100;

constexpr std::string_view erase_line = "\r\x1b[K";

// Returns 0 or an errno.
int write_fully(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            pollfd ready{fd, POLLOUT, 0}; // somebody else has made it non-blocking
            static_cast<void>(poll(&ready, 1, -1));
        } else if (written < 0 && errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

} // namespace

output::output(hooks to) : hooks_(std::move(to)), writer_([this] { write_all_that_comes(); }) {}

void output::line(std::string_view text) {
    add(lines_, text);
}

void output::error_line(std::string_view text) {
    if (hooks_.status) return add(errors_, text);
    std::string whole(text);
    whole += '\n';
    static_cast<void>(write_fully(STDERR_FILENO, whole));
}

void output::add(std::string &to, std::string_view text) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return lines_.size() + errors_.size() < capacity || failure_ != 0 || closing_; });
    if (failure_ != 0 || closing_) return;
    to += text;
    to += '\n';
    lock.unlock();
    work_.notify_one();
}

int output::finish() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    work_.notify_one();
    room_.notify_all();
    if (writer_.joinable()) writer_.join();
    return failure_;
}

void output::write_all_that_comes() {
    const auto has_work = [this] { return closing_ || !lines_.empty() || !errors_.empty(); };
    std::unique_lock lock(mutex_);
    for (bool last = false; !last;) {
        if (hooks_.status)
            work_.wait_for(lock, refresh, has_work);
        else
            work_.wait(lock, has_work);
        last = closing_;
        const std::string lines = std::exchange(lines_, {});
        const std::string errors = std::exchange(errors_, {});
        lock.unlock();
        room_.notify_all();
        write_batch(lines, errors);
        lock.lock();
    }
    lock.unlock();
    if (status_shown_) write(erase_line);
}

void output::write_batch(const std::string &lines, const std::string &errors) {
    if (!hooks_.status) return write(lines);

    std::string drawing(status_shown_ ? erase_line : std::string_view());
    drawing += lines;
    if (!errors.empty()) {
        write(drawing);
        static_cast<void>(write_fully(STDERR_FILENO, errors));
        drawing.clear();
    }
    // A line that wraps could not be erased again. The status is plain ASCII.
    drawing += hooks_.status().substr(0, terminal_width(STDOUT_FILENO) - 1);
    status_shown_ = true;
    write(drawing);
}

void output::write(std::string_view text) {
    if (failure_ != 0) return; // written to by this thread only
    const int failure = write_patiently(text);
    if (failure == 0) return;
    {
        const std::lock_guard lock(mutex_);
        failure_ = failure;
    }
    room_.notify_all();
    hooks_.lost();
}

// Never inside of a write that waits: that could not be given up.
int output::write_patiently(std::string_view text) const {
    using clock = std::chrono::steady_clock;
    auto taken_at = clock::now();
    while (!text.empty()) {
        pollfd room{STDOUT_FILENO, POLLOUT, 0};
        const int ready = poll(&room, 1, look_every_ms);
        if (ready == 0) {
            const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - taken_at);
            if (since >= patience_.load()) return ETIMEDOUT;
            continue;
        }
        if (ready < 0 && errno != EINTR) return errno;
        if (ready < 0) continue;
        const std::string_view piece = text.substr(0, piece_size);
        if (const int failure = write_fully(STDOUT_FILENO, piece)) return failure;
        text.remove_prefix(piece.size());
        taken_at = clock::now();
    }
    return 0;
}

} // namespace cryo_tool
