// The keys of session tickets: which one makes a ticket, which ones read it, and when they go.
#include "cmocka.hpp"

#include "net/tls_tickets.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

using namespace cryo_core;
using net::ticket_key;
using net::ticket_key_life;
using net::ticket_keys;

namespace {

using bytes = std::vector<std::uint8_t>;

constexpr time_us hour = from_ms(std::int64_t{3600} * 1000);

// Each begins with its number, and has no two bytes alike.
bytes some_keys(std::size_t count, std::uint8_t first = 1) {
    bytes all;
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t k = 0; k < net::ticket_key_size; ++k)
            all.push_back(static_cast<std::uint8_t>(k == 0 ? first + i : k));
    return all;
}

bytes name_of(const ticket_key &key) {
    return {key.name().begin(), key.name().end()};
}

bytes maker(ticket_keys &of, time_us now) {
    ticket_key key{};
    assert_true(of.to_make(now, key));
    return name_of(key);
}

ticket_keys::found known(ticket_keys &of, time_us now, const bytes &name) {
    ticket_key key{};
    return of.to_read(now, name, key);
}

void own_keys_change_and_are_kept_for_their_tickets(void **) {
    ticket_keys keys;
    const bytes first = maker(keys, 0);
    assert_true(maker(keys, hour - 1) == first);
    assert_true(known(keys, hour - 1, first) == ticket_keys::found::current);
    const bytes second = maker(keys, hour);
    assert_true(second != first);
    assert_true(known(keys, hour, first) == ticket_keys::found::former);
    assert_true(known(keys, hour, second) == ticket_keys::found::current);
    assert_true(known(keys, 3 * hour, first) == ticket_keys::found::former);
    assert_true(known(keys, 3 * hour + 1, first) ==
                ticket_keys::found::none); // also when nobody makes tickets
    for (int i = 2; i < 200; ++i)
        maker(keys, i * hour);
    assert_true(known(keys, 199 * hour, second) == ticket_keys::found::none);
    assert_true(known(keys, 199 * hour, bytes(16)) == ticket_keys::found::none);
}

void two_sets_have_nothing_in_common(void **) {
    ticket_keys one;
    ticket_keys other;
    assert_true(known(other, 0, maker(one, 0)) == ticket_keys::found::none);
}

void given_keys_stay(void **) {
    ticket_keys keys;
    const bytes own = maker(keys, 0);
    const bytes given = some_keys(3);
    keys.use(given);
    assert_true(known(keys, 0, own) == ticket_keys::found::none);
    const bytes first(given.begin(), given.begin() + 16);
    const bytes third(given.begin() + 160, given.begin() + 176);
    assert_true(maker(keys, 1000 * hour) == first);
    assert_true(known(keys, 1000 * hour, first) == ticket_keys::found::current);
    assert_true(known(keys, 1000 * hour, third) == ticket_keys::found::former);
    ticket_key key{};
    keys.to_read(0, third, key);
    assert_true(std::equal(key.bytes.begin(), key.bytes.end(), given.begin() + 160));
    assert_int_equal(key.mac_key().size(), 32);
    assert_int_equal(key.cipher_key().front(), 48);

    keys.use(some_keys(1, 9));
    assert_true(known(keys, 0, first) == ticket_keys::found::none);
    keys.use({});
    const bytes fresh = maker(keys, 0);
    assert_true(fresh != own && fresh != first);
    keys.use({}); // as before
    assert_true(maker(keys, 0) == fresh);
}

void what_can_be_used(void **) {
    const auto refused = [](const bytes &keys, const char *words) {
        const failure why = ticket_keys::check(keys);
        if (why.code != status::invalid || why.text.find(words) == std::string::npos)
            fail_msg("%s: %s", words, why.text.c_str());
    };
    assert_true(!ticket_keys::check({}));
    for (const std::size_t count : {1u, 2u, 16u})
        assert_true(!ticket_keys::check(some_keys(count)));
    refused(some_keys(17), "16 at most");
    refused(bytes(79, 1), "80 bytes each");
    refused(bytes(48, 1), "these are 48 bytes");
    refused(bytes(1, 1), "80 bytes each");
    refused(bytes(80, 0), "same byte");
    bytes keys = some_keys(2);
    std::fill(keys.begin() + 96, keys.end(), std::uint8_t{7}); // all but its name
    refused(keys, "same byte");
    keys = some_keys(3);
    std::copy_n(keys.begin(), 16, keys.begin() + 160);
    refused(keys, "one name");
}

void many_threads(void **) {
    ticket_keys keys;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&keys, i] {
            ticket_key key{};
            for (int k = 0; k < 500; ++k) {
                keys.to_make(k * hour / 100, key);
                const bytes name = name_of(key);
                keys.to_read(k * hour / 100, name, key);
                if (i == 0 && k % 50 == 0) keys.use(k % 100 == 0 ? some_keys(2) : bytes());
            }
        });
    for (std::thread &each : threads)
        each.join();
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(own_keys_change_and_are_kept_for_their_tickets),
        cmocka_unit_test(two_sets_have_nothing_in_common),
        cmocka_unit_test(given_keys_stay),
        cmocka_unit_test(what_can_be_used),
        cmocka_unit_test(many_threads),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
