#include "net/versions.h"

#include "net/transport_epoll.h"

#include <libwebsockets.h>
#include <uv.h>

namespace cryo_core::net {

std::string library_versions() {
#if defined(LWS_WITH_MBEDTLS)
    const char *const tls = "mbedTLS";
#elif defined(LWS_WITH_TLS)
    const char *const tls = "OpenSSL";
#else
    const char *const tls = "no TLS";
#endif
#ifdef CRYO_HAS_EPOLL
    const char *const plain_transport = "epoll";
#else
    const char *const plain_transport = "libuv";
#endif
    return std::string("libwebsockets ") + lws_get_library_version() + " with " + tls + ", libuv " +
           uv_version_string() + ", plain connections over " + plain_transport;
}

} // namespace cryo_core::net
