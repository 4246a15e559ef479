// A server's certificate and key, read and checked by mbedTLS, for a libwebsockets that was built on it. Only
// src/net includes this.
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "net/lws_context.h"
#include "net/tls.h"

#ifndef CRYO_LWS_OVER_OPENSSL
#include <memory>

namespace cryo_core::net {

using der_chain = std::vector<std::vector<std::uint8_t>>;

class tls_material {
  public:
    // null: `why` says what is wrong, by tls_file, tls_certificate, tls_key, tls_mismatch, tls_expired, or
    // tls.
    static std::unique_ptr<tls_material> load(const tls_source &from, failure &why);

    tls_material(const tls_material &) = delete;
    tls_material &operator=(const tls_material &) = delete;
    ~tls_material();

    // All DER.
    bytes_view certificate() const noexcept { return chain_.front(); }
    // The server's own first.
    const der_chain &chain() const noexcept { return chain_; }
    bytes_view key() const noexcept { return key_; }

  private:
    tls_material() = default;

    der_chain chain_;
    std::vector<std::uint8_t> key_; // overwritten before it is freed
};

} // namespace cryo_core::net

#endif
