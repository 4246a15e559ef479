// Both ends in memory, with a network between them that drops, reorders, repeats and changes what it carries.
#include "cale/channel.h"

#include "cale_bench.hpp"
#include "cmocka.hpp"

#include <deque>
#include <random>
#include <set>

using namespace cryo_core;
using namespace cryo_core::cale;
using namespace cryo_test;

namespace {

const uuid sid = *uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");

session_keys some_keys() {
    session_keys keys;
    for (std::size_t i = 0; i < key_size; ++i) {
        keys.server_to_client.span()[i] = static_cast<std::uint8_t>(i);
        keys.client_to_server.span()[i] = static_cast<std::uint8_t>(0xf0 + i);
    }
    return keys;
}

channel make(const crypto::provider &with, role self, const rekey_limits &limits = {}) {
    auto made = channel::make(with, self, some_keys(), limits);
    if (!made) throw std::runtime_error("no channel");
    return std::move(*made);
}

bytes numbered_frame(std::uint32_t number, std::size_t payload_size) {
    return frame_bytes({sid, number, codec::frame_type::binary_data, bytes(payload_size, 'p')});
}

bytes sealed(channel &by, const bytes &frame) {
    auto record = unsealed(frame);
    assert_int_equal(record.size(), sealed_size(frame.size()));
    assert_true(by.seal(record.data(), frame.size()));
    return record;
}

using pair_test = void (*)(const crypto::provider &, const crypto::provider &);

void with_each_pair(pair_test test) {
    for (const auto *a : providers())
        for (const auto *b : providers())
            test(*a, *b);
}

void test_both_ways(void **) {
    with_each_pair([](const auto &a, const auto &b) {
        auto server = make(a, role::server);
        auto client = make(b, role::client);
        for (std::uint32_t i = 0; i < 200; ++i) {
            const auto frame = numbered_frame(i, i * 7 % 300);
            auto record = sealed(server, frame);
            auto got = client.open(record);
            assert_int_equal(got.error, open_error::none);
            assert_true(std::equal(frame.begin(), frame.end(), got.frame.begin(), got.frame.end()));
            record = sealed(client, frame);
            got = server.open(record);
            assert_int_equal(got.error, open_error::none);
            assert_true(std::equal(frame.begin(), frame.end(), got.frame.begin(), got.frame.end()));
        }
    });
}

void test_an_echo_is_refused(void **) {
    with_each_pair([](const auto &a, const auto &) {
        for (const role self : {role::server, role::client}) {
            auto end = make(a, self);
            auto record = sealed(end, numbered_frame(1, 30));
            assert_int_equal(end.open(record).error, open_error::forged);
        }
    });
}

void test_who_takes_plaintext_and_how_long(void **) {
    auto server = make(crypto::chosen(), role::server);
    auto client = make(crypto::chosen(), role::client);
    assert_false(server.takes_plaintext());
    assert_true(client.takes_plaintext());
    auto plain = frame_bytes({sid, 1, codec::frame_type::ping_pong, as_bytes("ping")});
    plain.resize(60); // as long as a record
    assert_int_equal(client.open(plain).error, open_error::not_a_record);
    assert_true(client.takes_plaintext());
    auto forged = sealed(server, numbered_frame(1, 30));
    forged.back() ^= 1;
    assert_int_equal(client.open(forged).error, open_error::forged);
    assert_true(client.takes_plaintext());
    auto record = sealed(server, numbered_frame(2, 30));
    assert_int_equal(client.open(record).error, open_error::none);
    assert_false(client.takes_plaintext());
    assert_int_equal(client.open(plain).error, open_error::not_a_record);
}

void test_rekey_reaches_the_session(void **) {
    rekey_limits limits;
    limits.counters = 5;
    auto server = make(crypto::chosen(), role::server, limits);
    assert_false(server.rekey_due());
    for (int i = 0; i < 5; ++i)
        sealed(server, numbered_frame(1, 3));
    assert_true(server.rekey_due());
}

// One direction under a fixed seed. What arrives is what was sent, unchanged, each at most once, and each
// that arrives unchanged for the first time within the window does get through.
class network {
  public:
    network(const crypto::provider &a, const crypto::provider &b, std::uint32_t seed)
        : random_(seed), sender_(make(a, role::server)), receiver_(make(b, role::client)) {}

    void run(int steps) {
        for (int i = 0; i < steps; ++i) {
            send();
            for (std::size_t moves = below(4); moves > 0 && !under_way_.empty(); --moves)
                deliver();
        }
    }

    std::size_t arrived() const { return arrived_.size(); }
    unsigned refused_changes() const { return changes_; }
    unsigned refused_repeats() const { return repeats_; }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    void send() {
        const auto number = static_cast<std::uint32_t>(sent_.size());
        sent_.push_back(numbered_frame(number, below(60)));
        under_way_.push_back({number, sealed(sender_, sent_.back())});
    }

    void deliver() {
        const std::size_t at = below(8) == 0 ? below(under_way_.size()) : 0; // mostly in order
        const auto [number, record] = under_way_[at];
        const std::size_t fate = below(10);
        if (fate != 9)
            under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(at)); // 9: comes again
        if (fate == 0) return;
        fate == 1 ? deliver_changed(record) : deliver_whole(number, record);
    }

    void deliver_changed(bytes record) {
        switch (below(4)) {
        case 0:
            record.resize(below(record.size()));
            break;
        case 1:
            record.insert(record.begin() + static_cast<std::ptrdiff_t>(below(record.size())), 0x55);
            break;
        default: {
            const std::size_t bit = below(8 * record.size());
            record[bit / 8] = static_cast<std::uint8_t>(record[bit / 8] ^ (1 << bit % 8));
        }
        }
        const auto got = receiver_.open(record);
        assert_true(got.error == open_error::forged || got.error == open_error::not_a_record);
        assert_int_equal(got.frame.size(), 0);
        ++changes_;
    }

    void deliver_whole(std::uint32_t number, bytes record) {
        const std::uint32_t counter = counter_of(record);
        const bool is_old = highest_ >= counter + replay_window::width;
        const auto got = receiver_.open(record);
        if (arrived_.contains(number) || is_old) {
            assert_int_equal(got.error, open_error::replayed);
            assert_int_equal(got.frame.size(), 0);
            ++repeats_;
            return;
        }
        assert_int_equal(got.error, open_error::none);
        assert_true(
            std::equal(got.frame.begin(), got.frame.end(), sent_[number].begin(), sent_[number].end()));
        arrived_.insert(number);
        highest_ = std::max(highest_, counter);
    }

    struct envelope {
        std::uint32_t number;
        bytes record;
    };

    std::mt19937 random_;
    channel sender_;
    channel receiver_;
    std::vector<bytes> sent_;
    std::deque<envelope> under_way_;
    std::set<std::uint32_t> arrived_;
    std::uint32_t highest_ = 0;
    unsigned changes_ = 0;
    unsigned repeats_ = 0;
};

void test_a_hostile_network(void **) {
    with_each_pair([](const auto &a, const auto &b) {
        for (const std::uint32_t seed : {1u, 2u, 3u}) {
            network between(a, b, seed);
            between.run(6000);
            assert_true(between.arrived() > 4000);
            assert_true(between.refused_changes() > 200);
            assert_true(between.refused_repeats() > 200);
        }
    });
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_an_echo_is_refused),
        cmocka_unit_test(test_who_takes_plaintext_and_how_long),
        cmocka_unit_test(test_rekey_reaches_the_session),
        cmocka_unit_test(test_a_hostile_network),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
