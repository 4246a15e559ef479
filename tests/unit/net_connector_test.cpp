// The race of a host's addresses.
#include "net/connector.h"

#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "raw_peer.hpp"

#include <arpa/inet.h>
#include <filesystem>
#include <net/if.h>
#include <sys/resource.h>

using namespace cryo_test;
using cryo_core::from_ms;
using cryo_core::status;

namespace {

net::address number(const char *text) {
    net::address made;
    if (!net::address::parse(text, 0, made)) fail_msg("%s", text);
    return made;
}

std::string order_of(const std::vector<net::address> &found) {
    std::string text;
    for (const net::address &each : net::interleaved(found, 7))
        text += (text.empty() ? "" : " ") + each.text();
    return text;
}

void families_take_turns(void **) {
    const auto a = number("192.0.2.1"), b = number("192.0.2.2"), x = number("2001:db8::1"),
               y = number("2001:db8::2");
    assert_string_equal(order_of({}).c_str(), "");
    assert_string_equal(order_of({a, b}).c_str(), "192.0.2.1:7 192.0.2.2:7");
    assert_string_equal(order_of({x, y, a, b}).c_str(),
                        "[2001:db8::1]:7 192.0.2.1:7 [2001:db8::2]:7 192.0.2.2:7");
    assert_string_equal(order_of({a, x, y}).c_str(), "192.0.2.1:7 [2001:db8::1]:7 [2001:db8::2]:7");
    std::vector<net::address> many(40, x);
    many.push_back(a);
    const auto some = net::interleaved(many, 7);
    assert_int_equal(some.size(), net::max_addresses);
    assert_string_equal(some[1].text().c_str(), "192.0.2.1:7"); // the only one of its kind is not cut off
}

void numbers(void **) {
    net::address made;
    for (const char *name : {"", "localhost", "1.2.3", "1.2.3.4.5", "1.2.3.256", "::1::", "fe80::1%",
                             "fe80::1%nosuch0", "[::1]", "abcd"}) {
        const bool number = net::address::parse(name, 1, made);
        if (number) fail_msg("%s", name);
    }
    assert_true(net::address::parse("::FFFF:192.0.2.1", 9, made));
    assert_string_equal(made.text().c_str(), "192.0.2.1:9");
    char loopback_name[IF_NAMESIZE] = {};
    assert_non_null(::if_indextoname(1, loopback_name));
    assert_true(net::address::parse(std::string("fe80::1%") + loopback_name, 9, made));
    assert_string_equal(made.text().c_str(), "[fe80::1%1]:9");
    assert_true(net::address::parse("fe80::1%77", 9, made));
    assert_string_equal(made.text().c_str(), "[fe80::1%77]:9");
}

// Listens, and its queue is full: the system answers nobody any more.
class silent_listener {
  public:
    explicit silent_listener(int family = AF_INET) : listener_(family, 0) {
        if (family == AF_INET)
            for (raw_peer &each : waiting_)
                each.start_connecting(listener_.port());
    }
    std::uint16_t port() const { return listener_.port(); }

