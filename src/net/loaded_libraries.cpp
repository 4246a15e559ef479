#include "net/loaded_libraries.h"

#include "base/log.h"
#include "net/lws_context.h"

#include <array>
#include <cstdio>
#include <mutex>
#include <string_view>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#endif
#ifndef _WIN32
#include <dlfcn.h>
#endif

namespace cryo_core::net {

namespace {

struct number {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned patch = 0;
    std::string text() const {
        return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
    }
};

// How much may differ between what was compiled against and what is loaded.
enum class promise : std::uint8_t {
    later_minors, // a later minor version runs what was built for an earlier one
    only_patches  // each minor version has its own structures
};

struct library {
    const char *name;
    const char *file; // the beginning of its file's name, where it is a file of its own
    number built_for;
    number loaded;
    promise what;
    const void *function; // the one that was asked for the version
    // Others that are called. A program may have them without the one above, and then of no known version.
    std::array<const void *, 4> others{};
};

number of_text(const char *version) noexcept {
    number n;
    std::sscanf(version, "%u.%u.%u", &n.major, &n.minor, &n.patch);
    return n;
}

// 0xMMNNPP in the upper bytes of four.
number of_bytes(unsigned long version) noexcept {
    return {static_cast<unsigned>(version >> 24 & 0xff), static_cast<unsigned>(version >> 16 & 0xff),
            static_cast<unsigned>(version >> 8 & 0xff)};
}

#ifdef CRYO_LWS_OVER_OPENSSL
// 0xMNN00PP0 since 3.0
number of_openssl(unsigned long version) noexcept {
    return {static_cast<unsigned>(version >> 28 & 0xf), static_cast<unsigned>(version >> 20 & 0xff),
            static_cast<unsigned>(version >> 4 & 0xff)};
}
#endif

template <typename Function>
const void *address_of(Function *function) noexcept {
    return reinterpret_cast<const void *>(function);
}

// The compiled versions are macros of the headers; the loaded ones are asked for.
auto libraries() noexcept {
    return std::array{
        library{"libuv",
                "libuv.",
                {UV_VERSION_MAJOR, UV_VERSION_MINOR, UV_VERSION_PATCH},
                of_bytes(static_cast<unsigned long>(uv_version()) << 8),
                promise::later_minors,
                address_of(uv_version)},
        library{"libwebsockets",
                "libwebsockets.",
                {LWS_LIBRARY_VERSION_MAJOR, LWS_LIBRARY_VERSION_MINOR, LWS_LIBRARY_VERSION_PATCH},
                of_text(lws_get_library_version()),
                promise::only_patches,
                address_of(lws_get_library_version)},
        library{"mbedTLS",
                "libmbed",
                {MBEDTLS_VERSION_MAJOR, MBEDTLS_VERSION_MINOR, MBEDTLS_VERSION_PATCH},
                of_bytes(mbedtls_version_get_number()),
                promise::only_patches,
                address_of(mbedtls_version_get_number),
                {address_of(mbedtls_x509_crt_parse), address_of(mbedtls_pk_parse_key),
                 address_of(mbedtls_ctr_drbg_seed), address_of(mbedtls_entropy_init)}},
#ifdef CRYO_LWS_OVER_OPENSSL
        library{"OpenSSL", "libcrypto.", of_openssl(OPENSSL_VERSION_NUMBER),
                of_openssl(OpenSSL_version_num()), promise::later_minors, address_of(OpenSSL_version_num)},
#endif
    };
}

bool fits(const library &one) noexcept {
    if (one.loaded.major != one.built_for.major) return false;
    return one.what == promise::only_patches ? one.loaded.minor == one.built_for.minor
                                             : one.loaded.minor >= one.built_for.minor;
}

#ifdef _WIN32
std::string place_of(const void *) {
    return {};
}
bool is_in_place(const library &, const void *) {
    return true;
}
#else
std::string place_of(const void *function) {
    Dl_info at{};
    if (::dladdr(function, &at) == 0 || at.dli_fname == nullptr) return {};
    return at.dli_fname;
}

// In a file of the library's own, or in one with us.
bool is_in_place(const library &one, const void *function) {
    Dl_info here{}, there{};
    if (::dladdr(address_of(check_loaded_libraries), &here) == 0 || ::dladdr(function, &there) == 0)
        return true;
    if (here.dli_fbase == there.dli_fbase || there.dli_fname == nullptr) return true;
    const std::string_view path(there.dli_fname);
    return path.substr(path.rfind('/') + 1).starts_with(one.file);
}
#endif

constexpr const char *remedy =
    "load libcryo-deep.so instead, which binds to the libraries that it was built for";

void tell_of_strangers() {
    for (const library &one : libraries())
        if (!is_in_place(one, one.function))
            log(log_level::warning, std::string(one.name) + " " + one.loaded.text() + " comes from " +
                                        place_of(one.function) + " (" + one.built_for.text() +
                                        " was compiled against); if there is trouble, " + remedy);
}

} // namespace

failure check_loaded_libraries() {
    for (const library &one : libraries()) {
        for (const void *const other : one.others)
            if (other != nullptr && !is_in_place(one, other) && place_of(other) != place_of(one.function))
                return {status::unsupported, std::string("parts of ") + one.name + " come from " +
                                                 place_of(other) +
                                                 ", of a version that is not known: " + remedy};
        if (fits(one)) continue;
        const std::string place = place_of(one.function);
        return {status::unsupported,
                std::string(one.name) + " " + one.loaded.text() + " is loaded in this process" +
                    (place.empty() ? "" : " (from " + place + ")") +
                    ", and this library was compiled against " + one.built_for.text() + ": " + remedy};
    }
    static std::once_flag once;
    std::call_once(once, tell_of_strangers);
    return {};
}

} // namespace cryo_core::net
