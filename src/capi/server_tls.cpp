// The TLS of a server: its options, and what is exchanged while it runs.
#include "capi/option_setters.h"
#include "capi/server_options.h"
#include "net/tls_tickets.h"
#include "server/server.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

using set_server_tls = option_setters<server_options_object, handle_type::server_options>;

// One more, or the only one.
cryo_status take_certificate(cryo_status read, std::optional<net::tls_source> &made,
                             std::vector<net::tls_source> &into, bool only) {
    if (read != CRYO_OK) return read;
    if (only) into.clear();
    if (made) into.push_back(std::move(*made));
    return CRYO_OK;
}

cryo_status set_files(const char *function, cryo_server_options *options, const char *certificate,
                      const char *key, bool only) noexcept {
    return set_server_tls::change(function, options, [&](server_options_object &object) -> cryo_status {
        if (!only && certificate == nullptr && key == nullptr)
            return invalid(function, "the files are NULL.");
        std::optional<net::tls_source> made;
        return take_certificate(read_tls_files(function, certificate, key, made), made,
                                object.values.tls.certificates, only);
    });
}

cryo_status set_memory(const char *function, cryo_server_options *options, bytes_view certificate,
                       bytes_view key, bool only) noexcept {
    return set_server_tls::change(function, options, [&](server_options_object &object) -> cryo_status {
        if (!only && certificate.data() == nullptr && key.data() == nullptr)
            return invalid(function, "the certificate and the key are NULL.");
        std::optional<net::tls_source> made;
        return take_certificate(read_tls_memory(function, certificate, key, made), made,
                                object.values.tls.certificates, only);
    });
}

cryo_status check_ticket_keys(const char *function, bytes_view keys) {
    if (keys.data() == nullptr && keys.empty()) return CRYO_OK;
    if (keys.data() == nullptr || keys.empty()) return invalid(function, "there are no keys in them.");
    const failure why = net::ticket_keys::check(keys);
    return why ? fail(why.code, std::string(function) + ": " + why.text + '.') : CRYO_OK;
}

template <typename Function>
cryo_status with_running(const char *function, const cryo_server *handle, Function body) noexcept {
    return with_handle<server>(function, handle_type::server, handle, body);
}

} // namespace

extern "C" {

cryo_status cryo_server_options_set_tls_files(cryo_server_options *options, const char *certificate_file,
                                              const char *key_file) {
    return set_files(__func__, options, certificate_file, key_file, true);
}

cryo_status cryo_server_options_set_tls_memory(cryo_server_options *options, const uint8_t *certificate,
                                               size_t certificate_len, const uint8_t *key, size_t key_len) {
    return set_memory(__func__, options, {certificate, certificate_len}, {key, key_len}, true);
}

cryo_status cryo_server_options_add_tls_files(cryo_server_options *options, const char *certificate_file,
                                              const char *key_file) {
    return set_files(__func__, options, certificate_file, key_file, false);
}

cryo_status cryo_server_options_add_tls_memory(cryo_server_options *options, const uint8_t *certificate,
                                               size_t certificate_len, const uint8_t *key, size_t key_len) {
    return set_memory(__func__, options, {certificate, certificate_len}, {key, key_len}, false);
}

cryo_status cryo_server_options_set_tls_min_version(cryo_server_options *options, int32_t version) {
    return set_server_tls::change(__func__, options, [&](server_options_object &object) {
        return read_tls_version("cryo_server_options_set_tls_min_version", version,
                                object.values.tls.min_version);
    });
}

cryo_status cryo_server_options_set_tls_client_ca_file(cryo_server_options *options, const char *file) {
    return set_server_tls::change(__func__, options, [&](server_options_object &object) {
        net::server_tls_source &tls = object.values.tls;
        return read_trusted_file("cryo_server_options_set_tls_client_ca_file", file, tls.client_ca_file,
                                 tls.client_ca);
    });
}

cryo_status cryo_server_options_set_tls_client_ca_memory(cryo_server_options *options, const uint8_t *pem,
                                                         size_t len) {
    return set_server_tls::change(__func__, options, [&](server_options_object &object) {
        net::server_tls_source &tls = object.values.tls;
        return read_trusted_memory("cryo_server_options_set_tls_client_ca_memory", {pem, len}, tls.client_ca,
                                   tls.client_ca_file);
    });
}

cryo_status cryo_server_options_set_tls_require_client_certificate(cryo_server_options *options, int32_t on) {
    return set_server_tls::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.tls.require_client_certificate; });
}

cryo_status cryo_server_options_add_tls_ocsp_file(cryo_server_options *options, const char *file) {
    return set_server_tls::change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (file == nullptr || *file == '\0')
            return invalid("cryo_server_options_add_tls_ocsp_file", "the file name is NULL or empty.");
        object.values.tls.ocsp_files.emplace_back(file);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_tls_ticket_keys(cryo_server_options *options, const uint8_t *keys,
                                                    size_t len) {
    return set_server_tls::change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (const cryo_status bad = check_ticket_keys("cryo_server_options_set_tls_ticket_keys", {keys, len}))
            return bad;
        object.values.tls.ticket_keys.assign(keys, keys == nullptr ? keys : keys + len);
        return CRYO_OK;
    });
}

cryo_status cryo_server_set_tls(cryo_server *handle, const cryo_server_options *options) {
    return with_running("cryo_server_set_tls", handle, [&](server &found) -> cryo_status {
        if (options == nullptr) return outcome(found.exchange_tls(nullptr));
        return with_handle<server_options_object>(
            "cryo_server_set_tls", handle_type::server_options, options,
            [&](server_options_object &from) { return outcome(found.exchange_tls(&from.values.tls)); });
    });
}

cryo_status cryo_server_set_tls_ticket_keys(cryo_server *handle, const uint8_t *keys, size_t len) {
    return with_running("cryo_server_set_tls_ticket_keys", handle, [&](server &found) -> cryo_status {
        if (const cryo_status bad = check_ticket_keys("cryo_server_set_tls_ticket_keys", {keys, len}))
            return bad;
        return outcome(found.set_ticket_keys({keys, len}));
    });
}

} // extern "C"
