// What a session can do, during its life and after.
#include "facade_support.hpp"

#include <thread>
#include <unordered_set>

using namespace cryo_test;

namespace {

// A server, a client that was let in, and the server's side of it.
struct conversation {
    explicit conversation(foreign_client::request what = {}, cryo::server_options options = any_port())
        : server(options, accept_all) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.on_closed([this](int code, std::string_view reason) {
            closed.put({code, std::string(reason)});
        });
        server.start();
        client.connect(server.port(), std::move(what));
        assert_int_equal(client.status(), 101);
        session = sessions.get();
    }

    mailbox<cryo::session> sessions;
    mailbox<std::pair<int, std::string>> closed;
    cryo::server server;
    foreign_client client;
    cryo::session session;
};

} // namespace

static void test_it_knows_what_came_with_the_request(void **) {
    conversation talk({.token = "t%26t",
                       .sid = "ABCDEF01-2345-4678-9ABC-DEF012345678",
                       .extra = "&room=a%20b&room=c&flag",
                       .path = "/x/y"});
    const cryo::session &session = talk.session;
    assert_string_equal(session.token().c_str(), "t&t");
    assert_string_equal(lower(session.id_text()).c_str(), "abcdef01-2345-4678-9abc-def012345678");
    assert_int_equal(session.id()[0], 0xab);
    assert_int_equal(session.id()[15], 0x78);
    assert_string_equal(session.path().c_str(), "/x/y");
    assert_int_equal(session.remote_address().rfind("127.0.0.1:", 0), 0);
    assert_string_equal(session.parameter("room").value().c_str(), "a b");
    assert_false(session.parameter("authorization").has_value());
    assert_false(session.parameter("nothing").has_value());
    std::string all;
    for (const auto &[name, value] : session.parameters())
        all += name + "=" + value + ";";
    assert_non_null(std::strstr(all.c_str(), "room=a b;room=c;flag=;"));
    assert_null(std::strstr(all.c_str(), "authorization"));
}

static void test_all_kinds_of_payload_can_be_sent(void **) {
    conversation talk;
    const cryo::session &session = talk.session;
    const std::string owned = "string";
    const std::vector<std::uint8_t> vector{1, 2, 3};
    assert_true(session.send("literal"));
    assert_true(session.send(owned));
    assert_true(session.send(std::string_view("view\0with NUL", 13)));
    assert_true(session.send(u8"\u00fc"));
    assert_true(session.send(""));
    assert_true(session.send(vector));
    assert_true(session.send(cryo::bytes()));
    assert_true(session.send(cryo::kind::binary, vector));
    assert_int_equal(session.try_send("tried"), CRYO_OK);
    assert_int_equal(session.try_send(vector), CRYO_OK);
    for (const std::string_view expected :
         {std::string_view("literal"), std::string_view("string"), std::string_view("view\0with NUL", 13),
          std::string_view("\xc3\xbc"), std::string_view("")})
        assert_true(talk.client.receive_text() == expected);
    for (const std::string_view expected : {"\1\2\3", "", "\1\2\3"})
        assert_true(talk.client.receive_binary() == expected);
    assert_string_equal(talk.client.receive_text().c_str(), "tried");
    assert_string_equal(talk.client.receive_binary().c_str(), "\1\2\3");
    assert_int_equal(status_of([&] { session.send("\xff"); }), CRYO_ERR_INVALID);
    assert_int_equal(session.try_send("\xff"), CRYO_ERR_INVALID);
}

static void test_threads_may_send_at_once(void **) {
    conversation talk;
    constexpr int each = 200;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([session = talk.session] {
            for (int n = 0; n < each; ++n)
                session.send(std::to_string(n));
        });
    int received = 0;
    while (received < 4 * each) {
        talk.client.receive_text();
        ++received;
    }
    for (std::thread &thread : threads)
        thread.join();
    assert_true(talk.session.is_open());
}

static void test_it_closes_with_code_and_reason(void **) {
    conversation talk;
    assert_true(talk.session.is_open());
    assert_true(talk.session.send("before"));
    assert_true(talk.session.close(4321, "that is all"));
    assert_false(talk.session.is_open());
    assert_false(talk.session.close());
    assert_false(talk.session.send("after"));
    assert_false(talk.session.ping());
    assert_int_equal(talk.session.try_send("after"), CRYO_ERR_CLOSED);
    assert_string_equal(talk.client.receive_text().c_str(), "before");
    const close_seen seen = talk.client.wait_for_close();
    assert_int_equal(seen.code, 4321);
    assert_string_equal(seen.reason.c_str(), "that is all");
    const auto [code, reason] = talk.closed.get();
    assert_int_equal(code, 4321);
    assert_string_equal(reason.c_str(), "that is all");
}

static void test_it_closes_gracefully_by_default(void **) {
    conversation talk;
    assert_int_equal(status_of([&] { talk.session.close(1005); }), CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { talk.session.close(4000, std::string_view("\0", 1)); }),
                     CRYO_ERR_INVALID);
    assert_true(talk.session.close());
    const close_seen seen = talk.client.wait_for_close();
    assert_int_equal(seen.code, 4000);
    assert_string_equal(seen.reason.c_str(), "");
}

