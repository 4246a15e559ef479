// The keys of session tickets (RFC 5077, RFC 8446 section 4.6.1), one set for all loops of a server: a client
// that comes back is known on each of them.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"

#include <array>
#include <mutex>
#include <vector>

namespace cryo_core::net {

// A name (16 bytes), then the keys of HMAC-SHA-256 and of AES-256-CBC: as OpenSSL, nginx and others have it.
constexpr std::size_t ticket_key_size = 80;
// Keys that are given may be so many: each is looked at for a ticket that none of them has made.
constexpr std::size_t max_ticket_keys = 16;

// How long a key of our own makes tickets: who finds it in our memory reads no older ones, nor for longer.
constexpr time_us ticket_key_life = from_ms(std::int64_t{60} * 60 * 1000);
// How long a ticket is good for, and the key that it was made with is kept.
constexpr std::int64_t ticket_life_s = 2 * 60 * 60;

struct ticket_key {
    std::array<std::uint8_t, ticket_key_size> bytes;

    bytes_view name() const noexcept { return bytes_view(bytes).first(16); }
    bytes_view mac_key() const noexcept { return bytes_view(bytes).subspan(16, 32); }
    bytes_view cipher_key() const noexcept { return bytes_view(bytes).subspan(48, 32); }
};

class ticket_keys {
  public:
    ticket_keys() = default;
    ~ticket_keys();
    ticket_keys(const ticket_keys &) = delete;
    ticket_keys &operator=(const ticket_keys &) = delete;

    // Whether they can be used: status::invalid if not.
    static failure check(bytes_view keys);

    // From any thread, all of them. The first one makes tickets, all of them are known. Empty: keys of our
    // own, which change by themselves.
    void use(bytes_view keys);
    // false: there are no random numbers.
    bool to_make(time_us now, ticket_key &into) noexcept;
    enum class found : std::uint8_t { none, current, former };
    found to_read(time_us now, bytes_view name, ticket_key &into) noexcept;

  private:
    struct held {
        ticket_key key;
        time_us made = 0;
    };
    bool renew(time_us now) noexcept;
    void wipe() noexcept;

    std::mutex mutex_;
    std::vector<held> keys_; // the current one first
    bool own_ = true;
};

} // namespace cryo_core::net
