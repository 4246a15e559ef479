// A client's events for a person, coloured on a terminal. What comes before the first connection is left to
// the error message.
#pragma once

#include "client_printer.h"
#include "line_sink.h"
#include "paint.h"

#include <string>

namespace cryo_tool {

class client_printer_human final : public client_printer {
  public:
    struct style {
        bool colour = false;
        bool verbose = false; // statistics too
    };

    client_printer_human(line_sink &to, std::string url, style how)
        : to_(to), url_(std::move(url)), style_(how), paint_(how.colour) {}

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
    void print(colour with, std::string_view mark, std::string_view rest);

    line_sink &to_;
    const std::string url_;
    const style style_;
    const painter paint_;
    bool connected_before_ = false;
};

// "the token was refused (401 …)": why it does not work, for an error message.
std::string reason_text(const cryo::failed_attempt &why);

// "0.4 s", "12 s"
std::string wait_text(std::chrono::milliseconds time);

} // namespace cryo_tool
