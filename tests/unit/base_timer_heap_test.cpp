#include "cmocka.hpp"

#include "base/timer_heap.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

using namespace cryo_core;

namespace {

class recording_timer final : public timer {
  public:
    explicit recording_timer(std::function<void(recording_timer &, time_us)> f = {})
        : on_fire(std::move(f)) {}
    void on_deadline(time_us now) override {
        ++fired;
        if (on_fire) on_fire(*this, now);
    }
    std::function<void(recording_timer &, time_us)> on_fire;
    int fired = 0;
};

void empty_heap_has_no_next(void **) {
    timer_heap heap;
    assert_true(heap.empty());
    assert_true(heap.next() == never);
    heap.run(1'000'000);
    recording_timer t;
    heap.cancel(t); // not armed: nothing happens
    assert_false(t.armed());
    assert_true(t.deadline() == never);
}

void fires_what_is_due_and_nothing_else(void **) {
    timer_heap heap;
    recording_timer a, b, c;
    heap.set(a, 10);
    heap.set(b, 20);
    heap.set(c, 30);
    assert_int_equal(heap.next(), 10);
    heap.run(9);
    assert_int_equal(a.fired, 0);
    heap.run(20);
    assert_int_equal(a.fired, 1);
    assert_int_equal(b.fired, 1);
    assert_int_equal(c.fired, 0);
    assert_false(a.armed());
    assert_int_equal(heap.next(), 30);
    heap.set(c, 5);
    assert_int_equal(c.deadline(), 5);
    heap.run(5);
    assert_int_equal(c.fired, 1);
    assert_true(heap.empty());
}

// Against a plain list, over many random steps.
void agrees_with_a_list(void **) {
    std::mt19937 random(1);
    timer_heap heap;
    std::vector<recording_timer> timers(200);
    std::vector<time_us> expected(timers.size(), never);
    time_us now = 0;
    time_us last = 0;
    for (std::size_t i = 0; i < timers.size(); ++i) {
        timers[i].on_fire = [&, i](recording_timer &, time_us) {
            assert_true(expected[i] <= now);
            assert_true(expected[i] >= last); // in order
            last = expected[i];
            expected[i] = never;
        };
    }
    for (int step = 0; step < 50'000; ++step) {
        const std::size_t i = random() % timers.size();
        switch (random() % 8) {
        case 0:
            heap.cancel(timers[i]);
            expected[i] = never;
            break;
        case 1:
            now += static_cast<time_us>(random() % 50);
            last = 0;
            heap.run(now);
            for (const time_us e : expected)
                assert_true(e > now);
            break;
        default:
            expected[i] = now + 1 + static_cast<time_us>(random() % 500);
            heap.set(timers[i], expected[i]);
        }
        assert_true(heap.next() == *std::min_element(expected.begin(), expected.end()));
    }
    for (recording_timer &t : timers)
        heap.cancel(t);
    assert_true(heap.empty());
}

void callbacks_may_do_anything(void **) {
    timer_heap heap;
    recording_timer other, later;
    auto dying = std::make_unique<recording_timer>();
    recording_timer rearming([&](recording_timer &self, time_us now) { heap.set(self, now); });
    dying->on_fire = [&](recording_timer &, time_us now) {
        heap.cancel(other);
        heap.set(later, now - 1); // has passed: for the next run
        dying.reset();
    };
    heap.set(rearming, 1);
    heap.set(*dying, 2);
    heap.set(other, 3);
    heap.run(10);
    assert_null(dying.get());
    assert_int_equal(other.fired, 0);
    assert_int_equal(later.fired, 0);
    assert_int_equal(rearming.fired, 1); // not again and again
    heap.run(11);
    assert_int_equal(later.fired, 1);
    assert_int_equal(rearming.fired, 2);
    heap.cancel(rearming);
}

void goes_on_behind_an_exception(void **) {
    timer_heap heap;
    recording_timer throwing([](recording_timer &, time_us) { throw std::runtime_error("no"); });
    recording_timer next;
    heap.set(throwing, 1);
    heap.set(next, 2);
    bool thrown = false;
    try {
        heap.run(5);
    } catch (const std::runtime_error &) {
        thrown = true;
    }
    assert_true(thrown);
    heap.run(5);
    assert_int_equal(throwing.fired, 1);
    assert_int_equal(next.fired, 1);
}

// The shape that a server makes: all deadlines rise, and most are moved long before they come.
void many_rising_deadlines(void **) {
    timer_heap heap;
    std::vector<recording_timer> timers(100'000);
    for (int round = 0; round < 3; ++round)
        for (std::size_t i = 0; i < timers.size(); ++i)
            heap.set(timers[i], round * 1'000'000 + static_cast<time_us>(i));
    assert_int_equal(heap.next(), 2'000'000);
    heap.run(2'500'000);
    for (const recording_timer &t : timers)
        assert_int_equal(t.fired, 1);
    assert_true(heap.empty());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(empty_heap_has_no_next),      cmocka_unit_test(fires_what_is_due_and_nothing_else),
        cmocka_unit_test(agrees_with_a_list),          cmocka_unit_test(callbacks_may_do_anything),
        cmocka_unit_test(goes_on_behind_an_exception), cmocka_unit_test(many_rising_deadlines),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
