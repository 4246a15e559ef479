// Who holds a session's connection, as its control sees it. All calls are on the loop's thread.
#pragma once

#include "base/status.h"
#include "session/session.h"

#include <memory>
#include <span>

namespace cryo_core {

struct kept_session; // src/server

// From another thread, where it lies.
struct posted_message {
    message_kind kind;
    bytes_view data;
};

class session_host {
  public:
    // status::ok, closed, full, total_full, state.
    virtual status send(data_frame &&frame) = 0;
    // The same without a copy of the message. False: send() it has to be.
    virtual bool send_at_once(message_kind, bytes_view) { return false; }
    // A message that was accepted by another thread. If it goes no further, this tells.
    virtual void send_accepted(data_frame &&frame) noexcept = 0;
    // Several of one sender, in their order: as many times the above.
    virtual void send_run(std::span<const posted_message> messages) noexcept { send_each(messages); }
    // One of many who get this message. False: it does not leave from here, and the application was told, or
    // the session is not connected.
    virtual bool offer(data_frame &&frame) = 0;
    // Tickets of extensions were settled.
    virtual void on_hooks_settled() noexcept = 0;
    virtual void ping() = 0;
    virtual void close(std::uint16_t code, std::string_view reason) = 0;
    virtual void on_computed(cale_job done) = 0;

    // One that was opened from this side: the application takes events in again.
    virtual void on_room() {}
    // And has answered for the token that it was asked for.
    virtual void on_token() {}
    // A server's only: the validator has answered; the session id is free now, or stays another one's; a
    // newcomer wants the id of this session, which is closing; or which is open, and shall show life; or
    // shall give way now, or unless it has shown life.
    virtual void on_verdict() {}
    virtual void on_sid_free() {}
    virtual void on_sid_taken() {}
    virtual void finish_closing() {}
    virtual void on_probe() {}
    // The session that this newcomer has asked for, whose connection was lost. False: it cannot be taken, and
    // stays.
    virtual bool on_resumed(std::unique_ptr<kept_session> &) noexcept { return false; }
    virtual void on_rival(bool) {}
    // It ends at another time than before.
    virtual void on_expiry() {}
    // The application wants messages again, or none for now.
    virtual void on_pause() {}
    // It is done with a message, which this connection has brought.
    virtual void on_handled(std::uint32_t) {}

  protected:
    ~session_host() = default;

    // Without memory for one it is lost, as for any other that another thread has sent.
    void send_each(std::span<const posted_message> messages) noexcept;
};

} // namespace cryo_core
