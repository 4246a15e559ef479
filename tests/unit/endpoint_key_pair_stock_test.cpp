// Key pairs that are there before they are wanted.
#include "endpoint/key_pair_stock.h"

#include "endpoint/worker_pool.h"
#include "session/security.h"

#include "cmocka.hpp"

#include <atomic>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace cryo_core;

namespace {

std::atomic<int> made{0};
std::atomic<bool> broken{false};

std::unique_ptr<cale::crypto::key_pair> make_counted() noexcept {
    ++made;
    return broken ? nullptr : cale::crypto::chosen().make_key_pair();
}

const cale::crypto::provider &counted() {
    static const auto all = [] {
        auto one = cale::crypto::chosen();
        one.make_key_pair = make_counted;
        return one;
    }();
    return all;
}

struct bench {
    bench() {
        made = 0;
        broken = false;
    }

    // Whether the stock gave one, whose point is then among `points`.
    bool settled() {
        cale_job job(counted());
        const bool given = stock->settle(job, pool);
        if (given) points.insert(point_of(std::move(job)));
        return given;
    }

    void await_made(int number) const {
        while (made < number)
            std::this_thread::yield();
    }

    static cale::crypto::public_key point_of(cale_job job) {
        cale_options options;
        options.provider = &counted();
        security at(cale::role::server, options);
        const auto step = at.computed(std::move(job), 0);
        cale::crypto::public_key point{};
        assert_int_equal(step.send->payload.size(), point.size());
        std::copy(step.send->payload.begin(), step.send->payload.end(), point.begin());
        return point;
    }

    std::shared_ptr<key_pair_stock> stock = key_pair_stock::make();
    worker_pool pool;
    std::set<cale::crypto::public_key> points;
};

void test_it_grows_with_use_up_to_a_limit(void **) {
    bench b;
    assert_false(b.settled()); // nobody has wanted one before
    int handed_out = 0;
    for (int i = 0; i < 1000 && made < 400; ++i)
        handed_out += b.settled() ? 1 : 0;
    b.pool.stop();
    const int left = made - handed_out;
    assert_in_range(left, 0, key_pair_stock::most);
    for (int i = 0; i < left; ++i)
        assert_true(b.settled());
    assert_false(b.settled());                            // and the pool makes no more
    assert_int_equal(b.points.size(), handed_out + left); // each once
}

void test_what_fails_is_not_kept_and_ordered_again(void **) {
    bench b;
    broken = true;
    for (int i = 1; i <= 50; ++i) { // more than there may be: none of them counts as there
        assert_false(b.settled());
        b.await_made(i);
    }
    broken = false;
    while (!b.settled())
        std::this_thread::yield();
}

void test_dropped_orders_are_forgotten(void **) {
    bench b;
    b.pool.stop();
    for (int i = 0; i < 50; ++i)
        assert_false(b.settled());
    assert_int_equal(made, 0);
    worker_pool another;
    cale_job job(counted());
    while (!b.stock->settle(job, another))
        std::this_thread::yield();
}

void test_agreements_are_none_of_its_business(void **) {
    bench b;
    cale::handshake one(cale::role::server, counted());
    cale_job job(counted(), one.take_job());
    assert_false(b.stock->settle(job, b.pool));
    b.pool.stop();
    assert_int_equal(made, 0);
}

void test_the_halves_of_a_fork_share_no_key(void **) {
    bench b;
    while (!b.settled())
        std::this_thread::yield();
    while (!b.settled())
        std::this_thread::yield();
    b.await_made(3);
    b.pool.stop();
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(b.settled() ? 1 : 0);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(b.settled());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_it_grows_with_use_up_to_a_limit),
        cmocka_unit_test(test_what_fails_is_not_kept_and_ordered_again),
        cmocka_unit_test(test_dropped_orders_are_forgotten),
        cmocka_unit_test(test_agreements_are_none_of_its_business),
        cmocka_unit_test(test_the_halves_of_a_fork_share_no_key),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
