#include "net/tls_ocsp.h"

#include "net/tls_file.h"
#include "net/tls_reading.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/ocsp.h>

namespace cryo_core::net {

namespace {

// For clocks that differ.
constexpr long ocsp_leeway_s = 300;

using basic_ptr = std::unique_ptr<OCSP_BASICRESP, freed_by<OCSP_BASICRESP_free>>;

bool is_about(const OCSP_SINGLERESP *single, const X509 *certificate, const X509 *issuer) {
    const OCSP_CERTID *const id = OCSP_SINGLERESP_get0_id(single);
    // The library's readers of an id take one that they could change, and do not.
    auto *const readable = const_cast<OCSP_CERTID *>(id);
    ASN1_INTEGER *serial = nullptr;
    ASN1_OBJECT *digest = nullptr;
    OCSP_id_get0_info(nullptr, &digest, nullptr, &serial, readable);
    if (serial == nullptr || ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(certificate)) != 0) return false;
    if (issuer == nullptr) return true;
    const EVP_MD *const hash = EVP_get_digestbyobj(digest);
    if (hash == nullptr) return true; // clients will know
    const std::unique_ptr<OCSP_CERTID, freed_by<OCSP_CERTID_free>> wanted(
        OCSP_cert_to_id(hash, certificate, issuer));
    return wanted != nullptr && OCSP_id_cmp(wanted.get(), readable) == 0;
}

std::time_t seconds_of(const ASN1_GENERALIZEDTIME *when) {
    std::tm t{};
    if (when == nullptr || ASN1_TIME_to_tm(when, &t) != 1) return 0;
    return timegm(&t);
}

} // namespace

struct ocsp_response::parsed {
    basic_ptr basic;
};

ocsp_response::~ocsp_response() = default;

std::unique_ptr<ocsp_response> ocsp_response::read(const std::string &file, std::string &why) {
    std::unique_ptr<ocsp_response> made(new ocsp_response);
    made->parsed_ = std::make_unique<parsed>();
    failure trouble;
    if (!read_tls_file(file, made->der_, trouble)) {
        why = trouble.text;
        return nullptr;
    }
    ERR_clear_error();
    const unsigned char *at = made->der_.data();
    const std::unique_ptr<OCSP_RESPONSE, freed_by<OCSP_RESPONSE_free>> whole(
        d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(made->der_.size())));
    if (whole == nullptr) {
        why = file + " is no OCSP response (DER)";
        ERR_clear_error();
        return nullptr;
    }
    if (const int status = OCSP_response_status(whole.get()); status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        why = file + " is an OCSP response without an answer: " + OCSP_response_status_str(status);
        return nullptr;
    }
    made->parsed_->basic.reset(OCSP_response_get1_basic(whole.get()));
    if (made->parsed_->basic == nullptr) {
        why = file + " is an OCSP response of a kind that is unknown: " + openssl_words();
        return nullptr;
    }
    return made;
}

ocsp_response::verdict ocsp_response::judge(const X509 *certificate, const X509 *issuer) {
    OCSP_BASICRESP *const basic = parsed_->basic.get();
    for (int i = 0; i < OCSP_resp_count(basic); ++i) {
        OCSP_SINGLERESP *const single = OCSP_resp_get0(basic, i);
        if (!is_about(single, certificate, issuer)) continue;
        ASN1_GENERALIZEDTIME *from = nullptr;
        ASN1_GENERALIZEDTIME *to = nullptr;
        const int status = OCSP_single_get0_status(single, nullptr, nullptr, &from, &to);
        const bool holds = OCSP_check_validity(from, to, ocsp_leeway_s, -1) == 1;
        ERR_clear_error();
        if (status < 0) return verdict::malformed;
        if (!holds) return verdict::expired;
        until_ = seconds_of(to);
        return status == V_OCSP_CERTSTATUS_REVOKED ? verdict::revoked : verdict::good;
    }
    ERR_clear_error();
    return verdict::of_another;
}

} // namespace cryo_core::net

#endif
