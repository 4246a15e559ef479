// Each allocation of a client, and of a server's peer, fails once: it always has its end, exactly one, and
// nothing leaks or hangs.
#include "certificates.hpp"
#include "cmocka.hpp"
#include "cryo.h"
#include "failing_memory.h"

#include <chrono>
#include <cstring>
#include <functional>
#include <string>

namespace memory = cryo_test::memory;

namespace {

// A call that has no memory has changed nothing: it works when it is made again.
template <typename Function>
void call(Function function) {
    const cryo_status first = memory::counted(function);
    if (first == CRYO_OK) return;
    if (first != CRYO_ERR_NO_MEMORY) print_error("%s: %s\n", cryo_status_name(first), cryo_last_error());
    assert_int_equal(first, CRYO_ERR_NO_MEMORY);
    assert_int_equal(function(), CRYO_OK);
}

cryo_status say(cryo_session *session, const char *text) {
    return cryo_session_send(session, CRYO_UTF8, reinterpret_cast<const std::uint8_t *>(text),
                             std::strlen(text));
}

bool is(const std::uint8_t *data, std::size_t len, const char *text) {
    return len == std::strlen(text) && std::memcmp(data, text, len) == 0;
}

struct setting {
    bool cale = false;
    bool tls = false;
    bool resend = false;
    bool peer = false;
    bool asks = false; // for its tokens
};

// Whom the clients connect to: on a thread of its own, whose allocations do not fail. It echoes, and closes
// at "bye".
class other_side {
  public:
    explicit other_side(const setting &what) {
        cryo_server_options *options = nullptr;
        cryo_events *events = nullptr;
        cryo_server_options_new(&options);
        cryo_events_new(nullptr, nullptr, &events);
        cryo_events_on_message(events, [](cryo_session *one, std::int32_t kind, const std::uint8_t *data,
                                          std::size_t len, void *) {
            if (is(data, len, "bye"))
                cryo_session_close(one, 4002, "a reason that is longer than what a string holds");
            else
                cryo_session_send(one, kind, data, len);
        });
        cryo_server_options_set_events(options, events);
        cryo_server_options_set_port(options, 0);
        cryo_server_options_set_cale(options, what.cale ? 1 : 0);
        cryo_server_options_set_validator(
            options, [](cryo_auth *ticket, const char *, std::size_t, void *) { cryo_auth_accept(ticket); },
            nullptr, nullptr);
        if (what.tls) {
            cryo_test::certificate_maker maker;
            const auto key = maker.make_ec_key();
            certificate_ = maker.self_signed({.authority = true}, key);
            const std::string key_pem = cryo_test::certificate_maker::pem_of(key);
            cryo_server_options_set_tls_memory(options, bytes(certificate_), certificate_.size(),
                                               bytes(key_pem), key_pem.size());
        }
        cryo_server_new(options, &server_);
        assert_int_equal(cryo_server_start(server_), CRYO_OK);
        cryo_events_free(events);
        cryo_server_options_free(options);
        url_ = (what.tls ? "wss://localhost:" : "ws://127.0.0.1:") +
               std::to_string(cryo_server_port(server_)) + "/a/path/that/is/longer/than/a/short/string";
    }
    other_side(const other_side &) = delete;
    other_side &operator=(const other_side &) = delete;
    ~other_side() { cryo_server_free(server_); }

    const std::string &url() const { return url_; }
    const std::string &certificate() const { return certificate_; }
    static const std::uint8_t *bytes(const std::string &text) {
        return reinterpret_cast<const std::uint8_t *>(text.data());
    }

  private:
    cryo_server *server_ = nullptr;
    std::string url_, certificate_;
};

// Connects, talks, is thrown out, comes back, talks, and leaves.
struct traveller {
    int connected = 0, closings = 0, losses = 0, failures = 0, finalized = 0, forgotten = 0;
    bool arrived = false;
    cryo_client_options *options = nullptr;
    cryo_events *events = nullptr;
    cryo_loop *loop = nullptr;
    cryo_client *client = nullptr;
    cryo_server *server = nullptr;
    cryo_session *session = nullptr;

    static traveller &of(void *self) { return *static_cast<traveller *>(self); }

    // What cannot be sent ends the journey.
    static void talk(cryo_session *one, const char *text) {
        if (say(one, text) != CRYO_OK) cryo_session_close(one, 4000, "no memory to go on");
    }

    // An answer that finds no memory has not been given.
    static void give_token(cryo_token_request *request, void *) {
        if (cryo_token_give(request, "a token that is longer than others") != CRYO_OK)
            cryo_token_give(request, "a token that is longer than others");
    }

    void make_events() {
        call([&] {
            return cryo_events_new(
                this, [](void *self) { ++of(self).finalized; }, &events);
        });
        cryo_events_on_session(events, [](cryo_session *one, void *self) {
            ++of(self).connected;
            talk(one, "hello");
        });
        cryo_events_on_message(events, [](cryo_session *one, std::int32_t, const std::uint8_t *data,
                                          std::size_t len, void *self) {
            if (is(data, len, "hello")) return talk(one, "bye");
            of(self).arrived = true;
            cryo_session_close(one, 4000, "a reason that is longer than what a string holds");
        });
        cryo_events_on_reconnected(events, [](cryo_session *one, void *) { talk(one, "again"); });
        cryo_events_on_attempt_failed(
            events, [](cryo_session *one, cryo_status, std::int32_t, const char *, std::int64_t, void *self) {
                if (++of(self).failures > 1) cryo_session_close(one, 4000, "");
            });
        cryo_events_on_lost(events, [](cryo_session *, std::int32_t, const std::uint8_t *, std::size_t,
                                       void *self) { ++of(self).losses; });
        cryo_events_on_closed(
            events, [](cryo_session *, std::int32_t, const char *, void *self) { ++of(self).closings; });
    }

