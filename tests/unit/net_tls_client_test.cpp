// Clients over TLS: whom they trust, what they show of themselves, and how each refusal is told.
#include "certificates.hpp"
#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "tls_peer.hpp"
#include "ws_server.hpp"

#include <fstream>
#include <unistd.h>

using namespace cryo_test;
using cryo_core::failure;
using cryo_core::from_ms;
using cryo_core::status;
using net::client_tls;
using net::client_tls_source;

namespace {

// PEM. The authority has signed all but `alone`, which has signed itself.
struct samples {
    std::string ca, other_ca, leaf, leaf_key, chain, expired, future, alone, me, me_key;
};
samples *given = nullptr;

int make_samples(void **) {
    certificate_maker maker;
    const auto ca_key = maker.make_ec_key();
    const auto middle_key = maker.make_ec_key();
    const auto key = maker.make_ec_key();
    const auto my_key = maker.make_rsa_key();
    const std::string ca = "CN=Test authority";
    const std::string middle = "CN=Test intermediate";
    given = new samples;
    given->ca = maker.self_signed({.subject = ca, .authority = true}, ca_key);
    given->other_ca = maker.self_signed({.subject = "CN=Another authority", .authority = true}, middle_key);
    given->leaf = maker.certify({}, key, ca, ca_key);
    given->leaf_key = maker.pem_of(key);
    given->chain = maker.certify({}, key, middle, middle_key) +
                   maker.certify({.subject = middle, .authority = true}, middle_key, ca, ca_key);
    given->expired = maker.certify({.to = "20200601000000"}, key, ca, ca_key);
    given->future = maker.certify({.from = "20900101000000"}, key, ca, ca_key);
    given->alone = maker.self_signed({}, key);
    given->me = maker.certify({.subject = "CN=me"}, my_key, ca, ca_key);
    given->me_key = maker.pem_of(my_key);
    return 0;
}

int drop_samples(void **) {
    delete given;
    return 0;
}

std::vector<std::uint8_t> bytes_of(const std::string &text) {
    return {text.begin(), text.end()};
}

std::shared_ptr<const client_tls> trusting(const std::string &ca) {
    client_tls_source from;
    from.ca = bytes_of(ca);
    from.system_ca = false;
    failure why;
    auto made = client_tls::load(from, why);
    if (!made) fail_msg("%s", why.text.c_str());
    return made;
}

std::shared_ptr<const client_tls> trusting_as_me(const std::string &ca) {
    client_tls_source from;
    from.ca = bytes_of(ca);
    from.identity.certificate = bytes_of(given->me);
    from.identity.key = bytes_of(given->me_key);
    failure why;
    auto made = client_tls::load(from, why);
    if (!made) fail_msg("%s", why.text.c_str());
    return made;
}

net::dial_target secure(std::uint16_t port, std::shared_ptr<const client_tls> tls,
                        const std::string &host = "localhost") {
    auto to = target_at(port, host);
    to.addresses = {loopback(port)};
    to.tls = std::move(tls);
    return to;
}

// Our own server with this certificate.
class secure_server {
  public:
    explicit secure_server(const std::string &certificate) {
        net::tls_source from;
        from.certificate = bytes_of(certificate);
        from.key = bytes_of(given->leaf_key);
        failure why;
        const auto tls = net::server_tls::load({.certificates = {from}}, why);
        if (!tls) fail_msg("%s", why.text.c_str());
        server_ = std::make_unique<ws_server>(ws_script(), net::loop_options{.tls = tls});
    }
    std::uint16_t port() const { return server_->port(); }

