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

cryo_status read_trusted_file(const char *function, const char *file, std::string &into,
                              std::vector<std::uint8_t> &other) {
    if (file != nullptr && *file == '\0') return invalid(function, "the file name is empty.");
    into = file == nullptr ? "" : file;
    other.clear();
    return CRYO_OK;
}

cryo_status read_trusted_memory(const char *function, bytes_view pem, std::vector<std::uint8_t> &into,
                                std::string &other) {
    if (pem.data() != nullptr && pem.empty()) return invalid(function, "the certificates are empty.");
    into.assign(pem.begin(), pem.data() == nullptr ? pem.begin() : pem.end());
    other.clear();
    return CRYO_OK;
}

cryo_status read_tls_version(const char *function, std::int32_t version, net::tls_version &into) {
    if (version != CRYO_TLS_1_2 && version != CRYO_TLS_1_3)
        return invalid(function, "there is no such version; take CRYO_TLS_1_2 or CRYO_TLS_1_3.");
    into = version == CRYO_TLS_1_3 ? net::tls_version::v1_3 : net::tls_version::v1_2;
    return CRYO_OK;
}

} // namespace cryo_core::capi
