#include "capi/client_url.h"

#include "capi/client_options.h"
#include "capi/option_setters.h"
#include "session/resume_point.h"
#include "upgrade/admission.h"
#include "upgrade/query.h"

#include <variant>

namespace cryo_core::capi {

std::string_view take_identity(url &from, url_identity &into) {
    into = {};
    std::string rest;
    for (std::string_view left = from.query; !left.empty();) {
        const std::size_t end = std::min(left.find('&'), left.size());
        const std::string_view part = left.substr(0, end);
        left.remove_prefix(std::min(end + 1, left.size()));
        const upgrade::parameters one = upgrade::parse_query(part);
        const std::string_view name = one.empty() ? std::string_view() : one.front().first;
        if (name == "authorization") {
            auto token = upgrade::read_token(one);
            if (std::holds_alternative<upgrade::refusal>(token))
                return "authorization in the URL must be: Bearer, a space, the token.";
            into.token = std::get<std::string>(std::move(token));
        } else if (name == "x-cryo-sid") {
            into.sid = uuid::parse(one.front().second);
            if (!into.sid) return "x-cryo-sid in the URL is no UUID.";
        } else if (name != resume_point::parameter) {
            if (!rest.empty()) rest += '&';
            rest += part;
        }
    }
    from.query = std::move(rest);
    return {};
}

} // namespace cryo_core::capi

using namespace cryo_core;
using namespace cryo_core::capi;

extern "C" cryo_status cryo_client_options_set_url(cryo_client_options *options, const char *text) {
    return option_setters<client_options_object, handle_type::client_options>::change(
        __func__, options, [&](client_options_object &object) -> cryo_status {
            url to;
            url_identity in_url;
            std::string_view wrong = parse_url(text == nullptr ? "" : text, to);
            if (wrong.empty()) wrong = take_identity(to, in_url);
            if (!wrong.empty())
                return fail(status::invalid, "cryo_client_options_set_url: " + std::string(wrong));
            object.values.to = std::move(to);
            object.in_url = std::move(in_url);
            object.has_url = true;
            return CRYO_OK;
        });
}
