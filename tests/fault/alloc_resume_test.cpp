// Each allocation of a session that is lost and resumed fails once: it is resumed or it closes, and each of
// its receipts is told once.
#include "cmocka.hpp"
#include "cryo.h"
#include "failing_memory.h"
#include "foreign_client.hpp"

#include <array>
#include <atomic>
#include <thread>

namespace memory = cryo_test::memory;

namespace {

struct story {
    cryo_server *server = nullptr;
    cryo_session *session = nullptr; // the first one
    std::array<int, 10> asked{}, told{};
    std::atomic<bool> back{false}; // the client connects for the second time
    int sessions = 0, disconnects = 0, returns = 0, closes = 0;

    static story &of(void *self) { return *static_cast<story *>(self); }

    void set_up() {
        cryo_server_options *options = nullptr;
        cryo_events *events = nullptr;
        cryo_server_options_new(&options);
        cryo_server_options_set_port(options, 0);
        cryo_server_options_set_threads(options, 0);
        cryo_server_options_set_resume_window_ms(options, 60'000);
        cryo_server_options_set_validator(
            options, [](cryo_auth *ticket, const char *, std::size_t, void *) { cryo_auth_accept(ticket); },
            nullptr, nullptr);
        cryo_events_new(this, nullptr, &events);
        cryo_events_on_session(events, [](cryo_session *one, void *self) {
            if (of(self).sessions++ == 0) of(self).session = cryo_session_retain(one);
            if (of(self).back)
                cryo_session_send(one, CRYO_UTF8, reinterpret_cast<const std::uint8_t *>("e"), 1);
        });
        cryo_events_on_disconnected(events, [](cryo_session *, std::int32_t, const char *, void *self) {
            ++of(self).disconnects;
            of(self).send("c", 3);
            of(self).send("d", 4);
        });
        cryo_events_on_reconnected(events, [](cryo_session *, void *self) {
            ++of(self).returns;
            of(self).send("e", 5);
        });
        cryo_events_on_receipt(events, [](cryo_session *, std::uint64_t receipt, std::int32_t, double,
                                          const char *, void *self) { ++of(self).told.at(receipt); });
        cryo_events_on_closed(
            events, [](cryo_session *, std::int32_t, const char *, void *self) { ++of(self).closes; });
        cryo_server_options_set_events(options, events);
        assert_int_equal(cryo_server_new(options, &server), CRYO_OK);
        cryo_server_options_free(options);
        cryo_events_free(events);
        assert_int_equal(cryo_server_start(server), CRYO_OK);
    }

    // Also where memory ran out: the next one has some again.
    void send(const char *text, std::uint64_t receipt) {
        for (int tries = 0; tries < 2; ++tries) {
            const cryo_status result = cryo_session_send_with(
                session, CRYO_UTF8, reinterpret_cast<const std::uint8_t *>(text), 1, nullptr, receipt);
            asked.at(receipt) += result == CRYO_OK;
            if (result != CRYO_ERR_NO_MEMORY) return;
        }
    }

    template <typename Condition>
    void run_until(Condition there) {
        while (!there())
            assert_int_equal(memory::counted([&] { return cryo_server_run_once(server, 5); }), CRYO_OK);
    }
};

void lose_and_return() {
    story one;
    one.set_up();
    const std::uint16_t port = cryo_server_port(one.server);
    std::atomic<bool> heard{false}, over{false};
    std::thread client([&] {
        try {
            const std::string sid = cryo_test::fresh_sid();
            cryo_test::foreign_client first;
            first.auto_ack = false;
            if (first.connect(port, {.sid = sid}) == 101) {
                first.receive_text();
                first.receive_text();
            }
            first.reset();
            one.back = true;
            cryo_test::foreign_client again(port, {.sid = sid});
            std::string all;
            while (all.empty() || all.back() != 'e')
                all += again.receive_text();
            heard = all == "abcde";
            again.close(4000, "heard");
        } catch (const std::exception &) { // dropped in the middle
        }
        over = true;
    });
    one.run_until([&] { return one.session != nullptr || over; });
    memory::counted([&] { one.send("a", 1), one.send("b", 2); });
    one.run_until([&] { return over.load(); });
    if (one.session != nullptr) cryo_session_close(one.session, 4000, "over"); // if nobody has come back
    one.run_until([&] { return one.closes == one.sessions; });
    client.join();
    memory::counted([&] { cryo_server_free(one.server); });
    cryo_session_release(one.session);
    for (std::size_t i = 0; i < one.told.size(); ++i)
        assert_int_equal(one.told.at(i), one.asked.at(i));
    assert_int_equal(one.closes, one.sessions);
    if (memory::failed()) return;
    assert_true(heard);
    assert_int_equal(one.sessions, 1);
    assert_int_equal(one.disconnects, 1);
    assert_int_equal(one.returns, 1);
}

void test_a_loss(void **) {
    memory::fail_each("resume", 40, lose_and_return);
}

} // namespace

int main() {
    cryo_set_log(CRYO_LOG_OFF, nullptr, nullptr, nullptr); // each failure would be a line
    const CMUnitTest tests[] = {cmocka_unit_test(test_a_loss)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
