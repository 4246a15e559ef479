// TLS for the limit: OpenSSL on the socket, and nothing around it.
#pragma once

#include <cstddef>
#include <memory>

#include <sys/types.h>

struct ssl_st;

namespace limit {

class tls {
  public:
    // For all connections, from files. False: OpenSSL has said why on standard error.
    static bool load(const char *certificate, const char *key);
    static std::unique_ptr<tls> make(int fd);
    ~tls();
    tls(const tls &) = delete;
    tls &operator=(const tls &) = delete;

    // As recv and send. The handshake is made meanwhile.
    ssize_t receive(void *into, std::size_t size);
    ssize_t send(const void *from, std::size_t size);
    // Whether there is more to receive, without the socket's having anything.
    bool has_more() const;
    // Tells the peer that no more comes.
    void end();

  private:
    explicit tls(ssl_st *ssl) : ssl_(ssl) {}
    ssize_t outcome(int of);

    ssl_st *ssl_;
};

} // namespace limit