  private:
    std::unique_ptr<ws_server> server_;
};

void expect_failure(dial_recorder &r, status code, const std::string &words) {
    assert_true(r.gone.wait());
    assert_int_equal(r.failed.count(), 1);
    if (r.why.reason.code != code || r.why.reason.text.find(words) == std::string::npos)
        fail_msg("%d: %s, not %d: %s", static_cast<int>(r.why.reason.code), r.why.reason.text.c_str(),
                 static_cast<int>(code), std::string(words).c_str());
}

// One that our own server would not serve.
void expect_refused_certificate(const std::string &certificate, const std::string &host,
                                std::shared_ptr<const client_tls> tls, status code,
                                const std::string &words) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, secure(server.port(), tls, host));
        tls_peer peer(
            server.accept(),
            {.certificate = certificate, .key = given->leaf_key, .client_ca = {}, .max_version = version});
        assert_true(peer.receive_some().empty()); // it hears nothing of us
        expect_failure(r, code, words);
        assert_true(r.why.reason.text.find(host) != std::string::npos);
    }
}

void echo(const std::string &certificate, std::shared_ptr<const client_tls> tls, const std::string &host) {
    dial_recorder r;
    client_loop loop;
    secure_server server(certificate);
    r.when_connected = [](dial_recorder &self) { self.put(ws::opcode::binary, "hello"); };
    r.dial(loop, secure(server.port(), std::move(tls), host));
    if (!r.message.wait()) fail_msg("%s", r.why.reason.text.c_str());
    assert_string_equal(r.messages[0].c_str(), "b:hello");
}

void trusted_by_its_authority(void **) {
    echo(given->leaf, trusting(given->ca), "localhost");
    echo(given->leaf, trusting(given->ca), "127.0.0.1");
    echo(given->leaf, trusting(given->ca), "LOCALHOST");
    echo(given->leaf, trusting(given->ca), "localhost."); // certificates and SNI have no dot there
    echo(given->chain, trusting(given->ca), "localhost");
    echo(given->leaf, trusting(given->other_ca + given->ca), "localhost");
    echo(given->alone, trusting(given->alone), "localhost"); // itself
}

void authorities_from_a_file(void **) {
    char name[] = "/tmp/cryo_ca_XXXXXX";
    const int fd = ::mkstemp(name);
    assert_true(fd >= 0);
    ::close(fd);
    std::ofstream(name) << given->other_ca << given->ca;
    client_tls_source from;
    from.ca_file = name;
    failure why;
    auto tls = client_tls::load(from, why);
    ::unlink(name);
    if (!tls) fail_msg("%s", why.text.c_str());
    echo(given->leaf, std::move(tls), "localhost"); // besides those of the system
}

