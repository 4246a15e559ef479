#include "server/server.h"

#include "base/log.h"
#include "base/thread.h"
#include "net/loaded_libraries.h"
#include "server/stop_request.h"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace cryo_core {

namespace {

// Connections that the system may complete before they are accepted.
constexpr int backlog = 1024;

} // namespace

server::server(std::shared_ptr<const server_options> options, std::unique_ptr<server_observer> observer) {
    shared_.options = std::move(options);
    shared_.source = this;
    shared_.observer = std::move(observer);
    const server_options &all = *shared_.options;
    shared_.limits.attempts.set(all.max_attempts_per_address, all.address_window);
    shared_.limits.failed_tokens.set(all.max_failed_tokens_per_address, all.address_window);
}

// On a service thread when a callback freed the server: that thread is on its way out and cannot join itself.
server::~server() {
    for (std::thread &thread : threads_) {
        if (thread.get_id() == std::this_thread::get_id())
            thread.detach();
        else if (thread.joinable())
            thread.join();
    }
}

failure server::start() {
    std::unique_lock lock(mutex_);
    if (state_ != state::fresh)
        return {status::state, "The server was started before; make a new one to start again."};
    stop_early_ = false;
    state_ = state::starting;
    std::vector<std::thread> threads;
    failure why;
    try {
        why = open();
        if (!why) services_.front()->post([this](service &) { observer_listening(); });
        if (!why && !own_loop()) why = start_threads(threads);
    } catch (...) {
        take_back(threads, lock);
        throw;
    }
    if (why) {
        take_back(threads, lock);
        return why;
    }
    threads_ = std::move(threads);
    port_ = listener_->port();
    loops_running_ = services_.size();
    state_ = state::running;
    if (stop_early_) stop();
    return {};
}

// They stand at the mutex, which start() holds, until it is known that all of them are there.
failure server::start_threads(std::vector<std::thread> &threads) {
    threads.reserve(services_.size());
    try {
        for (const auto &one : services_)
            threads.push_back(start_thread({"cryo-loop", static_cast<unsigned>(threads.size())},
                                           [self = shared_from_this(), loop = one->loop().get()] {
                                               if (!self->started()) return;
                                               loop->run();
                                               self->loop_ended();
                                           }));
    } catch (const std::system_error &error) {
        return {status::system, std::string("The system gives no more threads: ") + error.what()};
    }
    return {};
}

bool server::started() {
    const std::lock_guard lock(mutex_);
    return was_started();
}

// As if it had never been started: it can be tried again.
void server::take_back(std::vector<std::thread> &threads, std::unique_lock<std::mutex> &lock) noexcept {
    state_ = state::fresh;
    listener_.reset();
    const auto stop_requests = std::move(stop_requests_);
    stop_requests_.clear();
    const auto services = std::move(services_);
    services_.clear();
    const auto tls = std::move(tls_);
    lock.unlock();
    for (std::thread &thread : threads)
        thread.join();
    threads.clear();
}

failure server::open() {
    failure why = net::check_loaded_libraries();
    if (why) return why;
    net::loop_options loop_options;
    loop_options.connections = options().max_sessions;
    if (options().proxy_protocol)
        loop_options.proxy_protocol = {shared_.options, &shared_.options->trusted_proxies};
    loop_options.preface_timeout = options().head_timeout;
    loop_options.transport = transport();
    if (options().tls) {
        tls_ = net::server_tls::load(options().tls, why);
        if (!tls_) return why;
        loop_options.tls = tls_;
    }
    // Before the loops: they are dear, and this is what goes wrong most.
    listener_ = net::listener::open({.host = options().host,
                                     .port = options().port,
                                     .mode = options().socket_mode,
                                     .shared = options().reuse_port,
                                     .fd = options().listen_fd},
                                    backlog, why);
    if (!listener_) return why;

    std::vector<std::shared_ptr<net::loop>> loops;
    for (std::uint32_t i = 0; i < std::max(options().threads, 1u); ++i) {
        services_.push_back(std::make_unique<service>(shared_));
        stop_requests_.push_back(std::make_unique<stop_request>(*this, *services_.back()));
        std::function<void()> at_stop;
        if (i == 0) at_stop = [this] { listener_->close(); };
        why = services_.back()->open(loop_options, std::move(at_stop));
        if (why) return why;
        services_.back()->extensions(extensions_.list());
        loops.push_back(services_.back()->loop());
    }
    if (!listener_->start(*loops.front(), loops))
        return {status::system,
                "The system has no room to watch the listening socket; close other descriptors."};
    return {};
}

