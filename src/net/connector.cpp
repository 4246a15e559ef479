#include "net/connector.h"

#include <algorithm>
#include <cerrno>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <sys/socket.h>
#endif

namespace cryo_core::net {

namespace {

// Less would be a burst.
constexpr time_us least_patience = from_ms(10);

// More of them would hide what is to be read.
constexpr std::size_t max_told_addresses = 4;

bool is_exhaustion(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

} // namespace

std::vector<address> interleaved(const std::vector<address> &found, std::uint16_t port) {
    std::vector<address> order;
    std::size_t at[2] = {0, 0}; // the next of IPv4, and of IPv6
    bool v6 = !found.empty() && found.front().is_v6();
    const auto take = [&](bool family) {
        std::size_t &i = at[family ? 1 : 0];
        while (i < found.size() && found[i].is_v6() != family)
            ++i;
        if (i == found.size()) return false;
        order.push_back(found[i++].at(port));
        return true;
    };
    while (order.size() < max_addresses && (take(v6) || take(!v6)))
        v6 = !order.back().is_v6();
    return order;
}

connector::connector(loop_core &core, connector_watcher &who, std::vector<address> addresses, time_us until)
    : core_(core), who_(who), addresses_(std::move(addresses)),
      attempts_(std::make_unique<attempt[]>(addresses_.size())), until_(until) {}

connector::~connector() {
    if (armed()) core_.timers().cancel(*this);
}

// So that each of those that are left is tried before the time is over.
time_us connector::patience() const noexcept {
    const auto left = static_cast<time_us>(addresses_.size() - next_ + 1);
    return std::clamp((until_ - core_.now()) / left, least_patience, next_address_after);
}

void connector::try_next() noexcept {
    while (next_ < addresses_.size()) {
        attempt &one = attempts_[next_];
        one.of = this;
        const begun how = begin(one, addresses_[next_++]);
        if (how == begun::failed) continue;
        if (how == begun::won) return;
        ++alive_;
        if (next_ < addresses_.size()) core_.timers().set(*this, core_.now() + patience());
        return;
    }
    if (alive_ == 0) who_.on_no_tcp();
}

connector::begun connector::begin(attempt &one, const address &to) noexcept {
    one.failed = true;
    socket made = open_stream(to.is_v6());
    sockaddr_storage at{};
    if (!made) {
        one.error = socket_error();
        exhausted_ |= is_exhaustion(one.error);
        return begun::failed;
    }
    one.error = to.write(at) ? begin_connect(made.get(), at, to.is_v6()) : EINVAL;
    if (one.error != 0 && one.error != still_connecting) return begun::failed;
    const bool at_once = one.error == 0;
    one.error = 0;
    one.uv_error = one.socket.open(core_.uv(), std::move(made), one);
    if (one.uv_error != 0) return begun::failed;
    one.failed = false;
    if (at_once) return connected(one) ? begun::won : begun::failed;
    one.socket.watch(false, true);
    return begun::under_way;
}

void connector::attempt::on_ready(bool, bool) noexcept {
    error = end_connect(socket.descriptor());
    of->go_on(*this);
}

void connector::go_on(attempt &one) noexcept {
    --alive_;
    if (one.error == 0 && connected(one)) return;
    one.socket.close();
    one.failed = true;
    if (armed()) core_.timers().cancel(*this);
    try_next();
}

bool connector::connected(attempt &one) noexcept {
    if (is_connected_to_itself(one.socket.descriptor())) {
        one.error = ECONNREFUSED;
        one.failed = true;
        one.socket.close();
        return false;
    }
    one.socket.watch(false, false);
    watched_socket winner = std::move(one.socket);
    const address to = addresses_[static_cast<std::size_t>(&one - attempts_.get())];
    who_.on_tcp(std::move(winner), to);
    return true;
}

void connector::on_deadline(time_us) {
    try_next();
}

std::string connector::story() const {
    std::string text;
    for (std::size_t i = 0; i < next_; ++i) {
        if (i == max_told_addresses && next_ > max_told_addresses + 1) {
            text += "; and " + std::to_string(next_ - i) + " more";
            break;
        }
        const attempt &one = attempts_[i];
        if (i > 0) text += "; ";
        text += addresses_[i].text() + ": ";
        if (!one.failed)
            text += "no answer";
        else if (one.error != 0 && addresses_[i].lacks_zone())
            text += "a link-local address needs its zone, as in fe80::1%eth0";
        else
            text += one.error != 0 ? error_text(one.error) : uv_strerror(one.uv_error);
    }
    return text;
}

} // namespace cryo_core::net
