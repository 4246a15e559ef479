// The bytes of a client's connection, plain or through TLS. What the system does not take at once is kept
// here, in the form in which it leaves. Only src/net includes this.
#pragma once

#include "base/byte_buffer.h"
#include "net/delivery.h"
#include "net/tls_stream.h"
#include "net/watched_socket.h"

namespace cryo_core::net {

class client_stream final : private tls_carrier {
  public:
    explicit client_stream(watched_socket &&connected) noexcept : socket_(std::move(connected)) {}

    // false: `why` says why.
    bool start_tls(std::shared_ptr<const client_tls> with, const std::string &host, failure &why);
    tls_stream *tls() const noexcept { return tls_.get(); }

    // How much has come, as much as there is room for; 0: nothing now. Nothing: it is over.
    std::optional<std::size_t> read(bytes_mut into) noexcept;
    // read() has more to tell, without the socket being ready.
    bool more_to_read() const noexcept { return more_; }

    // Takes all, also while it is choked. false: the connection is broken; what the peer has sent can be read
    // still.
    bool write(bytes_view data) noexcept { return tls_ != nullptr ? tls_->write(data) : send(data); }
    // Something waits for the system to take it.
    bool choked() const noexcept { return !waiting_.empty(); }
    // When the socket can be written to. false: as above.
    bool drain() noexcept;

    struct delivery delivery() const noexcept;

    void hand_to(socket_watcher &who) noexcept { socket_.hand_to(who); }
    void watch(bool reading) noexcept { socket_.watch(reading, choked() && !broken_); }
    os_socket descriptor() const noexcept { return socket_.descriptor(); }

    // Says in TLS that no more comes.
    void say_end() noexcept {
        if (tls_ != nullptr) tls_->say_end();
    }
    // Closing it resets the connection: what is not sent is dropped.
    void reset_on_close() noexcept { set_reset_on_close(socket_.descriptor()); }

  private:
    std::optional<std::size_t> receive(bytes_mut into) noexcept override;
    bool send(bytes_view data) noexcept override;

    watched_socket socket_;
    std::unique_ptr<tls_stream> tls_;
    byte_buffer waiting_;
    std::size_t sent_ = 0;     // of what waits
    std::uint64_t handed_ = 0; // to the system
    bool more_ = false;
    bool over_ = false;
    bool broken_ = false; // nothing can be sent any more
};

} // namespace cryo_core::net