void server::observer_listening() {
    shared_.observer->on_listening(listener_->host(), port());
}

failure server::next_home(service *&out) {
    const std::lock_guard lock(mutex_);
    if (!was_started()) return {status::state, "The server was not started."};
    if (state_ != state::running) return {status::closed, "The server has stopped."};
    if (shared_.draining) return {status::closed, "The server lets nobody in any more: it drains."};
    out = services_[next_home_++ % services_.size()].get();
    return {};
}

// What is posted here is delivered before shut_down(): see stop_request.
bool server::post_in_time(service &to, std::unique_ptr<net::mail> letter) {
    const std::lock_guard lock(mutex_);
    return state_ == state::running && to.post(std::move(letter));
}

failure server::wait(std::int32_t timeout_ms) {
    if (own_loop())
        return {status::state, "With 0 threads nothing happens while you wait; call cryo_server_run_once."};
    if (in_callback()) return {status::state, "A callback of the server cannot wait for its end."};
    std::unique_lock lock(mutex_);
    if (!was_started()) return {status::state, "The server was not started."};
    const auto over = [this] { return state_ == state::ended; };
    if (timeout_ms < 0)
        ended_.wait(lock, over);
    else if (!ended_.wait_for(lock, std::chrono::milliseconds(timeout_ms), over))
        return {status::timeout, "The server still runs."};
    return {};
}

void server::loop_ended() noexcept {
    const std::lock_guard lock(mutex_);
    if (--loops_running_ > 0) return;
    state_ = state::ended;
    ended_.notify_all();
}

void server::dispose() noexcept {
    { const std::lock_guard start_is_through(mutex_); }
    if (!stop()) return;
    dispose_wanted_ = true;
    if (in_callback()) return;
    if (own_loop()) {
        // Whichever thread is inside run_once, this one or another, stays there until the end.
        while (state_ != state::ended) {
            turn(-1);
            std::unique_lock lock(mutex_);
            ended_.wait(lock, [this] { return state_ == state::ended || !in_run_once_; });
        }
        shared_.workers.stop();
        let_go_of_extensions();
        return;
    }
    wait(-1);
    for (std::thread &thread : threads_)
        if (thread.joinable()) thread.join();
    shared_.workers.stop();
    let_go_of_extensions();
}

failure server::check_own_loop() const {
    if (!own_loop())
        return {status::state, "The server has service threads of its own; this is for 0 threads."};
    if (!was_started()) return {status::state, "The server was not started."};
    return {};
}

failure server::run_once(std::int32_t timeout_ms) {
    if (failure why = check_own_loop()) return why;
    switch (turn(timeout_ms)) {
    case turned::more:
        break;
    case turned::busy:
        return {status::state,
                "cryo_server_run_once is running already, in another thread or around this callback."};
    case turned::ended:
        return {status::closed, "The server has stopped."};
    }
    return {};
}

server::turned server::turn(std::int32_t timeout_ms) noexcept {
    if (in_run_once_.exchange(true)) return turned::busy;
    bool more = state_ != state::ended && services_.front()->loop()->run_once(timeout_ms);
    while (more && dispose_wanted_)
        more = services_.front()->loop()->run_once(-1);
    if (!more && state_ != state::ended) loop_ended();
    in_run_once_ = false;
    if (dispose_wanted_) {
        const std::lock_guard lock(mutex_);
        ended_.notify_all();
    }
    return more ? turned::more : turned::ended;
}

std::int32_t server::fd() const noexcept {
    return services_.front()->loop()->backend_fd();
}
std::int32_t server::timeout_ms() const noexcept {
    return services_.front()->loop()->backend_timeout_ms();
}

bool server::in_callback() const noexcept {
    if (!was_started()) return false; // the services are not complete yet
    for (const auto &one : services_)
        if (one->loop()->in_thread()) return true;
    return false;
}

} // namespace cryo_core
