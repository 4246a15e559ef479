// What the two ends promise each other over losses: each message once, in its order, and one fate for each
// receipt. Both keep a ledger; between them is a proxy that cuts their connections in every way.
#include "cutting_proxy.hpp"
#include "facade_support.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

using namespace cryo_test;
using namespace std::chrono_literals;

namespace {

// What one end says to the other one, and hears from it.
class ledger {
  public:
    static constexpr unsigned window = 40; // messages without a fate

    // Says as much as there is room for.
    template <typename Send>
    void say(Send send) {
        std::unique_lock lock(mutex_);
        while (!enough_ && owed_ < window) {
            const unsigned number = said_++;
            ++owed_;
            fates_.push_back(0);
            lock.unlock();
            send(number);
            lock.lock();
        }
    }
    void settle(unsigned number, cryo::outcome how) {
        const std::lock_guard lock(mutex_);
        ++fates_.at(number);
        --owed_;
        if (how != cryo::outcome::acknowledged && how != cryo::outcome::timed_out) ++wrong_;
        changed_.notify_all();
    }
    void hear(std::string_view text) {
        const std::lock_guard lock(mutex_);
        if (text != std::to_string(heard_)) ++wrong_;
        ++heard_;
        changed_.notify_all();
    }
    void hear_broadcast(std::string_view text) {
        const std::lock_guard lock(mutex_);
        if (text != "to all " + std::to_string(heard_by_all_)) ++wrong_;
        ++heard_by_all_;
        changed_.notify_all();
    }
    void wait_for_broadcasts(unsigned all) const {
        std::unique_lock lock(mutex_);
        const bool in_time = changed_.wait_for(lock, 60s, [&] { return heard_by_all_ >= all; });
        if (!in_time) print_error("%u of %u broadcasts heard\n", heard_by_all_, all);
        assert_true(in_time);
        assert_int_equal(heard_by_all_, all);
    }
    void enough() {
        const std::lock_guard lock(mutex_);
        enough_ = true;
    }
    // The other end has heard all of it, and each message has its fate.
    void wait_for(const ledger &other) {
        std::unique_lock lock(mutex_);
        const bool in_time = changed_.wait_for(lock, 60s, [&] { return owed_ == 0; });
        if (!in_time) print_error("%u of %u without a fate\n", owed_, said_);
        assert_true(in_time);
        lock.unlock();
        other.wait_to_hear(said_);
    }
    void check() const {
        const std::lock_guard lock(mutex_);
        assert_int_equal(wrong_, 0);
        for (const unsigned fate : fates_)
            assert_int_equal(fate, 1);
        assert_true(said_ > 0);
    }

