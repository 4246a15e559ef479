// What this library is, and the names of its outcomes.
#include "base/status.h"
#include "cale/crypto.h"
#include "cryo.h"
#include "net/versions.h"

#include <mbedtls/version.h>

#define CRYO_TEXT_OF(number) #number
#define CRYO_TEXT(number) CRYO_TEXT_OF(number)

namespace {

using cryo_core::status;

static_assert(CRYO_OK == static_cast<cryo_status>(status::ok));
static_assert(CRYO_ERR_INVALID == static_cast<cryo_status>(status::invalid));
static_assert(CRYO_ERR_HANDLE == static_cast<cryo_status>(status::handle));
static_assert(CRYO_ERR_STATE == static_cast<cryo_status>(status::state));
static_assert(CRYO_ERR_NO_MEMORY == static_cast<cryo_status>(status::no_memory));
static_assert(CRYO_ERR_CLOSED == static_cast<cryo_status>(status::closed));
static_assert(CRYO_ERR_FULL == static_cast<cryo_status>(status::full));
static_assert(CRYO_ERR_TOO_BIG == static_cast<cryo_status>(status::too_big));
static_assert(CRYO_ERR_TIMEOUT == static_cast<cryo_status>(status::timeout));
static_assert(CRYO_ERR_NOT_FOUND == static_cast<cryo_status>(status::not_found));
static_assert(CRYO_ERR_BUFFER == static_cast<cryo_status>(status::buffer));
static_assert(CRYO_ERR_ADDRESS == static_cast<cryo_status>(status::address));
static_assert(CRYO_ERR_ADDRESS_IN_USE == static_cast<cryo_status>(status::address_in_use));
static_assert(CRYO_ERR_PERMISSION == static_cast<cryo_status>(status::permission));
static_assert(CRYO_ERR_TLS_FILE == static_cast<cryo_status>(status::tls_file));
static_assert(CRYO_ERR_TLS_CERTIFICATE == static_cast<cryo_status>(status::tls_certificate));
static_assert(CRYO_ERR_TLS_KEY == static_cast<cryo_status>(status::tls_key));
static_assert(CRYO_ERR_TLS_MISMATCH == static_cast<cryo_status>(status::tls_mismatch));
static_assert(CRYO_ERR_TLS_EXPIRED == static_cast<cryo_status>(status::tls_expired));
static_assert(CRYO_ERR_TLS == static_cast<cryo_status>(status::tls));
static_assert(CRYO_ERR_SYSTEM == static_cast<cryo_status>(status::system));
static_assert(CRYO_ERR_UNSUPPORTED == static_cast<cryo_status>(status::unsupported));
static_assert(CRYO_ERR_INTERNAL == static_cast<cryo_status>(status::internal));
static_assert(CRYO_ERR_TOTAL_FULL == static_cast<cryo_status>(status::total_full));
static_assert(CRYO_ERR_RECEIPTS_FULL == static_cast<cryo_status>(status::receipts_full));
static_assert(CRYO_ERR_EXISTS == static_cast<cryo_status>(status::exists));
static_assert(CRYO_ERR_RESOLVE == static_cast<cryo_status>(status::resolve));
static_assert(CRYO_ERR_CONNECT == static_cast<cryo_status>(status::connect));
static_assert(CRYO_ERR_HTTP == static_cast<cryo_status>(status::http));
static_assert(CRYO_ERR_TLS_NAME == static_cast<cryo_status>(status::tls_name));
static_assert(CRYO_ERR_TLS_UNTRUSTED == static_cast<cryo_status>(status::tls_untrusted));
static_assert(CRYO_ERR_TOKEN == static_cast<cryo_status>(status::token));

} // namespace

