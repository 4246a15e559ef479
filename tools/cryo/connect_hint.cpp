#include "connect_hint.h"

namespace cryo_tool {

std::string shell_word(std::string_view text) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+,";
    if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

namespace {

// What has a meaning in such a URL is percent-encoded.
std::string unix_url(std::string_view path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string url = "ws+unix:";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > ' ' && byte < 0x7f && std::string_view(":?#%").find(c) == std::string_view::npos)
            url += c;
        else
            url += std::string("%") + digits[byte >> 4] + digits[byte & 15];
    }
    return url + ":";
}

} // namespace

std::string local_url(bool tls, std::string_view host, std::uint16_t port) {
    if (host.starts_with("unix:")) return unix_url(host.substr(5));
    std::string reachable(host);
    if (reachable == "0.0.0.0" || reachable == "::") reachable = "127.0.0.1";
    if (tls && (reachable == "127.0.0.1" || reachable == "::1")) reachable = "localhost";
    if (reachable.find(':') != std::string::npos) reachable = "[" + reachable + "]";
    return (tls ? "wss://" : "ws://") + reachable + ":" + std::to_string(port);
}

std::string connect_command(std::string_view program, const serve_options &server, const std::string &url,
                            const std::string &token) {
    // With "=", since a token may begin with a hyphen.
    std::string command =
        shell_word(program) + " connect " + shell_word(url) + " --token=" + shell_word(token);
    if (server.cale) command += " --cale";
    if (server.tls()) command += " --ca " + shell_word(server.certificates.certificates.front());
    return command;
}

} // namespace cryo_tool
