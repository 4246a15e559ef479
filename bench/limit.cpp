// The least that a server must do for a message, as a program: wait with epoll, receive, and answer with the
// ACK and the echo in one send. What Cryo's server costs is measured against it.
//
//   limit [--broadcast | --threads N] [--cale openssl|mbedtls | --tls CERTIFICATE KEY]
//
// prints its port, and serves until SIGTERM.
//
// It knows its one client, `cryo bench`: there is no check of UTF-8, no keep-alive, no time-out, no bound,
// and no token is refused. Not for any other use.
#include "limit_cale.h"
#include "limit_tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using limit::cale;
using limit::frame_head;
using limit::record_extra;
using limit::tls;

constexpr std::size_t room = 1 << 20; // for what is read at once, and for the answers to it

enum frame_type : std::uint8_t {
    ack = 0,
    ping_pong = 2,
    utf8 = 3,
    binary = 4,
    server_hello = 5,
    client_hello = 6,
    done = 7
};

struct connection {
    int fd = -1;
    bool upgraded = false;
    bool ends = false; // once all is sent
    std::uint32_t next_number = 0;
    std::uint8_t sid[16] = {};
    std::string rest;    // of the input, which holds no whole frame yet
    std::string pending; // output that the system would not take
    std::unique_ptr<cale> secure;
    std::unique_ptr<tls> over; // TLS; null: the socket
};

bool with_broadcast = false;
bool with_cale = false;
bool with_mbedtls = false;
bool with_tls = false;
// Of each thread.
thread_local int poller = -1;
thread_local std::uint8_t input[room];
thread_local std::uint8_t output[2 * room + 65536];
thread_local std::uint8_t *out = output;

void watch(connection &of, int operation, bool writing, int by = poller) {
    epoll_event event{};
    event.events = EPOLLIN | (writing ? EPOLLOUT : 0u);
    event.data.ptr = &of;
    epoll_ctl(by, operation, of.fd, &event);
}

std::vector<connection *> all; // with_broadcast

void forget(connection *of) {
    if (with_broadcast) std::erase(all, of);
    close(of->fd);
    delete of;
}

ssize_t receive(connection &of, std::uint8_t *into, std::size_t size) {
    return of.over ? of.over->receive(into, size) : recv(of.fd, into, size, 0);
}

ssize_t transmit(connection &of, const void *from, std::size_t size) {
    return of.over ? of.over->send(from, size) : send(of.fd, from, size, MSG_NOSIGNAL);
}

// -------- output

void put_header(std::size_t size, unsigned opcode = 2) {
    *out++ = static_cast<std::uint8_t>(0x80 | opcode);
    if (size < 126) {
        *out++ = static_cast<std::uint8_t>(size);
    } else if (size <= 0xffff) {
        *out++ = 126;
        *out++ = static_cast<std::uint8_t>(size >> 8);
        *out++ = static_cast<std::uint8_t>(size);
    } else {
        *out++ = 127;
        for (int shift = 56; shift >= 0; shift -= 8)
            *out++ = static_cast<std::uint8_t>(std::uint64_t{size} >> shift);
    }
}

void put_frame_head(std::uint8_t *to, const connection &of, std::uint32_t number, frame_type type) {
    const std::uint32_t big = htonl(number);
    std::memcpy(to, of.sid, 16);
    std::memcpy(to + 16, &big, 4);
    to[20] = type;
}

void put_frame(connection &of, std::uint32_t number, frame_type type, const std::uint8_t *payload,
               std::size_t size) {
    if (of.secure && of.secure->is_on()) {
        put_header(frame_head + size + record_extra);
        std::uint8_t head[frame_head];
        put_frame_head(head, of, number, type);
        out += of.secure->seal(head, payload, size, out);
        return;
    }
    put_header(frame_head + size);
    put_frame_head(out, of, number, type);
    if (size > 0) std::memcpy(out + frame_head, payload, size);
    out += frame_head + size;
}

// False: the connection is lost.
bool flush(connection &of) {
    const auto size = static_cast<std::size_t>(out - output);
    out = output;
    if (!of.pending.empty()) {
        of.pending.append(reinterpret_cast<char *>(output), size);
        return true;
    }
    if (size == 0) return true;
    const ssize_t sent = transmit(of, output, size);
    if (sent < 0 && errno != EAGAIN) return false;
    const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
    if (taken == size) return true;
    of.pending.assign(reinterpret_cast<char *>(output) + taken, size - taken);
    watch(of, EPOLL_CTL_MOD, true);
    return true;
}

bool send_pending(connection &of) {
    const ssize_t sent = transmit(of, of.pending.data(), of.pending.size());
    if (sent < 0) return errno == EAGAIN;
    of.pending.erase(0, static_cast<std::size_t>(sent));
    if (of.pending.empty()) watch(of, EPOLL_CTL_MOD, false);
    return true;
}

