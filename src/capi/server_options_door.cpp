// Who may come in at all, and what is kept of the request.
#include "capi/option_setters.h"
#include "capi/server_options.h"
#include "upgrade/origin.h"
#include "upgrade/syntax.h"

#include <algorithm>

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

using set_door = option_setters<server_options_object, handle_type::server_options>;

// More than an application has, and few enough to be looked through for each client.
constexpr std::size_t max_allowed_origins = 64;
constexpr std::size_t max_session_headers = 32;

} // namespace

extern "C" {

cryo_status cryo_server_options_add_allowed_origin(cryo_server_options *options, const char *origin) {
    const char *const function = __func__;
    return set_door::change(function, options, [&](server_options_object &object) -> cryo_status {
        auto &all = object.values.allowed_origins;
        if (origin == nullptr) {
            all.clear();
            return CRYO_OK;
        }
        auto normal = upgrade::normal_origin(origin);
        if (!normal)
            return invalid(function, "that is no origin; it is a scheme and a host, and perhaps a port: "
                                     "https://app.example.com, http://localhost:3000.");
        if (std::find(all.begin(), all.end(), *normal) != all.end()) return CRYO_OK;
        if (all.size() >= max_allowed_origins) return invalid(function, "there are 64 origins already.");
        all.push_back(std::move(*normal));
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_add_session_header(cryo_server_options *options, const char *name) {
    const char *const function = __func__;
    return set_door::change(function, options, [&](server_options_object &object) -> cryo_status {
        auto &all = object.values.session_headers;
        if (name == nullptr) {
            all.clear();
            return CRYO_OK;
        }
        const std::string_view wanted = name;
        if (wanted.empty() || wanted.size() > 255 ||
            !std::all_of(wanted.begin(), wanted.end(), upgrade::is_token_char))
            return invalid(function, "that is no header's name.");
        const auto same = [&](const std::string &one) { return upgrade::equal_ignoring_case(one, wanted); };
        if (std::any_of(all.begin(), all.end(), same)) return CRYO_OK;
        if (all.size() >= max_session_headers) return invalid(function, "there are 32 headers already.");
        all.emplace_back(wanted);
        return CRYO_OK;
    });
}

cryo_status cryo_server_options_set_max_attempts_per_address(cryo_server_options *options, uint32_t count) {
    return set_door::number(
        __func__, options, count, 0, any32, [](auto &v) -> auto & { return v.max_attempts_per_address; });
}

cryo_status cryo_server_options_set_max_failed_tokens_per_address(cryo_server_options *options,
                                                                  uint32_t count) {
    return set_door::number(
        __func__, options, count, 0, any32,
        [](auto &v) -> auto & { return v.max_failed_tokens_per_address; });
}

cryo_status cryo_server_options_set_address_window_ms(cryo_server_options *options, uint32_t ms) {
    return set_door::ms(
        __func__, options, ms, 1, [](auto &v) -> auto & { return v.address_window; });
}

} // extern "C"
