#include "net/transport_epoll.h"

#ifdef CRYO_HAS_EPOLL
#include "net/descriptors.h"
#include "net/loop_core.h"

#include <cerrno>
#include <string>
#include <sys/epoll.h>

namespace cryo_core::net {

namespace {

// Of how many connections the system tells at once. Those that come after them are told of in the loop's next
// turn, behind timers and mail.
constexpr int events_at_once = 512;

// Each is told once for what has come, and not again for what was left: so nothing has to be said to the
// system while a link is paused or choked, and a broken connection that nobody reads costs nothing.
constexpr std::uint32_t watched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;

// Behind these a read that was not filled may not be the last: the end follows, or what lies behind a mark
// of urgent data.
constexpr std::uint32_t more_follows = EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI;

constexpr std::uint32_t gone = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

// Reads for one event before the other connections get their turn.
constexpr int reads_at_once = 2;

} // namespace

std::unique_ptr<transport> transport_epoll::open(loop_core &core, failure &why) {
    std::unique_ptr<transport_epoll> made(new transport_epoll(core));
    made->epoll_ = socket(::epoll_create1(EPOLL_CLOEXEC));
    if (!made->epoll_) {
        why = {status::system, "cannot watch sockets: " + error_text(errno)};
        return nullptr;
    }
    if (const int error = uv_poll_init(&core.uv(), &made->poll_, made->epoll_.get())) {
        why = {status::system, std::string("cannot watch sockets: ") + uv_strerror(error)};
        return nullptr;
    }
    made->poll_.data = made.get();
    uv_poll_start(&made->poll_, UV_READABLE,
                  [](uv_poll_t *h, int, int) { static_cast<transport_epoll *>(h->data)->serve(); });
    return made;
}

bool transport_epoll::adopt(link &fresh, socket accepted) noexcept {
    epoll_event about{};
    about.events = watched;
    about.data.ptr = &fresh;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, accepted.get(), &about) != 0) return false;
    link_events::opened(fresh, accepted.pass_on());
    return true;
}

void transport_epoll::await_room(link &) noexcept {}

void transport_epoll::set_reading(link &of, bool wanted) noexcept {
    if (wanted && !tell_again(of)) link_events::closed(of, nullptr);
}

// Of what is there already.
bool transport_epoll::tell_again(link &l) noexcept {
    epoll_event about{};
    about.events = watched;
    about.data.ptr = &l;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, link_events::descriptor(l), &about) == 0;
}

// Taken off first: the child of a fork may have the connection open for a moment longer, and the system would
// go on to tell of it.
void transport_epoll::close(link &ending) noexcept {
    socket closing = socket::taken_over(link_events::take_descriptor(ending));
    epoll_event unused{};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, closing.get(), &unused);
}

void transport_epoll::serve() noexcept {
    epoll_event events[events_at_once];
    const int count = ::epoll_wait(epoll_.get(), events, events_at_once, 0);
    for (int i = 0; i < count; ++i)
        on_ready(*static_cast<link *>(events[i].data.ptr), events[i].events); // no link goes meanwhile
}

void transport_epoll::on_ready(link &l, std::uint32_t events) noexcept {
    if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0 && link_events::reads(l)) read(l, events);
    if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0 && link_events::waits_for_room(l))
        link_events::can_write(l);
}

void transport_epoll::read(link &l, std::uint32_t events) noexcept {
    for (int i = 0; i < reads_at_once; ++i) {
        if (!link_events::reads(l)) return;
        switch (link_events::read_told(l, (events & gone) != 0)) {
        case link_events::outcome::all:
            if ((events & more_follows) == 0) return;
            break;
        case link_events::outcome::part:
            break;
        case link_events::outcome::nothing:
            return;
        }
    }
    if (link_events::reads(l) && !tell_again(l)) link_events::closed(l, nullptr);
}

void transport_epoll::hold_descriptors(bool on) noexcept {
    on ? hold_descriptor(epoll_.get()) : give_up_descriptor(epoll_.get());
}

bool transport_epoll::leave_loop() noexcept {
    uv_close(reinterpret_cast<uv_handle_t *>(&poll_), nullptr);
    return true;
}

} // namespace cryo_core::net
#endif
