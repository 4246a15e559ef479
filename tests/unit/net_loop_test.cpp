// Running, waking, mail and timers.
#include "cmocka.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"

#include <poll.h>

using namespace cryo_test;
using namespace cryo_core;

namespace {

class no_links final : public net::link_acceptor {
  public:
    net::link_handler *on_link(net::link &) override { return nullptr; }
};

class one_timer final : public timer {
  public:
    explicit one_timer(std::function<void(time_us)> f) : f_(std::move(f)) {}
    void on_deadline(time_us now) override { f_(now); }

  private:
    std::function<void(time_us)> f_;
};

std::shared_ptr<net::loop> make_loop(net::link_acceptor &acceptor) {
    failure why;
    auto made = net::loop::create(over_tested(), acceptor, why);
    if (!made) fail_msg("%s", why.text.c_str());
    return made;
}

void end_now(net::loop &l) {
    assert_true(post(l, [&] { l.end(); }));
    while (l.run_once(-1)) {
    }
}

void never_run(void **) {
    no_links none;
    int destroyed = 0;
    auto l = make_loop(none);
    assert_false(l->in_thread());
    auto guard = std::shared_ptr<int>(&destroyed, [](int *n) { ++*n; });
    assert_true(post(*l, [guard] { std::abort(); }));
    guard.reset();
    assert_int_equal(destroyed, 0);
    l.reset();
    assert_int_equal(destroyed, 1);
}

void mail_from_many_threads_in_order(void **) {
    constexpr int per_thread = 20'000;
    constexpr int posters = 4;
    service s([](net::link &) { return nullptr; }, {}, 2);
    std::vector<int> last(posters * 2, -1);
    signal done;
    std::vector<std::thread> threads;
    for (int t = 0; t < posters; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < per_thread; ++i) {
                for (std::size_t k = 0; k < 2; ++k) {
                    const bool posted = post(s.loop(k), [&, t, i, k] {
                        if (!s.loop(k).in_thread()) std::abort();
                        int &before = last[static_cast<std::size_t>(t) * 2 + k];
                        if (before != i - 1) std::abort();
                        before = i;
                        if (i == per_thread - 1) done.raise();
                    });
                    if (!posted) std::abort();
                }
            }
        });
    }
    for (std::thread &t : threads)
        t.join();
    assert_true(done.wait(posters * 2));
}

// Whoever posts while the loop ends is told, or the mail is delivered or destroyed: never lost.
void posting_against_the_end(void **) {
    for (int round = 0; round < 20; ++round) {
        std::atomic<int> alive{0};
        struct counted {
            explicit counted(std::atomic<int> &n) : count(n) { ++count; }
            counted(const counted &) = delete;
            counted(counted &&other) noexcept : count(other.count) { ++count; }
            ~counted() { --count; }
            std::atomic<int> &count;
        };
        auto s = std::make_unique<service>([](net::link &) { return nullptr; });
        auto l = s->shared_loop();
        std::vector<std::thread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&, l] {
                while (post(*l, [c = counted(alive)] {})) {
                }
            });
        s->stop();
        for (std::thread &t : threads)
            t.join();
        assert_int_equal(alive, 0);
        assert_false(post(*l, [] {}));
    }
}

void run_once_waits_as_long_as_told(void **) {
    no_links none;
    auto l = make_loop(none);
    assert_true(l->run_once(0));
    const time_us begin = monotonic_now();
    while (monotonic_now() - begin < from_ms(100))
        assert_true(l->run_once(100));
    assert_true(monotonic_now() - begin < from_ms(1000));
    bool delivered = false;
    std::thread other([&] { post(*l, [&] { delivered = true; }); });
    while (!delivered)
        assert_true(l->run_once(-1));
    other.join();
    end_now(*l);
    assert_false(l->run_once(0));
    assert_false(post(*l, [] {}));
    assert_int_equal(l->backend_fd(), -1);
    assert_int_equal(l->backend_timeout_ms(), -1);
}

// Also when it was due before run_once() was called, so that libuv runs it before it waits.
void run_once_does_not_wait_behind_a_timer(void **) {
    no_links none;
    auto l = make_loop(none);
    int fired = 0;
    one_timer t([&](time_us) { ++fired; });
    const auto began = std::chrono::steady_clock::now();
    const auto waited = [&] { return std::chrono::steady_clock::now() - began; };
    post(*l, [&] { l->set_deadline(t, l->now() + from_ms(50)); });
    assert_true(l->run_once(0));
    assert_int_equal(fired, 0);
    while (waited() < std::chrono::milliseconds(60))
        poll(nullptr, 0, 10);
    while (fired == 0) // a loop that is this late may read first what lies in its sockets
        assert_true(l->run_once(-1));
    assert_int_equal(fired, 1);
    assert_true(waited() < std::chrono::seconds(5));
    end_now(*l);
}

void run_once_inside_a_callback_does_nothing(void **) {
    no_links none;
    auto l = make_loop(none);
    bool ran = false;
    post(*l, [&] { ran = l->in_thread() && l->run_once(-1); });
    assert_true(l->run_once(0));
    assert_true(ran);
    end_now(*l);
}

