// Which session ids are taken: one after the other, and by many threads at once.
#include "server/registry.h"

#include "cmocka.hpp"
#include "endpoint/session_control.h"
#include "server/connection.h"

#include <array>
#include <atomic>
#include <random>
#include <thread>

using namespace cryo_core;
using outcome = registry::outcome;

namespace {

class no_links final : public net::link_acceptor {
  public:
    net::link_handler *on_link(net::link &) override { return nullptr; }
};

// Makes sessions without connections; their mail stays in a loop that does not run.
class maker {
  public:
    maker() {
        failure why;
        loop_ = net::loop::create({}, nobody_, why);
        assert_non_null(loop_.get());
    }
    ~maker() { // mail holds its session, and that the loop
        loop_->end();
        loop_->run();
    }
    registry::holder make() {
        alignas(connection) static unsigned char nowhere[sizeof(connection)];
        const auto made = std::make_shared<session_control>(
            session_facts(), std::make_shared<const session_place>(session_place{loop_, options_}),
            reinterpret_cast<session_host &>(nowhere));
        made->disown();
        return made;
    }

  private:
    no_links nobody_;
    std::shared_ptr<net::loop> loop_;
    std::shared_ptr<const session_options> options_ = std::make_shared<session_options>();
};

uuid sid_of(std::uint8_t n) {
    uuid sid;
    sid.bytes[15] = n;
    return sid;
}

void test_a_life(void **) {
    maker all;
    registry sids;
    const uuid sid = sid_of(1);
    const auto one = all.make();
    sids.reserve(sid, one);
    assert_int_equal(sids.live(), 0);
    assert_true(sids.admit(sid, one, 0) == outcome::granted);
    assert_int_equal(sids.live(), 1);
    assert_int_equal(sids.count(), 0); // not announced
    assert_null(sids.find(sid).get());
    sids.announce(sid, *one);
    assert_int_equal(sids.count(), 1);
    assert_ptr_equal(sids.find(sid).get(), one.get());
    assert_int_equal(sids.sessions().size(), 1);
    sids.begin_close(sid, *one);
    sids.begin_close(sid, *one);
    assert_int_equal(sids.count(), 0);
    assert_int_equal(sids.live(), 0);
    assert_null(sids.find(sid).get());
    sids.release(sid, *one);
    sids.release(sid, *one);
    assert_int_equal(sids.live(), 0);
    assert_true(sids.admit(sid, all.make(), 0) == outcome::granted);
}

void test_without_a_reservation(void **) {
    maker all;
    registry sids;
    const auto one = all.make();
    assert_true(sids.admit(sid_of(1), one, 0) == outcome::granted);
    sids.release(sid_of(1), *one);
    assert_int_equal(sids.live(), 0);
}

void test_the_first_let_in_wins(void **) {
    maker all;
    registry sids;
    const uuid sid = sid_of(1);
    const auto first = all.make(), second = all.make(), third = all.make();
    for (const auto &who : {first, second, third})
        sids.reserve(sid, who);
    assert_true(sids.admit(sid, second, 0) == outcome::wait); // the first one's validator still runs
    assert_true(sids.admit(sid, first, 0) == outcome::granted);
    assert_true(sids.admit(sid, second, 0) == outcome::taken); // as it is woken to hear
    assert_true(sids.admit(sid, third, 0) == outcome::taken);
    sids.release(sid, *second);
    sids.release(sid, *third);
    sids.announce(sid, *first);
    assert_ptr_equal(sids.find(sid).get(), first.get());
}

void test_the_next_in_line_when_the_first_is_refused(void **) {
    maker all;
    registry sids;
    const uuid sid = sid_of(1);
    const auto first = all.make(), second = all.make(), third = all.make(), fourth = all.make();
    sids.reserve(sid, first);
    for (const auto &who : {second, third, fourth})
        assert_true(sids.admit(sid, who, 0) == outcome::wait);
    sids.release(sid, *second); // it went away while it waited
    sids.release(sid, *first);
    assert_true(sids.admit(sid, third, 0) == outcome::granted);
    assert_true(sids.admit(sid, fourth, 0) == outcome::taken);
}

void test_a_closing_one_makes_room(void **) {
    maker all;
    registry sids;
    const uuid sid = sid_of(1);
    const auto old = all.make(), fresh = all.make(), late = all.make();
    assert_true(sids.admit(sid, old, 0) == outcome::granted);
    sids.announce(sid, *old);
    sids.reserve(sid, fresh);
    assert_true(sids.admit(sid, fresh, 0) == outcome::taken);
    sids.begin_close(sid, *old);
    assert_true(sids.admit(sid, fresh, 0) == outcome::wait);
    assert_true(sids.admit(sid, late, 0) == outcome::wait);
    sids.release(sid, *old);
    sids.announce(sid, *old); // it has no say any more
    sids.begin_close(sid, *old);
    assert_true(sids.admit(sid, fresh, 0) == outcome::granted);
    assert_true(sids.admit(sid, late, 0) == outcome::taken);
    sids.release(sid, *old);
    assert_int_equal(sids.live(), 1);
}

void test_the_limit_counts_live_ones(void **) {
    maker all;
    registry sids;
    const auto a = all.make(), b = all.make(), c = all.make();
    for (std::uint8_t i = 10; i < 20; ++i)
        sids.reserve(sid_of(i), all.make()); // clients without a good token keep nobody out
    assert_true(sids.admit(sid_of(1), a, 2) == outcome::granted);
    assert_true(sids.admit(sid_of(2), b, 2) == outcome::granted);
    sids.reserve(sid_of(3), c);
    assert_true(sids.admit(sid_of(3), c, 2) == outcome::full);
    sids.release(sid_of(3), *c);
    sids.begin_close(sid_of(1), *a);
    assert_true(sids.admit(sid_of(3), c, 2) == outcome::granted);
    sids.release(sid_of(1), *a);
    sids.release(sid_of(2), *b);
    sids.release(sid_of(3), *c);
    assert_int_equal(sids.live(), 0);
}

void test_an_id_is_claimed(void **) {
    maker all;
    registry sids;
    const uuid sid = sid_of(1);
    const auto ours = all.make(), guest = all.make(), late = all.make(), other = all.make();
    sids.reserve(sid, guest);
    assert_true(sids.admit(sid, late, 0) == outcome::wait);
    assert_true(sids.claim(sid, ours)); // an id that is only asked for is free
    assert_true(sids.admit(sid, guest, 0) == outcome::taken);
    assert_true(sids.admit(sid, late, 0) == outcome::taken);
    sids.release(sid, *guest);
    sids.release(sid, *late);
    assert_false(sids.claim(sid, other));
    assert_int_equal(sids.live(), 0); // what the limit counts comes from outside
    assert_true(sids.admit(sid_of(2), other, 1) == outcome::granted);
    assert_false(sids.claim(sid_of(2), late));

    assert_null(sids.find(sid).get()); // not connected yet
    for (int i = 0; i < 2; ++i) {      // nor between two connections
        sids.announce(sid, *ours);
        assert_true(sids.find(sid) == ours);
        assert_int_equal(sids.count(), 1);
        sids.withdraw(sid, *ours);
        sids.withdraw(sid, *ours);
        assert_null(sids.find(sid).get());
        assert_int_equal(sids.count(), 0);
        assert_true(sids.admit(sid, guest, 0) == outcome::taken);
    }
    sids.announce(sid, *ours);
    sids.begin_close(sid_of(2), *other);
    assert_false(sids.claim(sid_of(2), late)); // its session is told of until its end
    sids.release(sid, *ours);
    sids.release(sid_of(2), *other);
    assert_true(sids.claim(sid, late));
    sids.release(sid, *late);
    assert_int_equal(sids.count(), 0);
}

// --- threads -----------------------------------------------------------------------------------------------

constexpr std::size_t sid_count = 3;
constexpr std::size_t max_live = 2;

struct shared_state {
    maker all;
    registry sids;
    std::array<std::atomic<int>, sid_count> owners{}; // of each id, according to those who were granted it
    std::atomic<int> live{0};
    std::atomic<int> granted{0};
    std::atomic<int> wrong{0};
};

void live_once(shared_state &state, std::uint8_t n, const registry::holder &who) {
    const uuid sid = sid_of(n);
    if (state.owners[n].fetch_add(1) != 0) ++state.wrong;
    if (state.live.fetch_add(1) >= static_cast<int>(max_live)) ++state.wrong;
    state.sids.announce(sid, *who);
    if (state.sids.find(sid) != who) ++state.wrong;
    if (state.sids.sessions().size() > max_live) ++state.wrong;
    state.live.fetch_sub(1);
    state.sids.begin_close(sid, *who);
    if (state.sids.find(sid) == who) ++state.wrong;
    state.owners[n].fetch_sub(1);
    ++state.granted;
}

void visit(shared_state &state, std::mt19937 &random) {
    const auto n = static_cast<std::uint8_t>(random() % sid_count);
    const auto who = state.all.make();
    state.sids.reserve(sid_of(n), who);
    // Some tokens are refused; and whoever has to wait gives up, at times just when its turn has come.
    if (random() % 4 != 0 && state.sids.admit(sid_of(n), who, max_live) == outcome::granted)
        live_once(state, n, who);
    state.sids.release(sid_of(n), *who);
}

void test_many_threads(void **) {
    shared_state state;
    std::vector<std::thread> threads;
    for (unsigned seed = 1; seed <= 4; ++seed)
        threads.emplace_back([&state, seed] {
            std::mt19937 random(seed);
            for (int i = 0; i < 3000; ++i)
                visit(state, random);
        });
    for (std::thread &thread : threads)
        thread.join();
    assert_int_equal(state.wrong.load(), 0);
    assert_true(state.granted.load() > 1000);
    assert_int_equal(state.sids.live(), 0);
    assert_int_equal(state.sids.count(), 0);
    for (std::uint8_t n = 0; n < sid_count; ++n)
        assert_true(state.sids.admit(sid_of(n), state.all.make(), 0) == outcome::granted);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_life),
        cmocka_unit_test(test_without_a_reservation),
        cmocka_unit_test(test_the_first_let_in_wins),
        cmocka_unit_test(test_the_next_in_line_when_the_first_is_refused),
        cmocka_unit_test(test_a_closing_one_makes_room),
        cmocka_unit_test(test_the_limit_counts_live_ones),
        cmocka_unit_test(test_an_id_is_claimed),
        cmocka_unit_test(test_many_threads),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
