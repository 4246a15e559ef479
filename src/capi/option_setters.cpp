#include "capi/option_setters.h"

namespace cryo_core::capi {

cryo_status read_tls_files(const char *function, const char *certificate_file, const char *key_file,
                           std::optional<net::tls_source> &into) {
    if ((certificate_file == nullptr) != (key_file == nullptr))
        return invalid(function, "TLS needs both a certificate file and a key file.");
    if (certificate_file == nullptr) {
        into.reset();
        return CRYO_OK;
    }
    if (*certificate_file == '\0' || *key_file == '\0') return invalid(function, "a file name is empty.");
    net::tls_source source;
    source.certificate_file = certificate_file;
    source.key_file = key_file;
    into = std::move(source);
    return CRYO_OK;
}

cryo_status read_tls_memory(const char *function, bytes_view certificate, bytes_view key,
                            std::optional<net::tls_source> &into) {
    if (certificate.data() == nullptr && key.data() == nullptr) {
        into.reset();
        return CRYO_OK;
    }
    if (certificate.data() == nullptr || key.data() == nullptr || certificate.empty() || key.empty())
        return invalid(function, "TLS needs both a certificate and a key.");
    net::tls_source source;
    source.certificate.assign(certificate.begin(), certificate.end());
    source.key.assign(key.begin(), key.end());
    into = std::move(source);
    return CRYO_OK;
}

} // namespace cryo_core::capi
