#include "capi/server_options.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

template <typename Change>
cryo_status change(const char *function, cryo_server_options *options, Change set) noexcept {
    return with_handle<server_options_object>(
        function, handle_type::server_options, options,
        [&](server_options_object &object) -> cryo_status { return set(object); });
}

// A number within bounds, both included.
template <typename Number, typename Place>
cryo_status set_number(const char *function, cryo_server_options *options, Number value, std::uint64_t least,
                       std::uint64_t most, Place place) noexcept {
    return change(function, options, [&](server_options_object &object) -> cryo_status {
        if (value < least || value > most)
            return fail(status::invalid, std::string(function) + ": " + std::to_string(value) +
                                             " is not from " + std::to_string(least) + " to " +
                                             std::to_string(most) + ".");
        place(object.values) = value;
        return CRYO_OK;
    });
}

template <typename Place>
cryo_status set_ms(const char *function, cryo_server_options *options, std::uint32_t ms, std::uint32_t least,
                   Place place) noexcept {
    return change(function, options, [&](server_options_object &object) -> cryo_status {
        if (ms < least)
            return fail(status::invalid, std::string(function) + ": " + std::to_string(ms) +
                                             " ms is too short; " + std::to_string(least) + " at least.");
        place(object.values) = from_ms(ms);
        return CRYO_OK;
    });
}

constexpr std::uint64_t any32 = UINT32_MAX;
constexpr std::uint64_t any64 = UINT64_MAX / 4; // sums of two do not overflow

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
    return change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (host == nullptr || *host == '\0')
            return invalid("cryo_server_options_set_host",
                           "the host is NULL or empty; \"::\" binds every address.");
        object.values.host = host;
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_port(cryo_server_options *options, uint16_t port) {
    return set_number(
        __func__, options, port, 0, UINT16_MAX, [](auto &v) -> auto & { return v.port; });
}

cryo_status cryo_server_options_set_threads(cryo_server_options *options, uint32_t threads) {
    return set_number(
        __func__, options, threads, 0, 256, [](auto &v) -> auto & { return v.threads; });
}

cryo_status cryo_server_options_set_validator(cryo_server_options *options, cryo_validate_fn fn, void *user,
                                              cryo_finalizer finalizer) {
    return change(__func__, options, [&](server_options_object &object) -> cryo_status {
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
    return change(__func__, options, [&](server_options_object &object) -> cryo_status {
        object.events = std::move(found);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_tls_files(cryo_server_options *options, const char *certificate_file,
                                              const char *key_file) {
    return change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if ((certificate_file == nullptr) != (key_file == nullptr))
            return invalid("cryo_server_options_set_tls_files",
                           "TLS needs both a certificate file and a key file.");
        if (certificate_file == nullptr) {
            object.values.tls.reset();
            return CRYO_OK;
        }
        if (*certificate_file == '\0' || *key_file == '\0')
            return invalid("cryo_server_options_set_tls_files", "a file name is empty.");
        net::tls_source source;
        source.certificate_file = certificate_file;
        source.key_file = key_file;
        object.values.tls = std::move(source);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_tls_memory(cryo_server_options *options, const uint8_t *certificate,
                                               size_t certificate_len, const uint8_t *key, size_t key_len) {
    return change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (certificate == nullptr && key == nullptr) {
            object.values.tls.reset();
            return CRYO_OK;
        }
        if (certificate == nullptr || key == nullptr || certificate_len == 0 || key_len == 0)
            return invalid("cryo_server_options_set_tls_memory", "TLS needs both a certificate and a key.");
        net::tls_source source;
        source.certificate.assign(certificate, certificate + certificate_len);
        source.key.assign(key, key + key_len);
        object.values.tls = std::move(source);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_cale(cryo_server_options *options, int32_t on) {
    return change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (on != 0 && on != 1) return invalid("cryo_server_options_set_cale", "`on` is neither 0 nor 1.");
        object.values.session.cale.on = on == 1;
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_cale_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.session.cale.timeout; });
}

cryo_status cryo_server_options_set_keepalive_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 10, [](auto &v) -> auto & { return v.session.keepalive; });
}

cryo_status cryo_server_options_set_ack_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.session.ack_timeout; });
}

cryo_status cryo_server_options_set_head_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.head_timeout; });
}

cryo_status cryo_server_options_set_validation_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.validation_timeout; });
}

cryo_status cryo_server_options_set_hello_wait_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 0, [](auto &v) -> auto & { return v.session.hello_wait; });
}

cryo_status cryo_server_options_set_close_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.close_timeout; });
}

cryo_status cryo_server_options_set_message_timeout_ms(cryo_server_options *options, uint32_t ms) {
    return set_ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.message_timeout; });
}

cryo_status cryo_server_options_set_max_message_bytes(cryo_server_options *options, uint64_t bytes) {
    return set_number(
        __func__, options, bytes, 125, 1u << 30, [](auto &v) -> auto & { return v.max_message; });
}

cryo_status cryo_server_options_set_max_fragments(cryo_server_options *options, uint32_t count) {
    return set_number(
        __func__, options, count, 1, any32, [](auto &v) -> auto & { return v.max_fragments; });
}

cryo_status cryo_server_options_set_max_violations(cryo_server_options *options, uint32_t count) {
    return set_number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.session.max_violations; });
}

cryo_status cryo_server_options_set_high_water_mark(cryo_server_options *options, uint64_t bytes) {
    return set_number(
        __func__, options, bytes, 1, any64, [](auto &v) -> auto & { return v.session.high_water_mark; });
}

cryo_status cryo_server_options_set_low_water_mark(cryo_server_options *options, uint64_t bytes) {
    return set_number(
        __func__, options, bytes, 0, any64, [](auto &v) -> auto & { return v.session.low_water_mark; });
}

cryo_status cryo_server_options_set_max_queued_bytes(cryo_server_options *options, uint64_t bytes) {
    return set_number(
        __func__, options, bytes, 0, any64, [](auto &v) -> auto & { return v.session.max_queued_bytes; });
}

cryo_status cryo_server_options_set_max_queue_count(cryo_server_options *options, uint32_t count) {
    return set_number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.session.max_queue_count; });
}

cryo_status cryo_server_options_set_max_sessions(cryo_server_options *options, uint32_t count) {
    return set_number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.max_sessions; });
}

cryo_status cryo_server_options_set_max_sessions_per_address(cryo_server_options *options, uint32_t count) {
    return set_number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.max_sessions_per_address; });
}

cryo_status cryo_server_options_set_max_pending_validations(cryo_server_options *options, uint32_t count) {
    return set_number(
        __func__, options, count, 1, any32, [](auto &v) -> auto & { return v.max_pending_validations; });
}

} // extern "C"
