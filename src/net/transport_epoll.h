// Plain sockets in an epoll of their own, which libuv watches as one descriptor: a connection costs one
// registration and no handle. Only src/net includes this.
#pragma once

#include "net/transport.h"

#ifdef __linux__
#define CRYO_HAS_EPOLL
#include <uv.h>

namespace cryo_core::net {

class transport_epoll final : public transport {
  public:
    static std::unique_ptr<transport> open(loop_core &core, failure &why);

    bool adopt(link &fresh, socket accepted) noexcept override;
    void await_room(link &choked) noexcept override;
    void set_reading(link &of, bool wanted) noexcept override;
    void close(link &ending) noexcept override;
    void hold_descriptors(bool on) noexcept override;
    bool leave_loop() noexcept override;

  private:
    explicit transport_epoll(loop_core &core) noexcept : core_(core) {}

    void serve() noexcept;
    void on_ready(link &l, std::uint32_t events) noexcept;
    void read(link &l, std::uint32_t events) noexcept;
    bool tell_again(link &l) noexcept;

    loop_core &core_;
    socket epoll_;
    uv_poll_t poll_{};
};

} // namespace cryo_core::net
#endif
