// How options are set, a server's and a client's alike: what is out of range is refused with its bounds.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "capi/guard.h"
#include "net/tls.h"
#include "session/options.h"

#include <optional>
#include <string>
#include <vector>

namespace cryo_core::capi {

constexpr std::uint64_t any32 = UINT32_MAX;
constexpr std::uint64_t any64 = UINT64_MAX / 4; // sums of two do not overflow

// A certificate and its key, by file; both NULL: none.
cryo_status read_tls_files(const char *function, const char *certificate_file, const char *key_file,
                           std::optional<net::tls_source> &into);
// The same from memory.
cryo_status read_tls_memory(const char *function, bytes_view certificate, bytes_view key,
                            std::optional<net::tls_source> &into);

// Certificates to trust, by file or from memory; null: none. What was set the other way goes.
cryo_status read_trusted_file(const char *function, const char *file, std::string &into,
                              std::vector<std::uint8_t> &other);
cryo_status read_trusted_memory(const char *function, bytes_view pem, std::vector<std::uint8_t> &into,
                                std::string &other);
// One of CRYO_TLS_*.
cryo_status read_tls_version(const char *function, std::int32_t version, net::tls_version &into);

// `Object` has the options as `values`.
template <typename Object, handle_type Type>
struct option_setters {
    template <typename Handle, typename Change>
    static cryo_status change(const char *function, Handle *options, Change set) noexcept {
        return with_handle<Object>(function, Type, options,
                                   [&](Object &object) -> cryo_status { return set(object); });
    }

    // Bounds included.
    template <typename Handle, typename Number, typename Place>
    static cryo_status number(const char *function, Handle *options, Number value, std::uint64_t least,
                              std::uint64_t most, Place place) noexcept {
        return change(function, options, [&](Object &object) -> cryo_status {
            if (value < least || value > most)
                return fail(status::invalid, std::string(function) + ": " + std::to_string(value) +
                                                 " is not from " + std::to_string(least) + " to " +
                                                 std::to_string(most) + ".");
            place(object.values) = value;
            return CRYO_OK;
        });
    }

    template <typename Handle, typename Place>
    static cryo_status ms(const char *function, Handle *options, std::uint32_t ms, std::uint32_t least,
                          Place place) noexcept {
        return change(function, options, [&](Object &object) -> cryo_status {
            if (ms < least)
                return fail(status::invalid, std::string(function) + ": " + std::to_string(ms) +
                                                 " ms is too short; " + std::to_string(least) + " at least.");
            place(object.values) = from_ms(ms);
            return CRYO_OK;
        });
    }

    template <typename Handle, typename Place>
    static cryo_status policy(const char *function, Handle *options, std::int32_t policy,
                              Place place) noexcept {
        return change(function, options, [&](Object &object) -> cryo_status {
            if (policy != CRYO_DROP_OLDEST && policy != CRYO_DROP_NEWEST && policy != CRYO_DEDUPE_LATEST)
                return invalid(function,
                               "there is no such policy; take CRYO_DROP_OLDEST, CRYO_DROP_NEWEST or "
                               "CRYO_DEDUPE_LATEST.");
            place(object.values) = static_cast<drop_policy>(policy);
            return CRYO_OK;
        });
    }

    template <typename Handle, typename Place>
    static cryo_status flag(const char *function, Handle *options, std::int32_t on, Place place) noexcept {
        return change(function, options, [&](Object &object) -> cryo_status {
            if (on != 0 && on != 1) return invalid(function, "`on` is neither 0 nor 1.");
            place(object.values) = on == 1;
            return CRYO_OK;
        });
    }
};

} // namespace cryo_core::capi
