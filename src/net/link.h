// One accepted connection: decrypted bytes in, bytes out, and exactly one end. Everything here happens on the
// thread of its loop.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "net/address.h"
#include "net/delivery.h"
#include "net/ring.h"
#include "net/socket.h"

#include <memory>
#include <optional>
#include <string>

namespace cryo_core::net {

class loop;
class loop_core;
class tls_link;
struct peer_certificate;

// What may be written at once with TLS. Small enough that a system's send buffer that says it has room takes
// all of it, and so much of it may wait with the link.
constexpr std::size_t write_credit = 64 * 1024;

// What may be written at once to a socket without TLS, which says itself how much of it it takes.
constexpr std::size_t plain_credit = 256 * 1024;

// How long finish() waits for the peer's end before the connection is dropped: a peer that keeps its side
// open cannot hold ours.
constexpr std::int64_t finish_timeout_ms = 1000;

// Any method of any link may be called inside these. What they throw is logged and aborts the link.
class link_handler {
  public:
    virtual ~link_handler() = default;

    // The bytes may be modified.
    virtual void on_read(bytes_mut data) = 0;

    // Write now what there is to write. Comes when request_flush() asked for it, and when a choked link can
    // take more.
    virtual void on_flush() = 0;

    // The connection is over, whatever the cause. The last call: the link is destroyed when it returns, and
    // the handler may delete itself in it. Never comes inside a method of the link or another call of the
    // handler.
    virtual void on_gone() noexcept = 0;
};

namespace rings {
struct all;
struct due;
} // namespace rings

class link : private ring_hook<rings::all>, private ring_hook<rings::due> {
  public:
    // How many bytes write() takes now; 0: on_flush comes when it can take more.
    std::size_t writable() noexcept;

    // While writable() is not 0: how many of the bytes are on their way, from the first on. If not all, the
    // link is choked, or was given more than writable(). Nothing: it is broken, and on_gone will come.
    std::optional<std::size_t> write(bytes_view data) noexcept;

    // Whether it takes several pieces at once (of up to max_pieces of net/socket.h), by the same rules: one
    // without TLS.
    bool gathers() const noexcept;
    std::optional<std::size_t> write(std::span<const bytes_view> pieces) noexcept;

    // What has become of what was written. Asks the system.
    struct delivery delivery() const noexcept;

    // on_flush comes once, in this iteration of the loop.
    void request_flush() noexcept;
    bool flush_requested() const noexcept;
    // If it was requested, now: outside of the handler's calls.
    void flush_at_once() noexcept;

    // What the peer sends meanwhile stays in the system's buffers; a chunk that was read is delivered still.
    void pause_read() noexcept;
    void resume_read() noexcept;

    // Everything is written: shuts the sending side down, discards what still comes, and is over with the
    // peer's end or after finish_timeout_ms. No on_read and no on_flush comes any more.
    void finish() noexcept;

    // Over now, for us: what was written the system still sends, if the peer takes it. No on_read and no
    // on_flush comes any more.
    void leave() noexcept;

    // Over now; what is not sent yet may be lost. No on_read and no on_flush comes any more.
    void abort() noexcept;

    // Whether the peer has ended its side, or the connection is broken; what it said before may not be read
    // yet.
    bool peer_has_left() const noexcept;
    // How many bytes have come from the peer, read or not; nothing: the system does not tell.
    std::optional<std::uint64_t> received() const noexcept;
    // Whether more than that have come since, from a peer that has not left. Where the system does not tell:
    // whether it has just been read from, or something is there to be read. Asks the system.
    bool has_received_since(std::optional<std::uint64_t> before, bool just_read) const noexcept;

    // Whether the client has begun to agree on TLS, and is not done with it.
    bool in_tls_handshake() const noexcept;

    // The client's: where it connects from, or what a proxy in front says of it. "192.0.2.7:54321",
    // "[2001:db8::1]:54321", without the port where that is not known.
    std::string remote_address() const { return remote_.text_of_known(); }
    address_key remote_key() const noexcept { return remote_.key(); }
    const address &remote() const noexcept { return remote_; }
    void set_remote(const address &client) noexcept { remote_ = client; }
    // Where the connection itself comes from: the proxy's address, if there is one. Asks the system.
    address peer() const noexcept;

    // What the peer has shown, if it was asked; null: nothing. Throws std::bad_alloc.
    std::unique_ptr<const struct peer_certificate> peer_certificate() const;

    loop &owner() const noexcept;

  private:
    friend class loop_core;
    friend struct link_events; // what its transport reports
    template <typename, typename>
    friend class ring;

    enum class phase : std::uint8_t { open, finishing, ending };

    link(loop_core &core, const address &from);
    ~link();

    void flush();
    void choke() noexcept;
    std::optional<std::size_t> written_plain(std::optional<std::size_t> taken, std::size_t size) noexcept;
    std::optional<std::size_t> write_tls(bytes_view data) noexcept;
    std::optional<std::size_t> write_carried(bytes_view data) noexcept;
    bool holds_back() const noexcept;
    void say_end() noexcept;
    void adjust_reading() noexcept;
    void shut_down() noexcept;
    bool is_open() const noexcept { return descriptor_ != no_socket; }

    loop_core &core_;
    void *carried_ = nullptr;       // what the transport has for it
    std::unique_ptr<tls_link> tls_; // null: plain, or the transport's
    link_handler *handler_ = nullptr;
    address remote_;
    std::uint32_t credit_ = 0;
    os_socket descriptor_ = no_socket; // no_socket: closed, or not there yet
    // Open: bytes, as far as they were taken from us. Finishing, when nobody asks for those any more: until
    // when.
    std::int64_t written_or_deadline_ = 0;
    phase phase_ = phase::open;
    bool ready_ = false;   // TLS: the peer's first bytes have come, so the handshake is done
    bool choked_ = false;  // waiting to be told that it can write
    bool stalled_ = false; // the transport holds bytes; it must not be made to read meanwhile
    bool paused_ = false;
    bool waits_for_answer_ = false; // to be flushed, but not yet
    bool reading_ = true;           // as the transport was told last
    // While the transport, which was told of the peer's end along with its bytes, reports these: see
    // link_events::read_told.
    bool told_ = false;
    bool told_end_ = false;
};

} // namespace cryo_core::net
