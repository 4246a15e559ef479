// A server behind proxies, on sockets that are none of TCP's, and with long heads.
#include "facade_support.hpp"
#include "raw_peer.hpp"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

using namespace cryo_test;

namespace {

struct seen {
    std::string remote, proxy;
};

// A server that keeps what it is told of its clients, and one client after the other.
class edge {
  public:
    explicit edge(cryo::server_options options)
        : server_(options, [this](cryo::auth ticket) {
              tickets.put({ticket.remote_address(), ticket.proxy_address()});
              ticket.accept();
          }) {
        server_.on_listening([this](std::string_view at, std::uint16_t) { host.put(std::string(at)); });
        server_.on_session([this](const cryo::session &one) {
            sessions.put({one.remote_address(), one.proxy_address()});
        });
        server_.start();
    }

    std::uint16_t port() const { return server_.port(); }

    // What ticket and session say of a client with these headers.
    seen meet(cryo::client_options options) {
        options.reconnect_attempts = 0;
        cryo::client client(options);
        client.start();
        const seen by_ticket = tickets.get();
        const seen by_session = sessions.get();
        assert_string_equal(by_ticket.remote.c_str(), by_session.remote.c_str());
        assert_string_equal(by_ticket.proxy.c_str(), by_session.proxy.c_str());
        client.close();
        return by_session;
    }

    mailbox<std::string> host;
    mailbox<seen> tickets, sessions;

