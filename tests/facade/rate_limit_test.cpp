// The rate limit, with a clock that the test moves.
#include "facade_support.hpp"

#include <cryo_rate_limit.hpp>

using namespace cryo_test;

namespace {

struct conversation {
    explicit conversation(cryo::rate_limit_options how) {
        how.now = [this] { return std::chrono::steady_clock::time_point(std::chrono::milliseconds(ms)); };
        how.told = [this](cryo::session &) { heard.put("(too much)"); };
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.on_message([this](cryo::message what) { heard.put(std::string(what.text().substr(0, 8))); });
        server.add(std::make_shared<cryo::rate_limit>(std::move(how)));
        server.start();
        client.connect(server.port(), {});
        session = sessions.get();
    }

    void expect(std::string_view text, const char *what) {
        client.send_text(text);
        assert_string_equal(heard.get().c_str(), what);
    }

    std::atomic<int> ms{1000};
    mailbox<cryo::session> sessions;
    mailbox<std::string> heard;
    cryo::server server{any_port(), accept_all};
    foreign_client client;
    cryo::session session;
};

} // namespace

static void test_messages_are_counted(void **) {
    conversation talk({.messages = {{.per_second = 10, .burst = 3}}});
    for (const char *const text : {"1", "2", "3"})
        talk.expect(text, text);
    talk.expect("4", "(too much)");
    talk.ms += 99;
    talk.expect("5", "(too much)");
    talk.ms += 1;
    talk.expect("6", "6");
    talk.expect("7", "(too much)");
    talk.ms += 3'600'000; // holds no more than the burst
    for (const char *const text : {"8", "9", "10"})
        talk.expect(text, text);
    talk.expect("11", "(too much)");
    talk.client.send_binary("12"); // out of the same bucket
    assert_string_equal(talk.heard.get().c_str(), "(too much)");
    assert_true(talk.session.is_open());
    // What is dropped was acknowledged, as the protocol wants it.
    assert_int_equal(talk.client.receive(ack).number, 0);
}

static void test_bytes_are_counted(void **) {
    conversation talk({.bytes = {{.per_second = 100, .burst = 10}}});
    talk.expect("123456789", "12345678");
    talk.expect(std::string(101, 'x'), "xxxxxxxx"); // more than is left, and than there ever is: owed
    talk.expect("", "(too much)");
    talk.ms += 1000;
    talk.expect("y", "(too much)");
    talk.ms += 10;
    talk.expect("z", "z");
}

static void test_each_session_has_its_own(void **) {
    conversation talk({.messages = {{.per_second = 1, .burst = 1}}});
    talk.expect("a", "a");
    talk.expect("b", "(too much)");
    foreign_client other(talk.server.port());
    talk.sessions.get();
    other.send_text("c");
    assert_string_equal(talk.heard.get().c_str(), "c");
}

static void test_it_may_close(void **) {
    conversation talk({.messages = {{.per_second = 1, .burst = 1}}, .on_excess = cryo::excess::close});
    talk.expect("a", "a");
    talk.expect("b", "(too much)");
    const close_seen seen = talk.client.wait_for_close();
    assert_int_equal(seen.code, 1008);
    assert_string_equal(seen.reason.c_str(), "Too many messages.");
}

static void test_limits_that_are_none_are_refused(void **) {
    for (const cryo::rate wrong : {cryo::rate{0, 1}, cryo::rate{1, 0.5}, cryo::rate{-1, 1}})
        for (const bool of_bytes : {false, true})
            assert_int_equal(status_of([&] {
                                 cryo::rate_limit_options how;
                                 (of_bytes ? how.bytes : how.messages) = wrong;
                                 const cryo::rate_limit limit(how);
                             }),
                             CRYO_ERR_INVALID);
    conversation talk({});
    talk.expect("no limit", "no limit");
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_are_counted),
        cmocka_unit_test(test_bytes_are_counted),
        cmocka_unit_test(test_each_session_has_its_own),
        cmocka_unit_test(test_it_may_close),
        cmocka_unit_test(test_limits_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