  private:
    void wait_to_hear(unsigned all) const {
        std::unique_lock lock(mutex_);
        const bool in_time = changed_.wait_for(lock, 60s, [&] { return heard_ >= all; });
        if (!in_time) print_error("%u of %u heard\n", heard_, all);
        assert_true(in_time);
        assert_int_equal(heard_, all);
    }

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<unsigned> fates_;
    unsigned said_ = 0, heard_ = 0, heard_by_all_ = 0, owed_ = 0, wrong_ = 0;
    bool enough_ = false;
};

struct both_ends {
    ledger up, down; // the client's, the server's
};

template <typename Session>
void say_all(ledger &from, Session session) {
    from.say([&](unsigned number) {
        session.send(std::to_string(number), {.done = [&from, number](const cryo::receipt &receipt) {
                         from.settle(number, receipt.outcome);
                     }});
    });
}

void converse(unsigned losses, std::uint32_t threads, bool cale, unsigned seed) {
    constexpr unsigned clients = 8;
    both_ends ends[clients];
    std::atomic<unsigned> sessions{0}, closed{0}, reconnected{0};

    cryo::server_options options = any_port();
    options.threads = threads;
    options.cale = cale;
    options.cale_timeout = 300ms;
    options.keepalive = 100ms;
    options.probe_timeout = 30ms;
    options.resume_window = 60s;
    options.max_queue_count = 100'000; // nothing gives way
    cryo::server server(options, accept_all);
    const auto ends_of = [&](const cryo::session &session) -> both_ends & {
        return ends[std::stoul(session.parameter("n").value())];
    };
    server.on_session([&](cryo::session &session) {
        ++sessions;
        say_all(ends_of(session).down, session);
    });
    server.on_message([&](cryo::session &session, const cryo::message &message) {
        ends_of(session).down.hear(message.text());
        say_all(ends_of(session).down, session);
    });
    server.on_reconnected([&](cryo::session &) { ++reconnected; });
    server.on_closed([&](cryo::session &, int code, std::string_view reason) {
        if (code == 4000 && reason == "done") return;
        ++closed;
    });
    server.start();
    {
        cutting_proxy between(server.port(), losses, seed);
        // A server that says nothing to the first hello of a client's life may not speak CALE: it gives up.
        if (!cale) between.begin();
        std::vector<std::unique_ptr<cryo::client>> all;
        for (unsigned n = 0; n < clients; ++n) {
            cryo::client_options who = connecting_to(between.port());
            who.parameters = {{"n", std::to_string(n)}};
            who.cale = cale;
            who.cale_timeout = 300ms;
            who.keepalive = 100ms;
            who.connect_timeout = 500ms;
            who.resend = true;
            all.push_back(std::make_unique<cryo::client>(who));
            cryo::client &client = *all.back();
            ledger &own = ends[n].up;
            client.on_connected([&own](cryo::session &session) { say_all(own, session); });
            client.on_message([&own](cryo::session &session, const cryo::message &message) {
                if (message.text().starts_with("to all ")) return own.hear_broadcast(message.text());
                own.hear(message.text());
                say_all(own, session);
            });
            client.on_closed([&](int code, std::string_view reason) {
                if (code != 4000 || reason != "done") ++closed;
            });
            client.start();
        }
        while (sessions < clients && closed == 0)
            std::this_thread::yield();
        between.begin();
        unsigned broadcasts = 0;
        // A few behind each cut: that is when sessions are away, and move.
        for (unsigned seen = losses + 1, left = losses; left > 0; left = between.cuts_left()) {
            if (std::exchange(seen, left) == left)
                std::this_thread::yield();
            else
                for (int i = 0; i < 3; ++i)
                    server.broadcast("to all " + std::to_string(broadcasts++));
        }
        for (both_ends &each : ends) {
            each.up.enough();
            each.down.enough();
        }
        if (closed > 0 || sessions != clients)
            print_error("%u closed, %u sessions\n", closed.load(), sessions.load());
        for (both_ends &each : ends) {
            each.up.wait_for(each.down);
            each.down.wait_for(each.up);
            each.up.wait_for_broadcasts(broadcasts);
        }
        assert_int_equal(closed, 0);
        assert_int_equal(sessions, clients);
        assert_true(reconnected > 0);
        for (const auto &client : all)
            client->close(4000, "done");
        for (const auto &client : all)
            client->wait();
    }
    for (const both_ends &each : ends) {
        each.up.check();
        each.down.check();
    }
}

void test_one_thread(void **) {
    converse(800, 1, false, 1);
}

void test_three_threads(void **) {
    converse(700, 3, false, 2);
}

void test_with_cale(void **) {
    converse(500, 2, true, 3);
}

// What the client has acknowledged waits for an extension of its own when it leaves a server that takes
// nothing.
void test_what_waits_for_an_extension_of_a_client(void **) {
    cryo::server_options options = any_port();
    options.resume_window = 60s;
    cryo::server server(options, accept_all);
    mailbox<std::string> told, told_server;
    std::atomic<bool> left{false};
    server.on_session([](const cryo::session &session) { session.send("down"); });
    server.on_message([&](const cryo::session &, const cryo::message &) {
        while (!left) // the application is busy, and its thread reads nothing
            std::this_thread::yield();
    });
    server.start();

    cryo::client_options who = connecting_to(server.port());
    who.resend = true;
    who.stall_timeout = 200ms;
    cryo::client client(who);
    mailbox<cryo::hook> tickets;
    client.add("asked", {.on_receive_utf8 = [&](cryo::hook ticket) { tickets.put(std::move(ticket)); }});
    client.on_message(
        [&](const cryo::session &, const cryo::message &what) { told.put(std::string(what.text())); });
    client.on_disconnected([&](const cryo::session &, int, std::string_view reason) {
        told.put("lost: " + std::string(reason));
        left = true;
    });
    client.start();
    const cryo::hook void_one = tickets.get(); // the message is acknowledged
    for (int i = 0; i < 12; ++i)
        client.session().send(std::string(1 << 20, 'x'));
    assert_string_equal(told.get().c_str(), "lost: Nothing of what was sent is taken.");
    tickets.get().pass(); // it is asked again
    assert_string_equal(told.get().c_str(), "down");
    client.close(4000, "done");
    client.wait();
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_one_thread),
        cmocka_unit_test(test_three_threads),
        cmocka_unit_test(test_with_cale),
        cmocka_unit_test(test_what_waits_for_an_extension_of_a_client),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
