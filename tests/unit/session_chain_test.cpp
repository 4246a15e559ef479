// A session's messages on their way through extensions: order, vetoes, replacements, answers that come late
// or never, and what happens meanwhile.
#include "cmocka.hpp"
#include "session_bench.hpp"

using namespace cryo_core;
using cryo_test::session_bench;
using list = session_bench::list;
using codec::frame_type;
using answer = hook_ticket::answer;

namespace {

class test_extension final : public extension {
  public:
    explicit test_extension(std::string name) : name_(std::move(name)) {}

    const std::string &name() const noexcept override { return name_; }
    bool wants(hook_direction, message_kind kind) const noexcept override {
        return !only_binary || kind == message_kind::binary;
    }
    time_us timeout() const noexcept override { return from_ms(100); }
    bool passes_on_failure() const noexcept override { return passes; }
    void ask(const std::shared_ptr<hook_ticket> &ticket, void *) noexcept override {
        const std::string text(as_text(ticket->data()));
        seen.push_back((ticket->direction() == hook_direction::before_send ? "out " : "in ") + text);
        if (inside) inside(text);
        if (keeps)
            tickets.push_back(ticket);
        else if (fails)
            ticket->settle_failed("for a reason");
        else if (text == stops)
            ticket->settle(answer::stop);
        else if (!appends.empty())
            ticket->settle(answer::replace, shared_bytes::copy(as_bytes(text + appends)));
        else
            ticket->settle(answer::pass);
    }

    bool only_binary = false;
    bool passes = true;
    bool keeps = false; // answers later
    bool fails = false;
    std::string stops;
    std::string appends;
    std::function<void(const std::string &)> inside;
    list seen;
    std::vector<std::shared_ptr<hook_ticket>> tickets;

  private:
    std::string name_;
};

struct extended {
    std::shared_ptr<test_extension> first = std::make_shared<test_extension>("first");
    std::shared_ptr<test_extension> second = std::make_shared<test_extension>("second");
    session_bench bench;

