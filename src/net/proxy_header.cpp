#include "net/proxy_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace cryo_core::net {

namespace {

constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t head_size = 16;
constexpr std::uint8_t sum_record = 0x03; // PP2_TYPE_CRC32C

enum : std::uint8_t { unspecified = 0x00, tcp4 = 0x11, tcp6 = 0x21, local_stream = 0x31 };

constexpr std::array<std::uint32_t, 256> crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? value >> 1 ^ 0x82f63b78U : value >> 1;
        table[i] = value;
    }
    return table;
}();

std::size_t addresses_size(std::uint8_t family) noexcept {
    switch (family) {
    case tcp4:
        return 12;
    case tcp6:
        return 36;
    case local_stream:
        return 216;
    default:
        return 0;
    }
}

// Takes what is in front of the next space off.
std::string_view next_word(std::string_view &left) noexcept {
    const std::size_t end = std::min(left.find(' '), left.size());
    const std::string_view word = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    return word;
}

bool read_port_number(std::string_view text, std::uint16_t &into) noexcept {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size() && (text[0] != '0' || text.size() == 1);
}

// Without a zone: that would be ours. `v6` as the line says.
bool read_host(std::string_view text, std::uint16_t port, bool v6, address &into) noexcept {
    char host[INET6_ADDRSTRLEN] = {};
    if (text.empty() || text.size() >= sizeof host || text.find('\0') != std::string_view::npos) return false;
    std::copy(text.begin(), text.end(), host);
    if (v6) {
        sockaddr_in6 at{};
        at.sin6_family = AF_INET6;
        at.sin6_port = htons(port);
        if (inet_pton(AF_INET6, host, &at.sin6_addr) != 1) return false;
        into = address(reinterpret_cast<const sockaddr *>(&at));
    } else {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        if (inet_pton(AF_INET, host, &at.sin_addr) != 1) return false;
        into = address(reinterpret_cast<const sockaddr *>(&at));
    }
    return true;
}

} // namespace

proxy_header_parser::result proxy_header_parser::feed(bytes_view piece) noexcept {
    std::size_t used = 0;
    while (used < piece.size() && stage_ != stage::complete && stage_ != stage::failed)
        step(piece[used++]);
    if (stage_ == stage::complete) return {state::complete, used, {}};
    if (stage_ == stage::failed) return {state::failed, used, what_};
    return {state::more, used, {}};
}

void proxy_header_parser::fail_with(const char *what) noexcept {
    stage_ = stage::failed;
    what_ = what;
}

void proxy_header_parser::step(std::uint8_t byte) noexcept {
    switch (stage_) {
    case stage::start:
        wanted_ = head_size;
        stage_ = byte == 'P' ? stage::line : stage::head;
        return step(byte);
    case stage::line:
        return step_line(byte);
    case stage::head:
        count(byte);
        held_[size_++] = byte;
        if (size_ <= signature.size() && byte != static_cast<std::uint8_t>(signature[size_ - 1]))
            return fail_with("there is none");
        if (size_ == wanted_) end_of_head();
        return;
    case stage::addresses:
        count(byte);
        --left_;
        held_[size_++] = byte;
        if (size_ == wanted_) end_of_addresses();
        return;
    case stage::record:
        count(byte);
        --left_;
        held_[size_++] = byte;
        if (size_ == 3) end_of_record();
        return;
    case stage::value:
        count(in_sum_ ? 0 : byte);
        if (in_sum_) given_ = given_ << 8 | byte;
        --left_;
        if (--wanted_ == 0) next_record();
        return;
    case stage::skipped:
        if (--left_ == 0) stage_ = stage::complete;
        return;
    case stage::complete:
    case stage::failed:
        return;
    }
}

void proxy_header_parser::count(std::uint8_t byte) noexcept {
    sum_ = crc_table[(sum_ ^ byte) & 0xff] ^ sum_ >> 8;
}

// --- version 1 ------------------------------------------------------------------------------------------

