#include "net/address.h"

#include <algorithm>
#include <charconv>

#ifdef _WIN32
#include <netioapi.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace cryo_core::net {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// 0: there is none.
std::uint32_t scope_number(const std::string &zone) noexcept {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), number);
    if (error == std::errc() && end == zone.data() + zone.size()) return number;
    return if_nametoindex(zone.c_str());
}

} // namespace

bool address::parse(const std::string &host, std::uint16_t port, address &into) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        into = address(reinterpret_cast<const sockaddr *>(&v4));
        return true;
    }
    const std::size_t percent = std::min(host.find('%'), host.size());
    char bare[INET6_ADDRSTRLEN] = {};
    if (percent >= sizeof bare) return false;
    std::copy_n(host.data(), percent, bare);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (inet_pton(AF_INET6, bare, &v6.sin6_addr) != 1) return false;
    if (percent < host.size()) v6.sin6_scope_id = scope_number(host.substr(percent + 1));
    into = address(reinterpret_cast<const sockaddr *>(&v6));
    return percent == host.size() || v6.sin6_scope_id != 0;
}

address::address(const sockaddr *from) noexcept {
    if (from->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, from, sizeof v4);
        std::copy(mapped_prefix.begin(), mapped_prefix.end(), bytes_.begin());
        std::memcpy(bytes_.data() + mapped_prefix.size(), &v4.sin_addr, 4);
        port_ = ntohs(v4.sin_port);
        kind_ = kind::v4;
    } else if (from->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, from, sizeof v6);
        std::memcpy(bytes_.data(), &v6.sin6_addr, bytes_.size());
        port_ = ntohs(v6.sin6_port);
        scope_ = v6.sin6_scope_id;
        const bool mapped = std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes_.begin());
        kind_ = mapped ? kind::v4 : kind::v6;
    } else if (from->sa_family == AF_UNIX) {
        kind_ = kind::local;
    }
}

bool address::is_loopback() const noexcept {
    if (kind_ == kind::v4) return bytes_[mapped_prefix.size()] == 127;
    return bytes_.back() == 1 &&
           std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto byte) { return byte == 0; });
}

std::string address::host() const {
    if (kind_ == kind::local) return "unix:";
    if (kind_ == kind::unknown) return "unknown";
    char text[INET6_ADDRSTRLEN] = {};
    if (kind_ == kind::v4)
        inet_ntop(AF_INET, bytes_.data() + mapped_prefix.size(), text, sizeof text);
    else
        inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
    std::string host = text;
    if (scope_ != 0) host += "%" + std::to_string(scope_);
    return host;
}

std::string address::text() const {
    if (kind_ != kind::v4 && kind_ != kind::v6) return host();
    const std::string port = ":" + std::to_string(port_);
    return kind_ == kind::v4 ? host() + port : "[" + host() + "]" + port;
}

std::string address::text_of_known() const {
    if (port_ != 0) return text();
    return kind_ == kind::v6 ? "[" + host() + "]" : host();
}

bool address::is_within(const address &network, unsigned bits) const noexcept {
    const bool v4 = kind_ == kind::v4;
    if (kind_ != network.kind_ || !(v4 || kind_ == kind::v6) || bits > (v4 ? 32U : 128U)) return false;
    if (v4) bits += 8 * mapped_prefix.size();
    for (unsigned bit = 0; bit < bits; bit += 8) {
        const unsigned mask = bits - bit >= 8 ? 0xffU : 0xff00U >> (bits - bit) & 0xffU;
        if (((bytes_[bit / 8] ^ network.bytes_[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

bool address::write(sockaddr_storage &to) const noexcept {
    if (kind_ != kind::v4 && kind_ != kind::v6) return false;
    to = {};
    if (kind_ == kind::v4) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port_);
        std::memcpy(&v4.sin_addr, bytes_.data() + mapped_prefix.size(), 4);
        std::memcpy(&to, &v4, sizeof v4);
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port_);
        v6.sin6_scope_id = scope_;
        std::memcpy(&v6.sin6_addr, bytes_.data(), bytes_.size());
        std::memcpy(&to, &v6, sizeof v6);
    }
    return true;
}

address_key address::key() const noexcept {
    address_key key{bytes_};
    if (kind_ != kind::v4) std::fill(key.bytes.begin() + 8, key.bytes.end(), std::uint8_t{0});
    return key;
}

} // namespace cryo_core::net