extern "C" {

uint32_t cryo_version(void) {
    return CRYO_VERSION_MAJOR * 1000000 + CRYO_VERSION_MINOR * 1000 + CRYO_VERSION_PATCH;
}

uint32_t cryo_abi_version(void) {
    return CRYO_ABI_VERSION;
}

const char *cryo_version_string(void) {
    return CRYO_TEXT(CRYO_VERSION_MAJOR) "." CRYO_TEXT(CRYO_VERSION_MINOR) "." CRYO_TEXT(CRYO_VERSION_PATCH);
}

const char *cryo_build_info(void) {
    try {
        static const std::string text = "compiler " __VERSION__ ", " + cryo_core::net::library_versions() +
                                        ", mbedTLS " MBEDTLS_VERSION_STRING ", CALE over " +
                                        std::string(cryo_core::cale::crypto::chosen().name);
        return text.c_str();
    } catch (...) {
        return "";
    }
}

const char *cryo_status_name(cryo_status code) {
    switch (code) {
    case CRYO_OK:
        return "CRYO_OK";
    case CRYO_ERR_INVALID:
        return "CRYO_ERR_INVALID";
    case CRYO_ERR_HANDLE:
        return "CRYO_ERR_HANDLE";
    case CRYO_ERR_STATE:
        return "CRYO_ERR_STATE";
    case CRYO_ERR_NO_MEMORY:
        return "CRYO_ERR_NO_MEMORY";
    case CRYO_ERR_CLOSED:
        return "CRYO_ERR_CLOSED";
    case CRYO_ERR_FULL:
        return "CRYO_ERR_FULL";
    case CRYO_ERR_TOO_BIG:
        return "CRYO_ERR_TOO_BIG";
    case CRYO_ERR_TIMEOUT:
        return "CRYO_ERR_TIMEOUT";
    case CRYO_ERR_NOT_FOUND:
        return "CRYO_ERR_NOT_FOUND";
    case CRYO_ERR_BUFFER:
        return "CRYO_ERR_BUFFER";
    case CRYO_ERR_ADDRESS:
        return "CRYO_ERR_ADDRESS";
    case CRYO_ERR_ADDRESS_IN_USE:
        return "CRYO_ERR_ADDRESS_IN_USE";
    case CRYO_ERR_PERMISSION:
        return "CRYO_ERR_PERMISSION";
    case CRYO_ERR_TLS_FILE:
        return "CRYO_ERR_TLS_FILE";
    case CRYO_ERR_TLS_CERTIFICATE:
        return "CRYO_ERR_TLS_CERTIFICATE";
    case CRYO_ERR_TLS_KEY:
        return "CRYO_ERR_TLS_KEY";
    case CRYO_ERR_TLS_MISMATCH:
        return "CRYO_ERR_TLS_MISMATCH";
    case CRYO_ERR_TLS_EXPIRED:
        return "CRYO_ERR_TLS_EXPIRED";
    case CRYO_ERR_TLS:
        return "CRYO_ERR_TLS";
    case CRYO_ERR_SYSTEM:
        return "CRYO_ERR_SYSTEM";
    case CRYO_ERR_UNSUPPORTED:
        return "CRYO_ERR_UNSUPPORTED";
    case CRYO_ERR_INTERNAL:
        return "CRYO_ERR_INTERNAL";
    case CRYO_ERR_TOTAL_FULL:
        return "CRYO_ERR_TOTAL_FULL";
    case CRYO_ERR_RECEIPTS_FULL:
        return "CRYO_ERR_RECEIPTS_FULL";
    case CRYO_ERR_EXISTS:
        return "CRYO_ERR_EXISTS";
    case CRYO_ERR_RESOLVE:
        return "CRYO_ERR_RESOLVE";
    case CRYO_ERR_CONNECT:
        return "CRYO_ERR_CONNECT";
    case CRYO_ERR_HTTP:
        return "CRYO_ERR_HTTP";
    case CRYO_ERR_TLS_NAME:
        return "CRYO_ERR_TLS_NAME";
    case CRYO_ERR_TLS_UNTRUSTED:
        return "CRYO_ERR_TLS_UNTRUSTED";
    case CRYO_ERR_TOKEN:
        return "CRYO_ERR_TOKEN";
    default:
        return "CRYO_ERR_UNKNOWN";
    }
}

} // extern "C"
