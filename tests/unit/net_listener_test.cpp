// Listening, the ways in which it fails, dealing out, and running out of descriptors.
#include "cmocka.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"

#include "base/log.h"

#include <atomic>
#include <ctime>
#include <fcntl.h>
#include <map>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace cryo_test;
using namespace cryo_core;

namespace {
std::atomic<int> accepts_to_fail{0};
} // namespace

// In the place of the C library's.
extern "C" int accept4(int from, sockaddr *peer, socklen_t *size, int flags) {
    if (accepts_to_fail.load() > 0) {
        --accepts_to_fail;
        errno = EMFILE;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_accept4, from, peer, size, flags));
}

namespace {

bool contains(const std::string &text, const char *part) {
    return text.find(part) != std::string::npos;
}

void says_where_it_listens(void **) {
    failure why;
    auto l = net::listener::open("127.0.0.1", 0, 16, why);
    assert_non_null(l.get());
    assert_string_equal(l->host().c_str(), "127.0.0.1");
    assert_true(l->port() != 0);
    auto by_name = net::listener::open("localhost", 0, 16, why);
    addrinfo *known = nullptr;
    if (getaddrinfo("localhost", nullptr, nullptr, &known) == 0) {
        freeaddrinfo(known);
        assert_non_null(by_name.get());
        assert_true(by_name->host() == "127.0.0.1" || by_name->host() == "::1");
    } else { // a system without /etc/hosts
        assert_null(by_name.get());
        assert_true(why.code == status::address);
    }
}

void failures_say_what_to_do(void **) {
    failure why;
    auto first = net::listener::open("127.0.0.1", 0, 16, why);
    assert_null(net::listener::open("127.0.0.1", first->port(), 16, why).get());
    assert_true(why.code == status::address_in_use);
    assert_true(contains(why.text, ("127.0.0.1:" + std::to_string(first->port())).c_str()));
    why = {};
    assert_null(net::listener::open("192.0.2.1", 0, 16, why).get()); // for documentation, nobody has it
    assert_true(why.code == status::address);
    why = {};
    assert_null(net::listener::open("no such host", 0, 16, why).get());
    assert_true(why.code == status::address);
    why = {};
    assert_null(net::listener::open("", 0, 16, why).get());
    assert_true(why.code == status::address);
    why = {};
    if (net::listener::open("127.0.0.1", 1, 16, why) == nullptr) { // else we may do everything
        assert_true(why.code == status::permission);
        assert_true(contains(why.text, "use a port above 1023 or run with CAP_NET_BIND_SERVICE"));
    }
}

void every_address_takes_ipv4_too(void **) {
    class none final : public net::link_acceptor {
      public:
        net::link_handler *on_link(net::link &l) override {
            name = l.remote_address();
            return nullptr;
        }
        std::string name;
    } acceptor;
    failure why;
    auto l = net::listener::open("::", 0, 16, why);
    if (l == nullptr) skip(); // a system without IPv6
    auto loop = net::loop::create(over_tested(), acceptor, why);
    assert_true(l->start(*loop, {loop}));
    raw_peer peer(l->port());
    assert_true(peer.connected());
    while (acceptor.name.empty())
        assert_true(loop->run_once(1000));
    assert_string_equal(acceptor.name.c_str(), peer.local_address().c_str());
    l->close();
    l->close();
    assert_false(raw_peer(l->port()).connected());
}

void deals_out_in_turn(void **) {
    std::mutex mutex;
    std::map<net::loop *, int> counts;
    signal came;
    service s(
        [&](net::link &l) {
            if (!l.owner().in_thread()) std::abort();
            const std::lock_guard lock(mutex);
            ++counts[&l.owner()];
            came.raise();
            return new scripted_handler(l);
        },
        {}, 3);
    std::vector<raw_peer> peers;
    for (int i = 0; i < 30; ++i)
        peers.emplace_back(s.port());
    assert_true(came.wait(30));
    assert_int_equal(counts.size(), 3);
    for (const auto &[loop, count] : counts)
        assert_int_equal(count, 10);
}

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

net::link_handler *echo(net::link &l, signal &gone) {
    auto *h = new scripted_handler(l);
    h->read = [](scripted_handler &self, bytes_mut data) {
        self.out += as_text(data);
        self.own.request_flush();
    };
    h->flush = [](scripted_handler &self) { self.write_out(); };
    h->gone = [&](scripted_handler &) { gone.raise(); };
    return h;
}

// With no descriptor left the listener neither spins nor dies, and with some again new peers come in.
void survives_the_end_of_descriptors(void **) {
    signal gone;
    service s([&](net::link &l) { return echo(l, gone); });
    {
        raw_peer works(s.port());
        assert_true(works.send("a"));
        assert_string_equal(works.receive(1).c_str(), "a");
    }
    assert_true(gone.wait());
    set_log(log_level::off, nullptr); // sanitizers need a descriptor to look at what is called first now
    // Peers whose sockets are there before everything else is used up.
    std::vector<raw_peer> peers;
    std::vector<int> sockets;
    for (int i = 0; i < 20; ++i)
        sockets.push_back(::socket(AF_INET, SOCK_STREAM, 0));
    rlimit low{};
    getrlimit(RLIMIT_NOFILE, &low);
    low.rlim_cur = 100;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    std::vector<int> hogs;
    for (int fd = ::open("/dev/null", O_RDONLY); fd >= 0; fd = ::open("/dev/null", O_RDONLY))
        hogs.push_back(fd);
    assert_int_equal(errno, EMFILE);
    const double cpu = cpu_seconds();
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(s.port());
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (const int fd : sockets)
        assert_int_equal(::connect(fd, reinterpret_cast<sockaddr *>(&at), sizeof at), 0);
    // They hear at once that there is no room, or, if another thread snatched the descriptor that the
    // listener keeps for that, wait with the system.
    pollfd last{sockets.back(), POLLIN, 0};
    ::poll(&last, 1, 500);
    assert_true(cpu_seconds() - cpu < 0.3);
    for (const int fd : hogs)
        ::close(fd);
    for (const int fd : sockets) {
        char c = 'x';
        ::send(fd, &c, 1, MSG_NOSIGNAL);
        pollfd p{fd, POLLIN, 0};
        assert_int_equal(::poll(&p, 1, 5000), 1);
        assert_true(::recv(fd, &c, 1, 0) <= 0 || c == 'x');
    }
    for (const int fd : sockets)
        ::close(fd);
    raw_peer again(s.port());
    assert_true(again.send("b"));
    assert_string_equal(again.receive(1).c_str(), "b");
}

// Others were closed between the refusal and the giving up of the spare one: nobody is dropped.
void accepts_when_there_are_descriptors_again(void **) {
    signal gone;
    service s([&](net::link &l) { return echo(l, gone); });
    accepts_to_fail = 1;
    raw_peer lucky(s.port());
    assert_true(lucky.send("a"));
    assert_string_equal(lucky.receive(1).c_str(), "a");
    assert_int_equal(accepts_to_fail, 0);
}

rlimit usual_limit{};

int remember_limit(void **) {
    return getrlimit(RLIMIT_NOFILE, &usual_limit);
}

int restore_limit(void **) {
    set_log(log_level::warning, nullptr);
    return setrlimit(RLIMIT_NOFILE, &usual_limit);
}

void loop_and_listener_go_in_any_order(void **) {
    class none final : public net::link_acceptor {
      public:
        net::link_handler *on_link(net::link &) override { return nullptr; }
    } acceptor;
    failure why;
    {
        auto loop = net::loop::create(over_tested(), acceptor, why);
        if (!loop) fail_msg("%s", why.text.c_str());
        auto l = net::listener::open("127.0.0.1", 0, 16, why);
        assert_true(l->start(*loop, {loop}));
        assert_false(l->start(*loop, {loop}));
        loop.reset();
        l.reset(); // the listener held the loop last
    }
    {
        auto loop = net::loop::create(over_tested(), acceptor, why);
        auto l = net::listener::open("127.0.0.1", 0, 16, why);
        assert_true(l->start(*loop, {loop}));
        post(*loop, [&] { loop->end(); });
        while (loop->run_once(-1)) {
        }
        l->close();
        assert_false(l->start(*loop, {loop}));
        loop.reset();
    }
}

void closing_while_accepting(void **) {
    class closer final : public net::link_acceptor {
      public:
        net::link_handler *on_link(net::link &) override {
            ++count;
            door->close();
            return nullptr;
        }
        std::unique_ptr<net::listener> door;
        int count = 0;
    } acceptor;
    failure why;
    auto loop = net::loop::create(over_tested(), acceptor, why);
    acceptor.door = net::listener::open("127.0.0.1", 0, 16, why);
    assert_true(acceptor.door->start(*loop, {loop}));
    const raw_peer a(acceptor.door->port()), b(acceptor.door->port());
    while (acceptor.count == 0)
        assert_true(loop->run_once(1000));
    assert_true(loop->run_once(0));
    assert_int_equal(acceptor.count, 1);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(says_where_it_listens),
        cmocka_unit_test(failures_say_what_to_do),
        cmocka_unit_test(every_address_takes_ipv4_too),
        cmocka_unit_test(deals_out_in_turn),
        cmocka_unit_test_setup_teardown(survives_the_end_of_descriptors, remember_limit, restore_limit),
        cmocka_unit_test(accepts_when_there_are_descriptors_again),
        cmocka_unit_test(loop_and_listener_go_in_any_order),
        cmocka_unit_test(closing_while_accepting),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
