#include "cmocka.hpp"

#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unordered_set>

using cryo_core::net::address;
using cryo_core::net::address_key;

namespace {

address v4(const char *host, std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    assert_int_equal(inet_pton(AF_INET, host, &at.sin_addr), 1);
    return address(reinterpret_cast<const sockaddr *>(&at));
}

address v6(const char *host, std::uint16_t port, std::uint32_t scope = 0) {
    sockaddr_in6 at{};
    at.sin6_family = AF_INET6;
    at.sin6_port = htons(port);
    at.sin6_scope_id = scope;
    assert_int_equal(inet_pton(AF_INET6, host, &at.sin6_addr), 1);
    return address(reinterpret_cast<const sockaddr *>(&at));
}

void texts(void **) {
    assert_string_equal(v4("192.0.2.7", 54321).text().c_str(), "192.0.2.7:54321");
    assert_string_equal(v6("2001:db8::1", 54321).text().c_str(), "[2001:db8::1]:54321");
    assert_string_equal(v6("::ffff:192.0.2.7", 80).text().c_str(), "192.0.2.7:80");
    assert_string_equal(v6("::", 0).text().c_str(), "[::]:0");
    assert_string_equal(v6("fe80::1", 1, 3).text().c_str(), "[fe80::1%3]:1");
    assert_string_equal(v4("192.0.2.7", 1).host().c_str(), "192.0.2.7");
    sockaddr other{};
    other.sa_family = AF_UNIX;
    assert_string_equal(address(&other).text().c_str(), "unix:");
    assert_string_equal(address().text().c_str(), "unknown");
}

void keys(void **) {
    assert_true(v4("192.0.2.7", 1).key() == v4("192.0.2.7", 2).key());
    assert_false(v4("192.0.2.7", 1).key() == v4("192.0.2.8", 1).key());
    assert_true(v4("192.0.2.7", 1).key() == v6("::ffff:192.0.2.7", 1).key());
    assert_true(v6("2001:db8::1", 1).key() == v6("2001:db8::ffff:0:0:9", 1).key());
    assert_false(v6("2001:db8::1", 1).key() == v6("2001:db8:0:1::1", 1).key());
    std::unordered_set<std::size_t> hashes;
    for (int i = 0; i < 256; ++i)
        hashes.insert(std::hash<address_key>()(v4(("10.0.0." + std::to_string(i)).c_str(), 1).key()));
    assert_true(hashes.size() > 250);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(keys)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
