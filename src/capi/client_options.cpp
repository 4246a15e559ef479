#include "capi/client_options.h"

#include "base/utf8.h"
#include "capi/option_setters.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

using set_client = option_setters<client_options_object, handle_type::client_options>;

} // namespace

namespace cryo_core::capi {

cryo_status check_client_options(const char *function, const client_options_object &options) noexcept {
    const client_options &values = options.values;
    if (!options.has_url) return invalid(function, "there is no URL to connect to.");
    if (values.token.empty()) return invalid(function, "there is no token.");
    if (values.session.low_water_mark > values.session.high_water_mark)
        return invalid(function, "the low-water mark is above the high-water mark.");
    if (values.session.cale.on && values.sid &&
        std::all_of(values.sid->bytes.begin(), values.sid->bytes.begin() + 8,
                    [](std::uint8_t byte) { return byte == 0; }))
        return invalid(function, "with CALE, a session id must not begin with eight zero bytes.");
    return CRYO_OK;
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

cryo_status cryo_client_options_set_url(cryo_client_options *options, const char *text) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        url to;
        const std::string_view wrong = parse_url(text == nullptr ? "" : text, to);
        if (!wrong.empty())
            return fail(status::invalid, "cryo_client_options_set_url: " + std::string(wrong));
        object.values.to = std::move(to);
        object.has_url = true;
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_set_token(cryo_client_options *options, const char *token) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        if (token == nullptr || *token == '\0')
            return invalid("cryo_client_options_set_token", "the token is NULL or empty.");
        if (!utf8_valid(as_bytes(token)))
            return invalid("cryo_client_options_set_token", "the token is not UTF-8.");
        object.values.token = token;
        return CRYO_OK;
    });
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
        object.values.parameters.emplace_back(name, value);
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

cryo_status cryo_client_options_set_tls_ca_file(cryo_client_options *options, const char *file) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        if (file != nullptr && *file == '\0')
            return invalid("cryo_client_options_set_tls_ca_file", "the file name is empty.");
        object.values.tls.ca.clear();
        object.values.tls.ca_file = file == nullptr ? "" : file;
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_set_tls_ca_memory(cryo_client_options *options, const uint8_t *pem,
                                                  size_t len) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        if (pem != nullptr && len == 0)
            return invalid("cryo_client_options_set_tls_ca_memory", "the certificates are empty.");
        object.values.tls.ca_file.clear();
        object.values.tls.ca.assign(pem, pem == nullptr ? pem : pem + len);
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_set_tls_system_ca(cryo_client_options *options, int32_t on) {
    return set_client::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.tls.system_ca; });
}

cryo_status cryo_client_options_set_tls_files(cryo_client_options *options, const char *certificate_file,
                                              const char *key_file) {
    return set_client::change(__func__, options, [&](client_options_object &object) {
        std::optional<net::tls_source> identity;
        const cryo_status bad =
            read_tls_files("cryo_client_options_set_tls_files", certificate_file, key_file, identity);
        if (bad == CRYO_OK) object.values.tls.identity = identity ? std::move(*identity) : net::tls_source{};
        return bad;
    });
}

cryo_status cryo_client_options_set_tls_memory(cryo_client_options *options, const uint8_t *certificate,
                                               size_t certificate_len, const uint8_t *key, size_t key_len) {
    return set_client::change(__func__, options, [&](client_options_object &object) {
        std::optional<net::tls_source> identity;
        const cryo_status bad = read_tls_memory("cryo_client_options_set_tls_memory",
                                                {certificate, certificate_len}, {key, key_len}, identity);
        if (bad == CRYO_OK) object.values.tls.identity = identity ? std::move(*identity) : net::tls_source{};
        return bad;
    });
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