  private:
    raw_listener listener_;
    raw_peer waiting_[4];
};

std::uint16_t port_of_nobody() {
    return raw_listener().port();
}

// A silent one is left behind after a moment, without being given up: the attempt has all the time.
void the_next_is_tried_beside_a_silent_one(void **) {
    silent_listener silent[3];
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    auto to = target_at(80, "example.test");
    to.timeout = from_ms(60'000);
    to.addresses = {loopback(silent[0].port()), loopback(silent[1].port()), loopback(silent[2].port()),
                    loopback(server.port()), loopback(silent[0].port())};
    const auto begun = cryo_core::monotonic_now();
    r.dial(loop, std::move(to));
    raw_peer peer = server.accept();
    assert_true(peer.receive(3) == "GET");
    const auto took = cryo_core::monotonic_now() - begun;
    assert_true(took >= from_ms(700) &&
                took < from_ms(20'000)); // three times 250 ms, not a share of a minute
}

// Within a short time-out all have their turn.
void many_silent_ones_in_little_time(void **) {
    silent_listener silent;
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    auto to = target_at(80, "example.test");
    to.timeout = from_ms(1500);
    to.addresses.assign(12, loopback(silent.port()));
    to.addresses.push_back(loopback(server.port()));
    r.dial(loop, std::move(to));
    raw_peer peer = server.accept();
    assert_true(peer.receive(3) == "GET");
}

void failures_tell_of_each_address(void **) {
    dial_recorder r, silent_one;
    client_loop loop;
    const std::uint16_t nobody = port_of_nobody();
    auto to = target_at(80, "example.test");
    to.addresses = {loopback(nobody), number("255.255.255.255").at(9)};
    r.dial(loop, to);
    assert_true(r.gone.wait());
    assert_int_equal(r.why.reason.code, status::connect);
    const std::string refused = "127.0.0.1:" + std::to_string(nobody) + ": connection refused";
    assert_string_equal(r.why.reason.text.c_str(), ("cannot connect to example.test: " + refused +
                                                    "; 255.255.255.255:9: network is unreachable")
                                                       .c_str());

    silent_listener silent;
    to.addresses.push_back(loopback(silent.port()));
    to.timeout = from_ms(100);
    silent_one.dial(loop, to);
    assert_true(silent_one.gone.wait());
    assert_int_equal(silent_one.why.reason.code, status::timeout);
    assert_string_equal(silent_one.why.reason.text.c_str(),
                        ("cannot connect to example.test within 100 ms: it does not answer (" + refused +
                         "; 255.255.255.255:9: network is unreachable; 127.0.0.1:" +
                         std::to_string(silent.port()) + ": no answer)")
                            .c_str());
}

void an_interface_that_is_not_there(void **) {
    dial_recorder r;
    client_loop loop;
    r.dial(loop, target_at(80, "fe80::1%nosuch0"));
    assert_true(r.gone.wait());
    assert_int_equal(r.why.reason.code, status::resolve);
    assert_true(r.why.reason.text.find("nosuch0") != std::string::npos);
    dial_recorder without;
    client_loop other;
    without.dial(other, target_at(80, "fe80::1"));
    assert_true(without.gone.wait());
    assert_string_equal(
        without.why.reason.text.c_str(),
        "cannot connect to [fe80::1]:80: a link-local address needs its zone, as in fe80::1%eth0");
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto &each : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

// Attempts that fail at once, after a while, or win: what they opened is closed.
void nothing_is_left_behind(void **) {
    client_loop loop;
    raw_listener server;
    silent_listener silent;
    const auto once = [&](int i) {
        dial_recorder r;
        auto to = target_at(9, i % 2 == 0 ? "255.255.255.255" : "example.test");
        if (i % 2 == 1)
            to.addresses = {number("255.255.255.255").at(9), loopback(port_of_nobody()),
                            loopback(server.port())};
        r.dial(loop, std::move(to));
        if (i % 2 == 1) {
            raw_peer peer = server.accept();
            assert_true(peer.receive(3) == "GET");
        }
        assert_true(r.gone.wait());
    };
    for (int i = 0; i < 4; ++i)
        once(i);
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 500; ++i)
        once(i);
    assert_int_equal(open_descriptors(), before);
}

void no_descriptor_is_left(void **) {
    dial_recorder r;
    client_loop loop;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlimit none{3, limit.rlim_max};
    assert_int_equal(::setrlimit(RLIMIT_NOFILE, &none), 0);
    r.dial(loop, target_at(9));
    const bool gone = r.gone.wait();
    ::setrlimit(RLIMIT_NOFILE, &limit);
    assert_true(gone);
    assert_int_equal(r.why.reason.code, status::system);
    assert_true(r.why.reason.text.find("too many open files") != std::string::npos);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(families_take_turns),
        cmocka_unit_test(numbers),
        cmocka_unit_test(the_next_is_tried_beside_a_silent_one),
        cmocka_unit_test(many_silent_ones_in_little_time),
        cmocka_unit_test(failures_tell_of_each_address),
        cmocka_unit_test(an_interface_that_is_not_there),
        cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(no_descriptor_is_left),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
