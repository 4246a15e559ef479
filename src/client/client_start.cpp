// A client's way from its start to each of its attempts to connect.
#include "client/client.h"

#include <utility>

namespace cryo_core {

namespace {

session_facts facts_of(const client_options &options) {
    const std::string remote_address =
        options.to.is_unix() ? options.to.host : options.to.host + ":" + std::to_string(options.to.port);
    return session_facts({.token = options.token,
                          .remote_address = remote_address,
                          .path = options.to.path,
                          .parameters = options.parameters,
                          .sid = options.sid ? *options.sid : uuid::random(),
                          .peer = options.peer});
}

std::shared_ptr<const session_place> place_of(const std::shared_ptr<const client_options> &options,
                                              const session_home &home) {
    return std::make_shared<const session_place>(
        session_place{home.loop(), std::shared_ptr<const session_options>(options, &options->session)});
}

// Something for the loop's thread, on a client that lives until then.
class client_mail final : public net::mail {
  public:
    using call = void (client::*)();
    client_mail(std::shared_ptr<client> who, call what) noexcept : who_(std::move(who)), what_(what) {}
    void deliver() noexcept override { (who_.get()->*what_)(); }

  private:
    std::shared_ptr<client> who_;
    call what_;
};

} // namespace

client::client(client_options options, std::unique_ptr<client_observer> observer,
               std::shared_ptr<session_home> on)
    : options_(std::make_shared<const client_options>(std::move(options))), observer_(std::move(observer)),
      home_(std::move(on)),
      control_(std::make_shared<session_control>(facts_of(*options_), place_of(options_, *home_), *this)),
      outstanding_(options_->session), ended_(std::make_shared<std::atomic<bool>>(false)),
      token_(options_->token) {
    control_->set_away(true);
    publish_outstanding();
}

client::running::running(const client &of)
    : control(of.control_), ended(of.ended_), watcher(of.home_->watcher()) {}

// Who waits for the end is to be the last who holds the client: with him go the application's functions.
client::running::~running() {
    if (!self) return;
    self.reset();
    *ended = true;
    watcher->on_end(*control);
}

client::~client() {
    control_->disown();
}

failure client::prepare() {
    {
        const std::lock_guard lock(extensions_mutex_); // they are handed out in another way from now on
        if (started_.exchange(true)) return {status::state, "The client was started before."};
    }
    failure why;
    try {
        running_ = std::make_shared<running>(*this);
        proxy_ = options_->proxy;
        if (!proxy_ && options_->proxy_from_environment && !options_->to.is_unix())
            proxy_ = net::proxy_of_environment(options_->to, why);
        if (!why && options_->to.tls && !tls_) tls_ = net::client_tls::load(options_->tls, why);
    } catch (...) {
        started_ = false;
        throw;
    }
    if (why) {
        started_ = false;
        return why;
    }
    if (options_->resend) control_->set_open(true); // what is sent from now on waits
    return {};
}

failure client::start() {
    auto beginning = std::make_unique<client_mail>(shared_from_this(), &client::begin);
    if (failure why = prepare()) return why;
    if (home_->loop()->post(std::move(beginning))) return {};
    return {status::closed, "The client's loop has ended."};
}

void client::begin() noexcept {
    running_->self = shared_from_this();
    guarded([&] { connect(); });
}

void client::resume_reading() {
    home_->loop()->post(std::make_unique<client_mail>(shared_from_this(), &client::on_room));
}

net::dial_target client::target() const {
    url to = options_->to;
    add_parameter(to.query, "authorization", "Bearer " + current_token());
    add_parameter(to.query, "x-cryo-sid", control_->facts().sid().text());
    add_parameter(to.query, std::string(resume_point::parameter),
                  resume_point{conversation_, numbers_.received}.text());
    for (const auto &[name, value] : options_->parameters)
        add_parameter(to.query, name, value);
    return {.tls = tls_,
            .host = to.host,
            .port = to.port,
            .path_and_query = to.path_and_query(),
            .headers = options_->headers,
            .through = proxy_,
            .wanted_header = resume_point::header_in_lower_case,
            .timeout = options_->connect_timeout,
            .max_message = options_->max_message};
}

void client::connect() {
    if (close_asked_) return close_for_good(close_code_, close_reason_);
    look_ = never;
    watch_ = {};
    end_ = {};
    close_frame_sent_ = was_open_ = reading_paused_ = dialled_ = false;
    if (options_->asks_for_token) return ask_for_token();
    dial();
}

void client::dial() noexcept {
    phase_ = phase::connecting;
    phase_deadline_ = never;
    dialled_ = true;
    try {
        link_ = &net::dialer::dial(*home_->loop(), target(), *this);
    } catch (...) {
        end_.failed.reason = {status::no_memory, "Memory ran out."};
        settle_loss();
    }
}

} // namespace cryo_core