void proxy_header_parser::step_line(std::uint8_t byte) noexcept {
    constexpr std::string_view begin = "PROXY ";
    held_[size_++] = byte;
    if (size_ <= begin.size() && byte != static_cast<std::uint8_t>(begin[size_ - 1]))
        return fail_with("there is none");
    if (byte == '\n') return end_of_line();
    if (size_ >= 2 && held_[size_ - 2] == '\r')
        return fail_with("its carriage return is not followed by a line feed");
    if (size_ == max_proxy_line) fail_with("its line is longer than 107 bytes");
}

void proxy_header_parser::end_of_line() noexcept {
    if (!line().ends_with("\r\n")) return fail_with("its line feed does not follow a carriage return");
    std::string_view rest = line().substr(6, size_ - 8);
    const std::string_view family = next_word(rest);
    stage_ = stage::complete;
    if (family == "UNKNOWN") return; // whatever follows
    if (family != "TCP4" && family != "TCP6") return fail_with("it is neither TCP4, TCP6 nor UNKNOWN");
    const bool v6 = family == "TCP6";
    const std::string_view from = next_word(rest);
    const std::string_view to = next_word(rest);
    const std::string_view from_port = next_word(rest);
    std::uint16_t port = 0;
    std::uint16_t own_port = 0;
    address own;
    if (rest.empty() || from_port.empty() || !read_port_number(from_port, port) ||
        !read_port_number(rest, own_port))
        return fail_with("it does not have two ports");
    if (!read_host(from, port, v6, client_) || !read_host(to, own_port, v6, own))
        return fail_with("it does not have two addresses of its family");
    named_ = true;
}

// --- version 2 ------------------------------------------------------------------------------------------

void proxy_header_parser::end_of_head() noexcept {
    const std::uint8_t command = held_[12];
    family_ = held_[13];
    left_ = load_be<std::uint16_t>(held_ + 14);
    if (command == 0x20) { // LOCAL: nothing of it means anything
        stage_ = left_ == 0 ? stage::complete : stage::skipped;
        return;
    }
    if (command != 0x21) return fail_with("its version or command is unknown");
    if (family_ != unspecified && addresses_size(family_) == 0)
        return fail_with("its addresses are not of a stream over IPv4, IPv6 or Unix");
    wanted_ = addresses_size(family_);
    if (left_ < wanted_) return fail_with("it is too short for its addresses");
    size_ = 0;
    if (wanted_ == 0) return next_record();
    stage_ = stage::addresses;
}

void proxy_header_parser::end_of_addresses() noexcept {
    if (family_ == tcp4) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        std::memcpy(&at.sin_addr, held_, 4);
        std::memcpy(&at.sin_port, held_ + 8, 2);
        client_ = address(reinterpret_cast<const sockaddr *>(&at));
    } else if (family_ == tcp6) {
        sockaddr_in6 at{};
        at.sin6_family = AF_INET6;
        std::memcpy(&at.sin6_addr, held_, 16);
        std::memcpy(&at.sin6_port, held_ + 32, 2);
        client_ = address(reinterpret_cast<const sockaddr *>(&at));
    } else {
        client_ = address::local();
    }
    next_record();
}

void proxy_header_parser::next_record() noexcept {
    in_sum_ = false;
    size_ = 0;
    if (left_ == 0) return end_of_header();
    if (left_ < 3) return fail_with("its last record is cut");
    stage_ = stage::record;
}

void proxy_header_parser::end_of_record() noexcept {
    wanted_ = load_be<std::uint16_t>(held_ + 1);
    if (wanted_ > left_) return fail_with("a record is longer than it is");
    if (held_[0] == sum_record) {
        if (has_sum_ || wanted_ != 4) return fail_with("its checksum is malformed");
        has_sum_ = in_sum_ = true;
    }
    if (wanted_ == 0) return next_record();
    stage_ = stage::value;
}

void proxy_header_parser::end_of_header() noexcept {
    if (has_sum_ && given_ != ~sum_) return fail_with("its checksum is wrong");
    named_ = family_ != unspecified;
    stage_ = stage::complete;
}

} // namespace cryo_core::net
