// A server that empties itself, over real sockets.
#include "server/drain.h"

#include "base/utf8.h"
#include "cmocka.hpp"
#include "foreign_client.hpp"
#include "live_server.hpp"
#include "raw_peer.hpp"

#include <chrono>
#include <list>
#include <memory>
#include <set>
#include <thread>

using cryo_core::from_ms;
using cryo_core::reason_with_hint;
using cryo_core::sessions_to_keep;
using cryo_test::foreign_client;
using cryo_test::live_server;
using cryo_test::raw_peer;

namespace {

constexpr std::uint32_t for_ever = 3'600'000; // a test that waits for it fails

void test_reasons(void **) {
    assert_string_equal(reason_with_hint("Moving.", 0).c_str(), "Moving.");
    assert_string_equal(reason_with_hint("Moving.", 1500).c_str(), "Moving. (retry in 1500 ms)");
    assert_string_equal(reason_with_hint("", 5).c_str(), "(retry in 5 ms)");
    const std::string longest = reason_with_hint(std::string(200, 'x'), 3600000);
    assert_int_equal(longest.size(), 123);
    assert_true(longest.ends_with("x (retry in 3600000 ms)"));
    std::string umlauts;
    for (int i = 0; i < 100; ++i)
        umlauts += "\xc3\xa4";
    for (const std::uint32_t ms : {0U, 5U, 50U})
        assert_true(cryo_core::utf8_valid(cryo_core::as_bytes(reason_with_hint(umlauts, ms))));
}

void test_how_many_at_a_time(void **) {
    cryo_core::drain_plan plan;
    plan.began = from_ms(5000);
    plan.until = from_ms(6000);
    plan.batch = from_ms(100);
    // All of them, in the time that there is, evenly, and the first at once.
    for (const std::size_t all : {0U, 1U, 2U, 7U, 100U, 99999U}) {
        std::size_t left = all;
        std::size_t most = 0;
        for (int i = 0; i <= 10; ++i) {
            const std::size_t keep = sessions_to_keep(all, plan, plan.began + i * plan.batch);
            assert_true(keep <= left);
            if (i == 0 && all > 0) assert_true(keep < all);
            if (i == 4 && all > 1) assert_true(keep > 0); // a few take their time as well as many
            most = std::max(most, left - keep);
            left = keep;
        }
        assert_int_equal(left, 0);
        assert_true(most <= all / 11 + 1);
    }
    assert_int_equal(sessions_to_keep(5, plan, plan.until), 0);
    assert_int_equal(sessions_to_keep(5, plan, plan.until + from_ms(1)), 0);
    assert_true(sessions_to_keep(5, plan, plan.began - from_ms(1)) <= 5);
    plan.batch = 0;
    assert_int_equal(sessions_to_keep(5, plan, plan.began), 5);
    assert_int_equal(sessions_to_keep(5, plan, plan.until), 0);
}

struct bench {
    live_server server;
    std::list<foreign_client> clients;

