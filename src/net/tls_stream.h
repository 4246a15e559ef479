// The TLS of a client's connection: OpenSSL over bytes that somebody else carries. Only src/net includes
// this.
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "net/tls_client.h"

#include <memory>
#include <optional>

namespace cryo_core::net {

// What is below: a socket, and what waits to be sent to it.
class tls_carrier {
  public:
    // How much has come, 0: nothing now. Nothing: no more comes.
    virtual std::optional<std::size_t> receive(bytes_mut into) noexcept = 0;
    // Takes all. false: the connection is broken, or there is no memory.
    virtual bool send(bytes_view data) noexcept = 0;

  protected:
    ~tls_carrier() = default;
};

class tls_stream {
  public:
    // For a server of this name, or address. null: `why` says why.
    static std::unique_ptr<tls_stream> make(std::shared_ptr<const client_tls> with, const std::string &host,
                                            tls_carrier &below, failure &why);
    ~tls_stream();
    tls_stream(const tls_stream &) = delete;
    tls_stream &operator=(const tls_stream &) = delete;

    enum class step : std::uint8_t { done, waits, failed };
    step shake_hands() noexcept;

    // As the carrier's.
    std::optional<std::size_t> read(bytes_mut into) noexcept;
    bool write(bytes_view data) noexcept;

    // That no more is sent.
    void say_end() noexcept;

    // What the server's certificate, or the server by an alert, says against this connection.
    failure objection(const std::string &host) const;
    // The library's words for what has failed; may be empty.
    const char *words() const noexcept { return words_; }

    struct inside;

  private:
    explicit tls_stream(std::shared_ptr<const client_tls> with) noexcept;
    void note_words() noexcept;

    const std::shared_ptr<const client_tls> with_;
    std::unique_ptr<inside> inside_;
    const char *words_ = "";
};

} // namespace cryo_core::net
