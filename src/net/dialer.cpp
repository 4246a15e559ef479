// The attempt: the name, the addresses one after another, and how each way of failing is told.
#include "net/dialer.h"

#include "base/log.h"
#include "net/bind.h"
#include "net/tls_handshake.h"
#include "net/ws_connection.h"

#include <algorithm>

#ifdef _WIN32
#include <ws2tcpip.h>
#else
#include <netdb.h>
#endif

namespace cryo_core::net {

namespace {

// More than any sane name has. Keeps one from making us knock at thousands of doors.
constexpr std::size_t max_addresses = 16;

constexpr std::size_t max_host_size = 255;

// libwebsockets sees to it that a connection lives, with pings of its own, unless it is told not to.
const lws_retry_bo no_pings{};

bool is_visible(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string seconds_text(time_us t) {
    return t % from_ms(1000) == 0 ? std::to_string(t / from_ms(1000)) + " s"
                                  : std::to_string(t / 1000) + " ms";
}

failure check(const dial_target &to) {
    if (to.host.empty() || to.host.size() > max_host_size || !is_visible(to.host))
        return {status::invalid,
                "the host to connect to is empty, too long, or has characters that none has"};
    if (to.port == 0) return {status::invalid, "there is no port 0 to connect to"};
    if (!to.path_and_query.starts_with('/') || !is_visible(to.path_and_query))
        return {status::invalid, "a path begins with / and has its spaces and the like percent-encoded"};
    if (to.path_and_query.size() > max_target_size)
        return {status::invalid,
                "the path with its query is longer than " + std::to_string(max_target_size) + " bytes"};
    return {};
}

// libwebsockets opens the socket itself.
bool next_descriptor_has_place(const loop_core &core) noexcept {
    const socket next = open_spare();
    return !next || core.has_place_for(next.get());
}

} // namespace

// Lives until libuv has an answer, also when nobody waits for that any more.
struct ws_connection::lookup {
    uv_getaddrinfo_t request{};
    ws_connection *asker = nullptr;

    static void done(uv_getaddrinfo_t *request, int error, addrinfo *found) noexcept {
        const std::unique_ptr<lookup> self(static_cast<lookup *>(request->data));
        static_cast<loop_core *>(request->loop->data)->lookup_ends();
        if (ws_connection *const asker = self->asker) {
            asker->lookup_ = nullptr;
            try {
                asker->looked_up(error, found);
            } catch (const std::bad_alloc &) {
                asker->fail(status::no_memory, {});
            }
        }
        uv_freeaddrinfo(found);
    }
};

// libwebsockets does not tell why a connection could not be made, so we ask the system with one of our own.
struct ws_connection::probe {
    uv_tcp_t socket{};
    uv_connect_t request{};
    ws_connection *asker = nullptr;

    void close() noexcept {
        asker = nullptr;
        uv_close(reinterpret_cast<uv_handle_t *>(&socket),
                 [](uv_handle_t *h) { delete static_cast<probe *>(h->data); });
    }

