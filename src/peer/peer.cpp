#include "peer/peer.h"

namespace cryo_core {

namespace {

// A service's loop, as a client sees it. It holds the server: until its last client has ended.
class service_home final : public session_home,
                           public end_watcher,
                           public std::enable_shared_from_this<service_home> {
  public:
    service_home(std::shared_ptr<server> of, service &at) noexcept : server_(std::move(of)), at_(at) {}

    const std::shared_ptr<net::loop> &loop() const noexcept override { return at_.loop(); }
    worker_pool &workers() noexcept override { return at_.shared().workers; }
    const extension_source *extensions() const noexcept override { return &at_.extensions(); }
    std::shared_ptr<end_watcher> watcher() noexcept override { return shared_from_this(); }
    void on_end(const session_control &who) noexcept override { at_.move_out(who); }

  private:
    const std::shared_ptr<server> server_;
    service &at_;
};

// Keeps the server's list of sessions beside what the application is told.
class listing_observer final : public client_observer {
  public:
    listing_observer(registry &sids, std::unique_ptr<client_observer> to) noexcept
        : sids_(sids), to_(std::move(to)) {}

    void on_session(const std::shared_ptr<session_control> &who) noexcept override {
        sids_.announce(who->facts().sid(), *who);
        to_->on_session(who);
    }
    void on_reconnected(session_control &who) noexcept override {
        sids_.announce(who.facts().sid(), who);
        to_->on_reconnected(who);
    }
    void on_disconnected(session_control &who, std::uint16_t code,
                         std::string_view reason) noexcept override {
        sids_.withdraw(who.facts().sid(), who);
        to_->on_disconnected(who, code, reason);
    }
    void on_closed(session_control &who, std::uint16_t code, std::string_view reason) noexcept override {
        sids_.release(who.facts().sid(), who);
        to_->on_closed(who, code, reason);
    }
    void on_message(session_control &who, message_kind kind, bytes_view data) noexcept override {
        to_->on_message(who, kind, data);
    }
    void on_statistic(session_control &who, statistic which, double value) noexcept override {
        to_->on_statistic(who, which, value);
    }
    void on_attempt_failed(session_control &who, const failed_attempt &what) noexcept override {
        to_->on_attempt_failed(who, what);
    }
    void on_token_wanted(session_control &who,
                         const std::shared_ptr<token_request> &ticket) noexcept override {
        to_->on_token_wanted(who, ticket);
    }
    void on_lost(session_control &who, message_kind kind, bytes_view data) noexcept override {
        to_->on_lost(who, kind, data);
    }
    void on_dropped(session_control &who, const data_frame &frame, drop_reason reason) noexcept override {
        to_->on_dropped(who, frame, reason);
    }
    void on_writable(session_control &who) noexcept override { to_->on_writable(who); }
    void on_receipt(session_control &who, std::uint64_t receipt, receipt_outcome outcome,
                    double round_trip_ms, std::string_view by) noexcept override {
        to_->on_receipt(who, receipt, outcome, round_trip_ms, by);
    }
    bool congested() const noexcept override { return to_->congested(); }

  private:
    registry &sids_;
    const std::unique_ptr<client_observer> to_;
};

class arrival final : public net::mail {
  public:
    arrival(service &at, std::shared_ptr<client> who) : at_(at), who_(std::move(who)) {
        one_.push_back(who_->control());
    }
    void deliver() noexcept override {
        at_.move_in(std::move(one_));
        who_->begin();
    }

  private:
    service &at_;
    std::shared_ptr<client> who_;
    service::guests one_;
};

client_options as_peer(client_options options) {
    options.peer = true;
    return options;
}

} // namespace

peer::peer(std::shared_ptr<server> of, service &at, client_options options,
           std::unique_ptr<client_observer> observer)
    : server_(std::move(of)), at_(at),
      client_(std::make_shared<client>(
          as_peer(std::move(options)),
          std::make_unique<listing_observer>(server_->sessions(), std::move(observer)),
          std::make_shared<service_home>(server_, at))) {}

failure peer::start() {
    auto letter = std::make_unique<arrival>(at_, client_);
    if (failure why = client_->prepare()) return why;
    const uuid &sid = control()->facts().sid();
    if (!server_->sessions().claim(sid, control()))
        return {status::state, "A session of this server has that id; choose another one, or none."};
    if (server_->post_in_time(at_, std::move(letter))) return {};
    server_->sessions().release(sid, *control());
    return {status::closed, "The server has stopped."};
}

} // namespace cryo_core
