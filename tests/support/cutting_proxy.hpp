// A TCP proxy that cuts its connections: at random moments, in each of the ways in which networks do.
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <list>
#include <netinet/in.h>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cryo_test {

class cutting_proxy {
  public:
    // To 127.0.0.1:port. After so many cuts it lets everything pass.
    cutting_proxy(std::uint16_t to, unsigned cuts, unsigned seed) : to_(to), left_(cuts), random_(seed) {
        listener_ = socket_of();
        sockaddr_in at = loopback(0);
        socklen_t size = sizeof at;
        if (::bind(listener_, reinterpret_cast<sockaddr *>(&at), size) != 0 ||
            ::listen(listener_, 1024) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr *>(&at), &size) != 0)
            throw std::runtime_error("the proxy cannot listen");
        port_ = ntohs(at.sin_port);
        thread_ = std::thread([this] {
            while (!over_)
                turn();
        });
    }
    cutting_proxy(const cutting_proxy &) = delete;
    cutting_proxy &operator=(const cutting_proxy &) = delete;
    ~cutting_proxy() {
        over_ = true;
        thread_.join();
        for (pair &each : pairs_)
            for (int &fd : each.fd)
                shut(fd);
        ::close(listener_);
    }

    std::uint16_t port() const { return port_; }
    unsigned cuts_left() const { return left_; }
    // Until then it lets everything pass.
    void begin() { begun_ = true; }

  private:
    using clock = std::chrono::steady_clock;
    enum side { client, server };
    enum class way {
        reset,       // both ends hear of it
        end,         // the same, in order
        server_only, // the client does not hear of it
        client_only, // the server does not
        black_hole,  // nobody does
        no_answer,   // the request arrives, its answer does not, and the client hears of the loss
        count,
    };

    struct pair {
        int fd[2] = {-1, -1};
        bool ended[2] = {false, false}; // what this side sends has come to its end
        bool deaf = false;              // nothing passes any more
        way how = way::reset;
        std::size_t bytes_left = 0; // until the cut
        clock::time_point cut_at;
    };

    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return at;
    }
    static int socket_of() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }
    static void shut(int &fd) {
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
    static void reset(int &fd) {
        const linger now{.l_onoff = 1, .l_linger = 0};
        if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        shut(fd);
    }
    unsigned upto(unsigned most) { return std::uniform_int_distribution<unsigned>(0, most)(random_); }

    bool cuts() const { return begun_ && left_ > 0; }

    void turn() {
        std::vector<pollfd> polled{{.fd = listener_, .events = POLLIN, .revents = 0}};
        std::vector<std::pair<pair *, side>> whose{{nullptr, client}};
        for (pair &each : pairs_)
            for (const side s : {client, server}) {
                if (each.fd[s] < 0) continue;
                const bool reads = !each.ended[s] && !each.deaf;
                polled.push_back({.fd = each.fd[s],
                                  .events = static_cast<short>(reads ? POLLIN : POLLRDHUP),
                                  .revents = 0});
                whose.emplace_back(&each, s);
            }
        ::poll(polled.data(), polled.size(), 5);
        for (std::size_t i = 1; i < polled.size(); ++i)
            if (polled[i].revents != 0) pass(*whose[i].first, whose[i].second);
        for (pair &each : pairs_)
            if (!each.deaf && cuts() && clock::now() >= each.cut_at) cut(each);
        if (polled[0].revents != 0) accept();
        pairs_.remove_if([](const pair &each) { return each.fd[client] < 0 && each.fd[server] < 0; });
    }

    void accept() {
        pair made;
        made.fd[client] = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (made.fd[client] < 0) return;
        made.fd[server] = socket_of();
        const sockaddr_in at = loopback(to_);
        if (::connect(made.fd[server], reinterpret_cast<const sockaddr *>(&at), sizeof at) != 0)
            return shut(made.fd[client]), shut(made.fd[server]);
        made.how = static_cast<way>(upto(static_cast<unsigned>(way::count) - 1));
        const bool early = upto(3) == 0; // during the upgrade
        made.bytes_left = upto(early ? 500 : 20'000);
        made.cut_at = clock::now() + std::chrono::milliseconds(early ? upto(3) : 5 + upto(60));
        pairs_.push_back(made);
    }

    void pass(pair &at, side from) {
        const side to = from == client ? server : client;
        if (at.fd[from] < 0) return;
        if (at.deaf) { // its end alone is of interest
            char byte = 0;
            const ssize_t n = ::recv(at.fd[from], &byte, 1, MSG_PEEK | MSG_DONTWAIT);
            if (n == 0 || (n < 0 && errno != EAGAIN)) shut(at.fd[from]);
            if (n > 0) discard(at.fd[from]);
            return;
        }
        char buffer[16384];
        const ssize_t n = ::recv(at.fd[from], buffer, sizeof buffer, MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            at.ended[from] = true;
            if (at.fd[to] >= 0) ::shutdown(at.fd[to], SHUT_WR);
            if (n < 0 || at.ended[to]) shut(at.fd[client]), shut(at.fd[server]);
            return;
        }
        auto size = static_cast<std::size_t>(n);
        if (cuts()) size = std::min(size, at.bytes_left);
        if (at.how == way::no_answer && from == server && cuts())
            size = 0;
        else if (at.fd[to] >= 0)
            send(at.fd[to], buffer, size);
        if (cuts()) at.bytes_left -= std::min(at.bytes_left, size);
        if (cuts() && size < static_cast<std::size_t>(n)) cut(at);
    }

    static void send(int fd, const char *data, std::size_t size) {
        while (size > 0) {
            const ssize_t sent = ::send(fd, data, size, MSG_NOSIGNAL);
            if (sent <= 0) return;
            data += sent;
            size -= static_cast<std::size_t>(sent);
        }
    }
    static void discard(int fd) {
        char buffer[16384];
        while (::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) > 0) {
        }
    }

    void cut(pair &at) {
        --left_;
        at.deaf = true;
        switch (at.how) {
        case way::reset:
            return reset(at.fd[client]), reset(at.fd[server]);
        case way::end:
            return shut(at.fd[client]), shut(at.fd[server]);
        case way::server_only:
            return reset(at.fd[server]);
        case way::client_only:
        case way::no_answer:
            return reset(at.fd[client]);
        case way::black_hole:
        case way::count:
            return;
        }
    }

    const std::uint16_t to_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::atomic<unsigned> left_;
    std::atomic<bool> begun_{false};
    std::atomic<bool> over_{false};
    std::mt19937 random_; // of the proxy's thread
    std::list<pair> pairs_;
    std::thread thread_;
};

} // namespace cryo_test