void large_messages(void **) {
    dial_recorder r;
    client_loop loop;
    secure_server server(given->leaf);
    std::vector<std::string> sent;
    for (const std::size_t size : {1u, 16'384u, 65'536u, 1'048'576u, 16'777'216u, 2u}) {
        std::string data(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            data[i] = static_cast<char>(i * 7 + (i >> 8));
        sent.push_back(std::move(data));
    }
    r.when_connected = [&](dial_recorder &self) {
        for (const auto &each : sent)
            self.put(ws::opcode::binary, each);
    };
    r.dial(loop, secure(server.port(), trusting(given->ca)));
    assert_true(r.message.wait(static_cast<int>(sent.size()), 60'000));
    for (std::size_t i = 0; i < sent.size(); ++i)
        assert_true(r.messages[i] == "b:" + sent[i]);
}

void certificates_that_are_refused(void **) {
    const auto tls = trusting(given->ca);
    expect_refused_certificate(given->expired, "localhost", tls, status::tls_expired, "has expired");
    expect_refused_certificate(given->future, "localhost", tls, status::tls_expired, "not valid yet");
    expect_refused_certificate(given->leaf, "example.test", tls, status::tls_name, "for another name");
    expect_refused_certificate(given->leaf, "192.0.2.1", tls, status::tls_name, "for another name");
    expect_refused_certificate(given->leaf, "2001:db8::1", tls, status::tls_name, "for another name");
    expect_refused_certificate(given->leaf, "localhost..", tls, status::tls_name, "for another name");
    expect_refused_certificate(given->leaf, "localhost", trusting(given->other_ca), status::tls_untrusted,
                               "an authority that is not trusted");
    expect_refused_certificate(given->alone, "localhost", tls, status::tls_untrusted, "signed by itself");
    const std::string long_name =
        std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') + ".localhost";
    expect_refused_certificate(given->leaf, long_name, tls, status::tls_name, "for another name");
}

void the_system_alone_does_not_trust_it(void **) {
    failure why;
    const auto tls = client_tls::load({}, why);
    assert_non_null(tls.get());
    expect_refused_certificate(given->leaf, "localhost", tls, status::tls_untrusted, "not trusted");
}

void what_the_server_sees_of_us(void **) {
    for (const std::string host : {"localhost", "127.0.0.1"}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, secure(server.port(), trusting(given->ca), host));
        tls_peer peer(server.accept(), {.certificate = given->leaf, .key = given->leaf_key, .client_ca = {}});
        assert_true(peer.accepted());
        assert_string_equal(peer.version().c_str(), "TLSv1.3");
        assert_string_equal(peer.server_name().c_str(), host == "localhost" ? "localhost" : "");
        assert_string_equal(peer.alpn_offered().c_str(), "\x08http/1.1");
        assert_string_equal(peer.client_name().c_str(), "");
        const std::string head = peer.receive_some();
        assert_true(head.find("\r\nHost: " + host + ":" + std::to_string(server.port()) + "\r\n") !=
                    std::string::npos);
        peer.send("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 4\r\n\r\nlate");
        expect_failure(r, status::http, "503 Service Unavailable (late)");
        assert_string_equal(r.why.retry_after.c_str(), "3");
    }
}

void old_tls_is_refused(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, secure(server.port(), trusting(given->ca)));
    tls_peer peer(
        server.accept(),
        {.certificate = given->leaf, .key = given->leaf_key, .client_ca = {}, .max_version = TLS1_1_VERSION});
    assert_false(peer.accepted());
    expect_failure(r, status::tls, "localhost");
}

void a_client_certificate_is_shown(void **) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, secure(server.port(), trusting_as_me(given->ca)));
        tls_peer peer(server.accept(), {.certificate = given->leaf,
                                        .key = given->leaf_key,
                                        .client_ca = given->ca,
                                        .max_version = version});
        assert_true(peer.accepted());
        assert_string_equal(peer.client_name().c_str(), "/CN=me");
        assert_true(peer.receive_some().starts_with("GET / HTTP/1.1\r\n"));
    }
}

void a_client_certificate_is_missing(void **) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, secure(server.port(), trusting(given->ca)));
        tls_peer peer(server.accept(), {.certificate = given->leaf,
                                        .key = given->leaf_key,
                                        .client_ca = given->ca,
                                        .max_version = version});
        assert_false(peer.accepted());
        peer.hang_up();
        expect_failure(r, status::tls, "localhost refuses the TLS connection: ");
    }
}

void a_client_certificate_of_a_stranger(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, secure(server.port(), trusting_as_me(given->ca)));
    tls_peer peer(server.accept(),
                  {.certificate = given->leaf, .key = given->leaf_key, .client_ca = given->other_ca});
    assert_false(peer.accepted());
    peer.hang_up();
    expect_failure(r, status::tls, "refuses the TLS connection: unknown CA");
}

void lost_in_the_handshake(void **) {
    for (int way = 0; way < 4; ++way) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, secure(server.port(), trusting(given->ca)));
        raw_peer peer = server.accept();
        if (way < 3) peer.receive_some(); // the client's hello
        if (way == 1) peer.send("\x16\x03\x03\x01");
        if (way == 2) {
            peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
            peer.finish_sending();
            peer.receive_all();
        }
        way == 0 || way == 3 ? peer.reset() : peer.close();
        assert_true(r.gone.wait());
        if (way == 3 &&
            r.why.reason.code == status::connect) // the reset overtook the news that it has connected
            expect_failure(r, status::connect, "connection reset by peer");
        else
            expect_failure(r, status::tls,
                           way == 2 ? "wrong version number" : "TLS handshake with localhost failed");
        assert_int_equal(r.why.http_status, 0);
    }
}

void a_silent_server_times_out(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    auto to = secure(server.port(), trusting(given->ca));
    to.timeout = from_ms(150);
    r.dial(loop, std::move(to));
    raw_peer peer = server.accept();
    expect_failure(r, status::timeout, "it does not complete the TLS handshake");
}

