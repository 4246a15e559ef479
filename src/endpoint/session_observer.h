// Whom a session tells what happens to it. Calls for one session come from its loop's thread, in order.
#pragma once

#include "base/bytes.h"
#include "session/session.h"

#include <memory>

namespace cryo_core {

class session_control;

class session_observer {
  public:
    virtual ~session_observer() = default;

    virtual void on_session(const std::shared_ptr<session_control> &who) noexcept = 0;
    virtual void on_message(session_control &who, message_kind kind, bytes_view data) noexcept = 0;
    virtual void on_statistic(session_control &who, statistic which, double value) noexcept = 0;
    // These three are explained in session_events.
    virtual void on_dropped(session_control &who, const data_frame &frame, drop_reason reason) noexcept = 0;
    virtual void on_writable(session_control &who) noexcept = 0;
    virtual void on_receipt(session_control &who, std::uint64_t receipt, receipt_outcome outcome,
                            double round_trip_ms, std::string_view by) noexcept = 0;
    // Its connection is lost, and it waits for the next one; it has it.
    virtual void on_disconnected(session_control &who, std::uint16_t code,
                                 std::string_view reason) noexcept = 0;
    virtual void on_reconnected(session_control &who) noexcept = 0;
    // The last call for this session.
    virtual void on_closed(session_control &who, std::uint16_t code, std::string_view reason) noexcept = 0;

    // More has been told than was taken in: sessions are not read from until there is room again.
    virtual bool congested() const noexcept = 0;
    // Messages are answered by another thread, many at a time.
    virtual bool answers_later() const noexcept { return false; }
};

} // namespace cryo_core
