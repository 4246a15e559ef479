// Which peers are taken for slow, and which for silent.
#include "endpoint/delivery_watch.h"

#include "cmocka.hpp"

using namespace cryo_core;

namespace {

constexpr time_us interval = from_ms(15000);

void a_ping_with_nothing_in_front_of_it(void **) {
    delivery_watch watch;
    watch.ping_leaves({1000, 0}, 0);
    assert_false(watch.ping_under_way({1030, 0}, interval));
}

void a_peer_that_takes_what_is_in_front(void **) {
    delivery_watch watch;
    watch.ping_leaves({0, 1'000'000}, 0);
    for (unsigned i = 1; i <= 99; ++i) // more may come behind it
        assert_true(watch.ping_under_way({i * 10'000, 2'000'000}, i * interval));
    // It stands still.
    assert_false(watch.ping_under_way({990'000, 2'000'000}, 100 * interval));
}

void a_peer_that_has_taken_it_has_yet_to_read_it(void **) {
    delivery_watch watch;
    watch.ping_leaves({0, 5000}, 0);
    assert_true(watch.ping_under_way({2000, 3000}, interval));
    assert_true(watch.ping_under_way({8000, 1000}, 2 * interval)); // its clock begins about now
    assert_true(watch.ping_under_way({9000, 1000}, 3 * interval));
    assert_true(watch.ping_under_way({9500, 1000}, 4 * interval));
    assert_false(watch.ping_under_way({9900, 1000}, 5 * interval)); // it takes, and reads nothing
}

void a_peer_to_which_nothing_more_is_sent_has_one_interval(void **) {
    delivery_watch watch;
    watch.ping_leaves({0, 5000}, 0);
    assert_true(watch.ping_under_way({5000, 0}, interval));
    assert_false(watch.ping_under_way({5000, 0}, 2 * interval));
}

// With an interval of a second, say, several go by between two buffers of a slow peer.
void a_short_interval_is_no_standstill(void **) {
    delivery_watch watch;
    watch.ping_leaves({0, 1'000'000}, 0);
    for (unsigned s = 1; s <= 4; ++s)
        assert_true(watch.ping_under_way({0, 1'000'000}, from_ms(1000 * s)));
    assert_true(watch.ping_under_way({65'000, 935'000}, from_ms(5000)));
    for (unsigned s = 6; s <= 9; ++s)
        assert_true(watch.ping_under_way({65'000, 935'000}, from_ms(1000 * s)));
    assert_false(watch.ping_under_way({65'000, 935'000}, from_ms(10'000)));
}

void a_standstill(void **) {
    using flow = delivery_watch::flow;
    constexpr time_us timeout = from_ms(8000);
    delivery_watch watch;
    time_us now = 0;
    const auto look = [&](std::uint64_t taken, std::uint64_t waiting, bool more = false) {
        now += from_ms(1000);
        return watch.look({taken, waiting}, more, now, timeout);
    };
    assert_true(look(0, 0) == flow::nothing_waits);
    for (int i = 0; i < 8; ++i)
        assert_true(look(0, 1) == flow::moves);
    assert_true(look(0, 1) == flow::stands_still);
    for (int i = 0; i < 8; ++i)
        assert_true(look(1, 0, true) == flow::moves); // one byte was taken; what waits is with us
    assert_true(look(1, 0, true) == flow::stands_still);
    assert_true(look(2, 0) == flow::nothing_waits);
    for (int i = 0; i < 8; ++i) // it begins anew
        assert_true(look(2, 1) == flow::moves);
    assert_true(delivery_watch::next_look(1, timeout) <= 1 + timeout / 4);
    assert_true(delivery_watch::next_look(1, 0) == never);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(a_ping_with_nothing_in_front_of_it),
        cmocka_unit_test(a_peer_that_takes_what_is_in_front),
        cmocka_unit_test(a_peer_that_has_taken_it_has_yet_to_read_it),
        cmocka_unit_test(a_peer_to_which_nothing_more_is_sent_has_one_interval),
        cmocka_unit_test(a_short_interval_is_no_standstill),
        cmocka_unit_test(a_standstill),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
