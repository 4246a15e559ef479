// Tells the application what happens to a session: by the functions that it has set, else into its queue.
#pragma once

#include "base/apart.h"
#include "base/log.h"
#include "capi/event_lane.h"
#include "capi/event_set.h"
#include "capi/session_attachment.h"
#include "ws/close_code.h"

#include <string>

namespace cryo_core::capi {

// `Observer` is the server's or the client's, whose other events the class derived from this tells.
template <typename Observer>
class session_teller : public Observer {
  public:
    explicit session_teller(event_handlers handlers) noexcept : handlers_(std::move(handlers)) {}

    void on_session(const std::shared_ptr<session_control> &who) noexcept override {
        call_out("session function", [&] {
            cryo_session *const handle = handle_for(who);
            if (handlers_.on_session != nullptr) return handlers_.on_session(handle, handlers_.user.get());
            enqueue(CRYO_EVENT_SESSION, who.get(), {});
        });
    }

    void on_message(session_control &who, message_kind kind, bytes_view data) noexcept override {
        tell_data(CRYO_EVENT_MESSAGE, handlers_.on_message, "message function", who, kind, data);
    }

    void on_statistic(session_control &who, statistic which, double value) noexcept override {
        if (handlers_.on_stat != nullptr)
            return call_out("statistics function", [&] {
                handlers_.on_stat(handle_of(who), static_cast<std::int32_t>(which), value,
                                  handlers_.user.get());
            });
        if (congested())
            return; // who does not pull gets no pile of statistics; the next ones have the same totals
        gather(CRYO_EVENT_STAT, who, {.code = static_cast<std::int32_t>(which), .value = value});
    }

    void on_dropped(session_control &who, const data_frame &frame, drop_reason reason) noexcept override {
        const auto why = static_cast<std::int32_t>(reason);
        const auto kind = static_cast<std::int32_t>(frame.kind());
        if (handlers_.on_dropped != nullptr)
            return call_out("function for dropped messages", [&] {
                const bytes_view data = never_null(frame.payload.view());
                handlers_.on_dropped(handle_of(who), why, kind, data.data(), frame.payload.size(),
                                     handlers_.user.get());
            });
        gather(CRYO_EVENT_DROPPED, who, {.message_kind = kind, .code = why, .data = frame.payload.view()});
    }

    void on_writable(session_control &who) noexcept override {
        if (handlers_.on_writable == nullptr) return gather(CRYO_EVENT_WRITABLE, who, {});
        call_out("writable function", [&] { handlers_.on_writable(handle_of(who), handlers_.user.get()); });
    }

    void on_receipt(session_control &who, std::uint64_t receipt, receipt_outcome outcome,
                    double round_trip_ms, std::string_view by) noexcept override {
        const auto code = static_cast<std::int32_t>(outcome);
        if (handlers_.on_receipt != nullptr)
            return call_out("receipt function", [&] {
                char name[longest_name + 1] = {}; // it is told also when memory has run out
                by.copy(name, longest_name);
                handlers_.on_receipt(handle_of(who), receipt, code, round_trip_ms, name,
                                     handlers_.user.get());
            });
        gather(CRYO_EVENT_RECEIPT, who,
               {.code = code, .receipt = receipt, .value = round_trip_ms, .text = by});
    }

    void on_disconnected(session_control &who, std::uint16_t code,
                         std::string_view reason) noexcept override {
        tell_end(CRYO_EVENT_DISCONNECTED, handlers_.on_disconnected, "disconnected function", who, code,
                 reason);
    }

    void on_reconnected(session_control &who) noexcept override {
        if (handlers_.on_reconnected == nullptr) return enqueue(CRYO_EVENT_RECONNECTED, &who, {});
        call_out("reconnected function",
                 [&] { handlers_.on_reconnected(handle_of(who), handlers_.user.get()); });
    }

    void on_closed(session_control &who, std::uint16_t code, std::string_view reason) noexcept override {
        telling::forget(who);
        tell_end(CRYO_EVENT_CLOSED, handlers_.on_closed, "closed function", who, code, reason);
        session_attachment::of(who).release();
    }

