// OpenSSL's objects as ours, and its words. Only src/net includes this.
#pragma once

#include "net/lws_context.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <memory>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string>

namespace cryo_core::net {

template <auto Free>
struct freed_by {
    template <typename T>
    void operator()(T *p) const noexcept {
        Free(p);
    }
};

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using ssl_context_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using store_ptr = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;

// What the library has said last, on this thread; "" where it has said nothing. Forgets it all: libwebsockets
// judges its next call by what is there.
inline std::string openssl_words() {
    const char *const words = ERR_reason_error_string(ERR_peek_last_error());
    std::string said = words != nullptr ? words : "";
    ERR_clear_error();
    return said;
}

// The macros for it have casts that warn.
template <typename Function>
void set_ssl_callback(SSL_CTX *context, int which, Function *function) noexcept {
    SSL_CTX_callback_ctrl(context, which, reinterpret_cast<void (*)()>(function));
}

} // namespace cryo_core::net

#endif
