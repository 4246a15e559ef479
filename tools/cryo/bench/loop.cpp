#include "bench/loop.h"

#include <uv.h>

#include <system_error>

namespace cryo_tool {
namespace {

void check(int result, const char *what) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), what);
}

} // namespace

// Lives until libuv has let go of it.
struct bench_loop::watch::state {
    uv_poll_t poll{};
    handler *to = nullptr;

    static void on_poll(uv_poll_t *poll, int status, int events) {
        auto *const self = static_cast<state *>(poll->data);
        // An error shows when the socket is read.
        if (self->to != nullptr)
            self->to->on_ready(status < 0 || (events & UV_READABLE) != 0, (events & UV_WRITABLE) != 0);
    }
};

bench_loop::watch::watch(bench_loop &loop, int fd, handler &to) {
    auto made = std::make_unique<state>();
    made->to = &to;
    check(uv_poll_init(loop.loop_.get(), &made->poll, fd), "uv_poll_init");
    state_ = made.release();
    state_->poll.data = state_;
    uv_poll_start(&state_->poll, UV_READABLE, &state::on_poll);
}

bench_loop::watch::~watch() {
    state_->to = nullptr;
    uv_close(reinterpret_cast<uv_handle_t *>(&state_->poll),
             [](uv_handle_t *handle) { delete static_cast<state *>(handle->data); });
}

void bench_loop::watch::want_write(bool on) noexcept {
    if (on == writing_) return;
    writing_ = on;
    uv_poll_start(&state_->poll, on ? UV_READABLE | UV_WRITABLE : UV_READABLE, &state::on_poll);
}

bench_loop::bench_loop() : loop_(std::make_unique<uv_loop_t>()), timer_(std::make_unique<uv_timer_t>()) {
    check(uv_loop_init(loop_.get()), "uv_loop_init");
    check(uv_timer_init(loop_.get(), timer_.get()), "uv_timer_init");
}

bench_loop::~bench_loop() {
    uv_close(reinterpret_cast<uv_handle_t *>(timer_.get()), nullptr);
    uv_run(loop_.get(), UV_RUN_DEFAULT);
    uv_loop_close(loop_.get());
}

void bench_loop::run(std::chrono::nanoseconds longest) {
    const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(longest).count();
    if (whole <= 1) {
        uv_run(loop_.get(), UV_RUN_NOWAIT);
        return;
    }
    uv_update_time(loop_.get());
    uv_timer_start(
        timer_.get(), [](uv_timer_t *) {}, static_cast<std::uint64_t>(whole - 1), 0);
    uv_run(loop_.get(), UV_RUN_ONCE);
}

} // namespace cryo_tool
