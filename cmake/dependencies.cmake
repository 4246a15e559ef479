find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(LIBUV REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(LIBWEBSOCKETS REQUIRED IMPORTED_TARGET libwebsockets>=4.1)

# Debian 12's mbedTLS 2.28 has no pkg-config files; newer releases have.
find_path(MBEDTLS_INCLUDE_DIR mbedtls/version.h REQUIRED)
find_library(MBEDCRYPTO_LIBRARY mbedcrypto REQUIRED)
find_library(MBEDX509_LIBRARY mbedx509 REQUIRED)
add_library(cryo_mbedtls INTERFACE)
target_include_directories(cryo_mbedtls SYSTEM INTERFACE ${MBEDTLS_INCLUDE_DIR})
target_link_libraries(cryo_mbedtls INTERFACE ${MBEDX509_LIBRARY} ${MBEDCRYPTO_LIBRARY})

# libwebsockets takes only one certificate from memory, so where OpenSSL is under it we hand the chain to that.
# With mbedTLS under it (lws_config.h says which), there is nothing to find.
find_path(LIBWEBSOCKETS_CONFIG_DIR lws_config.h HINTS ${LIBWEBSOCKETS_INCLUDE_DIRS} REQUIRED)
file(STRINGS ${LIBWEBSOCKETS_CONFIG_DIR}/lws_config.h CRYO_LWS_TLS
     REGEX "^#define (LWS_WITH_TLS|LWS_WITH_MBEDTLS)([ \t]|$)")
add_library(cryo_openssl INTERFACE)
if(CRYO_LWS_TLS MATCHES "LWS_WITH_TLS" AND NOT CRYO_LWS_TLS MATCHES "LWS_WITH_MBEDTLS")
    pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl>=1.1.1)
    target_link_libraries(cryo_openssl INTERFACE PkgConfig::OPENSSL)
endif()
