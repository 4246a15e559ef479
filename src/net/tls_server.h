// A server's TLS: what it shows to whom, whom it asks for a certificate, and the keys of its session tickets.
// All loops of a server share one, and it can be exchanged while they run: connections that are there keep
// what they have.
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "net/tls.h"

#include <memory>
#include <string>
#include <vector>

namespace cryo_core::net {

struct server_tls_source {
    // Which of them a client sees goes by the name that it asks for; the first one, where none has that.
    std::vector<tls_source> certificates{};

    // Who may certify clients; empty: they are not asked. A file's name wins over the bytes. Against clients
    // of others: with `require_client_certificate` one that shows none is refused in the handshake.
    std::string client_ca_file{};
    std::vector<std::uint8_t> client_ca{};
    bool require_client_certificate = false;

    tls_version min_version = tls_version::v1_2;

    // OCSP responses (DER), each for one of the certificates.
    std::vector<std::string> ocsp_files{};

    // See tls_tickets.h; empty: keys of its own.
    std::vector<std::uint8_t> ticket_keys{};

    explicit operator bool() const noexcept { return !certificates.empty(); }
    bool asks_clients() const noexcept { return !client_ca_file.empty() || !client_ca.empty(); }
};

class server_tls {
  public:
    // null: `why` says what is wrong, by tls_file, permission, tls_certificate, tls_key, tls_mismatch,
    // tls_expired, or tls; unsupported: what libwebsockets cannot do here.
    static std::shared_ptr<server_tls> load(const server_tls_source &from, failure &why);

    server_tls(const server_tls &) = delete;
    server_tls &operator=(const server_tls &) = delete;
    ~server_tls();

    // From any thread. New connections use it from now on; after a failure, what was there before.
    failure exchange(const server_tls_source &from);
    // The same again: files are read anew, keys of tickets stay.
    failure reload();
    // Empty: keys of its own.
    failure set_ticket_keys(bytes_view keys);

    struct inside;
    inside &get() const noexcept { return *inside_; }

  private:
    server_tls();

    std::unique_ptr<inside> inside_;
};

} // namespace cryo_core::net
