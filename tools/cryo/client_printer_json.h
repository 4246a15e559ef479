// A client's events as JSON, one object a line.
#pragma once

#include "client_printer.h"
#include "line_sink.h"

namespace cryo_tool {

class client_printer_json final : public client_printer {
  public:
    explicit client_printer_json(line_sink &to) : to_(to) {}

    void connected(const cryo::session &session) override;
    void message(const cryo::session &session, const cryo::message &what) override;
    void acknowledged(const cryo::session &session, double rtt_ms) override;
    void unacknowledged(const cryo::session &session) override;
    void dropped(const cryo::session &session, cryo::drop_reason why, const cryo::message &what) override;
    void lost(const cryo::session &session, const cryo::message &what) override;
    void stat(const cryo::session &session, cryo::statistic which, double value) override;
    void disconnected(const cryo::session &session, int code, std::string_view reason) override;
    void attempt_failed(const cryo::session &session, const cryo::failed_attempt &why) override;
    void reconnected(const cryo::session &session) override;
    void closed(const cryo::session &session, int code, std::string_view reason) override;

  private:
    void event(const char *name, const cryo::session &session);

    line_sink &to_;
};

} // namespace cryo_tool
