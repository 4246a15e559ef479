// Whose request a proxy has brought: chains of proxies, forged beginnings, nonsense.
#include "cmocka.hpp"

#include "server/client_address.h"

#include <string>

using namespace cryo_core;

namespace {

net::address at(const char *text, std::uint16_t port = 4000) {
    net::address made;
    if (std::string_view(text) == "unix") return net::address::local();
    assert_true(net::address::parse(text, port, made));
    return made;
}

net::trusted_proxies ours() {
    net::trusted_proxies all;
    for (const char *const network : {"10.0.0.0/8", "2001:db8:1::/48", "unix"})
        assert_true(all.add(network).empty());
    return all;
}

std::string found(const char *remote, const std::string &x, const std::string &rfc,
                  forwarded_header which = forwarded_header::any) {
    upgrade::request head;
    head.x_forwarded_for = x;
    head.forwarded = rfc;
    const auto client = client_address(at(remote), head, ours(), which);
    return client ? client->text_of_known() : "refused";
}

void expect_x(const std::string &value, const char *client) {
    const std::string got = found("10.0.0.1", value, "");
    if (got != client) fail_msg("%s: %s", value.c_str(), got.c_str());
}

void expect_rfc(const std::string &value, const char *client) {
    const std::string got = found("10.0.0.1", "", value);
    if (got != client) fail_msg("%s: %s", value.c_str(), got.c_str());
}

void x_forwarded_for(void **) {
    expect_x("192.0.2.7", "192.0.2.7");
    expect_x("192.0.2.7:5000", "192.0.2.7:5000"); // as Azure's
    expect_x("2001:db8::7", "[2001:db8::7]");
    expect_x("[2001:db8::7]", "[2001:db8::7]");
    expect_x("[2001:db8::7]:5000", "[2001:db8::7]:5000");
    expect_x("::ffff:192.0.2.7", "192.0.2.7");
    expect_x("1.1.1.1, 192.0.2.7", "192.0.2.7"); // what stands before may be anybody's
    expect_x("1.1.1.1,192.0.2.7,10.2.2.2 ,\t10.3.3.3", "192.0.2.7");
    expect_x("192.0.2.7, 2001:db8:1::5", "192.0.2.7");
    expect_x("10.4.4.4, 10.5.5.5", "10.4.4.4"); // all of them are ours
    expect_x(", ,192.0.2.7, ,", "192.0.2.7");
    expect_x("evil\", 192.0.2.7", "192.0.2.7");
    expect_x("\"1.1.1.1, 192.0.2.7", "192.0.2.7");
    // The way ends where a station is not said: the last one that is known.
    expect_x("192.0.2.7, unknown", "10.0.0.1:4000");
    expect_x("192.0.2.7, _hidden, 10.2.2.2", "10.2.2.2");
    for (const char *const nonsense :
         {"", ",", "localhost", "192.0.2", "192.0.2.7:65536", "192.0.2.7:x", "192.0.2.7:", "[2001:db8::7",
          "[192.0.2.7]", "2001:db8::7%lo", "fe80::1%1", "192.0.2.7 192.0.2.8", "\"192.0.2.7\"",
          "::::", "192.0.2.7;", "1", "_", "[]:1", ":80"})
        expect_x(nonsense, "10.0.0.1:4000");
    expect_x("1.1.1.1, nonsense", "10.0.0.1:4000");
    expect_x(std::string(60000, ','), "10.0.0.1:4000");
    std::string chain;
    for (int i = 0; i < 5000; ++i)
        chain += "10.0.0.2, ";
    expect_x(chain, "10.0.0.2");
    expect_x("192.0.2.7, " + chain, "192.0.2.7");
}

void forwarded(void **) {
    expect_rfc("for=192.0.2.7", "192.0.2.7");
    expect_rfc("For=192.0.2.7;proto=http;by=203.0.113.43", "192.0.2.7");
    expect_rfc("for=\"192.0.2.7:5000\"", "192.0.2.7:5000");
    expect_rfc("for=\"[2001:db8::7]:5000\"", "[2001:db8::7]:5000");
    expect_rfc("FOR=\"[2001:db8::7]\"", "[2001:db8::7]");
    expect_rfc("for=\"192.0.2.7:_port\"", "192.0.2.7");
    expect_rfc("proto=https;host=\"a;b, c\";for=192.0.2.7", "192.0.2.7");
    expect_rfc("by=10.1.1.1 ; for=192.0.2.7 ;", "192.0.2.7");
    expect_rfc("for=\"\\192.0\\.2.7\"", "192.0.2.7");
    expect_rfc("for=1.1.1.1, for=192.0.2.7, for=10.9.9.9;by=10.1.1.1", "192.0.2.7");
    expect_rfc("for=[2001:db8::7]", "[2001:db8::7]"); // without the quotation marks that it needs
    // A quotation that somebody has begun, and others have put their word behind.
    expect_rfc("for=\"1.1.1.1, for=192.0.2.7", "192.0.2.7");
    expect_rfc("for=\"1.1.1.1\\, for=192.0.2.7", "192.0.2.7");
    expect_rfc("x=\", for=1.1.1.1, for=192.0.2.7", "192.0.2.7");
    // Hidden, not said, or nonsense.
    for (const char *const none : {"for=unknown",
                                   "for=_secret",
                                   "for=\"_a:_b\"",
                                   "proto=https",
                                   "by=192.0.2.7",
                                   "for",
                                   "for=",
                                   "=192.0.2.7",
                                   "for=\"\"",
                                   "for=\"192.0.2.7",
                                   "for=192.0.2.7\"",
                                   "for=192.0.2.7;for=1.1.1.1",
                                   "192.0.2.7",
                                   "for=\"192.0.2.7\"x",
                                   "for=\"192.0.2.7\\",
                                   "f or=192.0.2.7",
                                   "for=192.0.2.7:99999",
                                   ";;",
                                   "",
                                   "for=\"192.0.2.7, for=\""})
        expect_rfc(none, "10.0.0.1:4000");
    expect_rfc("for=192.0.2.7, for=_hidden, for=10.2.2.2", "10.2.2.2");
    expect_rfc(std::string(60000, '"'), "10.0.0.1:4000");
    std::string slashes;
    for (int i = 0; i < 10000; ++i)
        slashes += "\\\"";
    expect_rfc("for=\"" + slashes + "\"", "10.0.0.1:4000");
}

void both(void **) {
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "for=192.0.2.7").c_str(), "192.0.2.7");
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "for=\"192.0.2.7:80\"").c_str(), "192.0.2.7:80");
    assert_string_equal(found("10.0.0.1", "192.0.2.7:80", "for=192.0.2.7").c_str(), "192.0.2.7:80");
    // One of them is the client's own.
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "for=1.1.1.1").c_str(), "refused");
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "for=nonsense").c_str(), "refused");
    assert_string_equal(found("10.0.0.1", "nonsense", "for=192.0.2.7").c_str(), "refused");
}

