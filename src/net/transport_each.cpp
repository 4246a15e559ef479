#include "net/transport_each.h"

#include "net/loop_core.h"

#include <new>
#include <uv.h>

namespace cryo_core::net {

// libuv lets go of it some time behind the socket's end.
struct transport_each::handle {
    uv_poll_t poll{};
    link *of = nullptr;
    int events = 0; // that libuv was told to watch for
};

std::unique_ptr<transport> transport_each::open(loop_core &core, failure &) {
    return std::unique_ptr<transport>(new transport_each(core));
}

bool transport_each::adopt(link &fresh, socket accepted) noexcept {
    auto *const made = new (std::nothrow) handle;
    if (made == nullptr) return false;
#ifdef _WIN32
    const int error = uv_poll_init_socket(&core_.uv(), &made->poll, accepted.get());
#else
    const int error = uv_poll_init(&core_.uv(), &made->poll, accepted.get());
#endif
    if (error != 0) {
        delete made;
        return false;
    }
    made->poll.data = made;
    made->of = &fresh;
    link_events::opened(fresh, accepted.pass_on(), made);
    watch(fresh);
    return true;
}

void transport_each::await_room(link &choked) noexcept {
    watch(choked);
}

void transport_each::set_reading(link &of, bool) noexcept {
    watch(of);
}

void transport_each::watch(link &l) noexcept {
    auto *const of = static_cast<handle *>(link_events::carried(l));
    const int events =
        (link_events::reads(l) ? UV_READABLE : 0) | (link_events::waits_for_room(l) ? UV_WRITABLE : 0);
    if (events == of->events) return;
    of->events = events;
    if (events == 0) {
        uv_poll_stop(&of->poll);
        return;
    }
    uv_poll_start(&of->poll, events, [](uv_poll_t *h, int error, int ready) {
        auto *const self = static_cast<handle *>(h->data);
        link &about = *self->of;
        if (error != 0) {
            self->events = 0; // libuv watches no more
            ready = UV_READABLE | UV_WRITABLE;
        }
        if ((ready & UV_READABLE) != 0 && link_events::reads(about)) link_events::read_some(about);
        if ((ready & UV_WRITABLE) != 0 && link_events::waits_for_room(about)) link_events::can_write(about);
        if (link_events::carried(about) == self) watch(about);
    });
}

void transport_each::close(link &ending) noexcept {
    auto *const of = static_cast<handle *>(link_events::carried(ending));
    const socket closing = socket::taken_over(link_events::take_descriptor(ending));
    uv_close(reinterpret_cast<uv_handle_t *>(&of->poll),
             [](uv_handle_t *h) { delete static_cast<handle *>(h->data); });
}

} // namespace cryo_core::net