    static void done(uv_connect_t *request, int error) noexcept {
        auto *const self = static_cast<probe *>(request->data);
        ws_connection *const asker = self->asker;
        if (asker == nullptr) return; // closed
        asker->probe_ = nullptr;
        self->close();
        asker->probed(error);
    }
};

ws_link &dialer::dial(loop &on, dial_target to, ws_link_handler &handler) {
    auto *const made = new ws_connection(*on.core_, std::move(to), handler);
    made->start();
    return *made;
}

ws_connection::ws_connection(loop_core &core, dial_target &&to, ws_link_handler &handler)
    : core_(core), target_(std::move(to)), handler_(handler) {}

ws_connection::~ws_connection() {
    if (probe_ != nullptr) probe_->close();
    if (lookup_ == nullptr) return;
    lookup_->asker = nullptr;
    uv_cancel(reinterpret_cast<uv_req_t *>(&lookup_->request));
}

void ws_connection::start() noexcept {
    core_.add(*this);
    give_up_at_ = core_.now() + target_.timeout;
    core_.timers().set(*this, give_up_at_);
    try {
        failure_.reason = check(target_);
        if (!failure_.reason) target_.addresses.empty() ? look_up() : take_addresses();
    } catch (const std::bad_alloc &) {
        failure_.reason.code = status::no_memory;
    }
    if (failure_.reason) end_soon();
}

void ws_connection::look_up() {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    auto asked = std::make_unique<lookup>();
    asked->request.data = asked.get();
    asked->asker = this;
    const int error = uv_getaddrinfo(&core_.uv(), &asked->request, lookup::done, target_.host.c_str(),
                                     std::to_string(target_.port).c_str(), &hints);
    if (error == 0) {
        lookup_ = asked.release();
        core_.lookup_begins();
    } else {
        failure_.reason = {status::resolve, "cannot look up " + target_.host + ": " + uv_strerror(error)};
    }
}

void ws_connection::take_addresses() {
    addresses_ = std::move(target_.addresses);
    stage_ = stage::tcp;
    core_.soon(*this);
}

void ws_connection::looked_up(int error, addrinfo *found) {
    if (phase_ != phase::dialing) return;
    for (const addrinfo *at = found; at != nullptr && addresses_.size() < max_addresses; at = at->ai_next)
        if (at->ai_family == AF_INET || at->ai_family == AF_INET6) addresses_.emplace_back(at->ai_addr);
    stage_ = stage::tcp;
    if (error == UV_EAI_NONAME || error == UV_EAI_NODATA || (error == 0 && addresses_.empty()))
        fail(status::resolve, "no such host: " + target_.host);
    else if (error != 0)
        fail(status::resolve, "cannot look up " + target_.host + ": " + uv_strerror(error));
    else
        try_next();
}

void ws_connection::try_next() noexcept {
    try {
        while (stage_ == stage::tcp && next_address_ < addresses_.size())
            if (connect_to(addresses_[next_address_++])) return;
        if (stage_ == stage::tcp && !failure_.reason) return probe_last();
    } catch (const std::bad_alloc &) {
        failure_.reason.code = status::no_memory;
    }
    end_soon();
}

// An address that does not answer leaves as much time to each of those behind it.
bool ws_connection::connect_to(const address &to) {
    lws_vhost *const vhost = core_.clients().vhost(target_.tls != nullptr, failure_.reason);
    if (vhost == nullptr) {
        next_address_ = addresses_.size();
        return false;
    }
    if (!next_descriptor_has_place(core_)) {
        failure_.reason = {status::system,
                           "this process has more descriptors than were prepared for when its loop was made"};
        next_address_ = addresses_.size();
        return false;
    }
    const time_us left = give_up_at_ - core_.now();
    const auto addresses_left = static_cast<time_us>(addresses_.size() - next_address_ + 1);
    core_.timers().set(*this, core_.now() + std::max<time_us>(left / addresses_left, 0));
    remote_address_ = to.text();
    const std::string numeric = to.host();
    lws_client_connect_info how{};
    how.context = core_.context();
    how.vhost = vhost;
    how.address = numeric.c_str();
    how.port = to.port();
    how.host = target_.host.c_str();
    how.path = placeholder_path;
    how.alpn = "http/1.1";
    how.local_protocol_name = client_host::protocol;
    how.ietf_version_or_minus_one = -1;
    how.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (target_.tls != nullptr ? LCCSCF_USE_SSL : 0);
    how.retry_and_idle_policy = &no_pings;
    how.opaque_user_data = this;
    core_.clients().dialing().add(*this);
    lws *made = lws_client_connect_via_info(&how);
    // What happened inside, to its end perhaps, is in wsi_ and failure_.
    if (made != nullptr && !failure_.reason && stage_ == stage::tcp) wsi_ = made;
    return wsi_ != nullptr;
}

void ws_connection::probe_last() noexcept {
    auto *const made = new (std::nothrow) probe;
    if (made == nullptr || uv_tcp_init(&core_.uv(), &made->socket) != 0) {
        delete made;
        return probed(UV_ECONNREFUSED);
    }
    made->socket.data = made;
    made->request.data = made;
    sockaddr_storage at{};
    const int error = addresses_.back().write(at)
                          ? uv_tcp_connect(&made->request, &made->socket,
                                           reinterpret_cast<const sockaddr *>(&at), probe::done)
                          : UV_EINVAL;
    if (error != 0) {
        made->close();
        return probed(error);
    }
    made->asker = this;
    probe_ = made;
    core_.timers().set(*this, give_up_at_);
}

void ws_connection::probed(int error) noexcept {
    try {
        fail(status::connect, "cannot connect to " + remote_address_ + ": " +
                                  (error == 0 ? "the connection was lost at once" : uv_strerror(error)));
    } catch (const std::bad_alloc &) {
        fail(status::no_memory, {});
    }
}

void ws_connection::fail(status code, std::string text) noexcept {
    failure_.reason = {code, std::move(text)};
    end_soon();
}

void ws_connection::on_deadline(time_us now) {
    if (phase_ != phase::dialing) {
        end_soon(); // finish() has waited long enough
    } else if (now >= give_up_at_) {
        try {
            fail_timeout();
        } catch (const std::bad_alloc &) {
            fail(status::no_memory, {});
        }
    } else if (stage_ == stage::tcp) {
        drop(true);
        core_.soon(*this);
    } else {
        core_.timers().set(*this, give_up_at_);
    }
}

void ws_connection::fail_timeout() {
    static constexpr const char *missing[] = {"nobody has told its address", "it does not answer",
                                              "it does not complete the TLS handshake",
                                              "it does not answer the WebSocket upgrade"};
    fail(status::timeout, "cannot connect to " + target_.host + " within " + seconds_text(target_.timeout) +
                              ": " + missing[static_cast<std::size_t>(stage_)]);
}

void ws_connection::tcp_connected(lws *wsi) noexcept {
    wsi_ = wsi;
    stage_ = target_.tls != nullptr ? stage::tls : stage::upgrade;
    core_.timers().set(*this, give_up_at_);
}

// Called by libwebsockets' word for what has gone wrong, which is empty where it does not say.
void ws_connection::note_loss(std::string_view what) {
    if (failure_.reason || stage_ == stage::tcp) return;
    if (target_.tls != nullptr) failure_.reason = certificate_trouble(wsi_, target_.host);
    if (!failure_.reason && alert_ != 0)
        failure_.reason = {status::tls, target_.host + " refuses the TLS connection: " + alert_text(alert_)};
    if (failure_.reason) return;
    if (stage_ == stage::tls)
        failure_.reason = {status::tls, "the TLS handshake with " + target_.host + " failed: " +
                                            (tls_words_.empty() ? "the connection was closed" : tls_words_)};
    else
        failure_.reason = loss_during_upgrade(what);
}

} // namespace cryo_core::net
