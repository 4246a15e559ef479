// What goes to all sessions of a server, and to all its loops.
#include "server/server.h"

#include "endpoint/session_control.h"
#include "server/posted_broadcast.h"

namespace cryo_core {

failure server::broadcast(message_kind kind, bytes_view data, const std::shared_ptr<session_control> &except,
                          std::size_t &count) {
    if (!running()) return {status::closed, "The server is not running."};
    const shared_bytes payload = shared_bytes::copy(data);
    service *const here = loop_here();
    std::size_t sent = 0;
    if (here != nullptr && services_.size() == 1) {
        here->broadcast(kind, payload, except.get(), &sent);
        count = sent;
        return {};
    }
    posted_broadcast::handle posted = posted_broadcast::make(shared_, services_, kind, payload, except);
    if (!posted)
        return {status::total_full, "All sessions together hold as much as they may "
                                    "(cryo_server_options_set_max_total_queued_bytes), "
                                    "with what is on its way to them. Broadcast less."};
    sent = shared_.sids.count();
    if (except && sent > 0 && shared_.sids.find(except->facts().sid()) == except) --sent;
    count = sent;
    const bool passed = shared_.broadcasts.pass([&] { posted->post(here); },
                                                [&] {
                                                    const std::shared_ptr<posted_broadcast> held =
                                                        std::move(posted);
                                                    return [held] { held->post(nullptr); };
                                                });
    if (passed && here != nullptr) posted->carry_out(*here);
    return {};
}

// The one whose thread this is.
service *server::loop_here() const noexcept {
    for (const auto &one : services_)
        if (one->loop()->in_thread()) return one.get();
    return nullptr;
}

void server::resume_reading() {
    for (const auto &one : services_)
        one->post([](service &at) { at.resume_reading(); });
}

} // namespace cryo_core