    explicit bench(std::uint32_t threads = 1, std::uint32_t resume_ms = 0) {
        live_server::need(cryo_server_options_set_threads(server.options, threads));
        live_server::need(cryo_server_options_set_health(server.options, 1));
        live_server::need(cryo_server_options_set_resume_window_ms(server.options, resume_ms));
        server.start();
    }
    foreign_client &join() {
        foreign_client &one = clients.emplace_back(server.port);
        assert_int_equal(one.status(), 101);
        one.send_text("here");
        expect("session");
        expect("text here");
        return one;
    }
    void expect(const char *event) { assert_string_equal(server.told.get().c_str(), event); }
    std::string ask(const std::string &path) const {
        raw_peer peer(server.port);
        peer.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        return peer.receive_all();
    }
    double stat(std::int32_t which, std::int32_t of = 0) const {
        double value = -1;
        live_server::need(cryo_server_stat(server.handle, which, of, &value));
        return value;
    }
    void expect_end() { assert_int_equal(cryo_server_wait(server.handle, 20'000), CRYO_OK); }
};

void test_without_sessions_it_ends_at_once(void **) {
    for (const std::uint32_t threads : {1U, 3U})
        for (const std::uint32_t batch : {0U, 50U}) {
            bench at(threads);
            assert_int_equal(cryo_server_drain(at.server.handle, for_ever, batch), CRYO_OK);
            at.expect_end();
        }
}

void test_sessions_go_on_and_nobody_else_comes_in(void **) {
    for (const std::uint32_t threads : {1U, 3U}) {
        bench at(threads);
        foreign_client &one = at.join();
        assert_non_null(std::strstr(at.ask("/readyz").c_str(), "200 OK"));
        assert_int_equal(at.stat(CRYO_SERVER_STAT_DRAINING), 0);
        assert_int_equal(
            cryo_server_drain_with(at.server.handle, for_ever, 0, CRYO_CLOSE_GRACEFUL, "Moving.", 2500),
            CRYO_OK);
        assert_int_equal(at.stat(CRYO_SERVER_STAT_DRAINING), 1);
        foreign_client late(at.server.port);
        assert_int_equal(late.status(), 503);
        assert_non_null(std::strstr(late.head().c_str(), "\r\nRetry-After: 3\r\n"));
        assert_non_null(std::strstr(at.ask("/readyz").c_str(), "503 Service Unavailable"));
        assert_non_null(std::strstr(at.ask("/readyz").c_str(), "\r\nRetry-After: 3\r\n"));
        assert_non_null(std::strstr(at.ask("/healthz").c_str(), "200 OK"));
        one.send_text("still here");
        at.expect("text still here");
        one.close(4000, "");
        at.expect("closed 4000 ");
        at.expect_end();
    }
}

void test_the_deadline_ends_it_with_the_words_that_were_chosen(void **) {
    bench at(2);
    foreign_client &one = at.join();
    foreign_client &two = at.join();
    const auto began = std::chrono::steady_clock::now();
    assert_int_equal(cryo_server_drain_with(at.server.handle, 200, 0, 1012, "New version.", 1500), CRYO_OK);
    for (foreign_client *each : {&one, &two}) {
        const auto seen = each->wait_for_close();
        assert_int_equal(seen.code, 1012);
        assert_string_equal(seen.reason.c_str(), "New version. (retry in 1500 ms)");
    }
    at.expect_end();
    assert_true(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(200));
    at.expect("closed 1012 New version. (retry in 1500 ms)");
    at.expect("closed 1012 New version. (retry in 1500 ms)");
    assert_int_equal(at.stat(CRYO_SERVER_STAT_CLOSED), 2);
}

void test_batches_spread_the_closes(void **) {
    for (const std::uint32_t threads : {1U, 2U}) {
        bench at(threads);
        constexpr int count = 20;
        for (int i = 0; i < count; ++i)
            at.join();
        const auto began = std::chrono::steady_clock::now();
        assert_int_equal(cryo_server_drain(at.server.handle, 1000, 100), CRYO_OK);
        // Each in a thread: all of them listen at once.
        std::list<std::thread> listening;
        std::mutex mutex;
        std::multiset<std::int64_t> closed_at;
        for (foreign_client &one : at.clients)
            listening.emplace_back([&] {
                const auto seen = one.wait_for_close();
                const auto now = std::chrono::steady_clock::now() - began;
                const std::lock_guard lock(mutex);
                if (seen.reason == "Server shutdown.")
                    closed_at.insert(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
            });
        for (std::thread &each : listening)
            each.join();
        at.expect_end();
        assert_int_equal(closed_at.size(), count);
        // A machine that is busy may be late, but not early: not all of them leave with the first batches.
        assert_true(*closed_at.rbegin() >= 500);
    }
}

void test_one_session_need_not_wait_for_its_batch(void **) {
    bench at;
    foreign_client &one = at.join();
    assert_int_equal(cryo_server_drain(at.server.handle, for_ever, for_ever / 2), CRYO_OK);
    assert_string_equal(one.wait_for_close().reason.c_str(), "Server shutdown.");
    at.expect_end();
}

void test_who_is_being_validated_stays_out(void **) {
    bench at;
    at.server.hold_tickets = true;
    std::thread knocking([&] { assert_int_equal(foreign_client(at.server.port).status(), 503); });
    cryo_auth *const ticket = at.server.tickets.get();
    assert_int_equal(cryo_server_drain(at.server.handle, for_ever, 0), CRYO_OK);
    knocking.join();
    assert_int_equal(cryo_auth_accept(ticket), CRYO_ERR_STATE);
    at.expect_end();
}

void test_those_who_are_away_do_not_come_back(void **) {
    for (const std::uint32_t threads : {1U, 3U}) {
        bench at(threads, for_ever);
        const auto sid = at.join().sid();
        at.clients.clear(); // lost
        assert_true(at.server.told.get().starts_with("disconnected 1006"));
        assert_int_equal(at.stat(CRYO_SERVER_STAT_AWAY), 1);
        foreign_client &other = at.join(); // so that it goes on
        assert_int_equal(cryo_server_drain(at.server.handle, for_ever, 0), CRYO_OK);
        at.expect("closed 4000 Server shutdown.");
        assert_int_equal(foreign_client(at.server.port, {.sid = sid}).status(), 503);
        other.close(4000, "");
        at.expect("closed 4000 ");
        at.expect_end();
    }
}

// One that is lost while the server drains is not waited for, either.
void test_a_loss_while_it_drains_is_the_end(void **) {
    bench at(1, for_ever);
    at.join();
    assert_int_equal(cryo_server_drain(at.server.handle, for_ever, 0), CRYO_OK);
    at.clients.clear();
    assert_true(at.server.told.get().starts_with("closed 1006"));
    at.expect_end();
}

void test_the_last_order_counts(void **) {
    bench at(2);
    foreign_client &one = at.join();
    assert_int_equal(cryo_server_drain(at.server.handle, for_ever, 0), CRYO_OK);
    assert_int_equal(cryo_server_drain_with(at.server.handle, 0, 0, 4321, NULL, 0), CRYO_OK);
    const auto seen = one.wait_for_close();
    assert_int_equal(seen.code, 4321);
    assert_string_equal(seen.reason.c_str(), "");
    at.expect_end();
    assert_int_equal(cryo_server_drain(at.server.handle, 0, 0), CRYO_OK); // it has ended
}

void test_stop_and_free_do_not_wait(void **) {
    for (const bool freed : {false, true}) {
        bench at;
        foreign_client &one = at.join();
        assert_int_equal(cryo_server_drain(at.server.handle, for_ever, for_ever), CRYO_OK);
        std::thread listening(
            [&] { assert_string_equal(one.wait_for_close().reason.c_str(), "Server shutdown."); });
        if (freed)
            cryo_server_free(std::exchange(at.server.handle, nullptr));
        else
            assert_int_equal(cryo_server_stop(at.server.handle), CRYO_OK);
        listening.join();
        if (!freed) at.expect_end();
    }
}

void test_without_threads(void **) {
    live_server server;
    live_server::need(cryo_server_options_set_threads(server.options, 0));
    server.make();
    assert_int_equal(cryo_server_drain(server.handle, 0, 0), CRYO_ERR_STATE); // not started
    live_server::need(cryo_server_start(server.handle));
    std::thread client([port = cryo_server_port(server.handle)] {
        foreign_client one(port);
        one.send_text("here");
        assert_int_equal(one.wait_for_close().code, 4000);
    });
    while (server.told.size() < 2)
        live_server::need(cryo_server_run_once(server.handle, -1));
    live_server::need(cryo_server_drain(server.handle, 50, 0));
    cryo_status status = CRYO_OK;
    while (status == CRYO_OK)
        status = cryo_server_run_once(server.handle, -1);
    assert_int_equal(status, CRYO_ERR_CLOSED);
    client.join();
}

void test_wrong_words(void **) {
    bench at;
    for (const std::int32_t code : {-1, 0, 999, 1004, 1005, 1006, 1010, 1015, 2999, 5000, 65536})
        assert_int_equal(cryo_server_drain_with(at.server.handle, 0, 0, code, "x", 0), CRYO_ERR_INVALID);
    assert_int_equal(cryo_server_drain_with(at.server.handle, 0, 0, 4000, "\xff", 0), CRYO_ERR_INVALID);
    assert_int_equal(cryo_server_drain_with(at.server.handle, 0, 0, 4000, "x", 3600001), CRYO_ERR_INVALID);
    assert_int_equal(at.stat(CRYO_SERVER_STAT_DRAINING), 0); // nothing has changed
    at.join();
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_how_many_at_a_time),
        cmocka_unit_test(test_without_sessions_it_ends_at_once),
        cmocka_unit_test(test_sessions_go_on_and_nobody_else_comes_in),
        cmocka_unit_test(test_the_deadline_ends_it_with_the_words_that_were_chosen),
        cmocka_unit_test(test_batches_spread_the_closes),
        cmocka_unit_test(test_one_session_need_not_wait_for_its_batch),
        cmocka_unit_test(test_who_is_being_validated_stays_out),
        cmocka_unit_test(test_those_who_are_away_do_not_come_back),
        cmocka_unit_test(test_a_loss_while_it_drains_is_the_end),
        cmocka_unit_test(test_the_last_order_counts),
        cmocka_unit_test(test_stop_and_free_do_not_wait),
        cmocka_unit_test(test_without_threads),
        cmocka_unit_test(test_wrong_words),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