  private:
    cryo::server server_;
};

void the_client_behind_a_proxy(void **) {
    edge server({.port = 0, .trusted_proxies = {"127.0.0.0/8"}});
    auto options = connecting_to(server.port());
    seen got = server.meet(options);
    assert_int_equal(got.remote.rfind("127.0.0.1:", 0), 0);
    assert_string_equal(got.proxy.c_str(), "");
    options.headers = {{"X-Forwarded-For", "1.1.1.1, 192.0.2.7"}};
    got = server.meet(options);
    assert_string_equal(got.remote.c_str(), "192.0.2.7");
    assert_int_equal(got.proxy.rfind("127.0.0.1:", 0), 0);
    options.headers = {{"Forwarded", "for=\"[2001:db8::7]:99\""}};
    assert_string_equal(server.meet(options).remote.c_str(), "[2001:db8::7]:99");
}

void nobody_is_trusted_by_default(void **) {
    edge server({.port = 0});
    auto options = connecting_to(server.port());
    options.headers = {{"X-Forwarded-For", "192.0.2.7"}};
    const seen got = server.meet(options);
    assert_int_equal(got.remote.rfind("127.0.0.1:", 0), 0);
    assert_string_equal(got.proxy.c_str(), "");
}

void one_header_is_chosen(void **) {
    edge server(
        {.port = 0, .trusted_proxies = {"127.0.0.1"}, .forwarded_header = cryo::forwarded_header::rfc7239});
    auto options = connecting_to(server.port());
    options.headers = {{"X-Forwarded-For", "192.0.2.7"}, {"Forwarded", "for=192.0.2.8"}};
    assert_string_equal(server.meet(options).remote.c_str(), "192.0.2.8");
}

// As many connections as are allowed are counted by client, not by proxy.
void the_limit_is_the_clients(void **) {
    cryo::server server({.port = 0, .max_sessions_per_address = 1, .trusted_proxies = {"127.0.0.1"}},
                        accept_all);
    server.start();
    const auto ask = [&](const char *client) {
        raw_peer peer(server.port());
        peer.send("GET /?authorization=Bearer%20secret&x-cryo-sid=" + fresh_sid() +
                  " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
                  std::string(client) + "\r\n");
        const std::string answer = peer.receive(12);
        return std::pair(std::move(peer), answer);
    };
    const auto first = ask("X-Forwarded-For: 192.0.2.7\r\n");
    assert_string_equal(first.second.c_str(), "HTTP/1.1 101");
    assert_string_equal(ask("X-Forwarded-For: 192.0.2.7\r\n").second.c_str(), "HTTP/1.1 503");
    assert_string_equal(ask("X-Forwarded-For: 9.9.9.9, 192.0.2.7\r\n").second.c_str(), "HTTP/1.1 503");
    const auto second = ask("X-Forwarded-For: 192.0.2.8\r\n");
    assert_string_equal(second.second.c_str(), "HTTP/1.1 101");
    const auto itself = ask(""), again = ask("");
    assert_string_equal(itself.second.c_str(), "HTTP/1.1 101");
    assert_string_equal(again.second.c_str(), "HTTP/1.1 101");
    // A place is free again when its connection ends.
    const_cast<raw_peer &>(first.first).reset();
    for (;;) {
        const auto third = ask("X-Forwarded-For: 192.0.2.7\r\n");
        if (third.second == "HTTP/1.1 101") break;
        assert_string_equal(third.second.c_str(), "HTTP/1.1 503");
    }
}

// The same where the PROXY protocol says who it is, before there is a request.
void the_limit_goes_by_the_proxy_protocol(void **) {
    cryo::server server(
        {.port = 0, .max_sessions_per_address = 1, .trusted_proxies = {"127.0.0.1"}, .proxy_protocol = true},
        accept_all);
    server.start();
    const auto ask = [&](const char *client) {
        raw_peer peer(server.port());
        peer.send("PROXY TCP4 " + std::string(client) + " 10.0.0.1 1 2\r\n");
        peer.send("GET /?authorization=Bearer%20secret&x-cryo-sid=" + fresh_sid() +
                  " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        const std::string answer = peer.receive(12);
        return std::pair(std::move(peer), answer);
    };
    const auto first = ask("192.0.2.7");
    assert_string_equal(first.second.c_str(), "HTTP/1.1 101");
    assert_string_equal(ask("192.0.2.7").second.c_str(), "HTTP/1.1 503");
    const auto second = ask("192.0.2.8");
    assert_string_equal(second.second.c_str(), "HTTP/1.1 101");
}

void the_proxy_protocol(void **) {
    edge server({.port = 0, .trusted_proxies = {"127.0.0.1"}, .proxy_protocol = true});
    raw_peer peer(server.port());
    peer.send("PROXY TCP4 192.0.2.7 10.0.0.1 54321 80\r\n");
    peer.send("GET /?authorization=Bearer%20secret&x-cryo-sid=" + fresh_sid() +
              " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    const seen got = server.tickets.get();
    assert_string_equal(got.remote.c_str(), "192.0.2.7:54321");
    assert_string_equal(got.proxy.c_str(), peer.local_address().c_str());
    assert_int_equal(status_of([] { cryo::server({.port = 0, .proxy_protocol = true}, accept_all); }),
                     CRYO_ERR_INVALID);
}

void a_unix_domain_socket(void **) {
    char folder[] = "/tmp/cryo_edge_XXXXXX";
    assert_non_null(mkdtemp(folder));
    const std::string path = std::string(folder) + "/s";
    {
        edge server({.host = "unix:" + path, .socket_mode = 0600});
        assert_string_equal(server.host.get().c_str(), ("unix:" + path).c_str());
        assert_int_equal(server.port(), 0);
        const cryo::client_options options{.url = "ws+unix:" + path + ":/p?a=b", .token = "secret"};
        assert_string_equal(server.meet(options).remote.c_str(), "unix:");
    }
    assert_int_not_equal(access(path.c_str(), F_OK), 0);
    rmdir(folder);
    assert_int_equal(status_of([] {
                         cryo::client_options options{.url = "ws+unix:/a", .token = "secret"};
                         options.proxy = "http://127.0.0.1:1";
                         cryo::client{options};
                     }),
                     CRYO_ERR_INVALID);
}

void a_socket_that_listens_already(void **) {
    const int own = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(::bind(own, reinterpret_cast<const sockaddr *>(&at), sizeof at), 0);
    const auto start = [&] { cryo::server({.port = 0, .listen_fd = own}, accept_all).start(); };
    assert_int_equal(status_of(start), CRYO_ERR_ADDRESS); // not yet
    assert_int_equal(::listen(own, 4), 0);
    socklen_t size = sizeof at;
    ::getsockname(own, reinterpret_cast<sockaddr *>(&at), &size);
    for (int i = 0; i < 2; ++i) { // it stays ours
        edge server({.port = 1, .listen_fd = own});
        assert_int_equal(server.port(), ntohs(at.sin_port));
        server.meet(connecting_to(server.port()));
    }
    ::close(own);
}

void long_heads(void **) {
    edge server({.port = 0, .max_head_bytes = 65536});
    auto options = connecting_to(server.port());
    options.token = std::string(60000, 't');
    server.meet(options);
    assert_int_equal(status_of([] { cryo::server({.port = 0, .max_head_bytes = 1}, accept_all); }),
                     CRYO_ERR_INVALID);
}

void what_is_no_network(void **) {
    for (const char *const text : {"", "localhost", "10.0.0.0/99"})
        assert_int_equal(status_of([&] { cryo::server({.port = 0, .trusted_proxies = {text}}, accept_all); }),
                         CRYO_ERR_INVALID);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(the_client_behind_a_proxy),
        cmocka_unit_test(nobody_is_trusted_by_default),
        cmocka_unit_test(one_header_is_chosen),
        cmocka_unit_test(the_limit_is_the_clients),
        cmocka_unit_test(the_limit_goes_by_the_proxy_protocol),
        cmocka_unit_test(the_proxy_protocol),
        cmocka_unit_test(a_unix_domain_socket),
        cmocka_unit_test(a_socket_that_listens_already),
        cmocka_unit_test(long_heads),
        cmocka_unit_test(what_is_no_network),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
