// Where a peer is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>

struct sockaddr;
struct sockaddr_storage;

namespace cryo_core::net {

// What limits per address count by: an IPv4 address, or the /64 of an IPv6 one, which is what one
// subscriber is given. IPv4 is kept as IPv4-mapped IPv6.
struct address_key {
    std::array<std::uint8_t, 16> bytes{};

    friend bool operator==(const address_key &, const address_key &) = default;
};

class address {
  public:
    address() noexcept = default;
    // Anything but IPv4, IPv6 and a Unix-domain socket is shown as "unknown".
    explicit address(const sockaddr *from) noexcept;
    // That of a Unix-domain socket, whichever it is: "unix:".
    static address local() noexcept {
        address made;
        made.kind_ = kind::local;
        return made;
    }

    // "192.0.2.7", "2001:db8::1", "fe80::1%eth0" (or the interface's number), without asking anybody. false:
    // that is a name, or there is no such interface.
    static bool parse(const std::string &host, std::uint16_t port, address &into);

    // "192.0.2.7", "2001:db8::1"; IPv4-mapped IPv6 as IPv4.
    std::string host() const;
    std::uint16_t port() const noexcept { return port_; }
    // The same with another port.
    address at(std::uint16_t port) const noexcept {
        address other = *this;
        other.port_ = port;
        return other;
    }
    bool is_loopback() const noexcept;
    bool is_v6() const noexcept { return kind_ == kind::v6; }
    bool is_local() const noexcept { return kind_ == kind::local; }
    // A link-local address says nothing without its interface.
    bool lacks_zone() const noexcept {
        return is_v6() && scope_ == 0 && bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
    }
    // Whether the first bits are those of the other one, which is of the same family.
    bool is_within(const address &network, unsigned bits) const noexcept;
    // "192.0.2.7:54321", "[2001:db8::1]:54321"
    std::string text() const;
    // The same, and without a port where that is 0: "192.0.2.7", "[2001:db8::1]".
    std::string text_of_known() const;
    // Whether it is the same host, whatever the port.
    bool is_host_of(const address &other) const noexcept {
        return kind_ == other.kind_ && bytes_ == other.bytes_ && scope_ == other.scope_;
    }
    address_key key() const noexcept;
    // The form that the system takes; false: there is none.
    bool write(sockaddr_storage &to) const noexcept;

  private:
    enum class kind : std::uint8_t { unknown, v4, v6, local };

    std::array<std::uint8_t, 16> bytes_{};
    std::uint32_t scope_ = 0;
    std::uint16_t port_ = 0;
    kind kind_ = kind::unknown;
};

} // namespace cryo_core::net

template <>
struct std::hash<cryo_core::net::address_key> {
    std::size_t operator()(const cryo_core::net::address_key &key) const noexcept {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        std::memcpy(&high, key.bytes.data(), 8);
        std::memcpy(&low, key.bytes.data() + 8, 8);
        const std::uint64_t mixed = (high ^ (low * 0x9e3779b97f4a7c15U)) * 0xff51afd7ed558ccdU;
        return static_cast<std::size_t>(mixed ^ (mixed >> 32));
    }
};
