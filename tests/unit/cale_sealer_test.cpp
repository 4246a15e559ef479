#include "cale/sealer.h"

#include "cale/opener.h"

#include "cale_bench.hpp"
#include "cmocka.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace cryo_core;
using namespace cryo_core::cale;
using namespace cryo_test;

namespace {

const bytes key(key_size, 0x42);

bytes frame_for(std::string_view sid, std::string_view payload = "hello") {
    return frame_bytes({*uuid::parse(sid), 7, codec::frame_type::utf8_data, as_bytes(payload)});
}

bytes any_frame(std::string_view payload = "hello") {
    return frame_for("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a", payload);
}

void test_golden_skips(void **) {
    unsigned count = 0;
    const auto skip = load_vectors("cale.json", "skip");
    for (const auto &entry : skip.at("list")) {
        const auto golden_key = key_of(skip.at("exchange"), entry.at("direction"));
        const auto ambiguous = entry.at("ambiguous_counters").get<std::set<std::uint32_t>>();
        const auto first_used = entry.at("first_used").get<std::vector<std::uint32_t>>();
        const auto up_to = entry.at("up_to").get<std::uint32_t>();
        const auto frame = frame_for(entry.at("sid").get<std::string>());
        for (const auto *with : providers()) {
            auto sealer = make_sealer(*with, golden_key);
            std::vector<std::uint32_t> used;
            while (used.empty() || used.back() < up_to)
                used.push_back(counter_of(sealed_with(sealer, frame)));
            assert_int_equal(first_used.size(), 64);
            assert_true(std::equal(first_used.begin(), first_used.end(), used.begin()));
            const std::set<std::uint32_t> all(used.begin(), used.end());
            for (std::uint32_t counter = 0; counter < up_to; ++counter)
                assert_int_equal(all.contains(counter), !ambiguous.contains(counter));
        }
        ++count;
    }
    assert_int_equal(count, 2);
}

// The golden messages that a sender sends, by starting it at each one's counter; of those that it never
// sends, the one behind.
void test_golden_messages(void **) {
    const auto messages = load_vectors("cale.json", "messages");
    unsigned sent = 0;
    unsigned skipped = 0;
    for (const auto &entry : messages.at("list")) {
        const auto golden_key = key_of(messages.at("exchange"), entry.at("direction"));
        const auto counter = entry.at("counter").get<std::uint32_t>();
        for (const auto *with : providers()) {
            rekey_limits limits;
            limits.first_counter = counter;
            auto sealer = make_sealer(*with, golden_key, limits);
            const auto record = sealed_with(sealer, hex_bytes(entry.at("plain")));
            if (entry.contains("note")) {
                assert_true(counter_of(record) > counter);
                ++skipped;
                continue;
            }
            assert_true(record == hex_bytes(entry.at("message")));
            assert_int_equal(record[20], entry.at("byte20").get<int>());
            ++sent;
        }
    }
    assert_true(sent >= 30);
    assert_int_equal(skipped % (2 * providers().size()), 0);
    assert_true(skipped > 0);
}

void test_no_record_looks_like_a_frame(void **) {
    std::mt19937 random(7);
    for (const auto *with : providers()) {
        auto sealer = make_sealer(*with, key);
        auto opener = make_opener(*with, key);
        std::uint32_t before = 0;
        for (int i = 0; i < 3000; ++i) {
            auto frame = any_frame(std::string(random() % 100, 'p'));
            std::generate_n(frame.begin(), 16,
                            [&] { return static_cast<std::uint8_t>(random()); }); // any sid
            const auto record = sealed_with(sealer, frame);
            assert_true(record[20] > 7);
            assert_true(i == 0 || counter_of(record) > before);
            before = counter_of(record);
            assert_true(open_copy(opener, record) == frame);
        }
        assert_in_range(before, 3001, 3300); // some were skipped, about one in 32
    }
}

void test_every_size_from_the_smallest(void **) {
    for (const auto *with : providers()) {
        auto sealer = make_sealer(*with, key);
        auto opener = make_opener(*with, key);
        for (std::size_t payload = 0; payload <= 130; ++payload) {
            const auto frame = any_frame(std::string(payload, 'p'));
            const auto record = sealed_with(sealer, frame);
            assert_int_equal(record.size(), frame.size() + 28);
            assert_true(open_copy(opener, record) == frame);
        }
        bytes too_short(record_overhead + codec::header_size - 1, 1);
        assert_false(sealer.seal(too_short));
        assert_false(sealer.seal({}));
    }
}

void test_rekey_is_due_after_so_many_counters(void **) {
    rekey_limits limits;
    limits.first_counter = 1000;
    limits.counters = 50;
    auto sealer = make_sealer(crypto::chosen(), key, limits);
    assert_false(sealer.rekey_due());
    for (;;) {
        const auto used = counter_of(sealed_with(sealer, any_frame())) + 1 - limits.first_counter;
        assert_int_equal(sealer.rekey_due(), used >= limits.counters);
        if (used >= limits.counters) break;
    }
    assert_int_equal(sealed_with(sealer, any_frame()).size(), any_frame().size() + record_overhead);
    assert_true(sealer.rekey_due());
}

void test_rekey_is_due_after_so_many_bytes(void **) {
    rekey_limits limits;
    limits.bytes = 10 * any_frame().size();
    auto sealer = make_sealer(crypto::chosen(), key, limits);
    for (int i = 0; i < 10; ++i) {
        assert_false(sealer.rekey_due());
        sealed_with(sealer, any_frame());
    }
    assert_true(sealer.rekey_due());
}

void test_limits_of_the_protocol(void **) {
    assert_true(rekey_limits().counters == 2147483648u);
    assert_true(rekey_limits().bytes == 68719476736u);
    assert_int_equal(rekey_limits().first_counter, 0);
}

void test_the_counter_never_wraps(void **) {
    for (const auto *with : providers()) {
        rekey_limits limits;
        limits.first_counter = 0xffffffff - 20;
        auto sealer = make_sealer(*with, key, limits);
        std::set<std::uint32_t> used;
        for (auto record = unsealed(any_frame()); sealer.seal(record); record = unsealed(any_frame()))
            assert_true(used.insert(counter_of(record)).second);
        assert_in_range(used.size(), 10, 21);
        assert_true(*used.begin() >= limits.first_counter);
        for (int i = 0; i < 3; ++i) {
            auto record = unsealed(any_frame());
            const auto untouched = record;
            assert_false(sealer.seal(record));
            assert_true(record == untouched);
        }
    }
}

// A library that fails at one of its calls.
class failing_key final : public crypto::sealing_key {
  public:
    explicit failing_key(bool at_begin) : at_begin_(at_begin) {}
    bool begin(const record_iv &, bytes_view first, std::uint8_t *sealed) noexcept override {
        std::fill_n(sealed, first.size(), std::uint8_t{0xff});
        return !at_begin_;
    }
    bool finish(bytes_mut, std::uint8_t *) noexcept override { return false; }

  private:
    bool at_begin_;
};

void test_a_failure_of_the_library_is_told(void **) {
    for (const bool at_begin : {true, false}) {
        sealer failing(std::make_unique<failing_key>(at_begin));
        auto record = unsealed(any_frame());
        assert_false(failing.seal(record));
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_skips),
        cmocka_unit_test(test_golden_messages),
        cmocka_unit_test(test_no_record_looks_like_a_frame),
        cmocka_unit_test(test_every_size_from_the_smallest),
        cmocka_unit_test(test_rekey_is_due_after_so_many_counters),
        cmocka_unit_test(test_rekey_is_due_after_so_many_bytes),
        cmocka_unit_test(test_limits_of_the_protocol),
        cmocka_unit_test(test_the_counter_never_wraps),
        cmocka_unit_test(test_a_failure_of_the_library_is_told),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
