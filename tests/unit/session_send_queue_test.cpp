#include "session/send_queue.h"

#include "cmocka.hpp"

#include <deque>
#include <random>
#include <string>
#include <vector>

using namespace cryo_core;

namespace {

data_frame frame_of(std::string_view text, std::string_view key = {},
                    message_kind kind = message_kind::utf8) {
    data_frame frame = make_frame(kind, shared_bytes::copy(as_bytes(text)));
    if (!key.empty()) frame.key = shared_bytes::copy(as_bytes(key));
    return frame;
}

data_frame frame_of_size(std::uint64_t whole, char fill = 'x') {
    return frame_of(std::string(whole - codec::header_size, fill));
}

std::string text_of(const data_frame &frame) {
    return std::string(as_text(frame.payload.view()));
}

void test_control_in_order_and_apart(void **) {
    const session_options options;
    send_queue queue(options);
    assert_true(queue.empty());
    assert_null(queue.next_control());
    queue.push_control({1, control_kind::ack});
    assert_true(queue.push_data(frame_of("a")));
    queue.push_control({2, control_kind::pong});
    assert_int_equal(queue.control_count(), 2);
    assert_int_equal(queue.next_control()->number, 1);
    queue.pop_control();
    assert_true(queue.next_control()->kind == control_kind::pong);
    queue.pop_control();
    assert_null(queue.next_control());
    assert_int_equal(queue.control_count(), 0);
    assert_false(queue.empty());
    assert_string_equal(text_of(queue.pop_data()).c_str(), "a");
    assert_true(queue.empty());
}

void test_held_at_the_high_water_mark(void **) {
    const session_options options{.high_water_mark = 100, .low_water_mark = 50};
    send_queue queue(options);
    assert_true(queue.push_data(frame_of_size(99)));
    assert_false(queue.held());
    assert_true(queue.push_data(frame_of_size(30))); // what passes the mark is still handed over
    assert_true(queue.held());
    assert_true(queue.push_data(frame_of_size(31)));
    assert_int_equal(queue.queued_count(), 1);
    assert_int_equal(queue.pending_bytes(), 160);

    assert_int_equal(queue.pop_data().payload.size(), 99 - 21);
    queue.flushed();
    assert_false(queue.held()); // 30 are left
    assert_int_equal(queue.pending_bytes(), 61);
    assert_int_equal(queue.queued_count(), 0);
}

void test_flows_again_below_the_low_water_mark(void **) {
    const session_options options{.high_water_mark = 100, .low_water_mark = 50};
    send_queue queue(options);
    for (int i = 0; i < 3; ++i)
        assert_true(queue.push_data(frame_of_size(50)));
    assert_int_equal(queue.queued_count(), 1);
    queue.pop_data();
    queue.flushed();
    assert_true(queue.held()); // at the mark is not below it
    queue.pop_data();
    assert_true(queue.held()); // popped is not taken by the kernel
    assert_null(queue.next_data());
    queue.flushed();
    assert_false(queue.held());
    assert_non_null(queue.next_data());
}

void test_a_low_water_mark_of_nothing(void **) {
    const session_options options{.high_water_mark = 30, .low_water_mark = 0};
    send_queue queue(options);
    assert_true(queue.push_data(frame_of_size(40)));
    assert_true(queue.push_data(frame_of_size(22)));
    queue.pop_data();
    queue.flushed();
    assert_false(queue.held());
    assert_non_null(queue.next_data());
}

void test_caps(void **) {
    const session_options options{.high_water_mark = 1,
                                  .low_water_mark = 1,
                                  .max_queued_bytes = 100,
                                  .max_queue_count = 3,
                                  .policy = drop_policy::drop_newest};
    send_queue queue(options);
    assert_true(queue.push_data(frame_of_size(5000))); // not held yet: the caps are not for it
    assert_true(queue.push_data(frame_of_size(60)));
    assert_false(queue.push_data(frame_of_size(41)));
    assert_false(queue.push_data(frame_of_size(101)));
    assert_true(queue.push_data(frame_of_size(40)));
    assert_false(queue.push_data(frame_of(""))); // an empty message is 21 bytes
    assert_int_equal(queue.queued_count(), 2);

    send_queue counted(options);
    for (int i = 0; i < 4; ++i)
        assert_true(counted.push_data(frame_of("")));
    assert_false(counted.push_data(frame_of("")));
    counted.push_accepted(frame_of_size(200)); // it was accepted elsewhere
    assert_int_equal(counted.queued_count(), 4);
}

void test_release_stops_at_the_high_water_mark(void **) {
    const session_options options{.high_water_mark = 50, .low_water_mark = 10};
    send_queue queue(options);
    for (int i = 0; i < 10; ++i)
        assert_true(queue.push_data(frame_of_size(25, static_cast<char>('a' + i))));
    for (int i = 0; i < 10; i += 2) {
        assert_int_equal(text_of(queue.pop_data())[0], 'a' + i);
        assert_int_equal(text_of(queue.pop_data())[0], 'b' + i);
        assert_null(queue.next_data());
        queue.flushed();
    }
    assert_true(queue.empty());
    assert_int_equal(queue.pending_bytes(), 0);
}

void test_taken_back(void **) {
    const session_options options{.high_water_mark = 50, .low_water_mark = 10};
    send_queue queue(options);
    for (int i = 0; i < 4; ++i)
        assert_true(queue.push_data(frame_of_size(25, static_cast<char>('a' + i))));
    queue.push_control({1, control_kind::ack});
    queue.pop_data();
    queue.clear_control();
    for (const char wanted : {'b', 'c', 'd'})
        assert_int_equal(text_of(queue.take_data())[0], wanted);
    assert_false(queue.any_data());
    assert_true(queue.empty());
    assert_false(queue.held());
    assert_int_equal(queue.pending_bytes(), 25); // popped, on its way
    queue.flushed();
    assert_int_equal(queue.pending_bytes(), 0);
    assert_true(queue.push_data(frame_of("again")));
    assert_string_equal(text_of(queue.pop_data()).c_str(), "again");
}

// --- the drop policies ----------------------------------------------------------------------------------

using list = std::vector<std::string>;

// A queue that is held from the first frame on, which is "0".
struct held_queue {
    session_options options;
    send_queue queue{options};

