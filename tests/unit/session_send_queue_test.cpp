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
    assert_true(others.push("d", {}, message_kind::binary)); // none of its kind
    assert_true((others.dropped() == list{"oldest a"}));
    assert_true((others.rest() == list{"b", "c", "d"}));
}

// A text whose frame has so many bytes.
std::string text_of_size(std::uint64_t whole, char fill) {
    return std::string(whole - codec::header_size, fill);
}

// 30 bytes each, and no more room.
struct full_queue : held_queue {
    full_queue() : held_queue(drop_policy::dedupe_latest, 90) {
        for (const char *key : {"a", "b", "c"})
            assert_true(push(text_of_size(30, *key), key));
    }
};

void test_the_latest_takes_the_place_whatever_its_length(void **) {
    for (const std::uint64_t size : {21, 29, 30}) {
        full_queue at;
        const std::string text = text_of_size(size, 'B');
        assert_true(at.push(text, "b"));
        assert_true((at.dropped() == list{"replaced " + text_of_size(30, 'b')}));
        assert_true((at.rest() == list{text_of_size(30, 'a'), text, text_of_size(30, 'c')}));
    }
    for (const std::uint64_t size : {31, 60}) { // one other has to go
        full_queue at;
        const std::string text = text_of_size(size, 'B');
        assert_true(at.push(text, "b"));
        assert_true(
            (at.dropped() == list{"oldest " + text_of_size(30, 'a'), "replaced " + text_of_size(30, 'b')}));
        assert_true((at.rest() == list{text, text_of_size(30, 'c')}));
    }
    for (const std::uint64_t size : {61, 89, 90}) { // both
        full_queue at;
        const std::string text = text_of_size(size, 'A');
        assert_true(at.push(text, "a"));
        assert_true(
            (at.dropped() == list{"oldest " + text_of_size(30, 'b'), "oldest " + text_of_size(30, 'c'),
                                  "replaced " + text_of_size(30, 'a')}));
        assert_true((at.rest() == list{text}));
    }
    full_queue at;
    for (const char *key : {"b", "new", ""}) // larger than the cap itself
        assert_false(at.push(text_of_size(91, 'x'), key));
    assert_true(at.dropped().empty());
    assert_int_equal(at.queue.pending_bytes(), 22 + 90);
    assert_int_equal(at.rest().size(), 3);
}

void test_a_new_key_in_a_full_queue(void **) {
    full_queue at;
    assert_true(at.push(text_of_size(30, 'd'), "d"));
    assert_true((at.dropped() == list{"replaced " + text_of_size(30, 'a')}));
    assert_true(at.push(text_of_size(31, 'e'), "e")); // in the place of d, and c would be too much
    assert_true(
        (at.dropped() == list{"oldest " + text_of_size(30, 'b'), "replaced " + text_of_size(30, 'd')}));
    assert_true((at.rest() == list{text_of_size(31, 'e'), text_of_size(30, 'c')}));

    held_queue counted(drop_policy::dedupe_latest, 1000, 2);
    for (const char *key : {"a", "b", "c", "b"})
        assert_true(counted.push(key, key));
    assert_true((counted.dropped() == list{"replaced a", "replaced b"}));
    assert_true((counted.rest() == list{"c", "b"}));

    held_queue one(drop_policy::dedupe_latest, 1000, 1);
    assert_true(one.push("a", "a"));
    assert_true(one.push("b", "b"));
    assert_true(one.push("c", {}, message_kind::binary));
    assert_true((one.dropped() == list{"replaced a", "oldest b"}));
    assert_true((one.rest() == list{"c"}));

    held_queue none(drop_policy::dedupe_latest, 1000, 0);
    assert_false(none.push("a", "a"));
    assert_false(none.push("a"));
    assert_true(none.dropped().empty());
}

void test_its_own_kind_gives_way_first(void **) {
    held_queue at(drop_policy::dedupe_latest, 4 * 30, 9);
    at.push(text_of_size(30, 'a'), "a", message_kind::binary);
    at.push(text_of_size(30, 'b'), "b");
    at.push(text_of_size(30, 'c'), "c", message_kind::binary);
    at.push(text_of_size(30, 'd'), "d");
    assert_true(at.push(text_of_size(50, 'D'), "d"));
    assert_true(
        (at.dropped() == list{"oldest " + text_of_size(30, 'b'), "replaced " + text_of_size(30, 'd')}));
    assert_true(at.push(text_of_size(90, 'E'), "d")); // none of its kind is left
    assert_true(
        (at.dropped() == list{"oldest " + text_of_size(30, 'a'), "replaced " + text_of_size(50, 'D')}));
    assert_true(at.push("x", "c")); // it becomes a text, in its place, and is the oldest of them
    at.dropped();
    assert_true(at.push(text_of_size(100, 'F'), "d"));
    assert_true((at.dropped() == list{"oldest x", "replaced " + text_of_size(90, 'E')}));
    assert_true((at.rest() == list{text_of_size(100, 'F')}));
}