    bool congested() const noexcept override { return handlers_.queue && handlers_.queue->congested(); }
    bool answers_later() const noexcept override {
        return handlers_.on_message == nullptr && handlers_.queue && handlers_.queue->gives_batches();
    }

  protected:
    // The handle that a session has from its first event on.
    virtual cryo_session *handle_for(const std::shared_ptr<session_control> &who) noexcept = 0;

    // `data` is never NULL, also for an empty message.
    static bytes_view never_null(bytes_view data) noexcept {
        static constexpr std::uint8_t nothing = 0;
        return data.empty() ? bytes_view(&nothing, 1) : data;
    }

    static cryo_session *handle_of(session_control &who) noexcept {
        return session_attachment::of(who).handle();
    }

    // Told at once, behind all that the session's loop has gathered.
    void enqueue(std::int32_t kind, session_control *who, event_fields what) noexcept {
        if (!handlers_.queue) return;
        what.kind = kind;
        try {
            if (who == nullptr) {
                handlers_.queue->push(what);
                return;
            }
            pass_on(*who);
            const session_attachment::reference its(session_attachment::of(*who));
            what.session = its.handle();
            if (handlers_.queue->push(what)) its.keep();
        } catch (...) {
            lose_event(who);
        }
    }

    // With what else is read in this iteration of its loop.
    void gather(std::int32_t kind, session_control &who, event_fields what) noexcept {
        if (!handlers_.queue) return;
        net::loop &on = who.loop();
        if (!on.in_thread()) return enqueue(kind, &who, what);
        what.kind = kind;
        what.session = handle_of(who);
        try {
            if (handlers_.on_closed == nullptr) return handlers_.queue->push(what, false, on);
            const session_attachment::reference its(session_attachment::of(who));
            what.session = its.handle();
            handlers_.queue->push(what, what.session != nullptr, on);
            its.keep();
        } catch (...) {
            lose_event(&who);
        }
    }

    void tell_data(std::int32_t event_kind, cryo_message_fn function, const char *name, session_control &who,
                   message_kind kind, bytes_view data) noexcept {
        if (function == nullptr) return enqueue_data(event_kind, who, kind, data);
        call_out(name, [=, this, &who] {
            const telling here(who);
            function(handle_of(who), static_cast<std::int32_t>(kind), never_null(data).data(), data.size(),
                     handlers_.user.get());
        });
    }

    CRYO_APART void enqueue_data(std::int32_t event_kind, session_control &who, message_kind kind,
                                 bytes_view data) noexcept {
        if (!handlers_.queue) return;
        if (event_kind != CRYO_EVENT_MESSAGE || handlers_.on_closed != nullptr)
            return gather(event_kind, who,
                          {.message_kind = static_cast<std::int32_t>(kind),
                           .message_id = who.told_message(),
                           .data = data});
        try { // on the session's thread, as all messages are
            event_lane::of(*handlers_.queue, who.loop())
                .put_message(handle_of(who), static_cast<std::int32_t>(kind), who.told_message(), data);
        } catch (...) {
            lose_event(&who);
        }
    }

    void tell_end(std::int32_t event_kind, cryo_closed_fn function, const char *name, session_control &who,
                  std::uint16_t code, std::string_view reason) noexcept {
        call_out(name, [&] {
            char text[longest_reason + 1] = {}; // the last event is told also when memory has run out
            reason.copy(text, longest_reason);
            if (function != nullptr) return function(handle_of(who), code, text, handlers_.user.get());
            enqueue(event_kind, &who, {.code = code, .text = text});
        });
    }

    const event_handlers handlers_;

  private:
    void pass_on(const session_control &who) noexcept {
        const net::loop &on = who.loop();
        if (!on.in_thread()) return;
        if (event_lane *const lane = event_lane::known(*handlers_.queue, on)) lane->pass_on();
    }

    CRYO_APART static void lose_event(session_control *who) noexcept {
        log(log_level::error, "Memory ran out; an event was lost.");
        // Acknowledged and never seen would be worse than closed.
        if (who != nullptr) who->close(cryo_close::server_error, "Out of memory.");
    }

    // Of a close frame; why a client could not connect may take more.
    static constexpr std::size_t longest_reason = 511;
    static constexpr std::size_t longest_name = 255; // of an extension
};

} // namespace cryo_core::capi