void without_tls_to_a_server_with_it(void **) {
    dial_recorder r;
    client_loop loop;
    secure_server server(given->leaf);
    r.dial(loop, secure(server.port(), nullptr));
    assert_true(r.gone.wait());
    assert_int_equal(r.failed.count(), 1);
    assert_true(r.why.reason.code == status::closed || r.why.reason.code == status::http);
}

void aborted_and_torn_down_in_the_handshake(void **) {
    for (const bool tear_down : {false, true})
        for (const bool hello : {false, true}) {
            dial_recorder r;
            client_loop loop;
            raw_listener server;
            r.dial(loop, secure(server.port(), trusting(given->ca)));
            raw_peer peer = server.accept();
            if (hello) assert_true(!peer.receive(50).empty());
            if (tear_down)
                loop.stop();
            else
                assert_true(run_in(loop.get(), [&] { r.own->abort(); }));
            assert_true(r.gone.wait());
            assert_int_equal(r.failed.count(), 0);
        }
}

void open_when_the_loop_ends(void **) {
    dial_recorder r;
    client_loop loop;
    secure_server server(given->leaf);
    r.dial(loop, secure(server.port(), trusting(given->ca)));
    assert_true(r.connected.wait());
    assert_true(run_in(loop.get(), [&] { r.put(ws::opcode::binary, std::string(4'000'000, 'x')); }));
    loop.stop();
    assert_int_equal(r.gone.count(), 1);
}

// Each has its own trust, though they share a loop; and loops do not disturb each other.
void many_with_different_trust(void **) {
    std::vector<std::unique_ptr<dial_recorder>> all;
    client_loop loops[2];
    secure_server server(given->leaf);
    const auto good = trusting(given->ca);
    const auto bad = trusting(given->other_ca);
    for (int i = 0; i < 40; ++i) {
        all.push_back(std::make_unique<dial_recorder>());
        all.back()->when_connected = [](dial_recorder &self) { self.put(ws::opcode::binary, "x"); };
        const char *const host = i % 4 < 2 ? "localhost" : i % 4 == 2 ? "127.0.0.1" : "example.test";
        all.back()->dial(loops[i % 3 == 0], secure(server.port(), i % 4 == 0 ? bad : good, host));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        dial_recorder &r = *all[i];
        if (i % 4 == 0)
            expect_failure(r, status::tls_untrusted, "not trusted");
        else if (i % 4 == 3)
            expect_failure(r, status::tls_name, "another name");
        else
            assert_true(r.message.wait());
    }
    loops[0].stop();
    loops[1].stop();
}

// The 101 of a TLS server that is a socket, and what comes behind it in the same record.
void upgrade_by_hand(tls_peer &peer, const std::string &behind = {}) {
    const std::string head = peer.receive_some();
    const auto at = head.find("Sec-WebSocket-Key: ") + 19;
    assert_true(peer.send(
        cryo_core::upgrade::switching_protocols(cryo_core::upgrade::accept_key(head.substr(at, 24))) +
        behind));
}

// Many messages, read in a few records and told one at a time: none waits for more to come from the socket.
void resumed_reading_misses_nothing(void **) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.when_message = [](dial_recorder &self) { self.own->pause_read(); };
        r.dial(loop, secure(server.port(), trusting(given->ca)));
        tls_peer peer(
            server.accept(),
            {.certificate = given->leaf, .key = given->leaf_key, .client_ca = {}, .max_version = version});
        assert_true(peer.accepted());
        std::string all;
        for (int i = 0; i < 50; ++i)
            all +=
                "\x82\x7e\x40" + std::string(1, '\0') + std::string(16'384, static_cast<char>('a' + i % 26));
        upgrade_by_hand(peer, all.substr(0, 100));
        std::thread sender([&] { peer.send(std::string_view(all).substr(100)); });
        for (int i = 1; i <= 50; ++i) {
            assert_true(r.message.wait(i));
            assert_true(run_in(loop.get(), [&] { r.own->resume_read(); }));
        }
        sender.join();
        for (int i = 0; i < 50; ++i)
            assert_true(r.messages[static_cast<std::size_t>(i)] ==
                        "b:" + std::string(16'384, static_cast<char>('a' + i % 26)));
    }
}

// The WebSocket's own close says that nothing is missing; TLS need not say so too.
void an_end_without_close_notify(void **) {
    for (const bool close_frame : {true, false}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, secure(server.port(), trusting(given->ca)));
        tls_peer peer(server.accept(), {.certificate = given->leaf, .key = given->leaf_key, .client_ca = {}});
        upgrade_by_hand(peer, close_frame ? "\x82\x02hi\x88\x02\x03\xe9" : "\x82\x02hi");
        assert_true(r.message.wait());
        peer.hang_up();
        assert_true(r.gone.wait());
        assert_string_equal(r.closed_with.c_str(), close_frame ? "1001 " : "");
        assert_int_equal(r.failed.count(), 0);
    }
}