// To every other connection: one frame, one send each.
void tell_others(connection &of, frame_type type, const std::uint8_t *payload, std::size_t size) {
    std::uint8_t *const begin = out; // behind what this connection is answered
    std::uint8_t *head = nullptr;
    for (connection *const other : all) {
        if (other == &of || !other->upgraded) continue;
        if (head == nullptr) {
            put_header(frame_head + size);
            head = out;
            out += frame_head;
            std::memcpy(out, payload, size);
            out += size;
        }
        put_frame_head(head, *other, other->next_number++, type);
        const auto whole = static_cast<std::size_t>(out - begin);
        const bool waits = !other->pending.empty();
        const ssize_t sent = waits ? 0 : transmit(*other, begin, whole);
        const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
        if (taken == whole) continue;
        other->pending.append(reinterpret_cast<char *>(begin) + taken, whole - taken);
        if (!waits) watch(*other, EPOLL_CTL_MOD, true);
    }
    out = begin;
}

// -------- input

void unmask(std::uint8_t *data, std::size_t size, const std::uint8_t *key) {
    std::uint32_t key32;
    std::memcpy(&key32, key, 4);
    const std::uint64_t mask = key32 | std::uint64_t{key32} << 32;
    std::uint64_t words[4];
    for (; size >= sizeof words; size -= sizeof words, data += sizeof words) {
        std::memcpy(words, data, sizeof words);
        for (auto &word : words)
            word ^= mask;
        std::memcpy(data, words, sizeof words);
    }
    for (; size >= 8; size -= 8, data += 8) {
        std::memcpy(words, data, 8);
        words[0] ^= mask;
        std::memcpy(data, words, 8);
    }
    for (std::size_t i = 0; i < size; ++i)
        data[i] ^= key[i % 4];
}

bool take_message(connection &of, std::uint8_t *data, std::size_t size) {
    if (of.secure && of.secure->is_on()) {
        if (size < record_extra || !of.secure->open(data, size)) return false;
        data += limit::iv_size;
        size -= record_extra;
    }
    if (size < frame_head) return false;
    std::uint32_t number;
    std::memcpy(&number, data + 16, 4);
    number = ntohl(number);
    const std::uint8_t *const payload = data + frame_head;
    const std::size_t payload_size = size - frame_head;
    switch (data[20]) {
    case utf8:
    case binary:
        put_frame(of, number, ack, nullptr, 0);
        if (with_broadcast) {
            tell_others(of, static_cast<frame_type>(data[20]), payload, payload_size);
            return true;
        }
        put_frame(of, of.next_number++, static_cast<frame_type>(data[20]), payload, payload_size);
        return true;
    case ping_pong:
        if (payload_size == 4 && std::memcmp(payload, "ping", 4) == 0)
            put_frame(of, number, ping_pong, reinterpret_cast<const std::uint8_t *>("pong"), 4);
        return true;
    case client_hello:
        if (!of.secure || !of.secure->agree(payload, payload_size)) return false;
        put_frame(of, number, done, reinterpret_cast<const std::uint8_t *>("null"), 4);
        return true;
    case done:
        if (of.secure) of.secure->turn_on();
        return true;
    default:
        return true;
    }
}

// Handles the whole frames, and says how many bytes they were; SIZE_MAX: the connection is over.
std::size_t take_frames(connection &of, std::uint8_t *data, std::size_t size) {
    std::size_t at = 0;
    while (size - at >= 6) {
        std::uint8_t *const frame = data + at;
        std::size_t length = frame[1] & 0x7f;
        std::size_t head = 6;
        if (length == 126) {
            head = 8;
            length = std::size_t{frame[2]} << 8 | frame[3];
        } else if (length == 127) {
            head = 14;
            if (size - at < head) break;
            length = 0;
            for (int i = 2; i < 10; ++i)
                length = length << 8 | frame[i];
        }
        if (size - at < head || size - at - head < length) break;
        unmask(frame + head, length, frame + head - 4);
        at += head + length;
        switch (frame[0] & 0x0f) {
        case 2:
            if (static_cast<std::size_t>(out - output) + 2 * length + 65536 > sizeof output && !flush(of))
                return SIZE_MAX;
            if (!take_message(of, frame + head, length)) return SIZE_MAX;
            break;
        case 8:
            put_header(length, 8);
            std::memcpy(out, frame + head, length);
            out += length;
            of.ends = true;
            return at;
        default:
            break;
        }
    }
    return at;
}

