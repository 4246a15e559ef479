#include "cale/crypto.h"

namespace cryo_core::cale {

const crypto::provider &crypto::chosen() noexcept {
#ifdef CRYO_CRYPTO_OPENSSL
    return openssl();
#else
    return mbedtls();
#endif
}

void wipe(bytes_mut secret) noexcept {
    crypto::chosen().wipe(secret);
}

} // namespace cryo_core::cale