    explicit extended(const session_options &options = {}) : bench(options) {
        bench.extensions.list = std::make_shared<const extension_list>(extension_list{first, second});
        bench.open();
        bench.told();
    }
    bool settle(std::size_t at, answer how, std::string_view replacement = {}) {
        const bool done = first->tickets[at]->settle(how, shared_bytes::copy(as_bytes(replacement)));
        bench.one.hooks_settled(bench.now);
        return done;
    }
};

void test_in_order_of_registration(void **) {
    extended at;
    at.first->appends = "1";
    at.second->appends = "2";
    at.bench.say("out");
    at.bench.hear(0, frame_type::utf8_data, "in");
    assert_lines(at.bench.said(), list{"ack 0", "text 0 out12"});
    assert_lines(at.bench.told(), list{"text in12"});
    assert_lines(at.first->seen, list{"out out", "in in"});
    assert_lines(at.second->seen, list{"out out1", "in in1"});
}

void test_the_first_veto_ends_it(void **) {
    extended at;
    at.first->stops = "no";
    assert_true(at.bench.say_with("no", 7) == status::ok);
    at.bench.say("yes");
    at.bench.hear(0, frame_type::utf8_data, "no");
    at.bench.hear(1, frame_type::utf8_data, "yes");
    assert_lines(at.bench.told(), list{"receipt 7 vetoed by first", "text yes"});
    assert_lines(at.second->seen, list{"out yes", "in yes"});
    // What was stopped took no number, and what came was acknowledged all the same.
    assert_lines(at.bench.said(), list{"ack 0", "ack 1", "text 0 yes"});
}

void test_only_what_an_extension_wants(void **) {
    extended at;
    at.first->only_binary = at.second->only_binary = true;
    at.bench.say("text");
    at.bench.hear(0, frame_type::utf8_data, "text");
    at.bench.hear(1, frame_type::binary_data, "binary");
    assert_lines(at.first->seen, list{"in binary"});
    assert_lines(at.bench.told(), list{"text text", "binary binary"});
}

void test_a_late_answer_keeps_the_order(void **) {
    extended at;
    at.first->keeps = true;
    for (const char *text : {"a", "b", "c"})
        at.bench.say(text);
    for (std::uint32_t i = 0; i < 3; ++i)
        at.bench.hear(i, frame_type::utf8_data, std::to_string(i));
    at.bench.say("d");
    assert_lines(at.bench.said(), list{"ack 0", "ack 1", "ack 2"}); // control frames do not wait
    assert_lines(at.first->seen, list{"out a", "in 0"});            // one of each direction is out
    assert_true(at.settle(1, answer::replace, "zero"));
    assert_lines(at.bench.told(), list{"text zero"});
    assert_true(at.settle(0, answer::pass));
    assert_false(at.settle(0, answer::stop)); // once
    assert_lines(at.bench.said(), list{"text 0 a"});
    assert_true(at.bench.one.sends_wait());
    assert_int_equal(at.bench.counters.pending_count.load(), 3);
    at.first->keeps = false;
    at.settle(at.first->tickets.size() - 1, answer::stop);
    at.settle(at.first->tickets.size() - 2, answer::stop);
    assert_lines(at.bench.said(), list{"text 1 c", "text 2 d"});
    assert_lines(at.bench.told(), list{"text 2"});
    assert_false(at.bench.one.sends_wait());
}

void test_an_answer_that_never_comes(void **) {
    extended at;
    at.first->keeps = true;
    at.bench.say("a");
    at.bench.pass_ms(99);
    assert_lines(at.bench.said(), list{});
    assert_true(at.bench.one.deadline() <= at.bench.now + from_ms(1));
    at.bench.pass_ms(1);
    assert_lines(at.bench.said(), list{"text 0 a"});
    assert_false(at.settle(0, answer::stop)); // too late
    at.first->passes = false;
    at.bench.say_with("b", 4);
    at.bench.pass_ms(100);
    assert_lines(at.bench.said(), list{});
    assert_lines(at.bench.told(), list{"receipt 4 vetoed by first"});
}

void test_a_hook_that_fails(void **) {
    extended at;
    at.first->fails = true;
    at.bench.hear(0, frame_type::utf8_data, "passes");
    at.first->passes = false;
    at.bench.hear(1, frame_type::utf8_data, "is stopped");
    assert_lines(at.bench.told(), list{"text passes"});
    at.first->fails = false;
    at.bench.hear(2, frame_type::utf8_data, "goes on");
    assert_lines(at.bench.told(), list{"text goes on"});
}

void test_removed_while_a_ticket_is_out(void **) {
    extended at;
    at.first->keeps = true;
    at.bench.say("a");
    at.bench.say("b");
    at.first->remove();
    at.bench.extensions.list = std::make_shared<const extension_list>(extension_list{at.second});
    assert_lines(at.bench.said(), list{});
    assert_true(at.settle(0, answer::replace, "still heard"));
    assert_lines(at.bench.said(), list{"text 0 still heard", "text 1 b"});
    assert_lines(at.first->seen, list{"out a"});
    at.bench.extensions.list = nullptr;
    at.bench.say("c");
    assert_lines(at.second->seen, list{"out still heard", "out b"});
    assert_lines(at.bench.said(), list{"text 2 c"});
}

void test_closed_while_tickets_are_out(void **) {
    extended at;
    at.first->keeps = true;
    at.bench.say_with("a", 1);
    at.bench.say_with("b", 2);
    at.bench.hear(0, frame_type::utf8_data, "in");
    at.bench.one.begin_close();
    assert_false(at.settle(1, answer::pass)); // nothing is delivered any more
    assert_true(at.bench.one.sends_wait());   // what was accepted before the close still leaves
    assert_true(at.settle(0, answer::pass));
    assert_lines(at.bench.said(), list{"ack 0", "text 0 a"});
    at.bench.one.end();
    assert_false(at.settle(2, answer::pass));
    assert_lines(at.bench.told(), list{"receipt 2 closed", "receipt 1 closed"});
}

void test_a_hook_may_close_the_session(void **) {
    extended at;
    at.first->inside = [&](const std::string &) { at.bench.one.begin_close(); };
    at.bench.hear(0, frame_type::utf8_data, "in");
    assert_lines(at.bench.told(), list{});
    assert_true(at.bench.say_with("out", 1) == status::closed);
}

void test_a_hook_may_send(void **) {
    extended at;
    at.first->inside = [&](const std::string &text) {
        if (text == "question") at.bench.say("answer");
        if (text == "once") at.bench.say("and once more");
    };
    at.bench.hear(0, frame_type::utf8_data, "question");
    at.bench.say("once");
    assert_lines(at.bench.told(), list{"text question"});
    assert_lines(at.bench.said(), list{"ack 0", "text 0 answer", "text 1 once", "text 2 and once more"});
}

void test_hooks_that_lag(void **) {
    extended at({.max_queued_bytes = 60, .max_queue_count = 3});
    at.first->keeps = true;
    assert_true(at.bench.say_with("a", 1) == status::ok);
    assert_true(at.bench.say_with("b", 2) == status::ok);
    assert_true(at.bench.say_with("c", 3) == status::full);
    assert_false(at.bench.one.congested());
    at.bench.hear(0, frame_type::utf8_data, std::string(max_hooked_bytes, 'x'));
    assert_true(at.bench.one.congested()); // the peer is not read from
    at.first->keeps = false;
    at.settle(1, answer::stop);
    assert_false(at.bench.one.congested());
}

void test_a_full_queue_refuses_before_an_extension_is_asked(void **) {
    extended at({.high_water_mark = 1, .max_queue_count = 1, .policy = drop_policy::drop_newest});
    at.bench.say("0");
    at.bench.say("1");
    assert_true(at.bench.say_with("2", 2) == status::full);
    assert_lines(at.first->seen, list{"out 0", "out 1"});
}

void test_a_longer_message_meets_the_caps(void **) {
    extended at({.high_water_mark = 1, .max_queued_bytes = 40});
    at.first->stops = "";
    at.bench.say("0");
    at.first->appends = std::string(100, 'x');
    assert_true(at.bench.say_with("a", 1) == status::ok);
    const list told = at.bench.told();
    assert_int_equal(told.size(), 2);
    assert_true(told[0].starts_with("dropped refused a"));
    assert_string_equal(told[1].c_str(), "receipt 1 dropped by refused");
}

// Of a former connection: in their order, whatever has passed and whatever the caps.
void test_sent_again(void **) {
    session_options options;
    options.high_water_mark = 1;
    options.low_water_mark = 1;
    options.max_queue_count = 1;
    extended at(options);
    at.first->keeps = true;
    const auto again = [&](std::string_view text, bool passed) {
        data_frame frame = make_frame(message_kind::utf8, shared_bytes::copy(as_bytes(text)));
        frame.passed = passed;
        at.bench.one.send_again(std::move(frame));
    };
    again("a", true);
    again("b", false);
    again("c", true); // behind b, and is not asked for again
    again("d", false);
    assert_true(at.first->seen.empty());
    at.bench.one.hooks_settled(at.bench.now);
    assert_lines(at.first->seen, list{"out b"});
    assert_lines(at.bench.said(), list{"text 0 a"});
    assert_true(at.settle(0, answer::pass));
    assert_lines(at.first->seen, list{"out b", "out d"});
    assert_true(at.settle(1, answer::pass));
    list said;
    for (int i = 0; i < 3; ++i)
        for (const std::string &line : at.bench.said())
            said.push_back(line);
    assert_lines(said, list{"text 1 b", "text 2 c", "text 3 d"});
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order_of_registration),
        cmocka_unit_test(test_the_first_veto_ends_it),
        cmocka_unit_test(test_only_what_an_extension_wants),
        cmocka_unit_test(test_a_late_answer_keeps_the_order),
        cmocka_unit_test(test_an_answer_that_never_comes),
        cmocka_unit_test(test_a_hook_that_fails),
        cmocka_unit_test(test_removed_while_a_ticket_is_out),
        cmocka_unit_test(test_closed_while_tickets_are_out),
        cmocka_unit_test(test_a_hook_may_close_the_session),
        cmocka_unit_test(test_a_hook_may_send),
        cmocka_unit_test(test_hooks_that_lag),
        cmocka_unit_test(test_a_full_queue_refuses_before_an_extension_is_asked),
        cmocka_unit_test(test_a_longer_message_meets_the_caps),
        cmocka_unit_test(test_sent_again),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
