#include "net/watched_socket.h"

#include <new>

namespace cryo_core::net {

int watched_socket::open(uv_loop_t &on, socket &&what, socket_watcher &who) noexcept {
    close();
    socket taken = std::move(what);
    auto *const made = new (std::nothrow) handle;
    if (made == nullptr) return UV_ENOMEM;
#ifdef _WIN32
    const int error = uv_poll_init_socket(&on, &made->poll, taken.get());
#else
    const int error = uv_poll_init(&on, &made->poll, taken.get());
#endif
    if (error != 0) {
        delete made;
        return error;
    }
    made->poll.data = made;
    made->who = &who;
    handle_ = made;
    socket_ = std::move(taken);
    return 0;
}

void watched_socket::watch(bool reading, bool writing) noexcept {
    if (handle_ == nullptr) return;
    const int events = (reading ? UV_READABLE : 0) | (writing ? UV_WRITABLE : 0);
    if (events == handle_->events) return;
    handle_->events = events;
    if (events == 0)
        uv_poll_stop(&handle_->poll);
    else
        uv_poll_start(&handle_->poll, events, ready);
}

void watched_socket::ready(uv_poll_t *poll, int error, int events) noexcept {
    auto *const self = static_cast<handle *>(poll->data);
    if (error == 0) return self->who->on_ready((events & UV_READABLE) != 0, (events & UV_WRITABLE) != 0);
    self->events = 0; // libuv watches no more
    self->who->on_ready(true, true);
}

// Its descriptor may go before the handle has.
void watched_socket::close() noexcept {
    if (handle_ == nullptr) return;
    uv_close(reinterpret_cast<uv_handle_t *>(&handle_->poll),
             [](uv_handle_t *h) { delete static_cast<handle *>(h->data); });
    handle_ = nullptr;
    socket_.reset();
}

} // namespace cryo_core::net
