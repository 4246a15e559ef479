// The TLS of one accepted connection: OpenSSL over bytes that the link carries. It never waits for the
// socket: what has come is given to it whole, and what it says is gathered and sent at once. Only src/net
// includes this.
#pragma once

#include "base/byte_buffer.h"
#include "base/bytes.h"
#include "net/openssl.h"
#include "net/socket.h"

#include <memory>

namespace cryo_core::net {

class server_tls;
class tls_link;
struct peer_certificate;

// Of a loop: what its connections share while one of them has its turn.
class tls_room {
  public:
    explicit tls_room(std::shared_ptr<const server_tls> with) noexcept : with_(std::move(with)) {}

    const server_tls &with() const noexcept { return *with_; }

  private:
    friend class tls_link;

    std::shared_ptr<const server_tls> with_;
    bytes_view in_;            // what was received, and is not decrypted yet
    byte_buffer out_;          // what is to be sent
    tls_link *said_ = nullptr; // by whom; null: nothing is to be sent
};

// What is received goes behind this room in a buffer, and is decrypted to the beginning of the same one: the
// largest record, the beginning of which was received before, so that text never overtakes its cipher text.
constexpr std::size_t tls_gap = 20 * 1024;

class tls_link {
  public:
    // null: there is no memory, or OpenSSL does not want to.
    static std::unique_ptr<tls_link> make(tls_room &room, os_socket s) noexcept;
    ~tls_link();
    tls_link(const tls_link &) = delete;
    tls_link &operator=(const tls_link &) = delete;

    enum class state : std::uint8_t {
        open,
        over,  // the client has said that no more comes
        failed // no TLS any more, or never
    };
    struct text {
        std::size_t size = 0; // at the beginning of the buffer
        state then = state::open;
    };
    // Takes all `received` bytes that lie behind tls_gap. What has to be answered is sent by flush().
    text open(bytes_mut buffer, std::size_t received) noexcept;

    // Encrypts and sends all. What the system does not take waits. false: the connection is broken.
    bool write(bytes_view data) noexcept;
    // Sends what was said. false: as above.
    bool flush() noexcept;
    // That no more is sent.
    void say_end() noexcept;

    // Of what was encrypted: not taken by the system yet.
    std::size_t waiting() const noexcept { return waiting_.size() - sent_; }
    // When the socket can be written to. false: as above.
    bool drain() noexcept;

    bool is_agreed() const noexcept { return agreed_; }
    bool in_handshake() const noexcept { return !agreed_ && heard_; }
    // Why there is no TLS: null where the client has said nothing, or there is. Static text.
    const char *failure() const noexcept;
    // null: the client has shown none. Throws std::bad_alloc.
    std::unique_ptr<const peer_certificate> certificate() const;

    struct bio; // what OpenSSL reads from and writes to

  private:
    tls_link(tls_room &room, os_socket s) noexcept : room_(room), socket_(s) {}

    int take(bytes_mut into) noexcept;
    bool say(bytes_view record) noexcept;
    bool send(bytes_view records) noexcept;

    tls_room &room_;
#ifdef CRYO_LWS_OVER_OPENSSL
    std::unique_ptr<SSL, freed_by<SSL_free>> ssl_;
#endif
    byte_buffer waiting_;
    std::size_t sent_ = 0; // of what waits
    os_socket socket_;
    bool heard_ = false;
    bool agreed_ = false;
    bool broken_ = false; // nothing can be sent any more
};

} // namespace cryo_core::net