void one_is_chosen(void **) {
    using enum forwarded_header;
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "for=1.1.1.1", x_forwarded_for).c_str(), "192.0.2.7");
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "for=1.1.1.1", forwarded_header::forwarded).c_str(),
                        "1.1.1.1");
    assert_string_equal(found("10.0.0.1", "", "for=1.1.1.1", x_forwarded_for).c_str(), "10.0.0.1:4000");
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "", forwarded_header::forwarded).c_str(),
                        "10.0.0.1:4000");
    assert_string_equal(found("10.0.0.1", "192.0.2.7", "for=1.1.1.1", none).c_str(), "10.0.0.1:4000");
}

void only_trusted_ones_say_anything(void **) {
    assert_string_equal(found("192.0.2.9", "1.1.1.1", "").c_str(), "192.0.2.9:4000");
    assert_string_equal(found("192.0.2.9", "", "for=1.1.1.1").c_str(), "192.0.2.9:4000");
    assert_string_equal(found("192.0.2.9", "1.1.1.1", "for=2.2.2.2").c_str(), "192.0.2.9:4000");
    assert_string_equal(found("unix", "192.0.2.7", "").c_str(), "192.0.2.7");
    assert_string_equal(found("unix", "", "").c_str(), "unix:");
    assert_string_equal(found("10.0.0.1", "", "").c_str(), "10.0.0.1:4000");
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(x_forwarded_for),
        cmocka_unit_test(forwarded),
        cmocka_unit_test(both),
        cmocka_unit_test(one_is_chosen),
        cmocka_unit_test(only_trusted_ones_say_anything),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
