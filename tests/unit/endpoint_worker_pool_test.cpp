// Work that leaves the thread it comes from.
#include "endpoint/worker_pool.h"

#include "cmocka.hpp"

#include <atomic>
#include <future>
#include <set>

using namespace cryo_core;

namespace {

struct counters {
    std::atomic<int> run{0}, gone{0};
    std::promise<void> all;
    int wanted = 0;
    std::mutex mutex;
    std::set<std::thread::id> threads;
    std::shared_future<void> gate; // where one stands until it may go on
};

class piece final : public work {
  public:
    explicit piece(counters &of) : of_(of) {}
    ~piece() override { ++of_.gone; }
    void run(std::unique_ptr<work> self) noexcept override {
        if (of_.gate.valid()) of_.gate.wait();
        {
            const std::lock_guard lock(of_.mutex);
            of_.threads.insert(std::this_thread::get_id());
        }
        counters &told = of_;
        self.reset(); // before the word that all is done
        if (++told.run == told.wanted) told.all.set_value();
    }

  private:
    counters &of_;
};

void test_all_of_it_is_done_elsewhere(void **) {
    counters of;
    of.wanted = 1000;
    worker_pool pool;
    for (int i = 0; i < of.wanted; ++i)
        pool.put(std::make_unique<piece>(of));
    of.all.get_future().wait();
    pool.stop();
    assert_int_equal(of.gone, 1000);
    assert_int_equal(of.threads.count(std::this_thread::get_id()), 0);
    assert_in_range(of.threads.size(), 1, worker_pool::most());
}

void test_what_has_not_begun_is_dropped(void **) {
    counters of;
    std::promise<void> open;
    of.gate = open.get_future().share();
    worker_pool pool;
    for (int i = 0; i < 100; ++i)
        pool.put(std::make_unique<piece>(of));
    std::thread stopper([&] { pool.stop(); });
    open.set_value();
    stopper.join();
    assert_int_equal(of.gone, 100); // run or dropped, each once
    assert_in_range(of.run, 0, 100);
    pool.put(std::make_unique<piece>(of));
    assert_int_equal(of.gone, 101); // after the end nothing is done
}

void test_a_pool_that_nobody_used(void **) {
    worker_pool pool;
    pool.stop();
    pool.stop();
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_all_of_it_is_done_elsewhere),
        cmocka_unit_test(test_what_has_not_begun_is_dropped),
        cmocka_unit_test(test_a_pool_that_nobody_used),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
