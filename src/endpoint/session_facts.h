// What is known of a session before its first frame: what came with the upgrade request, or goes with it. One
// block of text, because every idle session keeps it.
#pragma once

#include "base/uuid.h"
#include "net/tls_peer.h"
#include "upgrade/query.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace cryo_core {

class session_facts {
  public:
    struct parts {
        std::string_view token;
        std::string_view remote_address;
        std::string_view proxy_address{}; // empty: none is in front of it
        std::string_view path;
        const upgrade::parameters &parameters; // the token is not among them
        uuid sid;                              // all zero if none was asked for, or one that is no UUID
        bool peer = false;                     // opened by a server, to another one
        const upgrade::parameters *headers = nullptr; // those that are kept
    };
    session_facts() noexcept = default;
    explicit session_facts(const parts &from);

    // Each of the texts is followed by a NUL.
    std::string_view token() const noexcept { return text(0); }
    std::string_view remote_address() const noexcept { return text(1); }
    std::string_view path() const noexcept { return text(2); }
    std::string_view proxy_address() const noexcept { return text(3); }
    std::size_t parameter_count() const noexcept { return (count() - first_parameter) / 2 - header_count(); }
    // Its name and its value.
    std::pair<std::string_view, std::string_view> parameter(std::size_t at) const noexcept {
        return {text(first_parameter + 2 * at), text(first_parameter + 2 * at + 1)};
    }
    // The first one's of that name.
    std::optional<std::string_view> parameter(std::string_view name) const noexcept;
    // By its name in any case.
    std::optional<std::string_view> header(std::string_view name) const noexcept;

    // What the peer has shown in its TLS handshake; null: nothing.
    const net::peer_certificate *certificate() const noexcept { return certificate_.get(); }
    void set_certificate(std::unique_ptr<const net::peer_certificate> shown) noexcept {
        certificate_ = std::move(shown);
    }

    const uuid &sid() const noexcept { return sid_; }
    void set_sid(const uuid &sid) noexcept { sid_ = sid; }
    bool peer() const noexcept { return words_ && (words_[0] & peer_bit) != 0; }

  private:
    static constexpr std::size_t first_parameter = 4;
    static constexpr std::uint32_t peer_bit = 0x80000000;
    static constexpr unsigned header_shift = 24; // of 7 bits
    static constexpr std::uint32_t text_mask = 0x00ffffff;

    std::size_t count() const noexcept { return words_ ? words_[0] & text_mask : first_parameter; }
    std::size_t header_count() const noexcept { return words_ ? (words_[0] & ~peer_bit) >> header_shift : 0; }
    std::string_view text(std::size_t at) const noexcept;

    // The number of texts with that of headers and peer_bit, the end of each of them, then the texts.
    std::unique_ptr<std::uint32_t[]> words_;
    std::unique_ptr<const net::peer_certificate> certificate_;
    uuid sid_;
};

} // namespace cryo_core
