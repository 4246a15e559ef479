// Each allocation of a conversation fails once: every call then says so or works, nothing crashes or leaks,
// what failed can be tried again, and the server goes on.
#include "cmocka.hpp"
#include "cryo.h"
#include "failing_memory.h"
#include "foreign_client.hpp"

#include <atomic>
#include <functional>
#include <thread>

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

// A `user` that knows how often it was handed back.
struct owned {
    std::atomic<int> finalized{0};
    static void finalize(void *self) { ++static_cast<owned *>(self)->finalized; }
};

constexpr const char *long_text = "a text that is longer than what a string holds without memory";

struct program {
    owned validator_user, events_user, session_user, value, log_user;
    std::atomic<int> sessions_told{0}, closes_told{0}, registered{0};
    cryo_server_options *options = nullptr;
    cryo_events *events = nullptr;
    cryo_queue *queue = nullptr;
    cryo_server *server = nullptr;

    void set_up(std::uint32_t threads, bool pulled) {
        call([&] { return cryo_server_options_new(&options); });
        call([&] { return cryo_server_options_set_host(options, "127.0.0.1"); });
        call([&] { return cryo_server_options_set_tls_files(options, long_text, long_text); });
        call([&] { return cryo_server_options_set_tls_files(options, nullptr, nullptr); });
        call([&] { return cryo_server_options_set_port(options, 0); });
        call([&] { return cryo_server_options_add_trusted_proxy(options, "2001:db8::/32"); });
        call([&] { return cryo_server_options_set_threads(options, threads); });
        call([&] { return cryo_server_options_set_validation_timeout_ms(options, 200); });
        call([&] { return cryo_server_options_set_close_timeout_ms(options, 200); });
        call([&] { return cryo_server_options_set_max_sessions_per_address(options, 1); });
        call([&] { return cryo_events_new(this, owned_events, &events); });
        if (pulled) {
            call([&] { return cryo_queue_new(&queue); });
            call([&] { return cryo_events_use_queue(events, queue); });
        } else {
            call([&] {
                return cryo_server_options_set_validator(options, validate, &validator_user, owned::finalize);
            });
            cryo_events_on_session(events, session_came);
            cryo_events_on_message(events, message_came);
            cryo_events_on_closed(events, session_closed);
        }
        call([&] { return cryo_server_options_set_events(options, events); });
        call([&] { return cryo_server_new(options, &server); });
        call([&] { return cryo_server_start(server); });
        assert_true(cryo_server_port(server) != 0);
    }

    void tear_down() {
        memory::counted([&] {
            cryo_server_free(server);
            cryo_events_free(events);
            cryo_server_options_free(options);
            cryo_queue_free(queue);
        });
    }

    static program &of(void *self) { return *static_cast<program *>(self); }
    static void owned_events(void *self) { ++of(self).events_user.finalized; }

    static void validate(cryo_auth *ticket, const char *, std::size_t, void *) { cryo_auth_accept(ticket); }

    static void session_came(cryo_session *one, void *self) {
        ++of(self).sessions_told;
        of(self).keep_things(one);
    }
    void keep_things(cryo_session *one) {
        if (cryo_session_set_user(one, &session_user, owned::finalize) == CRYO_OK) ++registered;
        if (cryo_session_set(one, long_text, &value, owned::finalize) == CRYO_OK) {
            ++registered;
        } else { // nothing is there by half
            void *out = nullptr;
            assert_int_equal(cryo_session_get(one, long_text, &out), CRYO_ERR_NOT_FOUND);
        }
    }
    static void message_came(cryo_session *one, std::int32_t kind, const std::uint8_t *data, std::size_t size,
                             void *) {
        echo(one, kind, data, size);
    }
    static void echo(cryo_session *one, std::int32_t kind, const std::uint8_t *data, std::size_t size) {
        if (cryo_session_send(one, kind, data, size) != CRYO_OK) cryo_session_close(one, 4002, long_text);
    }
    static void session_closed(cryo_session *, std::int32_t, const char *, void *self) {
        ++of(self).closes_told;
    }

    void pull() {
        cryo_event *event = nullptr;
        while (memory::counted([&] { return cryo_queue_next(queue, 0, &event); }) == CRYO_OK)
            memory::counted([&] {
                std::size_t size = 0;
                const std::uint8_t *const data = cryo_event_data(event, &size);
                if (cryo_event_kind(event) == CRYO_EVENT_AUTH) cryo_auth_accept(cryo_event_auth(event));
                if (cryo_event_kind(event) == CRYO_EVENT_SESSION) keep_things(cryo_event_session(event));
                if (cryo_event_kind(event) == CRYO_EVENT_MESSAGE)
                    echo(cryo_event_session(event), cryo_event_message_kind(event), data, size);
                cryo_event_free(event);
            });
    }

