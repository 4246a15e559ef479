// What waits for a session's next connection: order, caps, what gives way, what all sessions share.
#include "endpoint/away_messages.h"

#include "cmocka.hpp"
#include "session/byte_budget.h"

#include <string>

using namespace cryo_core;

namespace {

data_frame text(std::string_view content) {
    return make_frame(message_kind::utf8, shared_bytes::copy(as_bytes(content)));
}

constexpr std::uint64_t size_of_one = 22; // a frame with one character

unsent_message left(std::string_view content, std::uint32_t number) {
    return {.frame = text(content), .left = true, .number = number, .sent_at = 0};
}

std::string all_of(away_messages &of) {
    std::string all;
    for (data_frame frame{}; of.take(frame);)
        all += as_text(frame.payload.view());
    return all;
}

void test_order(void **) {
    const session_options options;
    away_messages waiting(options);
    assert_true(waiting.empty());
    assert_true(waiting.push(text("e"), true) == status::ok);
    waiting.put({.frame = text("d")});
    std::vector<unsent_message> former;
    former.push_back(left("a", 7));
    former.push_back(left("b", 9));
    former.push_back({.frame = text("c")});
    waiting.put_in_front(std::move(former));
    assert_int_equal(waiting.count(), 5);
    assert_int_equal(waiting.bytes(), 5 * size_of_one);
    assert_string_equal(all_of(waiting).c_str(), "abcde");
    assert_true(waiting.empty());
    assert_int_equal(waiting.bytes(), 0);
}

void test_what_the_peer_has_received(void **) {
    const session_options options;
    away_messages waiting(options);
    waiting.put(left("a", 0xfffffffe)); // numbers go round
    waiting.put(left("b", 0xffffffff));
    waiting.put(left("c", 1));
    waiting.put({.frame = text("d")}); // its number would be 0
    unsent_message one;
    assert_false(waiting.take_received(0xfffffffe, one));
    assert_true(waiting.take_received(1, one));
    assert_int_equal(one.number, 0xfffffffe);
    assert_true(waiting.take_received(1, one));
    assert_false(waiting.take_received(1, one));
    assert_true(waiting.take_received(2, one));
    assert_false(waiting.take_received(2, one));
    assert_string_equal(all_of(waiting).c_str(), "d");
}

void test_numbers_of_another_conversation(void **) {
    const session_options options;
    away_messages waiting(options);
    waiting.put(left("a", 0x80000001)); // below 0, as numbers go round
    waiting.forget_numbers();
    unsent_message one;
    assert_false(waiting.take_received(0, one));
    assert_string_equal(all_of(waiting).c_str(), "a");
}

void test_caps_apply_to_what_is_new(void **) {
    for (const auto policy : {drop_policy::drop_oldest, drop_policy::drop_newest}) {
        session_options options;
        options.policy = policy;
        options.max_queue_count = 2;
        away_messages waiting(options);
        for (const char *former : {"a", "b", "c"})
            waiting.put({.frame = text(former)});
        assert_true(waiting.push(text("1"), true) == status::ok);
        assert_true(waiting.push(text("2"), true) == status::ok);
        const bool gives_way = policy == drop_policy::drop_oldest;
        assert_true(waiting.push(text("3"), true) == (gives_way ? status::ok : status::full));
        assert_true(waiting.push(text("4"), false) == status::full);
        assert_int_equal(waiting.any_dropped(), gives_way);
        if (gives_way) {
            const dropped_frame gone = waiting.take_dropped();
            assert_true(as_text(gone.frame.payload.view()) == "1" && gone.reason == drop_reason::oldest);
        }
        assert_string_equal(all_of(waiting).c_str(), gives_way ? "abc23" : "abc12");
    }
}

void test_what_all_sessions_share(void **) {
    session_options options;
    options.total = std::make_shared<byte_budget>(3 * size_of_one);
    options.max_queue_count = 1;
    {
        away_messages waiting(options);
        waiting.put(left("a", 1));
        assert_true(waiting.push(text("b"), true) == status::ok);
        assert_true(waiting.push(text("c"), true) == status::ok); // "b" gives way
        assert_int_equal(options.total->used(), 3 * size_of_one);
        assert_true(waiting.push(text("d"), true) == status::total_full);
        static_cast<void>(waiting.take_dropped());
        assert_int_equal(options.total->used(), 2 * size_of_one);
        assert_true(waiting.push(text("long"), false) == status::total_full);
        assert_true(waiting.push(text("d"), false) == status::full);
        assert_int_equal(options.total->used(), 2 * size_of_one);
        unsent_message one;
        assert_true(waiting.take_received(2, one));
        assert_int_equal(options.total->used(), size_of_one);
    }
    assert_int_equal(options.total->used(), 0);
}

void test_the_latest_within_what_all_share(void **) {
    session_options options;
    options.policy = drop_policy::dedupe_latest;
    options.total = std::make_shared<byte_budget>(3 * size_of_one);
    const auto keyed = [](const char *what, const char *key) {
        data_frame frame = text(what);
        frame.key = shared_bytes::copy(as_bytes(std::string_view(key)));
        return frame;
    };
    {
        away_messages waiting(options);
        waiting.put(left("a", 1)); // accepted once: it stays
        assert_true(waiting.push(keyed("b", "b"), true) == status::ok);
        assert_true(waiting.push(keyed("c", "c"), true) == status::ok);
        assert_true(waiting.push(keyed("C", "c"), false) == status::total_full);
        assert_true(waiting.push(keyed("C", "c"), true) == status::ok);
        static_cast<void>(waiting.take_dropped());
        assert_int_equal(options.total->used(), 3 * size_of_one);
        assert_true(waiting.push(keyed("CC", "c"), true) == status::ok); // and "b" gives way
        while (waiting.any_dropped())
            static_cast<void>(waiting.take_dropped());
        assert_int_equal(options.total->used(), 2 * size_of_one + 1);
        assert_true(waiting.push(keyed(std::string(2 * size_of_one, 'x').c_str(), "x"), true) ==
                    status::total_full);
        assert_string_equal(all_of(waiting).c_str(), "aCC");
    }
    assert_int_equal(options.total->used(), 0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_what_the_peer_has_received),
        cmocka_unit_test(test_numbers_of_another_conversation),
        cmocka_unit_test(test_caps_apply_to_what_is_new),
        cmocka_unit_test(test_what_all_sessions_share),
        cmocka_unit_test(test_the_latest_within_what_all_share),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
