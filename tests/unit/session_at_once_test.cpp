// What a session says while its transport has a place for it: the same frames as from the queue, without one.
#include "session/session.h"

#include "session/byte_budget.h"
#include "session_bench.hpp"

#include "cmocka.hpp"

using namespace cryo_core;
using namespace cryo_test;
using cryo_test::frame_type;

namespace {

using list = std::vector<std::string>;

void opened(session_bench &bench) {
    bench.open();
    bench.told();
    bench.takes_at_once = true;
}

// Sees all messages, and lets them pass.
class watcher final : public extension {
  public:
    const std::string &name() const noexcept override { return name_; }
    bool wants(hook_direction, message_kind) const noexcept override { return true; }
    time_us timeout() const noexcept override { return from_ms(100); }
    bool passes_on_failure() const noexcept override { return true; }
    void ask(const std::shared_ptr<hook_ticket> &ticket, void *) noexcept override {
        ticket->settle(hook_ticket::answer::pass);
    }

  private:
    const std::string name_ = "watcher";
};

void test_answers_and_messages_in_their_order(void **) {
    session_bench bench;
    opened(bench);
    bench.hear(7, frame_type::utf8_data, "hello");
    assert_true(bench.say_at_once("good day"));
    bench.hear(8, frame_type::ping_pong, "ping");
    assert_true(bench.say_at_once(""));
    assert_int_equal(bench.one.next_frame_size(), 0);
    assert_int_equal(bench.counters.bytes_tx.load(), 4 * codec::header_size + 12);
    assert_lines(bench.said_at_once(), {"ack 7", "text 0 good day", "pong 8", "text 1 "});
    bench.pass_ms(3);
    bench.hear(0, frame_type::ack);
    assert_true(bench.round_trip_is(3));
}

void test_without_a_place_it_has_to_wait(void **) {
    session_bench bench;
    opened(bench);
    bench.takes_at_once = false;
    assert_false(bench.say_at_once("now"));
    bench.hear(7, frame_type::utf8_data, "hello");
    assert_true(bench.at_once.empty());
    assert_lines(bench.said(), {"ack 7"});
    assert_true(bench.say("later")); // no number was taken
    assert_lines(bench.said(), {"text 0 later"});
}

void test_nothing_is_overtaken(void **) {
    session_bench bench;
    opened(bench);
    assert_true(bench.say("first"));
    assert_false(bench.say_at_once("second")); // behind the first
    bench.said();
    assert_true(bench.say_at_once("third"));
    bench.one.ping();
    assert_false(bench.say_at_once("fourth"));
    bench.hear(7, frame_type::utf8_data, "hello"); // its acknowledgement is behind the ping
    assert_lines(bench.said(), {"ping 2", "ack 7"});
    assert_lines(bench.said_at_once(), {"text 1 third"});
}

void test_it_counts_until_it_is_flushed(void **) {
    session_bench bench({.high_water_mark = 100, .low_water_mark = 10});
    opened(bench);
    assert_true(bench.say_at_once(std::string(40, 'x')));
    assert_int_equal(bench.counters.pending_bytes.load(), codec::header_size + 40);
    assert_false(bench.counters.held.load());
    assert_true(bench.say_at_once(std::string(40, 'y')));
    assert_true(bench.counters.held.load());
    assert_false(bench.say_at_once("z"));
    assert_true(bench.say("z"));
    assert_int_equal(bench.said_at_once().size(), 2);
    assert_lines(bench.told(), {"writable"});
    assert_false(bench.counters.held.load());
    assert_int_equal(bench.counters.pending_bytes.load(), codec::header_size + 1);
    assert_lines(bench.said(), {"text 2 z"});
    assert_int_equal(bench.counters.pending_bytes.load(), 0);
}

void test_not_past_an_extension(void **) {
    session_bench bench;
    opened(bench);
    bench.extensions.list =
        std::make_shared<const extension_list>(extension_list{std::make_shared<watcher>()});
    assert_false(bench.say_at_once("seen by it"));
    assert_true(bench.say("seen by it"));
    assert_lines(bench.said(), {"text 0 seen by it"});
}

void test_not_what_is_to_be_kept(void **) {
    session_bench keeping({.keep_unacknowledged = true});
    opened(keeping);
    assert_false(keeping.say_at_once("kept"));
}

// What the system takes is never counted; what it does not take is.
void test_what_counts_for_all(void **) {
    const auto total = std::make_shared<byte_budget>(3 * 22);
    {
        session_bench bench({.total = total});
        opened(bench);
        assert_true(bench.say_at_once("a"));
        assert_int_equal(total->used(), 0);
        bench.one.flushed();
        assert_int_equal(total->used(), 0);
        assert_true(bench.say_at_once("b"));
        bench.one.flush_stopped();
        assert_int_equal(total->used(), 22);
        assert_true(bench.say("c"));
        assert_int_equal(total->used(), 2 * 22);
        session_bench other({.total = total});
        opened(other);
        assert_true(other.say_at_once("d"));
        assert_false(other.say_at_once("too long")); // to be refused, or not, as all others
        assert_int_equal(total->used(), 2 * 22);
        other.one.flush_stopped();
        assert_false(other.say_at_once("e"));
        assert_int_equal(total->used(), 3 * 22);
        other.one.flushed();
        assert_int_equal(total->used(), 2 * 22);
    }
    assert_int_equal(total->used(), 0);
}

void test_not_before_it_is_open_nor_after(void **) {
    session_bench early;
    early.takes_at_once = true;
    assert_false(early.say_at_once("early"));
    session_bench late;
    opened(late);
    late.one.begin_close();
    assert_false(late.say_at_once("late"));
}

void test_what_is_under_way_at_the_end_is_not_waited_for(void **) {
    session_bench bench;
    opened(bench);
    assert_true(bench.say_at_once("the last"));
    bench.one.end();
    assert_int_equal(bench.counters.pending_bytes.load(), 0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_and_messages_in_their_order),
        cmocka_unit_test(test_without_a_place_it_has_to_wait),
        cmocka_unit_test(test_nothing_is_overtaken),
        cmocka_unit_test(test_it_counts_until_it_is_flushed),
        cmocka_unit_test(test_not_past_an_extension),
        cmocka_unit_test(test_not_what_is_to_be_kept),
        cmocka_unit_test(test_what_counts_for_all),
        cmocka_unit_test(test_not_before_it_is_open_nor_after),
        cmocka_unit_test(test_what_is_under_way_at_the_end_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
