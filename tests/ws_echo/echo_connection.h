// One client of the echo server: upgraded whatever its path, then everything it sends comes back.
#pragma once

#include "base/byte_buffer.h"
#include "base/timer_heap.h"
#include "net/loop.h"
#include "upgrade/request.h"
#include "ws/parse.h"

#include <optional>

namespace ws_echo {

using cryo_core::bytes_mut;
using cryo_core::bytes_view;
using cryo_core::time_us;

struct options {
    std::uint64_t max_message = 16 * 1024 * 1024;
    std::uint32_t max_fragments = 1024;
};

// Deletes itself when its link is gone.
class connection final : public cryo_core::net::link_handler,
                         private cryo_core::ws::parse_handler,
                         private cryo_core::timer {
  public:
    connection(cryo_core::net::link &own, const options &limits);

  private:
    ~connection() override;

    void on_read(bytes_mut data) override;
    void on_flush() override;
    void on_gone() noexcept override { delete this; }

    bool on_message(cryo_core::ws::opcode kind, bytes_mut payload) override;
    bool on_ping(bytes_view payload) override;
    bool on_pong(bytes_view) override { return true; }
    bool on_close(std::uint16_t code, std::string_view reason) override;

    void on_deadline(time_us) override { own_.abort(); }

    bytes_mut upgrade(bytes_mut data);
    void answer(std::string_view text);
    void send(cryo_core::ws::opcode kind, bytes_view payload);
    void send_close(std::uint16_t code, std::string_view reason);
    void end_after_flush();
    std::size_t waiting() const { return out_.size() - written_; }

    cryo_core::net::link &own_;
    options limits_;
    std::optional<cryo_core::upgrade::request_parser> head_;
    cryo_core::ws::parser parser_;
    cryo_core::byte_buffer out_;
    std::size_t written_ = 0;
    bool ending_ = false;
    bool paused_ = false;
};

} // namespace ws_echo
