// From a name to a connection; attempt_upgrade.cpp goes on from there.
#include "net/attempt.h"

#include "net/unix_socket.h"

#include <algorithm>
#include <system_error>

namespace cryo_core::net {

namespace {

constexpr std::size_t max_host_size = 255;

bool is_visible(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string seconds_text(time_us t) {
    return t % from_ms(1000) == 0 ? std::to_string(t / from_ms(1000)) + " s"
                                  : std::to_string(t / 1000) + " ms";
}

failure check(const dial_target &to) {
    if (is_unix_place(to.host) && to.through)
        return {status::invalid, "a Unix-domain socket is not reached through a proxy"};
    if (to.host.empty() || to.host == "." || to.host.size() > max_host_size ||
        (!is_visible(to.host) && !is_unix_place(to.host)))
        return {status::invalid,
                "the host to connect to is empty, too long, or has characters that none has"};
    if (to.port == 0 && !is_unix_place(to.host)) return {status::invalid, "there is no port 0 to connect to"};
    if (!to.path_and_query.starts_with('/') || !is_visible(to.path_and_query))
        return {status::invalid, "a path begins with / and has its spaces and the like percent-encoded"};
    if (to.path_and_query.size() > max_target_size)
        return {status::invalid,
                "the path with its query is longer than " + std::to_string(max_target_size) + " bytes"};
    return {};
}

} // namespace

attempt::attempt(loop_core &core, const dial_target &to, attempt_watcher &who) noexcept
    : core_(core), target_(to), who_(who) {}

attempt::~attempt() {
    if (armed()) core_.timers().cancel(*this);
}

void attempt::fail(failure why) noexcept {
    dial_failure told;
    told.reason = std::move(why);
    give_up(std::move(told));
}

void attempt::give_up(dial_failure &&why) noexcept {
    who_.on_attempt_failed(std::move(why));
}

void attempt::begin() noexcept {
    give_up_at_ = core_.now() + target_.timeout;
    core_.timers().set(*this, give_up_at_);
    guarded([&] {
        if (failure wrong = check(target_)) return fail(std::move(wrong));
        if (is_unix_place(target_.host)) return connect_to_socket();
        address given;
        numeric_ = address::parse(near_host(), near_port(), given);
        if (!target_.addresses.empty()) return race(target_.addresses);
        if (numeric_) return race({given});
        if (near_host().find(':') != std::string::npos) // no name has one
            return fail({status::resolve, near_host() + " is no IPv6 address of an interface that is there"});
        look_up();
    });
}

void attempt::look_up() {
    try {
        lookup_.ask(core_.owner(), near_host(), *this);
    } catch (const std::system_error &e) {
        fail({status::system, "cannot look up " + near_host() + ": the system gives no thread: " + e.what()});
    }
}

void attempt::on_looked_up(const lookup_result *result) noexcept {
    guarded([&] {
        if (result == nullptr) return fail({status::no_memory, {}});
        if (result->addresses.empty()) return fail({status::resolve, lookup_trouble(near_host(), *result)});
        race(interleaved(result->addresses, near_port()));
    });
}

// That takes no time.
void attempt::connect_to_socket() {
    stage_ = stage::tcp;
    int error = 0;
    socket made = connect_to_path(target_.host.substr(unix_prefix.size()), error);
    if (!made) return fail({status::connect, "cannot connect to " + target_.host + ": " + error_text(error)});
    watched_socket connected;
    if (const int trouble = connected.open(core_.uv(), std::move(made), *this))
        return fail({status::system, "cannot connect to " + target_.host + ": " + uv_strerror(trouble)});
    on_tcp(std::move(connected), address::local());
}

void attempt::race(std::vector<address> addresses) {
    stage_ = stage::tcp;
    connector_ = std::make_unique<connector>(core_, static_cast<connector_watcher &>(*this),
                                             std::move(addresses), give_up_at_);
    connector_->start();
}

void attempt::on_tcp(watched_socket &&connected, const address &to) noexcept {
    set_no_delay(connected.descriptor());
    if (core_.user_timeout_ms() != 0) set_user_timeout(connected.descriptor(), core_.user_timeout_ms());
    connected.hand_to(*this);
    guarded([&] {
        remote_ = to.text();
        stream_ = std::make_unique<client_stream>(std::move(connected));
        connector_.reset(); // and with it the others
        target_.through ? ask_proxy() : secure();
    });
}

void attempt::on_no_tcp() noexcept {
    guarded([&] {
        const std::string story = connector_->story();
        fail({connector_->exhausted() ? status::system : status::connect,
              std::string("cannot connect to ") + (target_.through ? "the proxy " : "") +
                  (numeric_ ? story : near_host() + ": " + story)});
    });
}

void attempt::on_deadline(time_us) {
    guarded([&] {
        if (stage_ == stage::body) return refused();
        fail(time_out());
    });
}

failure attempt::time_out() const {
    static constexpr const char *missing[] = {"nobody has told its address",
                                              "it does not answer",
                                              "it does not answer CONNECT",
                                              "it does not complete the TLS handshake",
                                              "it does not answer the WebSocket upgrade",
                                              ""};
    const bool at_proxy = stage_ <= stage::proxy;
    std::string text = "cannot connect to " + (at_proxy ? near_name() : target_.host) + " within " +
                       seconds_text(target_.timeout) + ": " + missing[static_cast<std::size_t>(stage_)];
    if (const std::size_t others = lookup_.place_in_line(); others > 0)
        text += "; it waits behind " + std::to_string(others) + " other names that are being looked up";
    if (stage_ == stage::tcp && !numeric_ && connector_ != nullptr) text += " (" + connector_->story() + ")";
    return {status::timeout, std::move(text)};
}

} // namespace cryo_core::net
