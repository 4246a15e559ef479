// Events for a person: one short line each, coloured on a terminal.
#pragma once

#include "event_printer.h"
#include "line_sink.h"
#include "paint.h"

#include <string>

namespace cryo_tool {

class event_printer_human final : public event_printer {
  public:
    struct style {
        bool tls = false;
        bool cale = false;
        bool colour = false;
        bool quiet = false;   // no events at all
        bool verbose = false; // statistics too, whole session ids, more of the messages
        std::string mode;
    };

    event_printer_human(line_sink &to, style how) : to_(to), style_(std::move(how)), paint_(style_.colour) {}

    void listening(std::string_view host, std::uint16_t port, cryo::transport over) override;
    void session(std::string_view id, std::string_view remote, std::string_view proxy) override;
    bool shows_messages() const noexcept override { return !style_.quiet; }
    void message(std::string_view id, const cryo::message &what) override;
    void dropped(std::string_view id, cryo::drop_reason why, std::size_t bytes) override;
    void disconnected(std::string_view id, int code, std::string_view reason) override;
    void reconnected(std::string_view id) override;
    void closed(std::string_view id, int code, std::string_view reason) override;
    void stat(std::string_view id, cryo::statistic which, double value) override;
    void reloaded(std::size_t tokens) override;

  private:
    void print(colour with, std::string_view id, std::string_view event, std::string_view rest);

    line_sink &to_;
    const style style_;
    const painter paint_;
};

} // namespace cryo_tool