void timers_fire_in_time(void **) {
    no_links none;
    auto l = make_loop(none);
    std::vector<int> order;
    time_us fired_at = 0;
    one_timer first([&](time_us) { order.push_back(1); });
    one_timer cancelled([&](time_us) { order.push_back(99); });
    one_timer second([&](time_us now) {
        order.push_back(2);
        fired_at = now;
        l->cancel(cancelled);
        throw std::runtime_error("a timer that throws does not stop the loop");
    });
    one_timer third([&](time_us) {
        order.push_back(3);
        l->end();
    });
    time_us begin = 0;
    post(*l, [&] {
        begin = l->now();
        l->set_deadline(third, begin + from_ms(60));
        l->set_deadline(second, begin + from_ms(30));
        l->set_deadline(cancelled, begin + from_ms(40));
        l->set_deadline(first, begin - 1);
    });
    l->run();
    assert_int_equal(order.size(), 3);
    for (int i = 0; i < 3; ++i)
        assert_int_equal(order[static_cast<std::size_t>(i)], i + 1);
    assert_true(fired_at >= begin + from_ms(30) && fired_at < begin + from_ms(500));
    assert_false(cancelled.armed());
}

void now_stands_still_within_a_callback(void **) {
    no_links none;
    auto l = make_loop(none);
    post(*l, [&] {
        const time_us a = l->now();
        while (monotonic_now() < a + 2000) {
        }
        assert_true(l->now() == a);
    });
    l->run_once(0);
    time_us b = 0;
    post(*l, [&] { b = l->now(); });
    const time_us before = monotonic_now();
    l->run_once(0);
    assert_true(b >= before);
    end_now(*l);
}

// A foreign loop watches the descriptor and the time, and must see everything that is due.
void foreign_loop_is_told(void **) {
    std::string got;
    class echo final : public net::link_acceptor {
      public:
        net::link_handler *on_link(net::link &l) override {
            auto *h = new scripted_handler(l);
            h->read = [](scripted_handler &self, bytes_mut data) {
                self.out += as_text(data);
                self.own.request_flush();
            };
            h->flush = [](scripted_handler &self) { self.write_out(); };
            return h;
        }
    } acceptor;
    auto l = make_loop(acceptor);
    failure why;
    auto door = net::listener::open("127.0.0.1", 0, 16, why);
    assert_true(door->start(*l, {l}));
    assert_true(l->backend_fd() >= 0);

    int rounds = 0;
    int empty_rounds = 0;
    const auto serve = [&](const auto &until) {
        const time_us limit = monotonic_now() + from_ms(5000);
        while (!until()) {
            assert_true(monotonic_now() < limit);
            pollfd p{l->backend_fd(), POLLIN, 0};
            const std::int32_t wait = l->backend_timeout_ms();
            if (::poll(&p, 1, wait < 0 ? 50 : std::min(wait, 50)) == 0 && wait != 0) ++empty_rounds;
            assert_true(l->run_once(0));
            ++rounds;
        }
    };
    serve([&] { return rounds >= 3; });
    raw_peer peer(door->port());
    serve([&] { return l->link_count() == 1; });
    for (int i = 0; i < 10; ++i) {
        empty_rounds = 0;
        assert_true(peer.send("hello"));
        serve([&] { return peer.readable(0); });
        assert_true(empty_rounds <= 1); // every event came through the descriptor
        assert_string_equal(peer.receive(5).c_str(), "hello");
    }
    bool fired = false;
    one_timer t([&](time_us) { fired = true; });
    post(*l, [&] { l->set_deadline(t, l->now() + from_ms(20)); });
    serve([&] { return fired; });
    // Mail from another thread makes the descriptor readable.
    bool delivered = false;
    std::thread([&] { post(*l, [&] { delivered = true; }); }).join();
    serve([&] { return delivered; });
    // With nothing to do it is silent: at most a timer of libwebsockets comes now and then.
    const time_us quiet = monotonic_now() + from_ms(300);
    rounds = 0;
    serve([&] { return monotonic_now() > quiet; });
    assert_true(rounds < 50);
    end_now(*l);
}

void many_loops_come_and_go(void **) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t)
        threads.emplace_back([] {
            no_links none;
            for (int i = 0; i < 10; ++i) {
                failure why;
                auto l = net::loop::create(over_tested(), none, why);
                if (!l) std::abort();
                post(*l, [p = l.get()] { p->end(); });
                l->run();
            }
        });
    for (std::thread &t : threads)
        t.join();
}

// What libwebsockets keeps for all of its contexts must not suffer from their threads.
void connections_come_and_go_on_many_loops(void **) {
    constexpr int loops = 4;
    constexpr int each = 500;
    std::atomic<int> gone{0};
    signal all_gone;
    service s(
        [&](net::link &l) {
            auto *h = new scripted_handler(l);
            h->gone = [&](scripted_handler &) {
                if (++gone == loops * each) all_gone.raise();
            };
            return h;
        },
        {}, loops);
    std::vector<std::thread> threads;
    for (int t = 0; t < loops; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < each; ++i)
                raw_peer(s.port()).close();
        });
    for (std::thread &t : threads)
        t.join();
    assert_true(all_gone.wait());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(never_run),
        cmocka_unit_test(mail_from_many_threads_in_order),
        cmocka_unit_test(posting_against_the_end),
        cmocka_unit_test(run_once_waits_as_long_as_told),
        cmocka_unit_test(run_once_does_not_wait_behind_a_timer),
        cmocka_unit_test(run_once_inside_a_callback_does_nothing),
        cmocka_unit_test(timers_fire_in_time),
        cmocka_unit_test(now_stands_still_within_a_callback),
        cmocka_unit_test(foreign_loop_is_told),
        cmocka_unit_test(many_loops_come_and_go),
        cmocka_unit_test(connections_come_and_go_on_many_loops),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
