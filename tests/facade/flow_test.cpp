// Pausing, acknowledging by hand, posting, sending to many.
#include "facade_support.hpp"

#include <thread>

using namespace cryo_test;

static void test_messages_wait_while_paused(void **) {
    mailbox<cryo::session> sessions;
    mailbox<std::string> seen;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session &who) { sessions.put(who); });
    server.on_message(
        [&](cryo::session &, const cryo::message &what) { seen.put(std::string(what.text())); });
    server.start();
    foreign_client client(server.port());
    const cryo::session who = sessions.get();
    assert_true(who.pause_reading());
    client.send_frame(utf8_data, 0, "a");
    // What is posted comes behind the message that is not told.
    client.receive(ack);
    assert_true(who.post([&](cryo::session &) { seen.put("posted"); }));
    assert_string_equal(seen.get().c_str(), "posted");
    assert_true(who.resume_reading());
    assert_string_equal(seen.get().c_str(), "a");
    who.close();
    server.stop();
    server.wait();
    assert_false(who.pause_reading());
    assert_false(who.post([](cryo::session &) {}));
}

static void test_messages_are_acknowledged_by_hand(void **) {
    mailbox<std::pair<cryo::session, std::uint64_t>> told;
    cryo::server server({.port = 0, .manual_ack = true}, accept_all);
    server.on_message(
        [&](cryo::session &who, const cryo::message &what) { told.put(std::pair(who, what.id())); });
    server.start();
    foreign_client client(server.port());
    client.send_frame(utf8_data, 0, "a");
    const auto [who, id] = told.get();
    assert_true(id != 0);
    assert_false(who.ack(id + (std::uint64_t{1} << 32))); // of a connection that is not there
    assert_true(who.ack(id));
    client.receive(ack);
}

static void test_posted_functions_run_or_go(void **) {
    const auto counted = std::make_shared<int>(0);
    mailbox<std::thread::id> ran;
    {
        cryo::server server(any_port(), accept_all);
        assert_int_equal(status_of([&] { server.post([] {}); }), CRYO_ERR_STATE);
        server.start();
        assert_true(server.post([&, counted] { ran.put(std::this_thread::get_id()); }));
        assert_true(server.post_after(std::chrono::milliseconds(5),
                                      [&, counted] { ran.put(std::this_thread::get_id()); }));
        assert_true(server.post_after(std::chrono::hours(1), [counted] { ++*counted; }));
        const auto thread = ran.get();
        assert_true(thread != std::this_thread::get_id());
        assert_true(ran.get() == thread);
        server.stop();
        assert_false(server.post([counted] { ++*counted; }));
    }
    assert_int_equal(*counted, 0);
    assert_int_equal(counted.use_count(), 1);
}

static void test_one_message_goes_to_many(void **) {
    mailbox<cryo::session> sessions;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session &who) { sessions.put(who); });
    server.start();
    foreign_client one(server.port());
    std::vector<cryo::session> all{sessions.get()};
    foreign_client other(server.port());
    all.push_back(sessions.get());
    all.emplace_back(); // empty
    std::vector<cryo_status> statuses;
    assert_int_equal(cryo::send_to(all, "hello", &statuses), 2);
    assert_int_equal(statuses[0], CRYO_OK);
    assert_int_equal(statuses[1], CRYO_OK);
    assert_int_equal(statuses[2], CRYO_ERR_HANDLE);
    assert_string_equal(one.receive_text().c_str(), "hello");
    assert_string_equal(other.receive_text().c_str(), "hello");
    assert_int_equal(cryo::send_to({}, "nobody"), 0);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_wait_while_paused),
        cmocka_unit_test(test_messages_are_acknowledged_by_hand),
        cmocka_unit_test(test_posted_functions_run_or_go),
        cmocka_unit_test(test_one_message_goes_to_many),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
