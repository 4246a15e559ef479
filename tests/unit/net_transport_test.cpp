// What carries a loop's connections: which one it is, and what only a transport of ours could get wrong.
#include "cmocka.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"

#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

using namespace cryo_test;
using cryo_core::bytes_mut;
using cryo_core::net::transport_kind;
using moment = cryo_test::signal; // <csignal> has another

namespace {

class nobody final : public net::link_acceptor {
  public:
    net::link_handler *on_link(net::link &) override {
        ++asked;
        return nullptr;
    }
    int asked = 0;
};

scripted_handler *make_returning(net::link &l) {
    auto *h = new scripted_handler(l);
    h->read = [](scripted_handler &self, bytes_mut data) {
        self.out += cryo_core::as_text(data);
        self.own.request_flush();
    };
    h->flush = [](scripted_handler &self) { self.write_out(); };
    return h;
}

double seconds_of_processor() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void which_one_it_is(void **) {
    assert_true(net::resolved(transport_kind::automatic, false) == transport_kind::poll);
    assert_true(net::resolved(transport_kind::automatic, true) == transport_kind::poll);
    for (const bool tls : {false, true})
        assert_true(net::resolved(transport_kind::libwebsockets, tls) == transport_kind::libwebsockets);
    assert_string_equal(net::name_of(transport_kind::automatic), "auto");
    assert_string_equal(net::name_of(transport_kind::libwebsockets), "libwebsockets");
    assert_string_equal(net::name_of(transport_kind::poll), "poll");
    assert_string_equal(net::name_of(transport_kind::poll_each), "poll");
}

// Such a loop closes what is handed to it nevertheless, as one that has ended does.
void a_loop_that_accepts_nothing_has_none(void **) {
    nobody acceptor;
    cryo_core::failure why;
    const auto l = net::loop::create({.accepts = false}, acceptor, why);
    assert_non_null(l.get());
    int pair[2] = {-1, -1};
    assert_int_equal(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), 0);
    raw_peer peer = raw_peer::of(pair[1]);
    assert_true(l->adopt(net::socket(pair[0]), net::address::local()));
    assert_true(l->run_once(0));
    assert_true(peer.receive_some().empty());
    assert_true(peer.at_end());
    assert_int_equal(acceptor.asked, 0);
    assert_int_equal(l->link_count(), 0);
}

// More of them have something to say at once than the system tells of at once.
void many_at_a_time(void **) {
    rlimit files{};
    assert_int_equal(::getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    const std::size_t count = files.rlim_cur < 2200 ? files.rlim_cur / 4 : 1000;
    moment come;
    service s([&](net::link &l) {
        come.raise();
        return make_returning(l);
    });
    std::vector<raw_peer> peers;
    for (std::size_t i = 0; i < count; ++i)
        peers.emplace_back(s.port());
    assert_true(come.wait(static_cast<int>(count)));
    moment held, go_on;
    assert_true(post(s.loop(), [&] {
        held.raise();
        go_on.wait();
    }));
    assert_true(held.wait());
    for (raw_peer &peer : peers)
        assert_true(peer.send("x"));
    go_on.raise();
    for (raw_peer &peer : peers)
        assert_string_equal(peer.receive(1).c_str(), "x");
}

// A read ends at the mark of urgent data; what lies behind it is read nevertheless.
void urgent_data_holds_nothing_up(void **) {
    moment held, go_on;
    service s(make_returning);
    raw_peer peer(s.port());
    assert_true(peer.send("a"));
    assert_string_equal(peer.receive(1).c_str(), "a");
    assert_true(post(s.loop(), [&] {
        held.raise();
        go_on.wait();
    }));
    assert_true(held.wait());
    assert_true(peer.send("before"));
    assert_int_equal(::send(peer.fd(), "!", 1, MSG_OOB), 1);
    assert_true(peer.send("behind"));
    go_on.raise();
    assert_string_equal(peer.receive(12).c_str(), "beforebehind");
}

// The last bytes and the end come together.
void the_end_follows_what_was_said(void **) {
    std::string got;
    moment held, go_on, gone;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        h->read = [&](scripted_handler &, bytes_mut data) { got += cryo_core::as_text(data); };
        h->gone = [&](scripted_handler &self) {
            assert_true(self.own.peer_has_left());
            gone.raise();
        };
        return h;
    });
    raw_peer peer(s.port());
    assert_true(post(s.loop(), [&] {
        held.raise();
        go_on.wait();
    }));
    assert_true(held.wait());
    const std::string last(700'000, 'z');
    const std::size_t sent = peer.send_some(last);
    assert_true(sent > 0);
    peer.finish_sending();
    go_on.raise();
    assert_true(gone.wait());
    assert_int_equal(got.size(), sent);
}

// Who is not read is not looked at either: neither its bytes nor its end cost anything, and both are found
// later.
void a_paused_link_costs_nothing_when_its_peer_goes(void **) {
    std::atomic<scripted_handler *> there{nullptr};
    std::string got;
    moment come, gone;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        h->read = [&](scripted_handler &, bytes_mut data) { got += cryo_core::as_text(data); };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        l.pause_read();
        there = h;
        come.raise();
        return h;
    });
    raw_peer peer(s.port());
    assert_true(come.wait());
    assert_true(peer.send("last words"));
    peer.finish_sending();
    const double before = seconds_of_processor();
    assert_false(gone.wait(1, 300)); // the time over which the processor's is measured
    assert_true(seconds_of_processor() - before < 0.15);
    assert_true(run_in(s.loop(), [&] {
        assert_true(there.load()->own.peer_has_left());
        assert_true(there.load()->own.received() > 0);
        there.load()->own.resume_read();
    }));
    assert_true(gone.wait());
    assert_string_equal(got.c_str(), "last words");
}

#ifdef __linux__
// The child of a fork that the library hears nothing of has the connection open still when it is closed here:
// the system goes on to know it, and nobody must be told of it any more.
void a_child_that_keeps_the_connection_open(void **) {
    moment gone;
    service s([&](net::link &l) {
        scripted_handler *const h = make_returning(l);
        const auto back = h->read;
        h->read = [back](scripted_handler &self, bytes_mut data) {
            data[0] == 'q' ? self.own.leave() : back(self, data);
        };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        return h;
    });
    raw_peer peer(s.port());
    assert_true(peer.send("a"));
    assert_string_equal(peer.receive(1).c_str(), "a");
    int told[2];
    assert_int_equal(::pipe(told), 0);
    const auto child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); // past all of atfork
    if (child == 0) {
        ::close(told[1]);
        char unused = 0;
        static_cast<void>(!::read(told[0], &unused, 1));
        ::_exit(0);
    }
    assert_true(child > 0);
    ::close(told[0]);
    assert_true(peer.send("q"));
    assert_true(gone.wait());
    assert_true(peer.send("is anybody there?"));
    raw_peer second(s.port()); // in the memory of the first, perhaps
    for (int i = 0; i < 20; ++i) {
        assert_true(second.send("b"));
        assert_string_equal(second.receive(1).c_str(), "b");
    }
    ::close(told[1]);
    assert_int_equal(::waitpid(child, nullptr, 0), child);
}
#endif

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(which_one_it_is),
        cmocka_unit_test(a_loop_that_accepts_nothing_has_none),
        cmocka_unit_test(many_at_a_time),
        cmocka_unit_test(urgent_data_holds_nothing_up),
        cmocka_unit_test(the_end_follows_what_was_said),
        cmocka_unit_test(a_paused_link_costs_nothing_when_its_peer_goes),
#ifdef __linux__
        cmocka_unit_test(a_child_that_keeps_the_connection_open),
#endif
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