// What is dropped for the sake of a bound elsewhere: that of all sessions.
void test_bytes_are_freed_for_others(void **) {
    full_queue at;
    const data_frame same = frame_of(text_of_size(30, 'B'), "b");
    assert_true(at.queue.can_free(same, 30));
    assert_true(at.queue.can_free(same, 90));
    assert_false(at.queue.can_free(same, 91));
    assert_false(at.queue.can_free(frame_of_size(91), 1));
    assert_true(at.queue.push_data(data_frame(same), true, 30));
    assert_true((at.dropped() == list{"replaced " + text_of_size(30, 'b')}));
    assert_true(at.queue.push_data(data_frame(same), true, 31));
    assert_true(
        (at.dropped() == list{"oldest " + text_of_size(30, 'a'), "replaced " + text_of_size(30, 'B')}));
    assert_true(at.queue.push_data(frame_of(text_of_size(21, 'x'), "x"), true, 21)); // there is room here
    assert_true((at.dropped() == list{"replaced " + text_of_size(30, 'B')}));
    assert_int_equal(at.queue.queued_count(), 2);

    held_queue other(drop_policy::drop_oldest);
    other.push("a");
    assert_false(other.queue.can_free(frame_of("b"), 1));
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
    held_queue at(drop_policy::dedupe_latest);
    at.push("a", "a");
    assert_false(at.queue.push_data(frame_of("A", "a"), false));
    assert_true(at.queue.push_data(frame_of("b", "b"), false)); // nothing has to
    assert_true(at.dropped().empty());
    assert_true((at.rest() == list{"a", "b"}));
}

// As many as the queue holds, and as long as one likes: no step looks through them.
void test_many_keys(void **) {
    constexpr std::uint32_t count = 100'000;
    held_queue at(drop_policy::dedupe_latest, UINT64_MAX, count);
    for (int round = 0; round < 3; ++round)
        for (std::uint32_t i = 0; i < count; ++i)
            assert_true(at.push(std::to_string(round), std::to_string(i)));
    assert_int_equal(at.queue.queued_count(), count);
    assert_int_equal(at.dropped().size(), 2 * count);
    for (std::uint32_t i = 0; i < count; ++i) // and as many others, each of which makes one of them go
        assert_true(at.push("new", std::to_string(count + i), message_kind::binary));
    assert_int_equal(at.queue.queued_count(), count);
    assert_int_equal(at.rest().size(), count);
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
    // The oldest one that `is` says yes to, but for the one at `except`.
    template <typename Is>
    std::size_t oldest(Is is, std::size_t except) const {
        for (std::size_t at = 0; at < queue.size(); ++at)
            if (at != except && is(queue[at])) return at;
        return nowhere;
    }
    static constexpr std::size_t nowhere = SIZE_MAX;
    bool push_latest(const plain_frame &frame) {
        if (frame.size() > options.max_queued_bytes || options.max_queue_count == 0) return false;
        const auto of_its_kind = [&](const plain_frame &each) { return each.binary == frame.binary; };
        std::size_t at = queue.size(); // there may be several that were accepted elsewhere: the newest
        while (at-- > 0 && !queue[at].same(frame)) {
        }
        if (at == nowhere && !fits(frame)) at = oldest(of_its_kind, nowhere);
        const auto in_the_way = [&] {
            if (at == nowhere) return !fits(frame);
            const std::uint64_t former = queue[at].size();
            return frame.size() > former && sum(queue) - former + frame.size() > options.max_queued_bytes;
        };
        while (in_the_way()) {
            std::size_t gone = oldest(of_its_kind, at);
            if (gone == nowhere) gone = oldest([](const plain_frame &) { return true; }, at);
            if (gone == nowhere) break;
            dropped.push_back("oldest " + queue[gone].text);
            queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(gone));
            if (at != nowhere && gone < at) --at;
        }
        if (at == nowhere) {
            accept(frame);
        } else {
            dropped.push_back("replaced " + queue[at].text);
            queue[at] = frame;
        }
        return true;
    }
    bool push(const plain_frame &frame) {
        if (!held) {
            accept(frame);
            return true;
        }
        if (options.policy == drop_policy::dedupe_latest) return push_latest(frame);
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
        cmocka_unit_test(test_the_latest_takes_the_place_whatever_its_length),
        cmocka_unit_test(test_a_new_key_in_a_full_queue),
        cmocka_unit_test(test_its_own_kind_gives_way_first),
        cmocka_unit_test(test_bytes_are_freed_for_others),
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_nothing_gives_way_where_it_must_not),
        cmocka_unit_test(test_as_a_plain_queue),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
