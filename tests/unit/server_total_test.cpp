// What all sessions of a server hold together, and what other threads have posted to its loops: both are
// bounded, and neither holds the server's end up.
#include "foreign_client.hpp"
#include "live_server.hpp"
#include "raw_peer.hpp"

#include "base/clock.h"
#include "cmocka.hpp"

#include <future>
#include <numeric>
#include <vector>

using namespace cryo_test;

namespace {

constexpr std::uint64_t bound = 100'000;

// Whose loop stands still, inside of a callback, until it is let go.
class held_server {
    std::promise<void> stands_still_, let_go_; // first: the loop uses them until the server has ended
    bool free_ = false;

  public:
    live_server server;
    foreign_client client;
    cryo_session *session = nullptr;

    explicit held_server(std::uint32_t close_timeout_ms = 2000, std::uint64_t total = bound) {
        server.keep_sessions = true;
        live_server::need(cryo_server_options_set_max_total_queued_bytes(server.options, total));
        live_server::need(cryo_server_options_set_close_timeout_ms(server.options, close_timeout_ms));
        server.on_text = [this](cryo_session *, const std::string &) {
            stands_still_.set_value();
            let_go_.get_future().wait();
        };
        server.start();
        client.connect(server.port, {});
        session = server.kept.get();
        client.send_text("hold");
        stands_still_.get_future().wait();
    }
    ~held_server() { let_go(); }
    void let_go() {
        if (!std::exchange(free_, true)) let_go_.set_value();
    }
    cryo_status broadcast(const std::string &text) {
        return cryo_server_broadcast(server.handle, CRYO_UTF8,
                                     reinterpret_cast<const std::uint8_t *>(text.data()), text.size(),
                                     nullptr, nullptr);
    }
    cryo_status send(const std::string &text, std::uint64_t receipt = 0) {
        return cryo_session_send_with(session, CRYO_UTF8, reinterpret_cast<const std::uint8_t *>(text.data()),
                                      text.size(), nullptr, receipt);
    }
};

template <typename Send>
std::size_t accepted_before_full(Send send) {
    std::size_t count = 0;
    cryo_status last = CRYO_OK;
    while ((last = send()) == CRYO_OK && count < 1'000'000)
        ++count;
    assert_int_equal(last, CRYO_ERR_TOTAL_FULL);
    assert_non_null(std::strstr(cryo_last_error(), "max_total_queued_bytes"));
    assert_int_equal(send(), CRYO_ERR_TOTAL_FULL);
    return count;
}

void test_broadcasts_on_their_way_count(void **) {
    const std::string text(64, 'x');
    held_server at;
    assert_int_equal(accepted_before_full([&] { return at.broadcast(text); }), bound / (64 + 21));
    at.let_go();
    for (std::size_t i = 0; i < bound / (64 + 21); ++i)
        assert_string_equal(at.client.receive_text().c_str(), text.c_str());
    // Not before: one more could take the room of one that goes from the mailbox to its session just then.
    const auto begun = cryo_core::monotonic_now();
    while (at.broadcast(text) != CRYO_OK)
        assert_true(cryo_core::monotonic_now() - begun < cryo_core::from_ms(20'000));
    assert_string_equal(at.client.receive_text().c_str(), text.c_str());
}

// What holds a short one is many times its size.
void test_empty_ones_are_counted_too(void **) {
    {
        held_server at;
        assert_int_equal(accepted_before_full([&] { return at.broadcast(""); }), 1024 + bound / 256);
    }
    held_server at;
    assert_int_equal(accepted_before_full([&] { return at.send(""); }), 1024 + bound / 256);
}

void test_sends_and_broadcasts_share_the_bound(void **) {
    const std::string text(1000, 'x');
    held_server at;
    const std::size_t most = bound / 1021;
    for (std::size_t i = 0; i < most / 2; ++i)
        assert_int_equal(at.send(text), CRYO_OK);
    assert_int_equal(accepted_before_full([&] { return at.broadcast(text); }), most - most / 2);
    assert_int_equal(at.send(text), CRYO_ERR_TOTAL_FULL);
    assert_int_equal(at.send(std::string(bound % 1021 - 21, 'y')), CRYO_OK); // to the last byte
}

void test_no_bound_is_no_bound(void **) {
    held_server at(2000, 0);
    for (int i = 0; i < 10'000; ++i)
        assert_int_equal(at.broadcast(std::string(64, 'x')), CRYO_OK);
}

// Without a bound over all: by the session's own.
void test_sends_to_one_session_are_bounded(void **) {
    held_server at(2000, 0);
    std::size_t count = 0;
    while (at.send("") == CRYO_OK && count < 1'000'000)
        ++count;
    assert_in_range(count, 1024, 1024 + 8 * 1024 * 1024 / 256 + 1);
}

void test_one_ping_on_its_way_is_enough(void **) {
    held_server at;
    for (int i = 0; i < 1000; ++i)
        assert_int_equal(cryo_session_ping(at.session), CRYO_OK);
    assert_int_equal(at.send("behind them"), CRYO_OK);
    at.let_go();
    int pings = 0;
    for (;;) {
        const std::optional<cryo_frame> frame = at.client.receive();
        assert_true(frame.has_value());
        if (frame->type == ping_pong) ++pings;
        if (frame->type == utf8_data) break;
    }
    assert_int_equal(pings, 1);
    assert_int_equal(cryo_session_ping(at.session), CRYO_OK); // and another one, later
    at.client.receive(ping_pong);
}

// What was sent before the stop leaves before the close.
void test_last_words_leave(void **) {
    held_server at;
    assert_int_equal(at.send("to you"), CRYO_OK);
    assert_int_equal(at.broadcast("to all"), CRYO_OK);
    assert_int_equal(cryo_server_stop(at.server.handle), CRYO_OK);
    at.let_go();
    assert_string_equal(at.client.receive_text().c_str(), "to you");
    assert_string_equal(at.client.receive_text().c_str(), "to all");
    assert_int_equal(at.client.wait_for_close().code, 4000);
}

// But not for longer than the time for it, whatever there is: a message is nobody's any more, and its sender
// is told.
void test_a_backlog_does_not_hold_the_end_up(void **) {
    held_server at(8); // an eighth of which is a millisecond
    const int count = 100;
    for (int i = 1; i <= count; ++i) {
        assert_int_equal(at.send("too late", static_cast<std::uint64_t>(i)), CRYO_OK);
        assert_int_equal(at.broadcast("too late"), CRYO_OK);
    }
    assert_int_equal(cryo_server_stop(at.server.handle), CRYO_OK);
    const auto stopped = cryo_core::monotonic_now();
    while (cryo_core::monotonic_now() < stopped + cryo_core::from_ms(2)) {
    }
    at.let_go();
    while (const std::optional<cryo_frame> frame = at.client.receive())
        assert_int_not_equal(frame->type, utf8_data);
    assert_int_equal(at.client.wait_for_close().code, 4000);
    assert_string_equal(at.server.told.get().c_str(), "session");
    assert_string_equal(at.server.told.get().c_str(), "text hold");
    for (int i = 1; i <= count; ++i)
        assert_string_equal(at.server.told.get().c_str(),
                            ("receipt " + std::to_string(i) + " closed").c_str());
    assert_string_equal(at.server.told.get().c_str(), "closed 4000 Server shutdown.");
}

// Clients that take nothing, and an application that goes on sending to them.
void test_many_stopped_clients(void **) {
    constexpr std::uint64_t total = 1024 * 1024;
    constexpr int clients = 12;
    live_server server;
    server.keep_sessions = true;
    live_server::need(cryo_server_options_set_max_total_queued_bytes(server.options, total));
    live_server::need(cryo_server_options_set_hello_wait_ms(server.options, 1));
    live_server::need(cryo_server_options_set_threads(server.options, 2));
    live_server::need(cryo_server_options_set_close_timeout_ms(server.options, 50));
    server.start();
    std::vector<raw_peer> peers;
    std::vector<cryo_session *> sessions;
    for (int i = 0; i < clients; ++i) {
        peers.emplace_back(server.port, 4096);
        assert_true(peers.back().send(
            "GET /?authorization=Bearer%20x&x-cryo-sid=" + fresh_sid() +
            " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        sessions.push_back(server.kept.get());
    }
    const std::vector<std::uint8_t> data(16 * 1024, 'x');
    const auto held_by_each = [&] {
        std::vector<double> all(sessions.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            assert_int_equal(cryo_session_stat(sessions[i], CRYO_STAT_QUEUED_BYTES, &all[i]), CRYO_OK);
        return all;
    };
    // The loops go on while the sessions are asked one by one: only what is the same twice was so at one
    // time.
    const auto held = [&] {
        std::vector<double> before = held_by_each();
        for (std::vector<double> now; (now = held_by_each()) != before;)
            before = std::move(now);
        return std::accumulate(before.begin(), before.end(), 0.0);
    };
    // Each may have handed one to the system while there was room, and the system did not take it.
    const double most = static_cast<double>(total + clients * (data.size() + 21));
    int full = 0;
    const auto begun = cryo_core::monotonic_now();
    while (full < 1000 && cryo_core::monotonic_now() - begun < cryo_core::from_ms(60'000)) {
        if (cryo_server_broadcast(server.handle, CRYO_BINARY, data.data(), data.size(), nullptr, nullptr) ==
            CRYO_ERR_TOTAL_FULL)
            ++full;
        for (cryo_session *const each : sessions)
            if (cryo_session_send(each, CRYO_BINARY, data.data(), data.size()) == CRYO_ERR_TOTAL_FULL) ++full;
        assert_true(held() <= most);
    }
    assert_true(full >= 1000);
    peers.clear();
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_broadcasts_on_their_way_count),
        cmocka_unit_test(test_empty_ones_are_counted_too),
        cmocka_unit_test(test_sends_and_broadcasts_share_the_bound),
        cmocka_unit_test(test_no_bound_is_no_bound),
        cmocka_unit_test(test_sends_to_one_session_are_bounded),
        cmocka_unit_test(test_one_ping_on_its_way_is_enough),
        cmocka_unit_test(test_last_words_leave),
        cmocka_unit_test(test_a_backlog_does_not_hold_the_end_up),
        cmocka_unit_test(test_many_stopped_clients),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
