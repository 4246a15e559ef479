// A connection whose PROXY header is awaited: in front of TLS, and before anybody hears of it. Only src/net
// includes this.
#pragma once

#include "net/loop_core.h"
#include "net/proxy_header.h"
#include "net/watched_socket.h"

namespace cryo_core::net {

class preface final : private loop_guest, private timer, private socket_watcher {
  public:
    // Owns itself until it has given the socket to the loop, or closed it. On the loop's thread.
    static void begin(loop_core &core, socket accepted, const address &from) noexcept;

  private:
    preface(loop_core &core, const address &from) noexcept : core_(core), from_(from) {}
    ~preface() override;

    void loop_ends() noexcept override;
    void on_deadline(time_us now) override;
    void on_ready(bool readable, bool writable) noexcept override;
    void refuse(const char *why) noexcept;
    void end() noexcept;

    loop_core &core_;
    address from_;
    proxy_header_parser parser_;
    watched_socket socket_;
};

} // namespace cryo_core::net
