#include "capi/server_options.h"

#include "capi/option_setters.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

static_assert(static_cast<int>(net::transport_kind::automatic) == CRYO_TRANSPORT_AUTO);
static_assert(static_cast<int>(net::transport_kind::libwebsockets) == CRYO_TRANSPORT_LIBWEBSOCKETS);
static_assert(static_cast<int>(net::transport_kind::poll) == CRYO_TRANSPORT_POLL);

using set_server = option_setters<server_options_object, handle_type::server_options>;

} // namespace

extern "C" {

cryo_status cryo_server_options_new(cryo_server_options **out) {
    return guard("cryo_server_options_new", [&]() -> cryo_status {
        if (out == nullptr) return invalid("cryo_server_options_new", "`out` is NULL.");
        *out = static_cast<cryo_server_options *>(
            add_handle(handle_type::server_options, std::make_shared<server_options_object>()));
        return CRYO_OK;
    });
}

void cryo_server_options_free(cryo_server_options *options) {
    take_back(__func__, handle_type::server_options, options);
}

cryo_status cryo_server_options_set_host(cryo_server_options *options, const char *host) {
    return set_server::change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (host == nullptr || *host == '\0')
            return invalid("cryo_server_options_set_host",
                           "the host is NULL or empty; \"::\" binds every address.");
        object.values.host = host;
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_port(cryo_server_options *options, uint16_t port) {
    return set_server::number(
        __func__, options, port, 0, UINT16_MAX, [](auto &v) -> auto & { return v.port; });
}

cryo_status cryo_server_options_set_reuse_port(cryo_server_options *options, int32_t on) {
    return set_server::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.reuse_port; });
}

cryo_status cryo_server_options_set_transport(cryo_server_options *options, int32_t transport) {
    return set_server::change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (transport < CRYO_TRANSPORT_AUTO || transport > CRYO_TRANSPORT_POLL)
            return invalid("cryo_server_options_set_transport",
                           "there is no such transport; take CRYO_TRANSPORT_AUTO, "
                           "CRYO_TRANSPORT_LIBWEBSOCKETS or CRYO_TRANSPORT_POLL.");
        object.values.transport = static_cast<net::transport_kind>(transport);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_threads(cryo_server_options *options, uint32_t threads) {
    return set_server::number(
        __func__, options, threads, 0, 256, [](auto &v) -> auto & { return v.threads; });
}

cryo_status cryo_server_options_set_validator(cryo_server_options *options, cryo_validate_fn fn, void *user,
                                              cryo_finalizer finalizer) {
    return set_server::change(__func__, options, [&](server_options_object &object) -> cryo_status {
        user_data former(user, finalizer);
        std::swap(object.validator_user, former);
        object.validator = fn;
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_events(cryo_server_options *options, cryo_events *events) {
    std::shared_ptr<event_set> found;
    if (events != nullptr) {
        found = std::static_pointer_cast<event_set>(find_shared(handle_type::events, events));
        if (!found) return bad_handle(__func__, handle_type::events, events);
    }
    return set_server::change(__func__, options, [&](server_options_object &object) -> cryo_status {
        object.events = std::move(found);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_cale(cryo_server_options *options, int32_t on) {
    return set_server::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.session.cale.on; });
}

cryo_status cryo_server_options_set_cale_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.session.cale.timeout; });
}

cryo_status cryo_server_options_set_keepalive_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 10, [](auto &v) -> auto & { return v.session.keepalive; });
}

cryo_status cryo_server_options_set_stall_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 0, [](auto &v) -> auto & { return v.session.stall_timeout; });
}

cryo_status cryo_server_options_set_ack_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.session.ack_timeout; });
}

cryo_status cryo_server_options_set_head_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.head_timeout; });
}

cryo_status cryo_server_options_set_validation_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.validation_timeout; });
}

cryo_status cryo_server_options_set_hello_wait_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 0, [](auto &v) -> auto & { return v.session.hello_wait; });
}

