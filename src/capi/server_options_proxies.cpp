// What a server is told of its place at the edge: its socket, and the proxies in front of it.
#include "capi/option_setters.h"
#include "capi/server_options.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

using set_proxies = option_setters<server_options_object, handle_type::server_options>;

static_assert(static_cast<int>(forwarded_header::none) == CRYO_FORWARDED_NONE);
static_assert(static_cast<int>(forwarded_header::any) == CRYO_FORWARDED_ANY);
static_assert(static_cast<int>(forwarded_header::x_forwarded_for) == CRYO_FORWARDED_X_FORWARDED_FOR);
static_assert(static_cast<int>(forwarded_header::forwarded) == CRYO_FORWARDED_RFC7239);

} // namespace

extern "C" {

cryo_status cryo_server_options_set_socket_mode(cryo_server_options *options, uint32_t mode) {
    return set_proxies::number(
        __func__, options, mode, 0, 0777, [](auto &v) -> auto & { return v.socket_mode; });
}

cryo_status cryo_server_options_set_listen_fd(cryo_server_options *options, int32_t fd) {
    const char *const function = __func__;
    return set_proxies::change(function, options, [&](server_options_object &object) -> cryo_status {
        if (fd < -1) return invalid(function, "a descriptor is 0 or more; -1 stands for none.");
        object.values.listen_fd = fd;
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_max_head_bytes(cryo_server_options *options, uint32_t bytes) {
    return set_proxies::number(
        __func__, options, bytes, upgrade::least_max_head, upgrade::greatest_max_head,
        [](auto &v) -> auto & { return v.max_head; });
}

cryo_status cryo_server_options_add_trusted_proxy(cryo_server_options *options, const char *network) {
    const char *const function = __func__;
    return set_proxies::change(function, options, [&](server_options_object &object) -> cryo_status {
        if (network == nullptr) return invalid(function, "the network is NULL.");
        const std::string_view wrong = object.values.trusted_proxies.add(network);
        if (wrong.empty()) return CRYO_OK;
        return fail(status::invalid, std::string(function) + ": " + std::string(wrong) + ".");
    });
}

cryo_status cryo_server_options_set_forwarded_header(cryo_server_options *options, int32_t which) {
    const char *const function = __func__;
    return set_proxies::change(function, options, [&](server_options_object &object) -> cryo_status {
        if (which < CRYO_FORWARDED_NONE || which > CRYO_FORWARDED_RFC7239)
            return invalid(function, "there is no such header; take CRYO_FORWARDED_NONE, CRYO_FORWARDED_ANY, "
                                     "CRYO_FORWARDED_X_FORWARDED_FOR or CRYO_FORWARDED_RFC7239.");
        object.values.forwarded = static_cast<forwarded_header>(which);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_proxy_protocol(cryo_server_options *options, int32_t on) {
    return set_proxies::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.proxy_protocol; });
}

} // extern "C"
