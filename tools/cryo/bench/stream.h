// The bytes of one connection of the load generator: a socket, and TLS on it if the URL says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct addrinfo;
struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace cryo_tool {

// Where all connections of a run go.
class bench_target {
  public:
    // Looks the host up; of several addresses, the first one that can be connected to counts. Throws
    // std::runtime_error.
    bench_target(const std::string &host, std::uint16_t port);

    // A socket that is connecting, or a negative errno.
    int connect() const noexcept;

  private:
    struct free_addresses {
        void operator()(addrinfo *list) const noexcept;
    };
    std::unique_ptr<addrinfo, free_addresses> addresses_;
    const addrinfo *chosen_ = nullptr; // one of them
};

// TLS 1.2 and later, with OpenSSL: trusts what the system trusts and a file with further certificates. Where
// the library was built without OpenSSL, there is none. For all threads of a run.
class bench_tls {
  public:
    // `resume`: a connection goes on with the TLS session of one before it, once for each ticket that came.
    bench_tls(const std::string &host, const std::string &ca_file, bool resume); // throws std::runtime_error
    ~bench_tls();
    bench_tls(const bench_tls &) = delete;
    bench_tls &operator=(const bench_tls &) = delete;

    // For a socket; nullptr when there is no memory.
    ssl_st *make(int fd) const noexcept;

  private:
    struct tickets;
    static int keep_ticket(ssl_st *ssl, ssl_session_st *ticket) noexcept;

    ssl_ctx_st *context_ = nullptr;
    std::string host_;
    std::unique_ptr<tickets> tickets_; // null: each handshake is a full one
};

class bench_stream {
  public:
    static constexpr std::ptrdiff_t later = -1; // nothing now
    static constexpr std::ptrdiff_t broken = -2;

    // Owns the socket. `tls` may be null.
    bench_stream(int fd, const bench_tls *tls);
    ~bench_stream();
    bench_stream(const bench_stream &) = delete;
    bench_stream &operator=(const bench_stream &) = delete;

    int fd() const noexcept { return fd_; }
    bool is_tls() const noexcept { return ssl_ != nullptr; }

    // The errno of an attempt to connect that is over; 0: it has succeeded.
    int connect_error() const noexcept;

    enum class handshake { done, wants_read, wants_write, failed };
    handshake shake_hands() noexcept;
    // Whether the handshake, when it is done, has gone on with an earlier TLS session.
    bool is_resumed() const noexcept;

    // How many bytes; 0 when the peer has ended, later, or broken.
    std::ptrdiff_t read(std::span<std::uint8_t> into) noexcept;
    std::ptrdiff_t write(std::span<const std::uint8_t> from) noexcept;

    // What the system, or TLS, says of the failure.
    std::string why() const;

  private:
    // bench_tls.cpp
    std::ptrdiff_t read_tls(std::span<std::uint8_t> into) noexcept;
    std::ptrdiff_t write_tls(std::span<const std::uint8_t> from) noexcept;
    void end_tls() noexcept;

    int fd_;
    int error_ = 0;
    ssl_st *ssl_ = nullptr;
    std::string tls_error_;
};

} // namespace cryo_tool
