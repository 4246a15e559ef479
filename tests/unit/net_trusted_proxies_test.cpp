#include "cmocka.hpp"

#include "net/trusted_proxies.h"

#include <initializer_list>
#include <string>

using namespace cryo_core::net;

namespace {

address at(const char *text) {
    address made;
    assert_true(address::parse(text, 1, made));
    return made;
}

void expect(std::initializer_list<const char *> networks, const char *who, bool inside) {
    trusted_proxies all;
    for (const char *const network : networks) {
        const std::string wrong(all.add(network));
        if (!wrong.empty()) fail_msg("%s: %s", network, wrong.c_str());
    }
    if (all.contains(at(who)) != inside) fail_msg("%s in %s…", who, *networks.begin());
}

void networks(void **) {
    expect({"192.0.2.7"}, "192.0.2.7", true);
    expect({"192.0.2.7"}, "192.0.2.8", false);
    expect({"10.0.0.0/8"}, "10.255.0.1", true);
    expect({"10.0.0.0/8"}, "11.0.0.0", false);
    expect({"10.1.2.3/8"}, "10.9.9.9", true); // the bits behind are of no meaning
    expect({"192.0.2.128/25"}, "192.0.2.127", false);
    expect({"192.0.2.128/25"}, "192.0.2.129", true);
    expect({"0.0.0.0/0"}, "203.0.113.1", true);
    expect({"0.0.0.0/0"}, "2001:db8::1", false);
    expect({"::/0"}, "203.0.113.1", false);
    expect({"::/0"}, "2001:db8::1", true);
    expect({"2001:db8::/32"}, "2001:db8:ffff::", true);
    expect({"2001:db8::/33"}, "2001:db8:8000::", false);
    expect({"[2001:db8::1]"}, "2001:db8::1", true);
    expect({"2001:db8::1"}, "2001:db8::2", false);
    expect({"::ffff:10.0.0.0/104"}, "10.1.2.3", true); // IPv4 in the form of IPv6, on either side
    expect({"10.0.0.0/8"}, "::ffff:10.1.2.3", true);
    expect({"192.0.2.1", "2001:db8::/32", "unix"}, "2001:db8::5", true);
}

void unix_sockets(void **) {
    trusted_proxies all;
    assert_true(all.empty() && !all.contains(address::local()) && !all.contains(address()));
    assert_true(all.add("0.0.0.0/0").empty() && all.add("::/0").empty());
    assert_false(all.empty() || all.contains(address::local()) || all.contains(address()));
    assert_true(all.add("unix:").empty());
    assert_true(all.contains(address::local()));
    trusted_proxies local;
    assert_true(local.add("unix").empty());
    assert_false(local.empty() || local.contains(at("127.0.0.1")));
}

void nonsense(void **) {
    for (const char *const text :
         {"", " ", "localhost", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
          "10.0.0.0/a", "::/129", "10.0.0.0 /8", "10.0.0.1:80", "[::1", "::1]", "*", "/8", "UNIX",
          "::ffff:10.0.0.0/8", "10.0.0.0/4294967304"}) {
        trusted_proxies all;
        if (all.add(text).empty()) fail_msg("%s is taken", text);
        assert_true(all.empty());
    }
    trusted_proxies all;
    assert_false(all.add(std::string_view("10.0.0.1\0", 9)).empty());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {cmocka_unit_test(networks), cmocka_unit_test(unix_sockets),
                                cmocka_unit_test(nonsense)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