cryo_status cryo_server_options_set_close_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.close_timeout; });
}

cryo_status cryo_server_options_set_message_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.message_timeout; });
}

cryo_status cryo_server_options_set_min_message_rate(cryo_server_options *options,
                                                     uint32_t bytes_per_second) {
    return set_server::number(
        __func__, options, bytes_per_second, 0, any32, [](auto &v) -> auto & { return v.min_message_rate; });
}

cryo_status cryo_server_options_set_max_message_bytes(cryo_server_options *options, uint64_t bytes) {
    return set_server::number(
        __func__, options, bytes, 125, 1u << 30, [](auto &v) -> auto & { return v.max_message; });
}

cryo_status cryo_server_options_set_max_fragments(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 1, any32, [](auto &v) -> auto & { return v.max_fragments; });
}

cryo_status cryo_server_options_set_max_violations(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.session.max_violations; });
}

cryo_status cryo_server_options_set_high_water_mark(cryo_server_options *options, uint64_t bytes) {
    return set_server::number(
        __func__, options, bytes, 1, any64, [](auto &v) -> auto & { return v.session.high_water_mark; });
}

cryo_status cryo_server_options_set_low_water_mark(cryo_server_options *options, uint64_t bytes) {
    return set_server::number(
        __func__, options, bytes, 0, any64, [](auto &v) -> auto & { return v.session.low_water_mark; });
}

cryo_status cryo_server_options_set_max_queued_bytes(cryo_server_options *options, uint64_t bytes) {
    return set_server::number(
        __func__, options, bytes, 0, any64, [](auto &v) -> auto & { return v.session.max_queued_bytes; });
}

cryo_status cryo_server_options_set_drop_policy(cryo_server_options *options, int32_t policy) {
    return set_server::policy(
        __func__, options, policy, [](auto &v) -> auto & { return v.session.policy; });
}

cryo_status cryo_server_options_set_max_receipts(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 1, any32, [](auto &v) -> auto & { return v.session.max_receipts; });
}

cryo_status cryo_server_options_set_manual_ack(cryo_server_options *options, int32_t on) {
    return set_server::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.session.manual_ack; });
}

cryo_status cryo_server_options_set_max_unacknowledged(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 1, any32, [](auto &v) -> auto & { return v.session.max_unacknowledged; });
}

cryo_status cryo_server_options_set_max_queue_count(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.session.max_queue_count; });
}

cryo_status cryo_server_options_set_max_total_queued_bytes(cryo_server_options *options, uint64_t bytes) {
    return set_server::number(
        __func__, options, bytes, 0, any64, [](auto &v) -> auto & { return v.max_total_queued_bytes; });
}

cryo_status cryo_server_options_set_max_sessions(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.max_sessions; });
}

cryo_status cryo_server_options_set_max_sessions_per_address(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.max_sessions_per_address; });
}

cryo_status cryo_server_options_set_duplicate_policy(cryo_server_options *options, int32_t policy) {
    const char *const function = __func__;
    return set_server::change(function, options, [&](auto &object) -> cryo_status {
        if (policy < CRYO_DUPLICATE_REFUSE || policy > CRYO_DUPLICATE_REPLACE)
            return invalid(function,
                           "there is no such policy; take CRYO_DUPLICATE_REFUSE, CRYO_DUPLICATE_PROBE or "
                           "CRYO_DUPLICATE_REPLACE.");
        object.values.duplicates = static_cast<duplicate_policy>(policy);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_resume_window_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 0, [](auto &v) -> auto & { return v.resume_window; });
}

cryo_status cryo_server_options_set_max_away_sessions(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.max_away_sessions; });
}

cryo_status cryo_server_options_set_probe_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_server::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.probe_timeout; });
}

cryo_status cryo_server_options_set_max_pending_validations(cryo_server_options *options, uint32_t count) {
    return set_server::number(
        __func__, options, count, 1, any32, [](auto &v) -> auto & { return v.max_pending_validations; });
}

} // extern "C"
