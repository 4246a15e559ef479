#include "session/send_queue.h"

#include "cmocka.hpp"

#include <deque>
#include <random>
#include <string>

using namespace cryo_core;
using codec::frame_type;

namespace {

data_frame frame_of(std::string_view text) {
    return {frame_type::utf8_data, shared_bytes::copy(as_bytes(text))};
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
    const session_options options{
        .high_water_mark = 1, .low_water_mark = 1, .max_queued_bytes = 100, .max_queue_count = 3};
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

void test_clear(void **) {
    const session_options options{.high_water_mark = 50, .low_water_mark = 10};
    send_queue queue(options);
    for (int i = 0; i < 4; ++i)
        assert_true(queue.push_data(frame_of_size(25)));
    queue.push_control({1, control_kind::ack});
    queue.pop_data();
    queue.clear();
    assert_true(queue.empty());
    assert_false(queue.held());
    assert_int_equal(queue.pending_bytes(), 25); // popped, on its way
    queue.flushed();
    assert_int_equal(queue.pending_bytes(), 0);
    assert_true(queue.push_data(frame_of("again")));
    assert_string_equal(text_of(queue.pop_data()).c_str(), "again");
}

// What the protocol's section 6 says, as plainly as it can be written.
struct plain_queue {
    const session_options &options;
    std::deque<std::string> transport{}; // handed over
    std::deque<std::string> held_back{};
    std::deque<std::uint32_t> control{};
    std::uint64_t on_its_way = 0; // popped
    bool held = false;

    static std::uint64_t sum(const std::deque<std::string> &frames) {
        std::uint64_t bytes = 0;
        for (const auto &frame : frames)
            bytes += codec::header_size + frame.size();
        return bytes;
    }
    std::uint64_t handed() const { return sum(transport) + on_its_way; }
    void accept(const std::string &text) {
        (held ? held_back : transport).push_back(text);
        held = held || handed() >= options.high_water_mark;
    }
    bool push(const std::string &text) {
        if (held && (held_back.size() >= options.max_queue_count ||
                     sum(held_back) + codec::header_size + text.size() > options.max_queued_bytes))
            return false;
        accept(text);
        return true;
    }
    void flushed() {
        on_its_way = 0;
        if (!held || (handed() >= options.low_water_mark && handed() > 0)) return;
        held = false;
        while (!held && !held_back.empty()) {
            const std::string text = held_back.front();
            held_back.pop_front();
            accept(text);
        }
    }
};

void step(send_queue &queue, plain_queue &model, std::mt19937 &random) {
    const std::string text(random() % 90, static_cast<char>('a' + random() % 26));
    switch (random() % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
        assert_true(queue.push_data(frame_of(text)) == model.push(text));
        break;
    case 4:
        queue.push_accepted(frame_of(text));
        model.accept(text);
        break;
    case 5:
        model.control.push_back(static_cast<std::uint32_t>(random()));
        queue.push_control({model.control.back(), control_kind::ack});
        break;
    case 6:
        if (model.control.empty()) break;
        assert_int_equal(queue.next_control()->number, model.control.front());
        queue.pop_control();
        model.control.pop_front();
        break;
    case 7:
        queue.flushed();
        model.flushed();
        break;
    case 8:
        if (random() % 64 != 0) break;
        queue.clear();
        model.transport.clear();
        model.held_back.clear();
        model.control.clear();
        model.held = false;
        break;
    default:
        assert_true((queue.next_data() != nullptr) == !model.transport.empty());
        if (model.transport.empty()) break;
        assert_true(text_of(*queue.next_data()) == model.transport.front());
        assert_true(text_of(queue.pop_data()) == model.transport.front());
        model.on_its_way += codec::header_size + model.transport.front().size();
        model.transport.pop_front();
    }
    assert_int_equal(queue.control_count(), model.control.size());
    assert_true(queue.held() == model.held);
    assert_int_equal(queue.queued_count(), model.held_back.size());
    assert_int_equal(queue.pending_bytes(), model.handed() + plain_queue::sum(model.held_back));
}

void test_as_a_plain_queue(void **) {
    const session_options narrow{
        .high_water_mark = 300, .low_water_mark = 120, .max_queued_bytes = 500, .max_queue_count = 9};
    const session_options tiny{
        .high_water_mark = 1, .low_water_mark = 0, .max_queued_bytes = 64, .max_queue_count = 2};
    for (const session_options &options : {narrow, tiny})
        for (unsigned seed = 1; seed <= 2; ++seed) {
            std::mt19937 random(seed);
            send_queue queue(options);
            plain_queue model{.options = options};
            for (int i = 0; i < 60'000; ++i)
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
        cmocka_unit_test(test_clear),
        cmocka_unit_test(test_as_a_plain_queue),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
