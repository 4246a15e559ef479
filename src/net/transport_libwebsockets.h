// libwebsockets carries the bytes: its context on the loop, and a virtual host that connections are given to,
// plain or with TLS. Only src/net includes this.
#pragma once

#include "net/lws_log.h"
#include "net/lws_timer.h"
#include "net/transport.h"

#include <libwebsockets.h>
#include <memory>
#include <uv.h>

namespace cryo_core::net {

class server_tls;

class transport_libwebsockets final : public transport {
  public:
    static std::unique_ptr<transport> open(loop_core &core, const loop_options &options, failure &why);
    ~transport_libwebsockets() override;

    bool has_place_for(os_socket s) const noexcept override {
        return static_cast<std::size_t>(s) < descriptors_;
    }
    bool adopt(link &fresh, socket accepted) noexcept override;
    void await_room(link &choked) noexcept override;
    void set_reading(link &of, bool wanted) noexcept override;
    void close(link &ending) noexcept override;
    bool has_room(link &l) noexcept override;
    bool write(link &l, bytes_view data, bool &held) noexcept override;
    void say_end(link &l) noexcept override;
    bool in_handshake(const link &l) const noexcept override;
    std::unique_ptr<const peer_certificate> certificate_of(const link &l) const override;
    void before_wait() noexcept override { timer_.delay(); }
    void hold_descriptors(bool on) noexcept override;
    bool leave_loop() noexcept override;

    // What libwebsockets reports about a connection.
    static int on_event(lws *wsi, lws_callback_reasons reason, void *user, void *in, size_t size);

  private:
    explicit transport_libwebsockets(loop_core &core) noexcept : core_(core) {}

    loop_core &core_;
    lws_log log_; // outlives the context
    lws_context *context_ = nullptr;
    lws_vhost *vhost_ = nullptr;
    int wake_ = -1; // see net/lws_wake.h
    lws_timer timer_;
    std::shared_ptr<const server_tls> tls_; // outlives the context; null: plain
    std::size_t descriptors_ = 0;           // that it has tables for
};

} // namespace cryo_core::net
