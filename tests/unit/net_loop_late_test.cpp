// A loop that is late: what its peers have said comes before the timers.
#include "cmocka.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"

using namespace cryo_test;
using namespace cryo_core;

namespace {

class one_timer final : public timer {
  public:
    explicit one_timer(std::function<void(time_us)> f) : f_(std::move(f)) {}
    void on_deadline(time_us now) override { f_(now); }

  private:
    std::function<void(time_us)> f_;
};

// Holds the thread up, as a debugger or the application would.
void stand_still_until(time_us when) {
    while (monotonic_now() < when) {
    }
}

// Counts what is read from the one connection that it has.
class counting final : public net::link_acceptor {
  public:
    counting() {
        failure why;
        loop = net::loop::create(over_tested(), *this, why);
        assert_non_null(loop.get());
        door_ = net::listener::open("127.0.0.1", 0, 16, why);
        assert_true(door_->start(*loop, {loop}));
        assert_true(peer.connect(door_->port()));
        while (loop->link_count() == 0)
            loop->run_once(100);
    }
    ~counting() {
        loop->end();
        while (loop->run_once(0)) {
        }
    }
    net::link_handler *on_link(net::link &l) override {
        auto *h = new scripted_handler(l);
        h->read = [this](scripted_handler &, bytes_mut data) { bytes += data.size(); };
        return h;
    }

    std::shared_ptr<net::loop> loop;
    raw_peer peer;
    std::size_t bytes = 0;

  private:
    std::unique_ptr<net::listener> door_;
};

// As much as lies in the system's buffers, which is more than is read at once.
std::size_t fill(raw_peer &peer) {
    const std::string piece(64 * 1024, 'x');
    std::size_t sent = 0;
    for (ssize_t n = 0; (n = ::send(peer.fd(), piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT)) > 0;)
        sent += static_cast<std::size_t>(n);
    return sent;
}

void what_lies_there_is_read_before_a_late_timer(void **) {
    for (const bool by_the_application : {false, true}) {
        counting server;
        std::size_t sent = 0;
        std::size_t read_before = 0;
        bool fired = false;
        one_timer t([&](time_us) {
            fired = true;
            read_before = server.bytes;
        });
        const auto stall = [&] {
            const time_us due = server.loop->now() + from_ms(30);
            server.loop->set_deadline(t, due);
            sent = fill(server.peer);
            stand_still_until(due + from_ms(50));
        };
        if (by_the_application) { // which calls too seldom
            post(*server.loop, [&] { server.loop->set_deadline(t, server.loop->now() + from_ms(30)); });
            server.loop->run_once(0);
            sent = fill(server.peer);
            stand_still_until(monotonic_now() + from_ms(80));
        } else {
            post(*server.loop, stall);
        }
        while (!fired)
            server.loop->run_once(-1);
        assert_true(sent > 256 * 1024);
        assert_int_equal(read_before, sent);
    }
}

// The clock by which timers are judged is that of the reading: what comes while a callback takes long is
// unread.
void a_timer_that_comes_due_while_it_is_read_waits_for_the_next_reading(void **) {
    for (bool both_were_due = true;
         both_were_due;) { // on a machine that was busy elsewhere for that long: once more
        counting server;
        std::size_t read_before = 0;
        bool fired = false;
        one_timer second([&](time_us) {
            fired = true;
            read_before = server.bytes;
        });
        one_timer first([&](time_us now) {
            both_were_due = now >= second.deadline();
            stand_still_until(second.deadline() + from_ms(5));
            server.peer.send("late");
        });
        post(*server.loop, [&] {
            server.loop->set_deadline(first, server.loop->now() + from_ms(10));
            server.loop->set_deadline(second, server.loop->now() + from_ms(15));
        });
        while (!fired)
            server.loop->run_once(-1);
        if (!both_were_due) assert_int_equal(read_before, 4);
    }
}

// Whoever sends without end does not put timers off for ever.
void a_peer_that_never_stops_does_not_hold_timers_up(void **) {
    counting server;
    std::atomic<bool> enough{false};
    bool fired = false;
    one_timer t([&](time_us) { fired = true; });
    std::thread sender([&] {
        const std::string piece(16 * 1024, 'x');
        while (!enough && server.peer.send(piece)) {
        }
    });
    post(*server.loop, [&] {
        const time_us due = server.loop->now() + from_ms(10);
        server.loop->set_deadline(t, due);
        stand_still_until(due + from_ms(40));
    });
    const time_us began = monotonic_now();
    while (!fired)
        server.loop->run_once(-1);
    assert_true(monotonic_now() - began < from_ms(20'000));
    enough = true;
    while (server.loop->run_once(0) && server.bytes == 0) {
    }
    ::shutdown(server.peer.fd(), SHUT_RDWR); // it may be waiting for room
    sender.join();
}

// A loop that is always late has its timers, one after the other, nevertheless.
void timers_run_on_a_loop_that_is_always_late(void **) {
    counting server;
    int fired = 0;
    one_timer t([&](time_us) {
        ++fired;
        server.loop->set_deadline(t, server.loop->now() + from_ms(1));
    });
    post(*server.loop, [&] { server.loop->set_deadline(t, server.loop->now() + from_ms(1)); });
    const time_us limit = monotonic_now() + from_ms(20'000);
    while (fired < 3 && monotonic_now() < limit) {
        server.loop->run_once(0);
        stand_still_until(monotonic_now() + from_ms(50));
    }
    assert_int_equal(fired, 3);
    server.loop->cancel(t);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_there_is_read_before_a_late_timer),
        cmocka_unit_test(a_timer_that_comes_due_while_it_is_read_waits_for_the_next_reading),
        cmocka_unit_test(a_peer_that_never_stops_does_not_hold_timers_up),
        cmocka_unit_test(timers_run_on_a_loop_that_is_always_late),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