    explicit held_queue(drop_policy policy, std::uint64_t bytes = 1000, std::uint32_t count = 3)
        : options{.high_water_mark = 1,
                  .low_water_mark = 1,
                  .max_queued_bytes = bytes,
                  .max_queue_count = count,
                  .policy = policy} {
        assert_true(queue.push_data(frame_of("0")));
        assert_true(queue.held());
    }
    bool push(std::string_view text, std::string_view key = {}, message_kind kind = message_kind::utf8) {
        return queue.push_data(frame_of(text, key, kind));
    }
    list dropped() {
        list all;
        while (queue.any_dropped()) {
            const dropped_frame gone = queue.take_dropped();
            all.push_back(std::string(name_of(gone.reason)) + " " + text_of(gone.frame));
        }
        return all;
    }
    list rest() {
        list all;
        assert_string_equal(text_of(queue.pop_data()).c_str(), "0");
        while (queue.flushed(), queue.next_data() != nullptr)
            all.push_back(text_of(queue.pop_data()));
        return all;
    }
};

void test_the_oldest_give_way(void **) {
    held_queue at(drop_policy::drop_oldest, 3 * 22);
    for (const char *text : {"a", "b", "c", "d"})
        assert_true(at.push(text));
    assert_true((at.dropped() == list{"oldest a"}));
    assert_true(at.push(std::string(23, 'e'))); // as long as two of them
    assert_true((at.dropped() == list{"oldest b", "oldest c"}));
    assert_false(at.push(std::string(46, 'f'))); // longer than the cap itself
    assert_true(at.dropped().empty());
    assert_true((at.rest() == list{"d", std::string(23, 'e')}));
}

void test_the_newest_gives_way(void **) {
    held_queue at(drop_policy::drop_newest);
    for (const char *text : {"a", "b", "c"})
        assert_true(at.push(text));
    assert_false(at.push("d"));
    assert_true(at.dropped().empty());
    assert_true((at.rest() == list{"a", "b", "c"}));
}

void test_the_same_key_is_replaced_in_its_place(void **) {
    held_queue at(drop_policy::dedupe_latest);
    at.push("x = 1", "x");
    at.push("y = 1", "y");
    assert_true(at.push("x = 2", "x", message_kind::binary)); // the key alone says what is the same
    assert_true((at.dropped() == list{"replaced x = 1"}));
    assert_true((at.rest() == list{"x = 2", "y = 1"}));
}

void test_the_same_content_is_replaced(void **) {
    held_queue at(drop_policy::dedupe_latest);
    at.push("tick");
    at.push("tick", "key"); // known by its key, not by its content
    at.push("tick", {}, message_kind::binary);
    assert_true(at.push("tick"));
    assert_true((at.dropped() == list{"replaced tick"}));
    assert_int_equal(at.queue.queued_count(), 3);
}

void test_when_full_the_oldest_of_the_kind_is_replaced(void **) {
    held_queue at(drop_policy::dedupe_latest);
    at.push("binary", {}, message_kind::binary);
    at.push("a");
    at.push("b");
    assert_true(at.push("c"));
    assert_true((at.dropped() == list{"replaced a"}));
    assert_true((at.rest() == list{"binary", "c", "b"}));

    held_queue others(drop_policy::dedupe_latest);
    for (const char *text : {"a", "b", "c"})
        others.push(text);
    assert_false(others.push("d", {}, message_kind::binary)); // none of its kind
    assert_true(others.dropped().empty());
}

void test_a_replacement_that_does_not_fit_is_refused(void **) {
    held_queue at(drop_policy::dedupe_latest, 3 * 22);
    at.push("a", "key");
    at.push("b");
    assert_true(at.push(std::string(23, 'c'), "key"));
    assert_false(at.push(std::string(24, 'd'), "key"));
    assert_false(at.push(std::string(24, 'e')));
    assert_true((at.dropped() == list{"replaced a"}));
    assert_true((at.rest() == list{std::string(23, 'c'), "b"}));
}

void test_nothing_gives_way_where_it_must_not(void **) {
    for (const auto policy : {drop_policy::drop_oldest, drop_policy::dedupe_latest}) {
        held_queue at(policy);
        for (const char *text : {"a", "b", "c"})
            at.push(text);
        assert_false(at.queue.push_data(frame_of("d"), false));
        assert_true(at.dropped().empty());
        assert_int_equal(at.queue.queued_count(), 3);
    }
}

// --- against what the protocol's section 6 says, as plainly as it can be written --------------------------

struct plain_frame {
    std::string text;
    std::string key;
    bool binary = false;

