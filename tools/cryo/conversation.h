// One client from connecting to its end: what it sends, what it tells, and what becomes of it.
#pragma once

#include "client_printer.h"
#include "exit_status.h"

#include <cryo.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace cryo_tool {

// On a loop that its owner runs: all of it happens on one thread.
class conversation {
  public:
    using clock = std::chrono::steady_clock;

    conversation(const cryo::client_options &options, const cryo::loop &on, client_printer &printer);

    // Begins to connect. Throws as cryo::client::start.
    void start() { client_.start(); }

    // Sends. False: it was not accepted, and why() says why; it counts as undelivered unless the user can see
    // that and try again.
    bool send(cryo::kind as, cryo::bytes data);
    const std::string &why() const noexcept { return why_; }
    void count_as_undelivered() noexcept { undelivered_ = true; }

    // False: not connected.
    bool ping() const noexcept { return cryo_session_ping(client_.session().native()) == CRYO_OK; }
    void close(int code, std::string_view reason);

    cryo::session session() const noexcept { return client_.session(); }
    bool connected() const noexcept { return state_ == state::connected; }
    bool ever_connected() const noexcept { return ever_connected_; }
    // Connected, and of all that was sent it is known what became of it.
    bool idle() const noexcept { return connected() && unresolved_ == 0; }
    bool over() const noexcept { return state_ == state::over; }
    // The close is ours.
    bool leaving() const noexcept { return leaving_; }
    // When it tries again.
    std::optional<clock::time_point> retry_at() const noexcept { return retry_at_; }

    // Once it is over.
    exit_status status() const noexcept;
    // What went wrong, for an error message; "": nothing, or it was shown as an event.
    const std::string &failure() const noexcept { return failure_; }

  private:
    enum class state { connecting, connected, disconnected, over };

    void attempt_failed(const cryo::failed_attempt &why);
    void resolved(const cryo::session &session, const cryo::receipt &receipt);

    client_printer &printer_;
    std::size_t unresolved_ = 0; // messages whose receipts are still to come
    state state_ = state::connecting;
    bool ever_connected_ = false;
    bool leaving_ = false; // the close is ours
    bool undelivered_ = false;
    bool refused_ = false; // by HTTP status
    int code_ = 0;
    std::optional<clock::time_point> retry_at_;
    std::string why_;
    std::string failure_;
    cryo::client client_; // last: it uses the others
};

} // namespace cryo_tool
