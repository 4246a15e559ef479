// The inside of a WebSocket to a server: an attempt that becomes a connection. Only src/net includes this.
#pragma once

#include "base/byte_buffer.h"
#include "net/dialer.h"
#include "net/loop_core.h"

#include <vector>

namespace cryo_core::net {

namespace rings {
struct dialing;
}

class ws_connection final : public ws_link,
                            public loop_guest,
                            public loop_errand,
                            public ring_hook<rings::dialing>,
                            private timer {
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
    loop &owner() const noexcept override { return core_.owner(); }

    void loop_ends() noexcept override;
    void run_errand() noexcept override;

    // What libwebsockets reports. false: the attempt is to end.
    void tcp_connected(lws *wsi) noexcept;
    bool write_head(char **end, std::size_t room);
    bool answered();
    void body_came(bytes_view piece);
    void upgraded();
    void received(bytes_mut piece);
    void pong_came();
    void can_write();
    void peer_closes(bytes_view payload);
    void lost(std::string_view what) noexcept;

    void abort_after_exception(const char *what) noexcept;

    lws *wsi() const noexcept { return wsi_; }
    const dial_target &target() const noexcept { return target_; }
    void alerted(int description) noexcept { alert_ = description; }
    void handshake_failed(const char *words) { tls_words_ = words; }

    // Stands in libwebsockets' head where ours has the target's path.
    static constexpr const char *placeholder_path = "/cryo";

  private:
    enum class phase : std::uint8_t { dialing, open, finishing, ending };
    enum class stage : std::uint8_t { lookup, tcp, tls, upgrade };
    struct lookup;
    struct probe;

    ~ws_connection() override;

    void on_deadline(time_us now) override;
    void look_up();
    void take_addresses();
    void looked_up(int error, addrinfo *found);
    void try_next() noexcept;
    bool connect_to(const address &to);
    void probe_last() noexcept;
    void probed(int error) noexcept;
    void drop(bool reset) noexcept;
    void fail(status code, std::string text) noexcept;
    void fail_timeout();
    void note_loss(std::string_view what);
    failure loss_during_upgrade(std::string_view what) const;
    void deliver(bytes_mut message);
    void end() noexcept;
    void end_soon() noexcept;

    loop_core &core_;
    dial_target target_;
    ws_link_handler &handler_;
    lws *wsi_ = nullptr; // null: not there yet, or gone
    lookup *lookup_ = nullptr;
    probe *probe_ = nullptr;
    std::vector<address> addresses_;
    std::size_t next_address_ = 0;
    std::string remote_address_;
    time_us give_up_at_ = never;
    dial_failure failure_;
    std::string status_line_;   // of a refusal, without the version
    std::string tls_words_;     // of the TLS library, for a handshake that failed
    byte_buffer collected_;     // the message in progress
    int alert_ = 0;             // the last TLS alert of the server
    std::uint64_t written_ = 0; // bytes
    std::uint64_t before_ = 0;  // that the system had before: the request, and what TLS needs
    std::uint32_t credit_ = 0;
    phase phase_ = phase::dialing;
    stage stage_ = stage::lookup;
    bool flush_wanted_ = false;
    bool choked_ = false; // waiting to be told that it can write
    bool paused_ = false; // reading is
    bool deaf_ = false;   // a message was too big
    bool told_ = false;   // on_connected or on_failed has been called
    bool reset_ = false;  // the end does not wait for what is not sent
};

} // namespace cryo_core::net
