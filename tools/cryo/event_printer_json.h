// One JSON object a line for each event.
#pragma once

#include "event_printer.h"
#include "line_sink.h"

namespace cryo_tool {

class event_printer_json final : public event_printer {
  public:
    event_printer_json(line_sink &to, bool tls, bool cale) : to_(to), tls_(tls), cale_(cale) {}

    void listening(std::string_view host, std::uint16_t port, cryo::transport over) override;
    void session(std::string_view id, std::string_view remote, std::string_view proxy) override;
    void message(std::string_view id, const cryo::message &what) override;
    void dropped(std::string_view id, cryo::drop_reason why, std::size_t bytes) override;
    void disconnected(std::string_view id, int code, std::string_view reason) override;
    void reconnected(std::string_view id) override;
    void closed(std::string_view id, int code, std::string_view reason) override;
    void stat(std::string_view id, cryo::statistic which, double value) override;
    void reloaded(std::size_t tokens) override;

  private:
    line_sink &to_;
    const bool tls_;
    const bool cale_;
};

} // namespace cryo_tool
