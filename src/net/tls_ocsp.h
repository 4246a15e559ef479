// OCSP responses that a server shows with its certificate (stapling, RFC 6066 section 8). Only src/net
// includes this.
#pragma once

#include "net/openssl.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

namespace cryo_core::net {

class ocsp_response {
  public:
    // null: it cannot be shown, and `why` says why. Its signature is for clients to check.
    static std::unique_ptr<ocsp_response> read(const std::string &file, std::string &why);
    ~ocsp_response();
    ocsp_response(const ocsp_response &) = delete;
    ocsp_response &operator=(const ocsp_response &) = delete;

    // Whether it speaks of this certificate, and still holds. `issuer` may be null.
    enum class verdict : std::uint8_t { good, revoked, of_another, expired, malformed };
    verdict judge(const X509 *certificate, const X509 *issuer);
    // After judge(): until when, in seconds since 1970; 0: it does not say.
    std::time_t until() const noexcept { return until_; }
    const std::vector<std::uint8_t> &der() const noexcept { return der_; }

  private:
    ocsp_response() noexcept = default;

    struct parsed;
    std::vector<std::uint8_t> der_;
    std::unique_ptr<parsed> parsed_;
    std::time_t until_ = 0;
};

} // namespace cryo_core::net

#endif
