// The header that a balancer puts in front of a connection to say whose it is: the PROXY protocol, versions 1
// (a line of text) and 2 (binary). An incremental and strict parser, fed with pieces of any size.
#pragma once

#include "base/bytes.h"
#include "net/address.h"

#include <cstdint>
#include <string_view>

namespace cryo_core::net {

// The longest header of version 1, with its line end.
constexpr std::size_t max_proxy_line = 107;

class proxy_header_parser {
  public:
    enum class state : std::uint8_t { more, complete, failed };
    struct result {
        state is = state::more;
        std::size_t consumed = 0;   // bytes behind the header are left to the caller
        std::string_view what = {}; // when failed: why, as in "its PROXY header is refused: " + what
    };

    // Once complete or failed it stays so and consumes nothing more.
    result feed(bytes_view piece) noexcept;

    // When complete: whether it names a client. If not, the connection is the balancer's own (LOCAL), or it
    // does not know whose it is (UNKNOWN, UNSPEC).
    bool names_client() const noexcept { return named_; }
    const address &client() const noexcept { return client_; }

  private:
    enum class stage : std::uint8_t {
        start,
        line, // version 1
        head, // version 2: the first 16 bytes
        addresses,
        record, // type and length of what follows, three bytes
        value,
        skipped,
        complete,
        failed,
    };

    void step(std::uint8_t byte) noexcept;
    void step_line(std::uint8_t byte) noexcept;
    void end_of_line() noexcept;
    void end_of_head() noexcept;
    void end_of_addresses() noexcept;
    void end_of_record() noexcept;
    void next_record() noexcept;
    void end_of_header() noexcept;
    void count(std::uint8_t byte) noexcept;
    void fail_with(const char *what) noexcept;
    std::string_view line() const noexcept { return {reinterpret_cast<const char *>(held_), size_}; }

    std::uint8_t held_[216] =
        {}; // the line, the head, or the addresses: the longest are those of Unix-domain sockets
    std::size_t size_ = 0;
    std::size_t wanted_ = 0;  // of the stage at hand
    std::size_t left_ = 0;    // of version 2, behind its first 16 bytes
    std::uint32_t sum_ = ~0U; // CRC-32C of it so far, the checksum itself taken for zeros
    std::uint32_t given_ = 0; // the checksum
    const char *what_ = "";
    address client_;
    stage stage_ = stage::start;
    std::uint8_t family_ = 0;
    bool has_sum_ = false;
    bool in_sum_ = false;
    bool named_ = false;
};

} // namespace cryo_core::net