    // Runs the loop while the client talks. Whether it was heard to the end.
    bool converse() {
        std::atomic<bool> over{false}, good{false};
        std::thread client([&] {
            try {
                cryo_test::foreign_client one(cryo_server_port(server));
                one.send_text("hello");
                one.send_binary(std::string(100'000, 'x'));
                good = one.status() == 101 && one.receive_text() == "hello" &&
                       one.receive_binary().size() == 100'000 && one.close(4000, long_text).code == 4000;
            } catch (const std::exception &) { // dropped in the middle
            }
            over = true;
        });
        while (!over || cryo_server_session_count(server) > 0) {
            assert_int_equal(memory::counted([&] { return cryo_server_run_once(server, 5); }), CRYO_OK);
            if (queue != nullptr) pull();
        }
        client.join();
        return good;
    }
};

void conversation(bool pulled) {
    program one;
    one.set_up(0, pulled);
    const bool heard = one.converse();
    assert_true(heard || memory::failed());
    bool heard_again = false;
    for (int i = 0; i < 100 && !heard_again; ++i) // the first one's connection counts until it is gone
        heard_again = one.converse();
    assert_true(heard_again);
    one.tear_down();
    assert_int_equal(one.events_user.finalized, 1);
    assert_int_equal(one.validator_user.finalized, pulled ? 0 : 1);
    assert_int_equal(one.session_user.finalized + one.value.finalized, one.registered);
    assert_int_equal(one.sessions_told, one.closes_told);
}

void test_a_conversation_by_callbacks(void **) {
    memory::fail_each("callbacks", 60, [] { conversation(false); });
}

void test_a_conversation_by_a_queue(void **) {
    memory::fail_each("queue", 60, [] { conversation(true); });
}

// The service threads start together or not at all.
void test_starting_threads(void **) {
    memory::fail_each("threads", 20, [] {
        program one;
        one.set_up(2, false);
        one.tear_down();
        assert_int_equal(one.events_user.finalized, 1);
        assert_int_equal(one.validator_user.finalized, 1);
    });
}

// Verdicts, sends, pings and closes from outside the loop.
void test_calls_from_elsewhere(void **) {
    memory::fail_each("elsewhere", 2, [] {
        static cryo_auth *ticket = nullptr;
        static cryo_session *session = nullptr;
        static std::atomic<bool> closed{false};
        ticket = nullptr;
        session = nullptr;
        closed = false;
        program one;
        cryo_server_options_new(&one.options);
        cryo_server_options_set_port(one.options, 0);
        cryo_server_options_set_threads(one.options, 0);
        cryo_server_options_set_validator(
            one.options, [](cryo_auth *auth, const char *, std::size_t, void *) { ticket = auth; }, nullptr,
            nullptr);
        cryo_events_new(nullptr, nullptr, &one.events);
        cryo_events_on_session(one.events,
                               [](cryo_session *it, void *) { session = cryo_session_retain(it); });
        cryo_events_on_closed(one.events,
                              [](cryo_session *, std::int32_t, const char *, void *) { closed = true; });
        cryo_server_options_set_events(one.options, one.events);
        cryo_server_new(one.options, &one.server);
        assert_int_equal(cryo_server_start(one.server), CRYO_OK);
        bool good = false;
        std::thread client([&] {
            try {
                cryo_test::foreign_client peer(cryo_server_port(one.server));
                good = peer.receive_text() == "a" && peer.receive_text() == "b" &&
                       peer.wait_for_close().code == 4000;
            } catch (const std::exception &) {
            }
        });
        const auto run_until = [&](const auto &there) {
            while (!there())
                cryo_server_run_once(one.server, -1);
        };
        run_until([] { return ticket != nullptr; });
        call([] { return cryo_auth_accept(ticket); });
        run_until([] { return session != nullptr; });
        const auto *const text = reinterpret_cast<const std::uint8_t *>("ab");
        call([&] { return cryo_session_send(session, CRYO_UTF8, text, 1); });
        call([&] { return cryo_server_broadcast(one.server, CRYO_UTF8, text + 1, 1, nullptr, nullptr); });
        call([] { return cryo_session_ping(session); });
        call([&] {
            std::size_t count = 0;
            cryo_session *all[1] = {};
            const cryo_status status = cryo_server_sessions(one.server, all, 1, &count);
            cryo_session_release(all[0]);
            return status;
        });
        call([] { return cryo_session_close(session, 4000, long_text); });
        run_until([] { return closed.load(); });
        client.join();
        assert_true(good);
        call([&] { return cryo_server_stop(one.server); });
        cryo_session_release(session);
        one.tear_down();
    });
}

void test_the_log(void **) {
    memory::fail_each("log", 2, [] {
        owned user;
        call([&] {
            return cryo_set_log(
                CRYO_LOG_ERROR, [](std::int32_t, const char *, void *) {}, &user, owned::finalize);
        });
        assert_int_equal(user.finalized, 0);
        call([&] { return cryo_set_log(CRYO_LOG_OFF, nullptr, nullptr, nullptr); });
        assert_int_equal(user.finalized, 1);
    });
}

} // namespace

int main() {
    cryo_set_log(CRYO_LOG_OFF, nullptr, nullptr, nullptr); // each failure would be a line
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_the_log),
        cmocka_unit_test(test_calls_from_elsewhere),
        cmocka_unit_test(test_starting_threads),
        cmocka_unit_test(test_a_conversation_by_callbacks),
        cmocka_unit_test(test_a_conversation_by_a_queue),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
