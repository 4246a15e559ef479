// How the events of a client are shown.
#pragma once

#include <cryo.hpp>

#include <optional>
#include <string_view>

namespace cryo_tool {

class client_printer {
  public:
    virtual ~client_printer() = default;

    virtual void connected(const cryo::session &session) = 0;
    virtual void message(const cryo::session &session, const cryo::message &what) = 0;
    // A message of ours has arrived. `rtt_ms`: its own round trip.
    virtual void acknowledged(const cryo::session &session, double rtt_ms) = 0;
    // It has not, within the acknowledgement time-out.
    virtual void unacknowledged(const cryo::session &session) = 0;
    // It did not leave, as the queue was full.
    virtual void dropped(const cryo::session &session, cryo::drop_reason why, const cryo::message &what) = 0;
    virtual void lost(const cryo::session &session, const cryo::message &what) = 0;
    virtual void stat(const cryo::session &session, cryo::statistic which, double value) = 0;
    virtual void disconnected(const cryo::session &session, int code, std::string_view reason) = 0;
    virtual void attempt_failed(const cryo::session &session, const cryo::failed_attempt &why) = 0;
    virtual void reconnected(const cryo::session &session) = 0;
    virtual void closed(const cryo::session &session, int code, std::string_view reason) = 0;
};

} // namespace cryo_tool
