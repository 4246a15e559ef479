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

# Certificates are read and chosen by the library that serves with them, and libwebsockets was built on one of two. With mbedTLS
# under it (lws_config.h says which), there is nothing more to find.
find_path(LIBWEBSOCKETS_CONFIG_DIR lws_config.h HINTS ${LIBWEBSOCKETS_INCLUDE_DIRS} REQUIRED)
file(STRINGS ${LIBWEBSOCKETS_CONFIG_DIR}/lws_config.h CRYO_LWS_TLS
     REGEX "^#define (LWS_WITH_TLS|LWS_WITH_MBEDTLS)([ \t]|$)")
add_library(cryo_openssl INTERFACE)
if(CRYO_LWS_TLS MATCHES "LWS_WITH_TLS" AND NOT CRYO_LWS_TLS MATCHES "LWS_WITH_MBEDTLS")
    pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl>=3.0)
    target_link_libraries(cryo_openssl INTERFACE PkgConfig::OPENSSL)
endif()

# The cryptography of CALE. OpenSSL's is many times faster, and in the process anyway where libwebsockets was built on it.
set(CRYO_CRYPTO auto CACHE STRING "Cryptography of CALE: mbedtls, openssl, or auto (OpenSSL where libwebsockets was built on it)")
set_property(CACHE CRYO_CRYPTO PROPERTY STRINGS auto mbedtls openssl)
if(NOT CRYO_CRYPTO MATCHES "^(auto|mbedtls|openssl)$")
    message(FATAL_ERROR "CRYO_CRYPTO is ${CRYO_CRYPTO}: neither auto, nor mbedtls, nor openssl")
endif()
set(CRYO_CRYPTO_LIBRARY ${CRYO_CRYPTO})
if(CRYO_CRYPTO STREQUAL "auto")
    set(CRYO_CRYPTO_LIBRARY mbedtls)
    if(TARGET PkgConfig::OPENSSL)
        set(CRYO_CRYPTO_LIBRARY openssl)
    endif()
endif()
if(CRYO_CRYPTO_LIBRARY STREQUAL "openssl")
    if(NOT TARGET PkgConfig::OPENSSL)
        pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl>=3.0)
        target_link_libraries(cryo_openssl INTERFACE PkgConfig::OPENSSL)
    endif()
endif()
