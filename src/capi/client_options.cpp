#include "capi/client_options.h"

#include "capi/option_setters.h"
#include "session/resume_point.h"
#include "upgrade/own_header.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

using set_client = option_setters<client_options_object, handle_type::client_options>;

} // namespace

namespace cryo_core::capi {

cryo_status check_client_options(const char *function, const client_options_object &options,
                                 const event_handlers &told) noexcept {
    const client_options &values = options.values;
    if (!options.has_url) return invalid(function, "there is no URL to connect to.");
    if (values.to.is_unix() && values.proxy)
        return invalid(function, "a Unix-domain socket is not reached through a proxy.");
    const url_identity &in_url = options.in_url;
    if (values.asks_for_token && options.tokens.fn == nullptr && !told.queue)
        return invalid(function, "there is no token provider, and the events use no queue.");
    if (values.token.empty() && in_url.token.empty() && !values.asks_for_token)
        return invalid(function, "there is no token.");
    if (!values.asks_for_token && !values.token.empty() && !in_url.token.empty() &&
        values.token != in_url.token)
        return invalid(function, "the URL has another token (authorization) than the options; give one.");
    if (values.sid && in_url.sid && *values.sid != *in_url.sid)
        return invalid(function, "the URL has another session id (x-cryo-sid) than the options; give one.");
    if (values.session.low_water_mark > values.session.high_water_mark)
        return invalid(function, "the low-water mark is above the high-water mark.");
    const std::optional<uuid> sid = values.sid ? values.sid : in_url.sid;
    if (values.session.cale.on && sid &&
        std::all_of(sid->bytes.begin(), sid->bytes.begin() + 8, [](std::uint8_t byte) { return byte == 0; }))
        return invalid(function, "with CALE, a session id must not begin with eight zero bytes.");
    return CRYO_OK;
}

client_options client_options_object::all_values() const {
    client_options all = values;
    if (all.asks_for_token)
        all.token.clear();
    else if (all.token.empty())
        all.token = in_url.token;
    if (!all.sid) all.sid = in_url.sid;
    return all;
}

} // namespace cryo_core::capi

extern "C" {

cryo_status cryo_client_options_new(cryo_client_options **out) {
    return guard("cryo_client_options_new", [&]() -> cryo_status {
        if (out == nullptr) return invalid("cryo_client_options_new", "`out` is NULL.");
        *out = static_cast<cryo_client_options *>(
            add_handle(handle_type::client_options, std::make_shared<client_options_object>()));
        return CRYO_OK;
    });
}

void cryo_client_options_free(cryo_client_options *options) {
    take_back(__func__, handle_type::client_options, options);
}

cryo_status cryo_client_options_set_session_id(cryo_client_options *options, const uint8_t *id) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        object.values.sid.reset();
        if (id != nullptr) std::copy(id, id + 16, object.values.sid.emplace().bytes.begin());
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_add_parameter(cryo_client_options *options, const char *name,
                                              const char *value) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        const char *const function = "cryo_client_options_add_parameter";
        if (name == nullptr || *name == '\0' || value == nullptr)
            return invalid(function, "the name is NULL or empty, or the value is NULL.");
        const std::string_view key = name;
        if (key == "authorization" || key == "x-cryo-sid")
            return invalid(function, "the token and the session id have setters of their own.");
        if (key == resume_point::parameter) return invalid(function, "that parameter is the library's own.");
        object.values.parameters.emplace_back(name, value);
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_add_header(cryo_client_options *options, const char *name,
                                           const char *value) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        const char *const function = "cryo_client_options_add_header";
        if (name == nullptr || value == nullptr) return invalid(function, "the name or the value is NULL.");
        const std::string_view wrong = upgrade::own_header_trouble(name, value);
        if (!wrong.empty())
            return fail(status::invalid, std::string(function) + ": " + std::string(wrong) + ".");
        const std::string line = std::string(name) + ": " + value + "\r\n";
        if (object.values.headers.size() + line.size() > upgrade::max_own_headers)
            return fail(status::invalid, std::string(function) + ": the headers are longer than " +
                                             std::to_string(upgrade::max_own_headers) + " bytes in all.");
        object.values.headers += line;
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_set_events(cryo_client_options *options, cryo_events *events) {
    std::shared_ptr<event_set> found;
    if (events != nullptr) {
        found = std::static_pointer_cast<event_set>(find_shared(handle_type::events, events));
        if (!found) return bad_handle(__func__, handle_type::events, events);
    }
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        object.events = std::move(found);
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_set_loop(cryo_client_options *options, cryo_loop *loop) {
    std::shared_ptr<hub> found;
    if (loop != nullptr) {
        found = std::static_pointer_cast<hub>(find_shared(handle_type::loop, loop));
        if (!found) return bad_handle(__func__, handle_type::loop, loop);
    }
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        object.on = std::move(found);
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_set_cale(cryo_client_options *options, int32_t on) {
    return set_client::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.session.cale.on; });
}

cryo_status cryo_client_options_set_cale_timeout_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.session.cale.timeout; });
}

