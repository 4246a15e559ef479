// The options of a client that say how it gets to its server: TLS, and a proxy.
#include "capi/client_options.h"
#include "capi/option_setters.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

using set_client = option_setters<client_options_object, handle_type::client_options>;

} // namespace

extern "C" {

cryo_status cryo_client_options_set_tls_ca_file(cryo_client_options *options, const char *file) {
    return set_client::change(__func__, options, [&](client_options_object &object) {
        net::client_tls_source &tls = object.values.tls;
        return read_trusted_file("cryo_client_options_set_tls_ca_file", file, tls.ca_file, tls.ca);
    });
}

cryo_status cryo_client_options_set_tls_ca_memory(cryo_client_options *options, const uint8_t *pem,
                                                  size_t len) {
    return set_client::change(__func__, options, [&](client_options_object &object) {
        net::client_tls_source &tls = object.values.tls;
        return read_trusted_memory("cryo_client_options_set_tls_ca_memory", {pem, len}, tls.ca, tls.ca_file);
    });
}

cryo_status cryo_client_options_set_tls_min_version(cryo_client_options *options, int32_t version) {
    return set_client::change(__func__, options, [&](client_options_object &object) {
        return read_tls_version("cryo_client_options_set_tls_min_version", version,
                                object.values.tls.min_version);
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

cryo_status cryo_client_options_set_proxy(cryo_client_options *options, const char *text) {
    return set_client::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        std::optional<net::proxy> made;
        if (text != nullptr) {
            const std::string_view wrong = net::parse_proxy(text, made.emplace());
            if (!wrong.empty())
                return fail(status::invalid, "cryo_client_options_set_proxy: " + std::string(wrong) + ".");
        }
        object.values.proxy = std::move(made);
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_use_proxy_from_environment(cryo_client_options *options, int32_t on) {
    return set_client::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.proxy_from_environment; });
}

} // extern "C"
