// Where there is no OpenSSL, the load generator has no TLS: it says so before anything is connected.
#include "bench/stream.h"

#include <stdexcept>

namespace cryo_tool {

struct bench_tls::tickets {};

bench_tls::bench_tls(const std::string &, const std::string &, bool) {
    throw std::runtime_error("wss:// needs OpenSSL, and this program was built without it");
}

bench_tls::~bench_tls() = default;

ssl_st *bench_tls::make(int) const noexcept {
    return nullptr;
}

bench_stream::handshake bench_stream::shake_hands() noexcept {
    return handshake::failed;
}

bool bench_stream::is_resumed() const noexcept {
    return false;
}

std::ptrdiff_t bench_stream::read_tls(std::span<std::uint8_t>) noexcept {
    return broken;
}

std::ptrdiff_t bench_stream::write_tls(std::span<const std::uint8_t>) noexcept {
    return broken;
}

void bench_stream::end_tls() noexcept {}

} // namespace cryo_tool
