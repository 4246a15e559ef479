// The queue between service threads and an application that pulls.
#include "capi/event_queue.h"

#include "capi/handle_table.h"
#include "cmocka.hpp"
#include "mailbox.hpp"

#include <poll.h>
#include <thread>

using namespace cryo_core;
using namespace cryo_core::capi;
using outcome = event_queue::outcome;

namespace {

event_fields event_of(std::int32_t code, std::size_t bytes = 0) {
    static const std::string content(100'000, 'x');
    return {.kind = CRYO_EVENT_STAT, .code = code, .data = as_bytes(content).first(bytes)};
}

bool readable(event_queue &queue) {
    pollfd waiting{queue.watched_fd(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
}

// The code of the next event; -1: none is there.
std::int32_t next_code(event_queue &queue) {
    std::unique_ptr<event> out;
    return queue.next(0, out) == outcome::event ? out->fields.code : -1;
}

void test_in_order(void **) {
    event_queue queue;
    assert_int_equal(next_code(queue), -1);
    for (std::int32_t i = 0; i < 10; ++i)
        assert_true(queue.push(event_of(i)));
    for (std::int32_t i = 0; i < 10; ++i)
        assert_int_equal(next_code(queue), i);
    assert_int_equal(next_code(queue), -1);
}

void test_the_handle_lives_as_the_event(void **) {
    event_queue queue;
    assert_true(queue.push(event_of(1)));
    std::unique_ptr<event> out;
    assert_true(queue.next(0, out) == outcome::event);
    cryo_event *const handle = out->handle;
    assert_ptr_equal(find_object(handle_type::event, handle), out.get());
    out.reset();
    assert_null(find_object(handle_type::event, handle));
}

void test_readable_while_something_waits(void **) {
    event_queue queue;
    assert_false(readable(queue));
    queue.push(event_of(1));
    queue.push(event_of(2));
    assert_true(readable(queue));
    next_code(queue);
    assert_true(readable(queue));
    next_code(queue);
    assert_false(readable(queue));
    queue.wake();
    queue.wake();
    queue.push(event_of(3));
    std::unique_ptr<event> out;
    assert_true(queue.next(-1, out) == outcome::woken);
    assert_true(readable(queue));
    assert_true(queue.next(-1, out) == outcome::woken);
    assert_true(readable(queue));
    assert_int_equal(next_code(queue), 3);
    assert_false(readable(queue));
    queue.wake();
    assert_true(readable(queue));
    assert_true(queue.next(0, out) == outcome::woken);
    assert_false(readable(queue));
}

void test_time_out(void **) {
    event_queue queue;
    std::unique_ptr<event> out;
    assert_true(queue.next(0, out) == outcome::timeout);
    assert_true(queue.next(10, out) == outcome::timeout);
    assert_null(out.get());
}

void test_a_waiting_thread(void **) {
    event_queue queue;
    cryo_test::mailbox<int> got;
    std::thread puller([&] {
        for (;;) {
            std::unique_ptr<event> out;
            const outcome result = queue.next(-1, out);
            got.put(result == outcome::event ? out->fields.code : -static_cast<int>(result));
            if (result == outcome::closed) return;
        }
    });
    queue.push(event_of(5));
    assert_int_equal(got.get(), 5);
    queue.wake();
    assert_int_equal(got.get(), -static_cast<int>(outcome::woken));
    queue.close();
    assert_int_equal(got.get(), -static_cast<int>(outcome::closed));
    puller.join();
}

void test_closed(void **) {
    event_queue queue;
    int told = 0;
    queue.add_listener([&] { return ++told > 0; });
    queue.set_capacity(1, 1000);
    queue.push(event_of(1));
    queue.push(event_of(2));
    assert_true(queue.congested());
    queue.close();
    assert_false(queue.congested());
    assert_int_equal(told, 1); // sessions go on, for nobody
    assert_true(readable(queue));
    assert_false(queue.push(event_of(3)));
    assert_false(queue.congested());
    std::unique_ptr<event> out;
    assert_true(queue.next(-1, out) == outcome::closed);
    queue.add_listener([&] { return ++told > 0; });
    queue.close();
    assert_int_equal(told, 1);
}

void test_congested_by_events(void **) {
    event_queue queue;
    int told = 0;
    queue.add_listener([&] { return ++told > 0; });
    queue.set_capacity(4, 1'000'000);
    for (std::int32_t i = 0; i < 4; ++i)
        queue.push(event_of(i));
    assert_false(queue.congested());
    queue.push(event_of(4));
    assert_true(queue.congested());
    next_code(queue);
    next_code(queue);
    assert_true(queue.congested()); // three are left: half empty first
    assert_int_equal(told, 0);
    next_code(queue);
    assert_false(queue.congested());
    assert_int_equal(told, 1);
    next_code(queue);
    next_code(queue);
    assert_int_equal(told, 1);
}

void test_congested_by_bytes(void **) {
    event_queue queue;
    queue.set_capacity(1000, 100);
    queue.push(event_of(0, 100));
    assert_false(queue.congested());
    queue.push(event_of(1, 1));
    assert_true(queue.congested());
    next_code(queue);
    assert_false(queue.congested());
    for (int i = 0; i < 1000; ++i) { // nothing is left over in the count
        queue.push(event_of(0, 50));
        next_code(queue);
    }
    next_code(queue);
    queue.push(event_of(0, 99));
    assert_false(queue.congested());
}

void test_a_capacity_that_shrinks(void **) {
    event_queue queue;
    for (std::int32_t i = 0; i < 10; ++i)
        queue.push(event_of(i));
    queue.set_capacity(1, 1);
    queue.push(event_of(10));
    assert_true(queue.congested());
    for (std::int32_t i = 0; i < 10; ++i)
        next_code(queue);
    assert_true(queue.congested());
    next_code(queue);
    assert_false(queue.congested());
}

void test_listeners_that_are_gone(void **) {
    event_queue queue;
    bool there = true;
    int first = 0, second = 0;
    queue.add_listener([&] { return ++first, there; });
    there = false;
    queue.add_listener([&] { return ++second > 0; }); // looks who is there
    first = 0;
    queue.set_capacity(1, 1000);
    queue.push(event_of(0));
    queue.push(event_of(1));
    next_code(queue);
    next_code(queue);
    assert_int_equal(first, 0);
    assert_int_equal(second, 1);
}

void test_a_listener_that_throws(void **) {
    event_queue queue;
    queue.add_listener([]() -> bool { throw std::bad_alloc(); });
    queue.set_capacity(1, 1000);
    queue.push(event_of(0));
    queue.push(event_of(1));
    assert_int_equal(next_code(queue), 0); // the event is not lost
    assert_int_equal(next_code(queue), 1);
}

void test_batches(void **) {
    event_queue queue;
    bytes_view first, second, third;
    assert_true(queue.next_many(0, 0, first) == outcome::timeout);
    queue.push(event_of(1));
    queue.push(event_of(2, 100'000)); // which has a block of its own
    queue.push(event_of(3));
    queue.push(event_of(4));
    queue.push(event_of(5));
    assert_true(queue.next_many(0, 0, first) == outcome::event);
    assert_true(queue.next_many(0, 0, second) == outcome::event);
    assert_true(second.size() > 100'000);
    assert_true(queue.next_many(0, 2, third) == outcome::event);
    assert_int_equal(next_code(queue), 5);
    assert_false(queue.give_back(nullptr));
    assert_false(queue.give_back(first.data() + 8));
    assert_true(queue.give_back(second.data()));
    assert_false(queue.give_back(second.data()));
    assert_true(queue.give_back(first.data()));
    assert_false(queue.give_back(first.data()));
    queue.close(); // with one that is out
    assert_false(queue.give_back(third.data()));
    assert_true(queue.next_many(0, 0, first) == outcome::closed);
}

void test_threads(void **) {
    event_queue queue;
    constexpr int producers = 3, consumers = 3, each = 5000;
    std::atomic<int> resumed{0};
    queue.add_listener([&] { return ++resumed > 0; });
    queue.set_capacity(64, 4096);
    std::atomic<long> sum{0};
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int c = 0; c < consumers; ++c)
        threads.emplace_back([&] {
            for (;;) {
                std::unique_ptr<event> out;
                const outcome result = queue.next(-1, out);
                if (result == outcome::closed) return;
                if (result != outcome::event) continue;
                sum += out->fields.code;
                if (++taken == producers * each) queue.close();
            }
        });
    for (int p = 0; p < producers; ++p)
        threads.emplace_back([&] {
            for (std::int32_t i = 0; i < each; ++i) {
                queue.push(event_of(i, 8));
                if (i % 100 == 0) queue.wake();
                if (i % 7 == 0) queue.congested();
            }
        });
    for (std::thread &thread : threads)
        thread.join();
    assert_int_equal(taken.load(), producers * each);
    assert_int_equal(sum.load(), static_cast<long>(producers) * each * (each - 1) / 2);
    assert_false(queue.congested());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_the_handle_lives_as_the_event),
        cmocka_unit_test(test_readable_while_something_waits),
        cmocka_unit_test(test_time_out),
        cmocka_unit_test(test_a_waiting_thread),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_congested_by_events),
        cmocka_unit_test(test_congested_by_bytes),
        cmocka_unit_test(test_a_capacity_that_shrinks),
        cmocka_unit_test(test_listeners_that_are_gone),
        cmocka_unit_test(test_a_listener_that_throws),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
