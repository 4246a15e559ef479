// TLS in C++: what clients show, what a server shows by name, and what is exchanged while it runs.
#include "certificates.hpp"
#include "facade_support.hpp"

#include <algorithm>

using namespace cryo_test;

namespace {

// An authority, and what it has signed.
class signed_ones {
  public:
    struct pair {
        std::string certificate, key;
        operator cryo::tls_memory() const { return {certificate, key}; }
    };

    signed_ones() : key_(maker_.make_ec_key()) {
        ca = maker_.self_signed({.subject = "CN=Test authority", .authority = true}, key_);
    }
    pair sign(const certificate_maker::order &what) {
        const auto key = maker_.make_ec_key();
        return {maker_.certify(what, key, "CN=Test authority", key_), certificate_maker::pem_of(key)};
    }

    std::string ca;

  private:
    certificate_maker maker_;
    certificate_maker::key key_;
};

// Time that a busy machine may take for a handshake.
constexpr std::chrono::seconds plenty{60};

cryo::client_options secure(const cryo::server &server, const signed_ones &by) {
    cryo::client_options options = connecting_to(server.port());
    options.url = "wss://localhost:" + std::to_string(server.port()) + "/";
    options.ca = cryo::ca_memory{by.ca};
    options.system_ca = false;
    options.reconnect_attempts = 0;
    options.connect_timeout = plenty;
    return options;
}

// CRYO_OK, or why it did not come in.
cryo_status visit(const cryo::client_options &options) {
    mailbox<cryo_status> told;
    cryo::client client(options);
    client.on_connected([&](cryo::session &) { told.put(CRYO_OK); });
    client.on_attempt_failed([&](const cryo::failed_attempt &failure) { told.put(failure.status); });
    client.start();
    return told.get();
}

} // namespace

static void test_what_a_client_shows(void **) {
    signed_ones authority;
    const auto mine = authority.sign({.subject = "CN=alice,O=Example", .name = "alice.example"});
    signed_ones others;
    const auto foreign = others.sign({.subject = "CN=mallory"});
    mailbox<std::optional<cryo::peer_certificate>> at_the_ticket, of_the_session;
    cryo::server_options options{.port = 0, .tls = cryo::tls_memory(authority.sign({}))};
    options.head_timeout = plenty;
    options.client_ca = cryo::ca_memory{authority.ca};
    cryo::server server(options, [&](cryo::auth ticket) {
        at_the_ticket.put(ticket.peer_certificate());
        ticket.accept();
    });
    server.on_session([&](const cryo::session &who) { of_the_session.put(who.peer_certificate()); });
    server.start();

    cryo::client_options with = secure(server, authority);
    with.certificate = cryo::tls_memory(mine);
    assert_int_equal(visit(with), CRYO_OK);
    const auto shown = at_the_ticket.get();
    assert_true(shown.has_value());
    assert_string_equal(shown->subject.c_str(), "O=Example,CN=alice");
    assert_true(shown->names == (std::vector<std::string>{"DNS:alice.example", "IP:127.0.0.1"}));
    assert_int_equal(shown->fingerprint.size(), 64);
    const auto again = of_the_session.get();
    assert_true(again && again->subject == shown->subject && again->names == shown->names &&
                again->fingerprint == shown->fingerprint);

    assert_int_equal(visit(secure(server, authority)), CRYO_OK);
    assert_false(at_the_ticket.get().has_value());
    assert_false(of_the_session.get().has_value());

    with.certificate = cryo::tls_memory(foreign);
    assert_int_equal(visit(with), CRYO_ERR_TLS);
    options.require_client_certificate = true;
    server.set_tls(options);
    assert_int_equal(visit(secure(server, authority)), CRYO_ERR_TLS);
}

static void test_the_validator_decides(void **) {
    signed_ones authority;
    const auto alice = authority.sign({.subject = "CN=alice"});
    const auto bob = authority.sign({.subject = "CN=bob"});
    cryo::server server({.port = 0,
                         .tls = cryo::tls_memory(authority.sign({})),
                         .client_ca = cryo::ca_memory{authority.ca},
                         .head_timeout = plenty},
                        [](cryo::auth ticket) {
                            const auto shown = ticket.peer_certificate();
                            if (shown && shown->subject == "CN=alice") ticket.accept();
                        });
    server.start();
    cryo::client_options options = secure(server, authority);
    options.certificate = cryo::tls_memory(alice);
    assert_int_equal(visit(options), CRYO_OK);
    options.certificate = cryo::tls_memory(bob);
    assert_int_equal(visit(options), CRYO_ERR_HTTP);
}

static void test_by_name_and_exchanged(void **) {
    signed_ones authority;
    const auto local = authority.sign({});
    const auto other = authority.sign({.name = "other.example"});
    cryo::server_options options{
        .port = 0, .threads = 2, .tls = cryo::tls_memory(other), .head_timeout = plenty};
    cryo::server server(options, accept_all);
    assert_int_equal(status_of([&] { server.reload_tls(); }), CRYO_ERR_STATE);
    server.start();
    assert_int_equal(visit(secure(server, authority)), CRYO_ERR_TLS_NAME);
    options.more_tls.emplace_back(cryo::tls_memory(local));
    server.set_tls(options);
    assert_int_equal(visit(secure(server, authority)), CRYO_OK);
    server.reload_tls();
    assert_int_equal(visit(secure(server, authority)), CRYO_OK);

    options.tls = cryo::tls_memory{local.certificate, other.key};
    assert_int_equal(status_of([&] { server.set_tls(options); }), CRYO_ERR_TLS_MISMATCH);
    assert_int_equal(status_of([&] { server.set_tls({}); }), CRYO_ERR_INVALID);
    assert_int_equal(visit(secure(server, authority)), CRYO_OK);

    std::string keys(80, '\0');
    for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i] = static_cast<char>(i);
    server.set_tls_ticket_keys(keys);
    assert_int_equal(status_of([&] { server.set_tls_ticket_keys(keys + keys); }), CRYO_ERR_INVALID);
    server.set_tls_ticket_keys({});
    server.stop();
    assert_int_equal(status_of([&] { server.reload_tls(); }), CRYO_ERR_CLOSED);
}

static void test_inside_of_a_callback(void **) {
    signed_ones authority;
    const auto local = authority.sign({});
    const cryo::server_options options{.port = 0, .tls = cryo::tls_memory(local), .head_timeout = plenty};
    cryo::server server(options, accept_all);
    mailbox<cryo_status> done;
    server.on_session([&](cryo::session &) {
        done.put(status_of([&] {
            server.set_tls(options);
            server.reload_tls();
        }));
    });
    server.start();
    assert_int_equal(visit(secure(server, authority)), CRYO_OK);
    assert_int_equal(done.get(), CRYO_OK);
}

static void test_without_tls(void **) {
    mailbox<bool> shown;
    cryo::server server(any_port(), [&](cryo::auth ticket) {
        shown.put(ticket.peer_certificate().has_value());
        ticket.accept();
        assert_int_equal(status_of([&] { static_cast<void>(ticket.peer_certificate()); }), CRYO_ERR_HANDLE);
    });
    server.start();
    assert_int_equal(visit(connecting_to(server.port())), CRYO_OK);
    assert_false(shown.get());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_client_shows),   cmocka_unit_test(test_the_validator_decides),
        cmocka_unit_test(test_by_name_and_exchanged), cmocka_unit_test(test_inside_of_a_callback),
        cmocka_unit_test(test_without_tls),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
