// How the events of a server are shown on standard output.
#pragma once

#include <cryo.hpp>

#include <cstdint>
#include <string_view>

namespace cryo_tool {

// "poll", "libwebsockets"
inline const char *name_of(cryo::transport which) noexcept {
    return which == cryo::transport::libwebsockets ? "libwebsockets" : "poll";
}

// Called from the service threads.
class event_printer {
  public:
    virtual ~event_printer() = default;

    virtual void listening(std::string_view host, std::uint16_t port, cryo::transport over) = 0;
    // `proxy` is empty where the client has come by itself.
    virtual void session(std::string_view id, std::string_view remote, std::string_view proxy) = 0;
    // Whether message() does anything: who asks once need not make an id for each of them.
    virtual bool shows_messages() const noexcept { return true; }
    virtual void message(std::string_view id, const cryo::message &what) = 0;
    // A message to this session was left out.
    virtual void dropped(std::string_view id, cryo::drop_reason why, std::size_t bytes) = 0;
    // Its connection is lost, and it waits for its client; then that has come back.
    virtual void disconnected(std::string_view id, int code, std::string_view reason) = 0;
    virtual void reconnected(std::string_view id) = 0;
    virtual void closed(std::string_view id, int code, std::string_view reason) = 0;
    virtual void stat(std::string_view id, cryo::statistic which, double value) = 0;
    // By SIGHUP; the number of tokens that count now.
    virtual void reloaded(std::size_t tokens) = 0;
};

} // namespace cryo_tool
