// What a client needs for TLS: whom it trusts, and who it is.
#pragma once

#include "base/status.h"
#include "net/tls.h"

#include <memory>
#include <string>
#include <vector>

namespace cryo_core::net {

// PEM or DER. A file's name wins over the bytes.
struct client_tls_source {
    // Who may certify servers, besides those whom the system trusts.
    std::string ca_file{};
    std::vector<std::uint8_t> ca{};
    bool system_ca = true;

    // What we show to a server that asks for it; empty: nothing.
    tls_source identity{};

    tls_version min_version = tls_version::v1_2;
};

// Read and checked once, shared by all connections of a client.
class client_tls {
  public:
    // null: `why` says what is wrong, by tls_file, permission, tls_certificate, tls_key, tls_mismatch,
    // tls_expired, or tls; unsupported where libwebsockets has no TLS, or other TLS than OpenSSL's.
    static std::shared_ptr<const client_tls> load(const client_tls_source &from, failure &why);

    client_tls(const client_tls &) = delete;
    client_tls &operator=(const client_tls &) = delete;
    ~client_tls();

    struct inside;
    const inside &get() const noexcept { return *inside_; }

  private:
    client_tls();

    std::unique_ptr<inside> inside_;
};

} // namespace cryo_core::net
