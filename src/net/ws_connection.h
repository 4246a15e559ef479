// The inside of a WebSocket to a server: an attempt, and what becomes of it. Only src/net includes this.
#pragma once

#include "net/attempt.h"
#include "ws/mask_keys.h"
#include "ws/parse.h"

#include <optional>

namespace cryo_core::net {

class ws_connection final : public ws_link,
                            public loop_guest,
                            public loop_errand,
                            private timer,
                            private attempt_watcher,
                            private socket_watcher,
                            private ws::parse_handler {
  public:
    ws_connection(loop_core &core, dial_target &&to, ws_link_handler &handler);

    void start() noexcept;

    std::size_t writable() noexcept override;
    bool write(bytes_view frames) noexcept override;
    struct delivery delivery() const noexcept override;
    void request_flush() noexcept override;
    void pause_read() noexcept override;
    void resume_read() noexcept override;
    void finish() noexcept override;
    void leave() noexcept override;
    void abort() noexcept override;
    const std::string &remote_address() const noexcept override { return remote_address_; }
    const std::string &wanted_header() const noexcept override { return wanted_header_; }
    loop &owner() const noexcept override { return core_.owner(); }

    void loop_ends() noexcept override;
    void run_errand() noexcept override;

    // no_socket: it is not connected.
    os_socket descriptor() const noexcept { return stream_ != nullptr ? stream_->descriptor() : no_socket; }

  private:
    enum class phase : std::uint8_t {
        dialing,
        open,
        finishing, // our close frame is on its way: no on_flush and no on_peer_close any more
        ending,
    };

    ~ws_connection() override;

    void on_deadline(time_us now) override;
    void on_upgraded(std::unique_ptr<client_stream> stream, std::string remote, std::string wanted,
                     bytes_mut behind) noexcept override;
    void on_attempt_failed(dial_failure &&why) noexcept override;
    void on_ready(bool readable, bool writable) noexcept override;
    bool on_message(ws::opcode kind, bytes_mut payload) override;
    bool on_ping(bytes_view payload) override;
    bool on_pong(bytes_view payload) override;
    bool on_close(std::uint16_t code, std::string_view reason) override;

    // What the handler throws is logged and aborts the link.
    template <typename Function>
    void guarded(Function function) noexcept {
        try {
            function();
        } catch (const std::exception &e) {
            abort_after_exception(e.what());
        } catch (...) {
            abort_after_exception("unknown exception");
        }
    }
    void abort_after_exception(const char *what) noexcept;

    bool open() const noexcept { return phase_ == phase::open || phase_ == phase::finishing; }
    void watch() noexcept;
    void read();
    void take_rest();
    void take_new(bytes_mut data);
    std::size_t take(bytes_mut data);
    void lose_output() noexcept;
    void violated(const ws::parse_result &how);
    void drained();
    bool send(bytes_view frames) noexcept;
    void say_pong(bytes_view payload);
    void give_up_in(std::int64_t ms) noexcept;
    void end() noexcept;
    void end_soon() noexcept;

    loop_core &core_;
    ws_link_handler &handler_;
    std::unique_ptr<client_stream> stream_; // null: not connected
    std::optional<ws::parser> parser_;
    phase phase_ = phase::dialing;
    bool flush_wanted_ = false;
    bool choked_ = false; // on_flush comes when what waits has left
    bool paused_ = false; // reading is
    bool deaf_ = false;   // what comes is of no use any more
    bool mute_ = false;   // nothing can be sent any more
    bool closed_ = false; // the server's close frame has come: over when our last bytes have left
    bool told_ = false;   // on_connected or on_failed has been called, or nobody wants it
    bool reset_ = false;  // the end does not wait for what is not sent
    byte_buffer rest_;    // what was read behind the message that paused it
    std::size_t rest_at_ = 0;
    byte_buffer pong_;                  // the last one, while it is choked
    std::optional<ws::mask_keys> keys_; // of the pongs
    std::string remote_address_;
    std::string wanted_header_;
    dial_target target_;
    std::unique_ptr<attempt> attempt_; // null: it is over
    dial_failure failure_;
};

} // namespace cryo_core::net
