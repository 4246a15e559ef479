// Sessions from a server to another one.
#include "peer/peer.h"

#include "capi/application.h"
#include "capi/client_application.h"
#include "capi/client_options.h"
#include "capi/session_attachment.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

constexpr const char *here = "cryo_server_connect_peer";

cryo_status connect(const std::shared_ptr<server> &from, const client_options_object &options,
                    cryo_session **out) {
    const auto &application_of = static_cast<const application &>(from->observer());
    if (const cryo_status bad = check_client_options(here, options, application_of.handlers())) return bad;
    if (options.events || options.on)
        return invalid(here, "the options have events or a loop; a peer has those of its server.");
    service *home = nullptr;
    if (const failure why = from->next_home(home)) return fail(why);
    peer made(from, *home, options.all_values(),
              std::make_unique<client_application>(application_of.handlers(), options.tokens));
    session_attachment &at = session_attachment::prepare(*made.control());
    cryo_session *const handle = at.announce(made.control()); // with a reference, which is the caller's
    session_attachment::reference ours(at);
    const failure why = made.start();
    if (!why) {
        ours.keep(); // the closed event gives it back
        if (out != nullptr) {
            *out = handle;
            return CRYO_OK;
        }
    }
    at.release();
    return outcome(why);
}

} // namespace

extern "C" {

cryo_status cryo_server_connect_peer(cryo_server *handle, const cryo_client_options *options,
                                     cryo_session **out) {
    return guard(here, [&]() -> cryo_status {
        const auto found = std::static_pointer_cast<server>(find_shared(handle_type::server, handle));
        if (!found) return bad_handle(here, handle_type::server, handle);
        return with_handle<client_options_object>(
            here, handle_type::client_options, options,
            [&](client_options_object &from) { return connect(found, from, out); });
    });
}

} // extern "C"