    std::uint64_t size() const { return codec::header_size + text.size(); }
    bool same(const plain_frame &other) const {
        if (!key.empty() || !other.key.empty()) return key == other.key;
        return binary == other.binary && text == other.text;
    }
};

struct plain_queue {
    const session_options &options;
    std::deque<plain_frame> transport{}; // handed over
    std::deque<plain_frame> queue{};
    std::deque<std::uint32_t> control{};
    std::deque<std::string> dropped{};
    std::uint64_t on_its_way = 0; // popped
    bool held = false;

    static std::uint64_t sum(const std::deque<plain_frame> &frames) {
        std::uint64_t bytes = 0;
        for (const auto &frame : frames)
            bytes += frame.size();
        return bytes;
    }
    std::uint64_t handed() const { return sum(transport) + on_its_way; }
    bool fits(const plain_frame &frame) const {
        return queue.size() < options.max_queue_count &&
               sum(queue) + frame.size() <= options.max_queued_bytes;
    }
    void accept(const plain_frame &frame) {
        (held ? queue : transport).push_back(frame);
        held = held || handed() >= options.high_water_mark;
    }
    template <typename Iterator>
    bool replace(Iterator at, const plain_frame &by) {
        if (sum(queue) - at->size() + by.size() > options.max_queued_bytes) return false;
        dropped.push_back("replaced " + at->text);
        *at = by;
        return true;
    }
    bool push(const plain_frame &frame) {
        if (!held) {
            accept(frame);
            return true;
        }
        if (options.policy == drop_policy::dedupe_latest) {
            for (auto at = queue.begin(); at != queue.end(); ++at)
                if (at->same(frame)) return replace(at, frame);
            if (fits(frame)) {
                accept(frame);
                return true;
            }
            for (auto at = queue.begin(); at != queue.end(); ++at)
                if (at->binary == frame.binary) return replace(at, frame);
            return false;
        }
        if (options.policy == drop_policy::drop_oldest && frame.size() <= options.max_queued_bytes)
            while (!fits(frame)) {
                dropped.push_back("oldest " + queue.front().text);
                queue.pop_front();
            }
        if (!fits(frame)) return false;
        accept(frame);
        return true;
    }
    bool flushed() {
        on_its_way = 0;
        if (!held || (handed() >= options.low_water_mark && handed() > 0)) return false;
        held = false;
        while (!held && !queue.empty()) {
            const plain_frame frame = queue.front();
            queue.pop_front();
            accept(frame);
        }
        return !held;
    }
};

data_frame frame_of(const plain_frame &plain) {
    return frame_of(plain.text, plain.key, plain.binary ? message_kind::binary : message_kind::utf8);
}

plain_frame random_frame(std::mt19937 &random) {
    plain_frame frame;
    const bool few_contents = random() % 2 == 0; // so that some are the same
    frame.text.assign(few_contents ? random() % 3 : random() % 90,
                      static_cast<char>('a' + random() % (few_contents ? 2 : 26)));
    if (random() % 3 == 0) frame.key.assign(1, static_cast<char>('k' + random() % 4));
    frame.binary = random() % 3 == 0;
    return frame;
}

void step(send_queue &queue, plain_queue &model, std::mt19937 &random) {
    switch (random() % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
        const plain_frame frame = random_frame(random);
        assert_true(queue.push_data(frame_of(frame)) == model.push(frame));
        break;
    }
    case 5: {
        const plain_frame frame = random_frame(random);
        if (random() % 8 == 0) {
            queue.push_accepted(frame_of(frame));
            model.accept(frame);
        }
        model.control.push_back(static_cast<std::uint32_t>(random()));
        queue.push_control({model.control.back(), control_kind::ack});
        break;
    }
    case 6:
        if (model.control.empty()) break;
        assert_int_equal(queue.next_control()->number, model.control.front());
        queue.pop_control();
        model.control.pop_front();
        break;
    case 7:
        assert_true(queue.flushed() == model.flushed());
        break;
    case 8:
        if (random() % 64 != 0) break;
        for (auto *of : {&model.transport, &model.queue})
            for (; !of->empty(); of->pop_front())
                assert_true(text_of(queue.take_data()) == of->front().text);
        model.held = model.held && queue.held();
        queue.clear_control();
        model.control.clear();
        break;
    default:
        assert_true((queue.next_data() != nullptr) == !model.transport.empty());
        if (model.transport.empty()) break;
        assert_true(text_of(*queue.next_data()) == model.transport.front().text);
        assert_true(text_of(queue.pop_data()) == model.transport.front().text);
        model.on_its_way += model.transport.front().size();
        model.transport.pop_front();
    }
    while (queue.any_dropped()) {
        const dropped_frame gone = queue.take_dropped();
        assert_false(model.dropped.empty());
        assert_true(std::string(name_of(gone.reason)) + " " + text_of(gone.frame) == model.dropped.front());
        model.dropped.pop_front();
    }
    assert_true(model.dropped.empty());
    assert_int_equal(queue.control_count(), model.control.size());
    assert_true(queue.held() == model.held);
    assert_int_equal(queue.queued_count(), model.queue.size());
    assert_int_equal(queue.pending_count(), model.queue.size() + model.transport.size());
    assert_int_equal(queue.pending_bytes(), model.handed() + plain_queue::sum(model.queue));
}

