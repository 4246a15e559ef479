#include "net/tls_file.h"

#include "net/lws_context.h"
#include "net/socket.h"

#include <cerrno>
#include <cstdio>

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/crypto.h>
#else
#include <mbedtls/platform_util.h>
#endif

namespace cryo_core::net {

namespace {

// More than any chain or key. Keeps a wrong name, of a device or a huge file, from eating the memory.
constexpr std::size_t max_tls_file = 1024 * 1024;

} // namespace

void wipe_secret(bytes_mut secret) noexcept {
#ifdef CRYO_LWS_OVER_OPENSSL
    OPENSSL_cleanse(secret.data(), secret.size());
#else
    mbedtls_platform_zeroize(secret.data(), secret.size());
#endif
}

void wipe_secret(std::vector<std::uint8_t> &secret) noexcept {
    if (secret.capacity() == 0) return;
    secret.resize(secret.capacity());
    wipe_secret(bytes_mut(secret));
}

bool read_tls_file(const std::string &name, std::vector<std::uint8_t> &into, failure &why) {
    const auto fail = [&](int error) {
        why = {error == EACCES ? status::permission : status::tls_file,
               "cannot read " + name + ": " + error_text(error)};
        return false;
    };
    std::FILE *const file = std::fopen(name.c_str(), "rb");
    if (file == nullptr) return fail(errno);
    into.resize(max_tls_file + 1); // at once: growing would leave copies of a key behind
    errno = 0;
    const std::size_t size = std::fread(into.data(), 1, into.size(), file);
    const int error = std::ferror(file) != 0 ? errno : 0;
    std::fclose(file);
    into.resize(size);
    if (error != 0) return fail(error);
    if (size <= max_tls_file) return true;
    why = {status::tls_file, name + " is too large for a certificate or a key"};
    return false;
}

} // namespace cryo_core::net
