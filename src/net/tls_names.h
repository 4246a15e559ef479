// The names in a certificate, and a certificate for people and programs. Only src/net includes this; what it
// tells is in tls_peer.h.
#pragma once

#include "net/openssl.h"
#include "net/tls_peer.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <string>
#include <vector>

namespace cryo_core::net {

// The DNS names that it is for, in lower case, without a dot at the end; "*." begins a wildcard.
std::vector<std::string> dns_names(const X509 *of);

// Throws std::bad_alloc.
std::unique_ptr<const peer_certificate> describe(const X509 *certificate);

} // namespace cryo_core::net

#endif
