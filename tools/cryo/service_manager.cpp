#include "service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>

namespace cryo_tool {
namespace {

constexpr int first_inherited = 3; // SD_LISTEN_FDS_START

// Nothing: it is not there, or no number.
std::optional<long> number_in_environment(const char *name) noexcept {
    const char *const text = std::getenv(name);
    if (text == nullptr) return std::nullopt;
    long value = 0;
    const char *const end = text + std::strlen(text);
    const auto [at, error] = std::from_chars(text, end, value);
    if (error != std::errc() || at != end || value < 0) return std::nullopt;
    return value;
}

} // namespace

std::optional<int> inherited_socket() {
    const std::optional<long> whose = number_in_environment("LISTEN_PID");
    const std::optional<long> count = number_in_environment("LISTEN_FDS");
    if (whose != getpid() || !count || *count == 0) return std::nullopt; // those of a parent, perhaps
    for (const char *const name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        unsetenv(name);
    if (*count > 1)
        throw std::runtime_error("the service manager has opened " + std::to_string(*count) +
                                 " sockets, and this server listens on one; give it one ListenStream=");
    static_cast<void>(fcntl(first_inherited, F_SETFD, FD_CLOEXEC));
    return first_inherited;
}

void notify_manager(std::string_view news) noexcept {
    const char *const where = std::getenv("NOTIFY_SOCKET");
    sockaddr_un at{};
    const std::size_t size = where == nullptr ? 0 : std::strlen(where);
    if (size < 2 || size > sizeof at.sun_path || (where[0] != '/' && where[0] != '@')) return;
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, where, size);
    if (at.sun_path[0] == '@') at.sun_path[0] = '\0';
    const int to = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (to < 0) return;
    static_cast<void>(sendto(to, news.data(), news.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr *>(&at),
                             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size)));
    ::close(to);
}

std::string reloading_news() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const long long microseconds = now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
    return "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds);
}

} // namespace cryo_tool
