#include "upgrade/query.h"

#include "base/utf8.h"
#include "upgrade/syntax.h"

#include <algorithm>

namespace cryo_core::upgrade {

namespace {

std::string decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t plain = i;
        while (i < text.size() && text[i] != '%' && text[i] != '+')
            ++i;
        out.append(text, plain, i - plain);
        if (i == text.size()) break;
        const int high = text[i] == '%' && text.size() - i > 2 ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high << 4 | low);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

// Calls back with each part between the ampersands; empty ones say nothing.
template <typename Function>
void for_each_part(std::string_view query, Function &&function) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        if (end != 0) function(query.substr(0, end));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
}

// How many bytes at the front are one mistake: the beginning of a character as far as it goes, at least one.
std::size_t mistake_size(bytes_view text) {
    utf8_validator character;
    std::size_t size = 0;
    while (size < text.size() && character.feed(text.subspan(size, 1)))
        ++size;
    return std::max<std::size_t>(size, 1);
}

} // namespace

std::size_t count_parameters(std::string_view query) noexcept {
    std::size_t count = 0;
    for_each_part(query, [&count](std::string_view) { ++count; });
    return count;
}

parameters parse_query(std::string_view query) {
    parameters all;
    for_each_part(query, [&all](std::string_view part) {
        const auto equals = std::min(part.find('='), part.size());
        const auto value = part.substr(std::min(equals + 1, part.size()));
        all.emplace_back(decode(part.substr(0, equals)), decode(value));
    });
    return all;
}

const std::string *find(const parameters &all, std::string_view name) noexcept {
    const auto found =
        std::find_if(all.begin(), all.end(), [name](const auto &one) { return one.first == name; });
    return found == all.end() ? nullptr : &found->second;
}

std::string replace_invalid_utf8(std::string_view text) {
    std::string out;
    auto rest = as_bytes(text);
    for (;;) {
        const std::size_t good = utf8_error_offset(rest);
        out += as_text(rest.first(good));
        rest = rest.subspan(good);
        if (rest.empty()) return out;
        out += "\xef\xbf\xbd";
        rest = rest.subspan(mistake_size(rest));
    }
}

} // namespace cryo_core::upgrade