    void make_options(const setting &what, const std::string &url, const std::string &certificate) {
        call([&] { return cryo_client_options_new(&options); });
        call([&] { return cryo_client_options_set_url(options, url.c_str()); });
        if (what.asks)
            call([&] {
                return cryo_client_options_set_token_provider(options, &give_token, this,
                                                              [](void *self) { ++of(self).forgotten; });
            });
        else
            call(
                [&] { return cryo_client_options_set_token(options, "a token that is longer than others"); });
        call([&] { return cryo_client_options_add_parameter(options, "a", "b c"); });
        call([&] { return cryo_client_options_set_cale(options, what.cale ? 1 : 0); });
        call([&] { return cryo_client_options_set_resend(options, what.resend ? 1 : 0); });
        call([&] { return cryo_client_options_set_reconnect_initial_ms(options, 1); });
        call([&] { return cryo_client_options_set_reconnect_max_ms(options, 5); });
        if (what.tls)
            call([&] {
                return cryo_client_options_set_tls_ca_memory(options, other_side::bytes(certificate),
                                                             certificate.size());
            });
    }

    void start_client() {
        call([&] { return cryo_client_options_set_events(options, events); });
        call([&] { return cryo_loop_new(&loop); });
        call([&] { return cryo_client_options_set_loop(options, loop); });
        call([&] { return cryo_client_new(options, &client); });
        call([&] { return cryo_client_start(client); });
        session = cryo_client_session(client);
    }

    void start_peer() {
        cryo_server_options *of_server = nullptr;
        cryo_server_options_new(&of_server);
        cryo_server_options_set_port(of_server, 0);
        cryo_server_options_set_threads(of_server, 0);
        cryo_server_options_set_events(of_server, events);
        cryo_server_options_set_validator(
            of_server, [](cryo_auth *, const char *, std::size_t, void *) {}, nullptr, nullptr);
        cryo_server_new(of_server, &server);
        cryo_server_options_free(of_server);
        assert_int_equal(cryo_server_start(server), CRYO_OK);
        call([&] { return cryo_server_connect_peer(server, options, &session); });
    }

    template <typename Condition>
    void run_until(Condition there) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!there()) {
            memory::counted([&] {
                return server != nullptr ? cryo_server_run_once(server, 100) : cryo_loop_run_once(loop, 100);
            });
            if (std::chrono::steady_clock::now() > until) fail_msg("the client has no end");
        }
    }

    void tear_down() {
        memory::counted([&] {
            if (server != nullptr) cryo_session_release(session);
            cryo_client_free(client);
            cryo_server_free(server);
            cryo_loop_free(loop);
            cryo_client_options_free(options);
            cryo_events_free(events);
        });
        assert_int_equal(closings, 1);
        assert_int_equal(finalized, 1);
        assert_true(connected <= 1);
    }
};

void journeys(const char *name, const setting &what) {
    other_side other(what);
    memory::fail_each(name, 40, [&] {
        traveller one;
        one.make_events();
        one.make_options(what, other.url(), other.certificate());
        what.peer ? one.start_peer() : one.start_client();
        // A message may be lost with the memory for it: then nobody answers, and the journey ends here.
        one.run_until([&] { return one.closings > 0 || (one.losses > 0 && memory::failed()); });
        assert_true(one.arrived || memory::failed());
        one.tear_down();
        assert_int_equal(one.forgotten, what.asks ? 1 : 0);
    });
}

void test_plain(void **) {
    journeys("plain", {});
}
void test_what_is_kept(void **) {
    journeys("kept", {.resend = true});
}
void test_with_cale(void **) {
    journeys("CALE", {.cale = true});
}
void test_with_tls(void **) {
    journeys("TLS", {.tls = true});
}
void test_a_peer(void **) {
    journeys("peer", {.peer = true});
}

void test_who_asks_for_tokens(void **) {
    journeys("token", {.asks = true});
}
void test_a_peer_that_asks_for_tokens(void **) {
    journeys("peer's token", {.peer = true, .asks = true});
}

// Freed at every stage: before it is started, while it is connected, while it waits to try again.
void test_freed_on_the_way(void **) {
    std::string nobody;
    {
        other_side other({});
        nobody = other.url();
    }
    memory::fail_each("freed", 30, [&] {
        traveller one;
        one.make_events();
        one.make_options({.resend = true}, nobody, "");
        one.start_client();
        const cryo_status kept = memory::counted([&] { return say(one.session, "kept for later"); });
        assert_true(kept == CRYO_OK || kept == CRYO_ERR_NO_MEMORY);
        one.run_until([&] { return one.failures > 0 || one.closings > 0; });
        one.tear_down();
        assert_int_equal(one.losses, kept == CRYO_OK ? 1 : 0);
    });
}

} // namespace

int main() {
    cryo_set_log(CRYO_LOG_OFF, nullptr, nullptr, nullptr); // each failure would be a line
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_what_is_kept),
        cmocka_unit_test(test_with_cale),
        cmocka_unit_test(test_with_tls),
        cmocka_unit_test(test_a_peer),
        cmocka_unit_test(test_freed_on_the_way),
        cmocka_unit_test(test_who_asks_for_tokens),
        cmocka_unit_test(test_a_peer_that_asks_for_tokens),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
