// A client's way from its start to an open session, and what is said there.
#include "client/client.h"

#include "base/log.h"
#include "ws/close_code.h"

#include <algorithm>

namespace cryo_core {

namespace {

session_facts facts_of(const client_options &options) {
    return {.token = options.token,
            .remote_address = options.to.host + ":" + std::to_string(options.to.port),
            .path = options.to.path,
            .parameters = options.parameters,
            .sid = options.sid ? *options.sid : uuid::random()};
}

} // namespace

client::client(client_options options, std::unique_ptr<client_observer> observer, std::shared_ptr<hub> on)
    : options_(std::make_shared<const client_options>(std::move(options))), observer_(std::move(observer)),
      hub_(std::move(on)), control_(std::make_shared<session_control>(
                               facts_of(*options_), hub_->loop(), *this,
                               std::shared_ptr<const session_options>(options_, &options_->session))),
      ended_(std::make_shared<std::atomic<bool>>(false)) {
    control_->set_away(true);
    publish_outstanding();
}

// Who waits for the end is to be the last who holds the client: with him go the application's functions.
client::running::~running() {
    self.reset();
    *ended = true;
    bell->ring();
}

client::~client() {
    control_->disown();
}

// What the library's own code may throw: memory or another resource of the system ran out.
void client::out_of_memory() noexcept {
    log(log_level::error, "Memory ran out; a client's connection is dropped.");
    if (link_ != nullptr) link_->abort();
}

failure client::start() {
    {
        const std::lock_guard lock(extensions_mutex_); // they are handed out in another way from now on
        if (started_.exchange(true)) return {status::state, "The client was started before."};
    }
    failure why;
    if (options_->to.tls && !tls_) {
        tls_ = net::client_tls::load(options_->tls, why);
        if (!tls_) {
            started_ = false;
            return why;
        }
    }
    if (options_->resend) control_->set_open(true); // what is sent from now on waits
    running_ = std::make_shared<running>(shared_from_this(), ended_, hub_->bell());
    if (hub_->post([this] { connect(); })) return {};
    const auto over = std::move(running_);
    return {status::closed, "The client's loop has ended."};
}

failure client::wait(std::int32_t timeout_ms) {
    if (!started_) return {status::state, "The client was not started."};
    if (!hub_->has_thread())
        return {status::state, "On a loop of yours nothing happens while you wait; call cryo_loop_run_once."};
    if (hub_->loop()->in_thread())
        return {status::state, "A callback of the client cannot wait for its end."};
    if (hub_->wait(timeout_ms, [this] { return ended(); })) return {};
    return {status::timeout, "The client has not closed yet."};
}

void client::dispose() noexcept {
    if (!started_ || ended()) return;
    try {
        control_->close(cryo_close::graceful, "");
        if (!hub_->loop()->in_thread()) hub_->wait(-1, [this] { return ended(); });
    } catch (...) {
        log(log_level::error, "Memory ran out; a client could not be waited for.");
    }
}

void client::resume_reading() {
    hub_->post([self = shared_from_this()] { self->guarded([&] { self->update_reading(); }); });
}

net::dial_target client::target() const {
    url to = options_->to;
    add_parameter(to.query, "authorization", "Bearer " + options_->token);
    add_parameter(to.query, "x-cryo-sid", control_->facts().sid.text());
    for (const auto &[name, value] : options_->parameters)
        add_parameter(to.query, name, value);
    return {.tls = tls_,
            .host = to.host,
            .port = to.port,
            .path_and_query = to.path_and_query(),
            .timeout = options_->connect_timeout,
            .max_message = options_->max_message};
}

void client::connect() {
    if (close_asked_) return close_for_good(close_code_, close_reason_);
    phase_ = phase::connecting;
    phase_deadline_ = never;
    end_ = {};
    close_frame_sent_ = was_open_ = reading_paused_ = false;
    try {
        link_ = &net::dialer::dial(*hub_->loop(), target(), *this);
    } catch (...) {
        end_.failed.reason = {status::no_memory, "Memory ran out."};
        settle_loss();
    }
}

void client::on_connected() {
    guarded([&] {
        writer_.emplace();
        session_.emplace(control_->facts().sid,
                         session::surroundings{.options = options_->session,
                                               .counters = control_->own_counters(),
                                               .events = *this,
                                               .extensions = &asked_,
                                               .context = control_.get()},
                         now(), cale::role::client);
        end_.code = ws::close_code::abnormal; // if nobody says another
        session_->peer_listens(now());
        after_input();
    });
}

void client::on_failed(const net::dial_failure &why) {
    end_.failed = why;
}

void client::on_open() {
    phase_ = phase::open;
    was_open_ = true;
    failures_ = 0;
    control_->set_secure(session_->secure());
    control_->set_open(true);
    control_->set_away(false);
    auto outstanding = std::exchange(outstanding_, {});
    outstanding_bytes_ = 0;
    publish_outstanding();
    for (data_frame &frame : outstanding) {
        if (frame.passed)
            session_->send_again(std::move(frame));
        else
            session_->send_accepted(std::move(frame), now());
    }
    if (std::exchange(announced_, true))
        observer_->on_reconnected(*control_);
    else
        observer_->on_session(control_);
}

// --- what comes in ----------------------------------------------------------------------------------------

void client::on_binary(bytes_mut message) {
    guarded([&] {
        session_->receive(message, now());
        after_input();
    });
}

void client::on_text(bytes_mut) {
    guarded([&] { start_close(ws::close_code::unsupported, "Cryo frames are binary messages."); });
}

void client::on_too_big() {
    guarded([&] { start_close(ws::close_code::too_big, "The message is too big."); });
}

void client::on_activity() {
    if (session_) session_->excuse_silence();
}

void client::after_input() {
    update_reading();
    if (link_ != nullptr) link_->request_flush();
    rearm();
}

void client::on_message(message_kind kind, bytes_view data) {
    observer_->on_message(*control_, kind, data);
}

void client::on_statistic(statistic which, double value) {
    observer_->on_statistic(*control_, which, value);
}

void client::update_reading() {
    if (link_ == nullptr || !session_ || phase_ == phase::closing) return;
    const bool pause = observer_->congested() || session_->congested();
    if (pause == reading_paused_) return;
    reading_paused_ = pause;
    if (pause) return link_->pause_read();
    session_->excuse_silence(); // it was not heard
    link_->resume_read();
}

void client::on_computation(cale_job job) {
    if (job.slow()) return control_->compute(hub_->workers(), std::move(job));
    job.run();
    session_->computed(std::move(job), now());
}

void client::on_computed(cale_job done) {
    guarded([&] {
        if (!session_ || phase_ != phase::connecting) return;
        session_->computed(std::move(done), now());
        after_input();
    });
}

// --- time -------------------------------------------------------------------------------------------------

void client::on_deadline(time_us at) {
    guarded([&] {
        switch (phase_) {
        case phase::connecting:
        case phase::open:
            if (session_) {
                session_->tick(at);
                after_input();
            }
            break;
        case phase::closing:
            if (at >= phase_deadline_ && link_ != nullptr) return link_->abort();
            if (session_) session_->tick(at);
            break;
        case phase::waiting:
            if (at >= phase_deadline_) return connect();
            break;
        case phase::idle:
        case phase::over:
            return;
        }
        rearm();
    });
}

void client::rearm() {
    time_us wanted = phase_deadline_;
    if (session_) wanted = std::min(wanted, session_->deadline());
    if (wanted == never || (armed() && deadline() <= wanted)) return;
    hub_->loop()->set_deadline(*this, wanted);
}

} // namespace cryo_core
