// What a session has computed elsewhere, and what becomes of it when nobody waits for it any more.
#include "endpoint/session_control.h"

#include "cmocka.hpp"
#include "endpoint/worker_pool.h"

#include <atomic>
#include <future>

using namespace cryo_core;

namespace {

std::atomic<int> key_pairs{0};

std::unique_ptr<cale::crypto::key_pair> count_key_pair() noexcept {
    ++key_pairs;
    return nullptr;
}

cale::crypto::provider slow_provider() {
    cale::crypto::provider made = cale::crypto::chosen();
    made.slow = true;
    made.make_key_pair = count_key_pair;
    return made;
}

class no_links final : public net::link_acceptor {
  public:
    net::link_handler *on_link(net::link &) override { return nullptr; }
};

class host final : public session_host {
  public:
    status send(data_frame &&) override { return status::ok; }
    void send_accepted(data_frame &&) noexcept override {}
    bool offer(data_frame &&) override { return true; }
    void on_hooks_settled() noexcept override {}
    void ping() override {}
    void close(std::uint16_t, std::string_view) override {}
    void on_computed(cale_job) override { ++computed; }
    int computed = 0;
};

// Stands on a thread of the pool until it may go.
class blockade final : public work {
  public:
    explicit blockade(std::shared_future<void> until) : until_(std::move(until)) {}
    void run(std::unique_ptr<work> self) noexcept override {
        until_.wait();
        self.reset();
    }

  private:
    std::shared_future<void> until_;
};

struct bench {
    no_links none;
    std::shared_ptr<net::loop> loop;
    std::shared_ptr<const session_options> options = std::make_shared<session_options>();
    cale::crypto::provider provider = slow_provider();
    std::promise<void> gate;
    worker_pool pool;

    bench() {
        key_pairs = 0;
        failure why;
        loop = net::loop::create({}, none, why);
        assert_non_null(loop.get());
        const std::shared_future<void> open = gate.get_future().share();
        for (std::size_t i = 0; i < worker_pool::most(); ++i)
            pool.put(std::make_unique<blockade>(open));
    }
    ~bench() {
        pool.stop();
        loop->end();
        loop->run();
    }
    std::shared_ptr<session_control> control_of(host &owner) {
        return std::make_shared<session_control>(
            session_facts(), std::make_shared<const session_place>(session_place{loop, options}), owner);
    }
    void run_until_computed(const host &one) {
        while (one.computed == 0)
            assert_true(loop->run_once(-1));
        pool.stop(); // whatever has begun has ended
        loop->run_once(0);
    }
};

void test_not_for_a_connection_that_is_gone(void **) {
    bench b;
    host gone, there;
    const auto first = b.control_of(gone), second = b.control_of(there);
    for (int i = 0; i < 10; ++i)
        first->compute(b.pool, cale_job(b.provider));
    first->disown();
    second->compute(b.pool, cale_job(b.provider));
    b.gate.set_value();
    b.run_until_computed(there);
    assert_int_equal(key_pairs, 1);
    assert_int_equal(gone.computed, 0);
    assert_int_equal(there.computed, 1);
    second->disown();
}

// A client's session outlives its connections: what one of them has asked for is nothing to the next.
void test_not_for_the_connection_before(void **) {
    bench b;
    host owner;
    const auto control = b.control_of(owner);
    control->compute(b.pool, cale_job(b.provider));
    control->drop_computations();
    control->compute(b.pool, cale_job(b.provider));
    b.gate.set_value();
    b.run_until_computed(owner);
    assert_int_equal(key_pairs, 1);
    assert_int_equal(owner.computed, 1);
    control->disown();
}

// One that was dropped while it was computed is not told either.
void test_dropped_on_its_way_back(void **) {
    bench b;
    host owner, other;
    const auto control = b.control_of(owner), second = b.control_of(other);
    b.gate.set_value();
    control->compute(b.pool, cale_job(b.provider));
    while (key_pairs == 0)
        std::this_thread::yield();
    control->drop_computations();
    second->compute(b.pool, cale_job(b.provider));
    b.run_until_computed(other);
    assert_int_equal(key_pairs, 2);
    assert_int_equal(owner.computed, 0);
    control->disown();
    second->disown();
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_not_for_a_connection_that_is_gone),
        cmocka_unit_test(test_not_for_the_connection_before),
        cmocka_unit_test(test_dropped_on_its_way_back),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