// One who wants to negotiate anew is not followed, and the connection goes on.
void renegotiation_is_refused(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, secure(server.port(), trusting(given->ca)));
    tls_peer peer(
        server.accept(),
        {.certificate = given->leaf, .key = given->leaf_key, .client_ca = {}, .max_version = TLS1_2_VERSION});
    upgrade_by_hand(peer);
    assert_true(r.connected.wait());
    peer.ask_to_renegotiate();
    assert_true(r.gone.wait()); // OpenSSL's server ends it when it is refused
    assert_false(peer.renegotiated());
}

void expect_bad(const client_tls_source &from, status code, const char *words) {
    failure why;
    assert_null(client_tls::load(from, why).get());
    if (why.code != code || why.text.find(words) == std::string::npos)
        fail_msg("%d: %s", static_cast<int>(why.code), why.text.c_str());
}

void what_cannot_be_used(void **) {
    client_tls_source from;
    from.ca_file = "/no/such/file.pem";
    expect_bad(from, status::tls_file, "/no/such/file.pem");
    from = {};
    from.ca = bytes_of("nonsense");
    expect_bad(from, status::tls_certificate, "the given certificates");
    from.ca = bytes_of(given->leaf_key);
    expect_bad(from, status::tls_certificate, "the given certificates");
    from = {};
    from.identity.certificate = bytes_of(given->me);
    expect_bad(from, status::tls_key, "key");
    from.identity.key = bytes_of(given->leaf_key);
    expect_bad(from, status::tls_mismatch, "does not belong");
    from.identity.certificate = bytes_of(given->expired);
    expect_bad(from, status::tls_expired, "expired");
    from.identity.certificate.clear();
    expect_bad(from, status::tls_certificate, "certificate");
    from = {};
    from.identity.key_file = "/no/such/file.key";
    expect_bad(from, status::tls_file, "/no/such/file.key");
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(trusted_by_its_authority),
        cmocka_unit_test(authorities_from_a_file),
        cmocka_unit_test(large_messages),
        cmocka_unit_test(certificates_that_are_refused),
        cmocka_unit_test(the_system_alone_does_not_trust_it),
        cmocka_unit_test(what_the_server_sees_of_us),
        cmocka_unit_test(old_tls_is_refused),
        cmocka_unit_test(a_client_certificate_is_shown),
        cmocka_unit_test(a_client_certificate_is_missing),
        cmocka_unit_test(a_client_certificate_of_a_stranger),
        cmocka_unit_test(lost_in_the_handshake),
        cmocka_unit_test(a_silent_server_times_out),
        cmocka_unit_test(without_tls_to_a_server_with_it),
        cmocka_unit_test(aborted_and_torn_down_in_the_handshake),
        cmocka_unit_test(open_when_the_loop_ends),
        cmocka_unit_test(many_with_different_trust),
        cmocka_unit_test(resumed_reading_misses_nothing),
        cmocka_unit_test(an_end_without_close_notify),
        cmocka_unit_test(renegotiation_is_refused),
        cmocka_unit_test(what_cannot_be_used),
    };
    return cmocka_run_group_tests(tests, make_samples, drop_samples);
}
