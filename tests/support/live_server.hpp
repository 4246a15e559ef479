// A whole server behind the C interface, whose callbacks write down what they are told.
#pragma once

#include "cryo.h"
#include "mailbox.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cryo_test {

class live_server {
  public:
    // The options can be changed until start().
    live_server() {
        need(cryo_server_options_new(&options));
        need(cryo_events_new(this, nullptr, &events));
        need(cryo_server_options_set_port(options, 0));
        need(cryo_server_options_set_validator(options, validate, this, nullptr));
        cryo_events_on_session(events, [](cryo_session *one, void *self) { of(self).session_came(one); });
        cryo_events_on_message(events, [](cryo_session *one, std::int32_t kind, const std::uint8_t *data,
                                          std::size_t size, void *self) {
            const std::string text(reinterpret_cast<const char *>(data), size);
            of(self).message_came(one, kind, text);
        });
        cryo_events_on_closed(events, [](cryo_session *, std::int32_t code, const char *reason, void *self) {
            of(self).told.put("closed " + std::to_string(code) + " " + reason);
        });
        cryo_events_on_disconnected(
            events, [](cryo_session *one, std::int32_t code, const char *reason, void *self) {
                of(self).told.put("disconnected " + std::to_string(code) + " " + reason);
                if (of(self).on_disconnected) of(self).on_disconnected(one);
            });
        cryo_events_on_reconnected(events,
                                   [](cryo_session *, void *self) { of(self).told.put("reconnected"); });
        cryo_events_on_receipt(events, [](cryo_session *one, std::uint64_t receipt, std::int32_t outcome,
                                          double, const char *, void *self) {
            static constexpr const char *names[] = {"",       "acknowledged", "timed out", "dropped",
                                                    "vetoed", "closed",       "refused"};
            of(self).told.put("receipt " + std::to_string(receipt) + " " + names[outcome]);
            if (of(self).on_receipt) of(self).on_receipt(one);
        });
        cryo_events_on_dropped(events, [](cryo_session *one, std::int32_t reason, std::int32_t,
                                          const std::uint8_t *data, std::size_t size, void *self) {
            static constexpr const char *names[] = {"", "oldest", "refused", "replaced", "total"};
            of(self).told.put("dropped " + std::string(names[reason]) + " " +
                              std::string(reinterpret_cast<const char *>(data), size));
            if (of(self).on_dropped) of(self).on_dropped(one);
        });
    }
    live_server(const live_server &) = delete;
    live_server &operator=(const live_server &) = delete;
    ~live_server() {
        cryo_server_free(handle);
        for (cryo_session *const session : sessions_)
            cryo_session_release(session);
        cryo_events_free(events);
        cryo_server_options_free(options);
    }

    void make() {
        need(cryo_server_options_set_events(options, events));
        need(cryo_server_new(options, &handle));
    }
    void start() {
        make();
        need(cryo_server_start(handle));
        port = cryo_server_port(handle);
    }

    static void need(cryo_status status) {
        if (status != CRYO_OK) throw std::runtime_error(cryo_last_error());
    }

    cryo_server_options *options = nullptr;
    cryo_events *events = nullptr;
    cryo_server *handle = nullptr;
    std::uint16_t port = 0;

    bool hold_tickets = false;  // else every token is accepted at once
    bool keep_sessions = false; // retains them, and gives them in `kept`
    mailbox<cryo_auth *> tickets;
    // "session", "text …", "binary …", "closed CODE REASON", "disconnected CODE REASON", "reconnected",
    // "receipt N OUTCOME", "dropped REASON …"
    mailbox<std::string> told;
    mailbox<cryo_session *> kept;
    std::function<void(cryo_session *, const std::string &)> on_text; // on the service thread, as the next
    std::function<void(cryo_session *)> on_disconnected, on_receipt, on_dropped;
    bool replace = false; // every client takes the place of the one that has its id

  private:
    static live_server &of(void *self) { return *static_cast<live_server *>(self); }

    static void validate(cryo_auth *ticket, const char *, std::size_t, void *self) {
        if (of(self).hold_tickets)
            of(self).tickets.put(ticket);
        else if (of(self).replace)
            cryo_auth_replace(ticket);
        else
            cryo_auth_accept(ticket);
    }

    void session_came(cryo_session *one) {
        if (keep_sessions) {
            sessions_.push_back(cryo_session_retain(one));
            kept.put(one);
        }
        told.put("session");
    }

    void message_came(cryo_session *one, std::int32_t kind, const std::string &text) {
        if (on_text) on_text(one, text);
        told.put((kind == CRYO_UTF8 ? "text " : "binary ") + text);
    }

    std::vector<cryo_session *> sessions_; // retained; of one service thread, so no lock
};

} // namespace cryo_test
