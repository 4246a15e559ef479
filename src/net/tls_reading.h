// Certificates and keys as OpenSSL reads them: what OpenSSL is to use, nothing else may judge. Only src/net
// includes this.
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "net/openssl.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <vector>

namespace cryo_core::net {

using certificate_list = std::vector<certificate_ptr>;

// All of a chain, PEM or DER; false: `why` has tls_certificate. `name` is what it is called in words.
bool read_chain(const std::string &name, bytes_view data, certificate_list &into, failure &why);

// Whom to trust: the certificates in the file, or in the bytes where that has no name. What cannot be used is
// passed over, and the log says why; false: nothing can be, and `why` has tls_file, permission or
// tls_certificate. `level` is the security level of the connections (SSL_CTX_get_security_level).
bool read_trusted(const std::string &file, bytes_view bytes, int level, certificate_list &into, failure &why);

// null: `why` has tls_key.
key_ptr read_key(const std::string &name, bytes_view data, failure &why);

// "RSA, 1024 bits"
std::string words_of(const EVP_PKEY *key);

// "2020-06-01 00:00:00 UTC"
std::string words_of(const ASN1_TIME *when);

// A certificate's subject, for people.
std::string subject_words(const X509 *of);

} // namespace cryo_core::net

#endif
