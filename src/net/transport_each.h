// Plain sockets with a handle of libuv's for each, for systems that have no epoll. Only src/net includes
// this.
#pragma once

#include "net/transport.h"

namespace cryo_core::net {

class transport_each final : public transport {
  public:
    static std::unique_ptr<transport> open(loop_core &core, failure &why);

    bool adopt(link &fresh, socket accepted) noexcept override;
    void await_room(link &choked) noexcept override;
    void set_reading(link &of, bool wanted) noexcept override;
    void close(link &ending) noexcept override;
    void hold_descriptors(bool) noexcept override {}
    bool leave_loop() noexcept override { return true; } // the handles went with the links

  private:
    struct handle;

    explicit transport_each(loop_core &core) noexcept : core_(core) {}
    static void watch(link &l) noexcept;

    loop_core &core_;
};

} // namespace cryo_core::net
