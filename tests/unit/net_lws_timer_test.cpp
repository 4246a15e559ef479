// A timer that fires before its time, and is armed for 0 ms then, does not make the loop spin.
#include "net/lws_timer.h"

#include "cmocka.hpp"

using namespace cryo_core::net;

namespace {

// What libwebsockets does: waits until a time in microseconds with a timer in milliseconds, rounded to the
// nearest one.
struct rounding_timer {
    uv_loop_t loop{};
    uv_timer_t own{}, other{}, theirs{};
    uv_prepare_t prepare{};
    std::uint64_t until_ns = 0;
    int fired = 0;
    lws_timer delayed;

    explicit rounding_timer(std::uint64_t wait_us) {
        assert_int_equal(uv_loop_init(&loop), 0);
        loop.data = this;
        uv_timer_init(&loop, &own);
        uv_timer_init(&loop, &other);
        uv_timer_init(&loop, &theirs);
        delayed.find(loop, own, other);
        uv_prepare_init(&loop, &prepare);
        uv_prepare_start(
            &prepare, [](uv_prepare_t *h) { static_cast<rounding_timer *>(h->loop->data)->delayed.delay(); });
        until_ns = uv_hrtime() + wait_us * 1000;
        arm();
    }
    rounding_timer(const rounding_timer &) = delete;
    rounding_timer &operator=(const rounding_timer &) = delete;
    ~rounding_timer() {
        uv_walk(
            &loop, [](uv_handle_t *h, void *) { uv_close(h, nullptr); }, nullptr);
        uv_run(&loop, UV_RUN_DEFAULT);
        assert_int_equal(uv_loop_close(&loop), 0);
    }

    void arm() {
        const std::uint64_t now = uv_hrtime();
        if (now >= until_ns) return uv_stop(&loop);
        uv_timer_start(
            &theirs,
            [](uv_timer_t *h) {
                auto &self = *static_cast<rounding_timer *>(h->loop->data);
                ++self.fired;
                self.arm();
            },
            (until_ns - now + 500'000) / 1'000'000, 0);
    }
};

void it_waits_instead_of_spinning(void **) {
    for (std::uint64_t wait_us = 1'600; wait_us < 3'600; wait_us += 100) {
        rounding_timer t(wait_us);
        uv_run(&t.loop, UV_RUN_DEFAULT);
        assert_true(uv_hrtime() >= t.until_ns);
        assert_int_equal(t.fired, 1);
    }
}

void what_was_put_off_is_not_put_off_again(void **) {
    rounding_timer t(50'000);
    const auto wait = uv_timer_get_due_in(&t.theirs);
    t.delayed.delay();
    t.delayed.delay();
    assert_int_equal(uv_timer_get_due_in(&t.theirs), wait + 2);
    uv_timer_stop(&t.theirs);
    t.delayed.delay();
    assert_false(uv_is_active(reinterpret_cast<uv_handle_t *>(&t.theirs)));
}

void other_timers_keep_their_time(void **) {
    rounding_timer t(50'000);
    uv_timer_start(
        &t.own, [](uv_timer_t *) {}, 10, 0);
    t.delayed.delay();
    assert_int_equal(uv_timer_get_due_in(&t.own), 10);
    t.delayed.forget();
    const auto wait = uv_timer_get_due_in(&t.theirs);
    uv_timer_start(&t.theirs, t.theirs.timer_cb, wait, 0);
    t.delayed.delay();
    assert_int_equal(uv_timer_get_due_in(&t.theirs), wait);
}

void there_may_be_none(void **) {
    uv_loop_t loop;
    assert_int_equal(uv_loop_init(&loop), 0);
    uv_timer_t own, other;
    lws_timer none;
    none.find(loop, own, other);
    none.delay();
    assert_int_equal(uv_loop_close(&loop), 0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(it_waits_instead_of_spinning),
        cmocka_unit_test(what_was_put_off_is_not_put_off_again),
        cmocka_unit_test(other_timers_keep_their_time),
        cmocka_unit_test(there_may_be_none),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
