// What a server shows, read once and never changed: a context for each certificate, and which name has which.
// Only src/net includes this.
#pragma once

#include "net/openssl.h"
#include "net/tls_server.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <array>
#include <atomic>
#include <ctime>
#include <map>

namespace cryo_core::net {

// Asked by OpenSSL what to show with a certificate; the set has the answer (tls_server_handshake.cpp).
int show_staple(SSL *ssl, void *) noexcept;

class tls_server_set {
  public:
    // null: `why` says why.
    static std::shared_ptr<const tls_server_set> load(const server_tls_source &from, failure &why);
    tls_server_set() = default;
    tls_server_set(const tls_server_set &) = delete;
    tls_server_set &operator=(const tls_server_set &) = delete;

    // For the name that a client asks for; null: for none.
    SSL_CTX *context_for(const char *name) const noexcept;
    // What is to be shown with the context's certificate now; empty: nothing.
    bytes_view staple_for(const SSL_CTX *context, std::time_t now) const noexcept;

    int min_version() const noexcept { return min_version_; }
    int verify_mode() const noexcept { return verify_mode_; }
    // Sessions go on only under the rules for clients' certificates that they began with.
    bytes_view rules() const noexcept { return rules_; }

  private:
    struct entry {
        ssl_context_ptr context;
        std::vector<std::uint8_t> staple;
        std::time_t staple_until = 0;
        mutable std::atomic<bool> told{false}; // that the staple has expired
    };
    struct client_rules;

    bool add(const tls_source &from, tls_version least, const client_rules &clients, failure &why);
    void add_names(std::size_t which);
    void staple(const std::string &file);

    std::vector<std::unique_ptr<entry>> entries_;
    std::map<std::string, std::size_t, std::less<>> names_;
    int min_version_ = TLS1_2_VERSION;
    int verify_mode_ = SSL_VERIFY_NONE;
    std::array<std::uint8_t, 32> rules_{};
};

} // namespace cryo_core::net

#endif
