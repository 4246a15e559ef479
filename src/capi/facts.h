// What tickets and sessions tell alike: the request's token, address, path and parameters.
#pragma once

#include "capi/guard.h"
#include "endpoint/session_control.h"

namespace cryo_core::capi {

inline cryo_status parameter_out(const char *function, const session_facts &facts, const char *name,
                                 char *out, std::size_t capacity, std::size_t *len) noexcept {
    return guard(function, [&]() -> cryo_status {
        if (name == nullptr) return invalid(function, "the name is NULL.");
        const auto value = facts.parameter(name);
        if (!value)
            return fail(status::not_found,
                        std::string(function) + ": the request had no parameter of that name.");
        return copy_out(function, *value, out, capacity, len);
    });
}

} // namespace cryo_core::capi
