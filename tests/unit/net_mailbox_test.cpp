// The box that mail from any thread lies in: who has to wake the loop, and who disposes of what.
#include "cmocka.hpp"
#include "net/mailbox.h"

#include <atomic>
#include <thread>
#include <vector>

using namespace cryo_core::net;

namespace {

struct tally {
    std::atomic<int> delivered{0};
    std::atomic<int> disposed{0};
};

class counted final : public mail {
  public:
    explicit counted(tally &into) noexcept : into_(into) {}
    ~counted() override { ++into_.disposed; }
    void deliver() noexcept override { ++into_.delivered; }

  private:
    tally &into_;
};

// One that lies in something else, which outlives it.
class resident final : public mail {
  public:
    void deliver() noexcept override { ++delivered; }
    void dispose() noexcept override { ++disposed; }
    int delivered = 0;
    int disposed = 0;
};

void test_one_wake_a_batch(void **) {
    constexpr int threads = 8, each = 20'000;
    mailbox box;
    tally all;
    std::atomic<int> wakes{0};
    std::atomic<bool> go{false};
    std::vector<std::thread> senders;
    for (int t = 0; t < threads; ++t)
        senders.emplace_back([&] {
            go.wait(false);
            for (int i = 0; i < each; ++i)
                if (box.put(std::make_unique<counted>(all)) == mailbox::outcome::first) ++wakes;
        });
    go = true;
    go.notify_all();
    int batches = 0;
    while (all.delivered < threads * each)
        if (box.deliver()) ++batches;
    for (std::thread &sender : senders)
        sender.join();
    assert_int_equal(wakes, batches);
    assert_int_equal(all.disposed, threads * each);
    assert_true(box.empty());
}

void test_closing_disposes(void **) {
    tally all;
    resident own;
    {
        mailbox box;
        assert_true(box.put(std::make_unique<counted>(all)) == mailbox::outcome::first);
        assert_true(box.put(own) == mailbox::outcome::added);
        box.close();
        assert_int_equal(all.disposed, 1);
        assert_int_equal(own.disposed, 1);
        assert_true(box.put(std::make_unique<counted>(all)) == mailbox::outcome::closed);
        assert_true(box.put(own) == mailbox::outcome::closed);
        assert_false(box.deliver());
    }
    assert_int_equal(all.delivered + own.delivered, 0);
    assert_int_equal(all.disposed, 2);
    assert_int_equal(own.disposed, 2);
}

void test_a_resident_comes_again(void **) {
    mailbox box;
    resident own;
    for (int i = 1; i <= 3; ++i) {
        assert_true(box.put(own) == mailbox::outcome::first);
        assert_true(box.deliver());
        assert_int_equal(own.delivered, i);
        assert_int_equal(own.disposed, i);
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_one_wake_a_batch),
        cmocka_unit_test(test_closing_disposes),
        cmocka_unit_test(test_a_resident_comes_again),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
