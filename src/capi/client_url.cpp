#include "capi/client_url.h"

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
