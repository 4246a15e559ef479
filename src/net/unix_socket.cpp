#include "net/unix_socket.h"

#include <algorithm>
#include <cstring>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <cerrno>
#include <cstddef>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#endif

namespace cryo_core::net {

#ifdef _WIN32

void socket_file::take(const std::string &) {}
void socket_file::remove() noexcept {}
socket listen_at_path(const std::string &, std::uint32_t, int, socket_file &, failure &why) {
    why = {status::unsupported, "there are no Unix-domain sockets here"};
    return {};
}
socket connect_to_path(const std::string &, int &error) noexcept {
    error = WSAEAFNOSUPPORT;
    return {};
}
std::string path_of(os_socket) {
    return {};
}

#else

namespace {

struct unix_name {
    sockaddr_un at{};
    socklen_t size = 0;
    const sockaddr *get() const noexcept { return reinterpret_cast<const sockaddr *>(&at); }
};

bool is_file(std::string_view path) noexcept {
    return !path.starts_with('@');
}

// False: it is empty or too long, or has a zero byte.
bool write_name(std::string_view path, unix_name &to) noexcept {
    const std::size_t room = sizeof to.at.sun_path - 1;
    if (path.empty() || path == "@" || path.size() > room || path.find('\0') != std::string_view::npos)
        return false;
    to = {};
    to.at.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), to.at.sun_path);
    if (!is_file(path)) to.at.sun_path[0] = '\0';
    to.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (is_file(path) ? 1 : 0));
    return true;
}

socket new_unix_socket() noexcept {
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
    return socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
#else
    socket s(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (s && !prepare_socket(s.get())) s.reset();
    return s;
#endif
}

// Whether the file is a socket that a program has left behind: nobody listens at it.
bool is_stale(const std::string &path, const unix_name &name) noexcept {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
    const socket asks = new_unix_socket();
    return asks && ::connect(asks.get(), name.get(), name.size) != 0 && errno == ECONNREFUSED;
}

failure path_failure(const std::string &path, int error) {
    failure why{status::system,
                "cannot listen on " + std::string(unix_prefix) + path + ": " + error_text(error)};
    switch (error) {
    case EADDRINUSE:
        why.code = status::address_in_use;
        why.text += "; a program listens there, or it is no socket; stop that program, or use another path";
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        why.code = status::permission;
        why.text += "; the folder must be writable";
        break;
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
        why.code = status::address;
        why.text += "; make the folder first";
        break;
    case ENAMETOOLONG:
        why.code = status::address;
        break;
    default:
        break;
    }
    return why;
}

} // namespace

void socket_file::take(const std::string &path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return;
    path_ = path;
    device_ = found.st_dev;
    number_ = found.st_ino;
}

void socket_file::remove() noexcept {
    if (path_.empty()) return;
    struct stat found {};
    if (::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == number_)
        ::unlink(path_.c_str());
    path_.clear();
}

socket listen_at_path(const std::string &path, std::uint32_t mode, int backlog, socket_file &file,
                      failure &why) {
    unix_name name;
    if (!write_name(path, name)) {
        why = {status::address, "cannot listen on " + std::string(unix_prefix) + path +
                                    ": the path is empty, or longer than the system's " +
                                    std::to_string(sizeof name.at.sun_path - 1) + " bytes"};
        return {};
    }
    socket made = new_unix_socket();
    int error = made ? 0 : socket_error();
    if (made && ::bind(made.get(), name.get(), name.size) != 0) {
        error = socket_error();
        if (error == EADDRINUSE && is_file(path) && is_stale(path, name)) {
            ::unlink(path.c_str());
            error = ::bind(made.get(), name.get(), name.size) == 0 ? 0 : socket_error();
        }
    }
    if (error == 0 && is_file(path)) {
        file.take(path);
        // Nobody can connect before it listens.
        if (mode != 0 && ::chmod(path.c_str(), mode) != 0) error = socket_error();
    }
    if (error == 0 && ::listen(made.get(), backlog) != 0) error = socket_error();
    if (error == 0) return made;
    file.remove();
    why = path_failure(path, error);
    return {};
}

socket connect_to_path(const std::string &path, int &error) noexcept {
    unix_name name;
    if (!write_name(path, name)) {
        error = ENAMETOOLONG;
        return {};
    }
    socket made = new_unix_socket();
    if (!made || ::connect(made.get(), name.get(), name.size) != 0) {
        error = socket_error();
        return {};
    }
    return made;
}

std::string path_of(os_socket s) {
    sockaddr_un name{};
    socklen_t size = sizeof name;
    constexpr std::size_t begin = offsetof(sockaddr_un, sun_path);
    if (::getsockname(s, reinterpret_cast<sockaddr *>(&name), &size) != 0 || name.sun_family != AF_UNIX ||
        size <= begin)
        return {};
    std::string path(name.sun_path, std::min(sizeof name.sun_path, size - begin));
    if (path.front() == '\0') return "@" + path.substr(1);
    return path.substr(0, path.find('\0'));
}

#endif

} // namespace cryo_core::net
