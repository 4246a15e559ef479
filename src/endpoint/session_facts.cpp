#include "endpoint/session_facts.h"

#include "upgrade/syntax.h"

#include <cstring>
#include <new>

namespace cryo_core {

namespace {

template <typename Function>
void for_each_text(const session_facts::parts &of, Function function) {
    function(of.token);
    function(of.remote_address);
    function(of.path);
    function(of.proxy_address);
    for (const upgrade::parameters *const pairs : {&of.parameters, of.headers}) {
        if (pairs == nullptr) continue;
        for (const auto &[name, value] : *pairs) {
            function(name);
            function(value);
        }
    }
}

} // namespace

session_facts::session_facts(const parts &from) : sid_(from.sid) {
    const std::size_t headers = from.headers == nullptr ? 0 : from.headers->size();
    const std::size_t texts = first_parameter + 2 * (from.parameters.size() + headers);
    std::size_t bytes = 0;
    for_each_text(from, [&](std::string_view each) { bytes += each.size() + 1; });
    if (bytes > UINT32_MAX) throw std::bad_alloc();
    const std::size_t head = 1 + texts;
    words_.reset(new std::uint32_t[head + (bytes + 3) / 4]); // which nothing is written to first
    words_[0] = static_cast<std::uint32_t>(texts | headers << header_shift) | (from.peer ? peer_bit : 0);
    char *const to = reinterpret_cast<char *>(&words_[head]);
    std::size_t at = 0;
    std::size_t end = 0;
    for_each_text(from, [&](std::string_view each) {
        if (!each.empty()) std::memcpy(to + end, each.data(), each.size());
        end += each.size();
        to[end++] = '\0';
        words_[++at] = static_cast<std::uint32_t>(end);
    });
}

std::string_view session_facts::text(std::size_t at) const noexcept {
    if (!words_) return "";
    const char *const from = reinterpret_cast<const char *>(&words_[1 + count()]);
    const std::size_t begin = at == 0 ? 0 : words_[at];
    return {from + begin, words_[at + 1] - begin - 1};
}

std::optional<std::string_view> session_facts::parameter(std::string_view name) const noexcept {
    for (std::size_t at = 0; at < parameter_count(); ++at)
        if (const auto [its_name, value] = parameter(at); its_name == name) return value;
    return std::nullopt;
}

std::optional<std::string_view> session_facts::header(std::string_view name) const noexcept {
    for (std::size_t at = count() - 2 * header_count(); at < count(); at += 2)
        if (upgrade::equal_ignoring_case(text(at), name)) return text(at + 1);
    return std::nullopt;
}

} // namespace cryo_core
