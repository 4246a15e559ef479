#include "net/lws_timer.h"

namespace cryo_core::net {

void lws_timer::find(uv_loop_t &of, const uv_timer_t &own, const uv_timer_t &other) noexcept {
    struct search {
        const void *own;
        const void *other;
        uv_timer_t *found;
    } what{&own, &other, nullptr};
    uv_walk(
        &of,
        [](uv_handle_t *h, void *to) {
            auto &into = *static_cast<search *>(to);
            if (h->type == UV_TIMER && h != into.own && h != into.other)
                into.found = reinterpret_cast<uv_timer_t *>(h);
        },
        &what);
    timer_ = what.found;
}

void lws_timer::delay() noexcept {
    constexpr std::uint64_t longest_error_ms = 2;
    if (timer_ == nullptr || uv_is_active(reinterpret_cast<uv_handle_t *>(timer_)) == 0) return;
    const std::uint64_t now = uv_now(timer_->loop);
    const std::uint64_t wait = uv_timer_get_due_in(timer_);
    if (now + wait == delayed_until_) return;
    delayed_until_ = now + wait + longest_error_ms;
    uv_timer_start(timer_, timer_->timer_cb, wait + longest_error_ms, uv_timer_get_repeat(timer_));
}

} // namespace cryo_core::net