cryo_status cryo_client_options_set_connect_timeout_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.connect_timeout; });
}

cryo_status cryo_client_options_set_reconnect_initial_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 0, [](auto &v) -> auto & { return v.reconnect_initial; });
}

cryo_status cryo_client_options_set_reconnect_max_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 0, [](auto &v) -> auto & { return v.reconnect_max; });
}

cryo_status cryo_client_options_set_reconnect_attempts(cryo_client_options *options, uint32_t count) {
    return set_client::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.reconnect_attempts; });
}

cryo_status cryo_client_options_set_resend(cryo_client_options *options, int32_t on) {
    return set_client::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.resend; });
}

cryo_status cryo_client_options_set_keepalive_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 10, [](auto &v) -> auto & { return v.session.keepalive; });
}

cryo_status cryo_client_options_set_stall_timeout_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 0, [](auto &v) -> auto & { return v.session.stall_timeout; });
}

cryo_status cryo_client_options_set_ack_timeout_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.session.ack_timeout; });
}

cryo_status cryo_client_options_set_close_timeout_ms(cryo_client_options *options, uint32_t ms) {
    return set_client::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.close_timeout; });
}

cryo_status cryo_client_options_set_max_message_bytes(cryo_client_options *options, uint64_t bytes) {
    return set_client::number(
        __func__, options, bytes, 125, 1u << 30, [](auto &v) -> auto & { return v.max_message; });
}

cryo_status cryo_client_options_set_max_violations(cryo_client_options *options, uint32_t count) {
    return set_client::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.session.max_violations; });
}

cryo_status cryo_client_options_set_high_water_mark(cryo_client_options *options, uint64_t bytes) {
    return set_client::number(
        __func__, options, bytes, 1, any64, [](auto &v) -> auto & { return v.session.high_water_mark; });
}

cryo_status cryo_client_options_set_low_water_mark(cryo_client_options *options, uint64_t bytes) {
    return set_client::number(
        __func__, options, bytes, 0, any64, [](auto &v) -> auto & { return v.session.low_water_mark; });
}

cryo_status cryo_client_options_set_max_queued_bytes(cryo_client_options *options, uint64_t bytes) {
    return set_client::number(
        __func__, options, bytes, 0, any64, [](auto &v) -> auto & { return v.session.max_queued_bytes; });
}

cryo_status cryo_client_options_set_drop_policy(cryo_client_options *options, int32_t policy) {
    return set_client::policy(
        __func__, options, policy, [](auto &v) -> auto & { return v.session.policy; });
}

cryo_status cryo_client_options_set_max_receipts(cryo_client_options *options, uint32_t count) {
    return set_client::number(
        __func__, options, count, 1, any32, [](auto &v) -> auto & { return v.session.max_receipts; });
}

cryo_status cryo_client_options_set_max_queue_count(cryo_client_options *options, uint32_t count) {
    return set_client::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.session.max_queue_count; });
}

} // extern "C"