// More than a million steps.
void test_as_a_plain_queue(void **) {
    const session_options narrow{
        .high_water_mark = 300, .low_water_mark = 120, .max_queued_bytes = 500, .max_queue_count = 9};
    const session_options tiny{
        .high_water_mark = 1, .low_water_mark = 0, .max_queued_bytes = 64, .max_queue_count = 2};
    for (session_options options : {narrow, tiny})
        for (const auto policy :
             {drop_policy::drop_oldest, drop_policy::drop_newest, drop_policy::dedupe_latest})
            for (unsigned seed = 1; seed <= 2; ++seed) {
                options.policy = policy;
                std::mt19937 random(seed);
                send_queue queue(options);
                plain_queue model{.options = options};
                for (int i = 0; i < 100'000; ++i)
                    step(queue, model, random);
            }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_control_in_order_and_apart),
        cmocka_unit_test(test_held_at_the_high_water_mark),
        cmocka_unit_test(test_flows_again_below_the_low_water_mark),
        cmocka_unit_test(test_a_low_water_mark_of_nothing),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_release_stops_at_the_high_water_mark),
        cmocka_unit_test(test_taken_back),
        cmocka_unit_test(test_the_oldest_give_way),
        cmocka_unit_test(test_the_newest_gives_way),
        cmocka_unit_test(test_the_same_key_is_replaced_in_its_place),
        cmocka_unit_test(test_the_same_content_is_replaced),
        cmocka_unit_test(test_when_full_the_oldest_of_the_kind_is_replaced),
        cmocka_unit_test(test_a_replacement_that_does_not_fit_is_refused),
        cmocka_unit_test(test_nothing_gives_way_where_it_must_not),
        cmocka_unit_test(test_as_a_plain_queue),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
