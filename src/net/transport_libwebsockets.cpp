#include "net/transport_libwebsockets.h"

#include "base/log.h"
#include "net/descriptor_limit.h"
#include "net/descriptors.h"
#include "net/handshake_failure.h"
#include "net/loop_core.h"
#include "net/lws_context.h"
#include "net/lws_wake.h"
#include "net/sigpipe.h"
#include "net/tls_peer.h"

#include <new>

namespace cryo_core::net {

namespace {

lws *wsi_of(const link &l) noexcept {
    return static_cast<lws *>(link_events::carried(l));
}

} // namespace

std::unique_ptr<transport> transport_libwebsockets::open(loop_core &core, const loop_options &options,
                                                         failure &why) {
    std::unique_ptr<transport_libwebsockets> made(new transport_libwebsockets(core));
    made->tls_ = options.tls;
    {
        const modest_descriptor_limit limit(options.connections);
        made->descriptors_ = limit.shown();
        made->context_ = make_context(core.uv(), made->log_, why);
    }
    if (made->context_ == nullptr) return nullptr;
    made->wake_ = lws_wake(core.uv());
    core.find_timer(made->timer_);
    try {
        made->vhost_ = make_vhost(made->context_, made->tls_.get(), why);
    } catch (const std::bad_alloc &) {
        why = {status::no_memory, "out of memory"};
    }
    return made; // without a virtual host too: the context has to leave the loop
}

int transport_libwebsockets::on_event(lws *wsi, lws_callback_reasons reason, void *, void *in, size_t size) {
    auto *const l = static_cast<link *>(lws_get_opaque_user_data(wsi));
    switch (reason) {
    case LWS_CALLBACK_RAW_RX:
        if (l == nullptr) break;
        if (link_events::handshake_done(*l))
            lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0); // one of its own has run since the handshake
        link_events::received(*l, {static_cast<std::uint8_t *>(in), size});
        break;
    case LWS_CALLBACK_RAW_WRITEABLE:
        if (l != nullptr) link_events::can_write(*l);
        break;
    case LWS_CALLBACK_RAW_CLOSE: {
        const char *const failure = take_handshake_failure(wsi); // also where nobody wants to know
        if (l == nullptr) break;
        if (const os_socket s = link_events::take_descriptor(*l); s != no_socket)
            give_up_descriptor(static_cast<int>(s)); // libwebsockets closes it next
        link_events::closed(*l, failure);
        break;
    }
    default:
        break;
    }
    return 0;
}

// RAW_CLOSE may come for it inside, if the TLS handshake fails at once; then there is no link to speak of.
bool transport_libwebsockets::adopt(link &fresh, socket accepted) noexcept {
    const os_socket s = accepted.release(); // closed by libwebsockets if it fails, too
    lws_adopt_desc_t how{};
    how.vh = vhost_;
    how.type = static_cast<lws_adoption_type>(LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL);
    how.fd.sockfd = static_cast<lws_sockfd_type>(s);
    how.vh_prot_name = protocol_name;
    how.opaque = &fresh;
    lws *wsi = nullptr;
    {
        const sigpipe_blocked meanwhile(tls_ != nullptr); // the handshake begins inside, and may fail there
        wsi = lws_adopt_descriptor_vhost_via_info(&how);
    }
    if (wsi == nullptr) return false;
    if (tls_ != nullptr) write_quietly(wsi);
    hold_descriptor(static_cast<int>(s));
    link_events::opened(fresh, s, wsi);
    return true;
}

void transport_libwebsockets::await_room(link &choked) noexcept {
    lws_callback_on_writable(wsi_of(choked));
}

void transport_libwebsockets::set_reading(link &of, bool wanted) noexcept {
    lws_rx_flow_control(wsi_of(of), wanted ? 1 : 0);
}

void transport_libwebsockets::close(link &ending) noexcept {
    lws *const wsi = wsi_of(ending);
    give_up_descriptor(static_cast<int>(link_events::take_descriptor(ending)));
    lws_set_opaque_user_data(wsi, nullptr);
    // Not the asynchronous way, which waits for an event that need not come.
    lws_set_timeout(wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_SYNC);
}

bool transport_libwebsockets::has_room(link &l) noexcept {
    return lws_send_pipe_choked(wsi_of(l)) == 0;
}

// Nothing is changed by a raw write; libwebsockets has one signature for all.
bool transport_libwebsockets::write(link &l, bytes_view data, bool &held) noexcept {
    lws *const wsi = wsi_of(l);
    if (lws_write(wsi, const_cast<unsigned char *>(data.data()), data.size(), LWS_WRITE_RAW) < 0)
        return false;
    held = lws_partial_buffered(wsi) != 0;
    return true;
}

void transport_libwebsockets::say_end(link &l) noexcept {
    send_close_notify(wsi_of(l));
}

bool transport_libwebsockets::in_handshake(const link &l) const noexcept {
    return handshake_is_under_way(wsi_of(l));
}

std::unique_ptr<const peer_certificate> transport_libwebsockets::certificate_of(const link &l) const {
    return peer_certificate_of(wsi_of(l));
}

void transport_libwebsockets::hold_descriptors(bool on) noexcept {
    on ? hold_descriptor(wake_) : give_up_descriptor(wake_);
}

// libwebsockets takes two calls with the loop run dry between them. The second unloads its libuv code, so the
// loop must not run behind it.
bool transport_libwebsockets::leave_loop() noexcept {
    timer_.forget(); // it goes with the context
    destroy_context(context_);
    if (hold_for_second_close(wake_, core_.uv())) return true;
    log(log_level::warning,
        "what is left of an event loop is not freed, to spare a descriptor of another thread");
    context_ = nullptr;
    return false;
}

transport_libwebsockets::~transport_libwebsockets() {
    if (context_ != nullptr) destroy_context(context_);
}

} // namespace cryo_core::net