static void test_the_peers_close_is_told(void **) {
    conversation talk;
    talk.client.close(4567, "bye");
    const auto [code, reason] = talk.closed.get();
    assert_int_equal(code, 4567);
    assert_string_equal(reason.c_str(), "bye");

    conversation lost;
    lost.client.reset();
    assert_int_equal(lost.closed.get().first, 1006);
}

static void test_it_can_be_used_when_all_is_over(void **) {
    cryo::session kept;
    std::string id;
    {
        conversation talk({.token = "remembered"});
        kept = talk.session;
        id = talk.client.sid();
        kept.set("key", 7);
    }
    assert_false(kept.is_open());
    assert_false(kept.send("anybody?"));
    assert_false(kept.close());
    assert_string_equal(lower(kept.id_text()).c_str(), id.c_str());
    assert_string_equal(kept.token().c_str(), "remembered");
    assert_int_equal(kept.get<int>("key").value(), 7);
    assert_true(kept.stat(cryo::statistic::bytes_rx).has_value());
}

static void test_copies_are_the_same_session(void **) {
    conversation talk;
    cryo::session copy = talk.session;
    assert_true(copy == talk.session);
    cryo::session moved = std::move(copy);
    assert_true(moved == talk.session && !copy); // NOLINT(bugprone-use-after-move): it must be empty
    copy = moved;
    copy = *&copy;
    assert_true(copy == moved);
    std::unordered_set<cryo::session> set{copy, moved, talk.session};
    assert_int_equal(set.size(), 1);

    const cryo::session none;
    assert_false(static_cast<bool>(none));
    assert_false(none.is_open());
    assert_int_equal(status_of([&] { none.send("x"); }), CRYO_ERR_HANDLE);
    assert_int_equal(status_of([&] { none.id_text(); }), CRYO_ERR_HANDLE);
    assert_int_equal(status_of([&] { none.id(); }), CRYO_ERR_HANDLE);
    assert_int_equal(status_of([&] { none.set("key", 1); }), CRYO_ERR_HANDLE);
    assert_int_equal(status_of([&] { none.get<int>("key"); }), CRYO_ERR_HANDLE);
    assert_int_not_equal(status_of([&] { none.on_message([](cryo::message) {}); }), CRYO_OK);
}

static void test_statistics_can_be_asked_for(void **) {
    conversation talk;
    const cryo::session &session = talk.session;
    assert_false(session.stat(cryo::statistic::rtt).has_value());
    session.send("measure");
    talk.client.receive_text(); // and acknowledges
    assert_true(talk.session.ping());
    const cryo_frame ping = talk.client.receive(ping_pong);
    assert_string_equal(ping.payload.c_str(), "ping");
    mailbox<bool> after;
    session.on_message([&](cryo::message) { after.put(true); });
    talk.client.send_text("all that was before has arrived");
    after.get();
    assert_true(session.stat(cryo::statistic::rtt).value() > 0);
    assert_true(session.stat(cryo::statistic::bytes_rx).value() >= 2 * 21 + 31);
    assert_true(session.stat(cryo::statistic::bytes_tx).value() >= 2 * 21 + 7);
    assert_true(session.stat(cryo::statistic::ack_timeout).value() == 0);
    assert_true(session.stat(cryo::statistic::queued_bytes).has_value());
    assert_true(session.stat(cryo::statistic::queued_count).has_value());
}

static void test_a_slow_peer_fills_the_queue(void **) {
    conversation talk({}, {.port = 0,
                           .high_water_mark = 65536,
                           .low_water_mark = 1024,
                           .max_queued_bytes = 65536,
                           .drop_policy = cryo::drop_policy::newest});
    const std::vector<std::uint8_t> block(32768);
    cryo_status status = CRYO_OK;
    for (int i = 0; i < 10000 && status == CRYO_OK; ++i)
        status = talk.session.try_send(block);
    assert_int_equal(status, CRYO_ERR_FULL);
    status = CRYO_OK; // the system may take some more meanwhile
    for (int i = 0; i < 10000 && status == CRYO_OK; ++i)
        status = status_of([&] { talk.session.send(block); });
    assert_int_equal(status, CRYO_ERR_FULL);
    assert_true(talk.session.is_open());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_it_knows_what_came_with_the_request),
        cmocka_unit_test(test_all_kinds_of_payload_can_be_sent),
        cmocka_unit_test(test_threads_may_send_at_once),
        cmocka_unit_test(test_it_closes_with_code_and_reason),
        cmocka_unit_test(test_it_closes_gracefully_by_default),
        cmocka_unit_test(test_the_peers_close_is_told),
        cmocka_unit_test(test_it_can_be_used_when_all_is_over),
        cmocka_unit_test(test_copies_are_the_same_session),
        cmocka_unit_test(test_statistics_can_be_asked_for),
        cmocka_unit_test(test_a_slow_peer_fills_the_queue),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
