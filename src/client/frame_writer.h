// A client's frames on their way out: masked, and as many in one write as the link takes.
#pragma once

#include "net/ws_link.h"
#include "session/session.h"
#include "ws/mask_keys.h"

namespace cryo_core {

class frame_writer {
  public:
    // Seeds the masking keys. Throws std::runtime_error where the system has no random bytes.
    frame_writer();

    enum class result : std::uint8_t { drained, choked, broken };

    // Writes what the session has to say and the link takes.
    result flush(net::ws_link &link, session &from, time_us now);

    // A WebSocket ping leaves with the next flush.
    void ping() noexcept { ping_due_ = true; }

    // The last frame. False: the link is broken.
    bool write_close(net::ws_link &link, std::uint16_t code, std::string_view reason);

  private:
    bool write_batch(net::ws_link &link, session &from, std::size_t room, time_us now);
    bool write_large(net::ws_link &link, session &from, std::size_t frame_size, time_us now);
    bool write_ping(net::ws_link &link);
    bool take(session &from, std::uint8_t *out, std::size_t frame_size, time_us now) noexcept;

    ws::mask_keys keys_;
    bool ping_due_ = false;
};

} // namespace cryo_core