int digit(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

// The whole request head is there.
bool upgrade(connection &of, std::string_view head) {
    const std::size_t sid = head.find("x-cryo-sid=");
    const std::size_t key = head.find("Sec-WebSocket-Key: ");
    if (sid == std::string_view::npos || key == std::string_view::npos) return false;
    if (head.find("authorization=Bearer%20") == std::string_view::npos) return false;
    std::size_t at = sid + 11;
    for (std::uint8_t &byte : of.sid) {
        if (head[at] == '-') ++at;
        byte = static_cast<std::uint8_t>(digit(head[at]) << 4 | digit(head[at + 1]));
        at += 2;
    }
    std::string text(head.substr(key + 19, 24));
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::uint8_t hash[EVP_MAX_MD_SIZE];
    EVP_Digest(text.data(), text.size(), hash, nullptr, EVP_sha1(), nullptr);
    char accept[32];
    EVP_EncodeBlock(reinterpret_cast<std::uint8_t *>(accept), hash, 20);
    out += std::snprintf(reinterpret_cast<char *>(out), 512,
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: %s\r\n\r\n",
                         accept);
    of.upgraded = true;
    if (!with_cale) return true;
    of.secure = cale::make(with_mbedtls);
    std::uint8_t point[limit::point_size];
    if (!of.secure || !of.secure->hello(point)) return false;
    put_frame(of, of.next_number++, server_hello, point, sizeof point);
    return true;
}

// False: the connection is over.
bool read_once(connection &of) {
    std::size_t have = of.rest.size();
    if (have > room / 2) return false;
    std::memcpy(input, of.rest.data(), have);
    const ssize_t got = receive(of, input + have, room - have);
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN;
    have += static_cast<std::size_t>(got);
    std::size_t used = 0;
    if (!of.upgraded) {
        const std::string_view text(reinterpret_cast<char *>(input), have);
        const std::size_t end = text.find("\r\n\r\n");
        if (end != std::string_view::npos) {
            if (!upgrade(of, text.substr(0, end))) return false;
            used = end + 4;
        }
    }
    if (of.upgraded) {
        const std::size_t taken = take_frames(of, input + used, have - used);
        if (taken == SIZE_MAX) return false;
        used += taken;
    }
    if (used < have) {
        of.rest.assign(reinterpret_cast<char *>(input) + used, have - used);
    } else if (!of.rest.empty()) {
        std::string().swap(of.rest);
    }
    if (!flush(of)) return false;
    if (of.ends && of.pending.empty()) {
        if (of.over) of.over->end();
        shutdown(of.fd, SHUT_WR);
        return false;
    }
    return true;
}

bool read(connection &of) {
    do {
        if (!read_once(of)) return false;
    } while (of.over && of.over->has_more());
    return true;
}

// -------- connections

// To each of the threads in turn.
void accept_all(int listener, const std::vector<int> &pollers) {
    static std::size_t accepted = 0;
    for (;;) {
        const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        auto *const made = new connection;
        made->fd = fd;
        if (with_tls && (made->over = tls::make(fd)) == nullptr) std::abort();
        if (with_broadcast) all.push_back(made);
        watch(*made, EPOLL_CTL_ADD, false, pollers[accepted++ % pollers.size()]);
    }
}

int listen_anywhere() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || listen(fd, 4096) != 0)
        return -1;
    socklen_t size = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size);
    std::printf("%u\n", static_cast<unsigned>(ntohs(address.sin_port)));
    std::fflush(stdout);
    return fd;
}

[[noreturn]] void serve(connection &listener, const std::vector<int> &pollers) {
    epoll_event events[1024];
    for (;;) {
        const int count = epoll_wait(poller, events, 1024, -1);
        for (int i = 0; i < count; ++i) {
            auto *const of = static_cast<connection *>(events[i].data.ptr);
            if (of == &listener) {
                accept_all(listener.fd, pollers);
                continue;
            }
            bool alive = true;
            if ((events[i].events & EPOLLOUT) != 0 && !of->pending.empty()) alive = send_pending(*of);
            if (alive && (events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) alive = read(*of);
            if (alive) continue;
            out = output;
            forget(of);
        }
    }
}

} // namespace

int main(int argc, char **argv) {
    std::vector<int> pollers(1);
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument(argv[i]);
        if (argument == "--broadcast") {
            with_broadcast = true;
        } else if (argument == "--cale" && i + 1 < argc) {
            with_cale = true;
            with_mbedtls = std::string_view(argv[++i]) == "mbedtls";
        } else if (argument == "--tls" && i + 2 < argc) {
            with_tls = true;
            if (!tls::load(argv[i + 1], argv[i + 2])) return 1;
            i += 2;
        } else if (argument == "--threads" && i + 1 < argc && std::atoi(argv[i + 1]) > 0) {
            pollers.resize(static_cast<std::size_t>(std::atoi(argv[++i])));
        } else {
            std::fputs("limit [--broadcast | --threads N] [--cale openssl|mbedtls | --tls CERTIFICATE KEY]\n",
                       stderr);
            return 2;
        }
    }
    if (with_tls) std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to the socket itself
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    for (int &one : pollers)
        one = epoll_create1(0);
    poller = pollers.front();
    connection listener;
    listener.fd = listen_anywhere();
    if (listener.fd < 0) return 1;
    watch(listener, EPOLL_CTL_ADD, false);
    for (std::size_t i = 1; i < pollers.size(); ++i)
        std::thread([&, i] {
            poller = pollers[i];
            serve(listener, pollers);
        }).detach();
    serve(listener, pollers);
}
