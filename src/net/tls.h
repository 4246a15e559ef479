// The server's certificate and key, read and checked before anything listens.
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#include <memory>
#include <string>
#include <vector>

namespace cryo_core::net {

// PEM or DER. A file's name wins over the bytes. The certificate may be followed by its chain (PEM).
struct tls_source {
    std::string certificate_file{};
    std::string key_file{};
    std::vector<std::uint8_t> certificate{};
    std::vector<std::uint8_t> key{};
};

using der_chain = std::vector<std::vector<std::uint8_t>>;

// All certificates in the file, or in the bytes where that has no name, as DER. false: `why` has tls_file,
// permission or tls_certificate.
bool load_certificates(const std::string &file, const std::vector<std::uint8_t> &bytes, der_chain &into,
                       failure &why);

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
