#include "cale/opener.h"

#include "cale/sealer.h"

#include "cale_bench.hpp"
#include "cmocka.hpp"

#include <algorithm>

using namespace cryo_core;
using namespace cryo_core::cale;
using namespace cryo_test;

namespace {

const bytes key(key_size, 0x42);

bytes any_frame() {
    return frame_bytes({*uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a"), 7, codec::frame_type::utf8_data,
                        as_bytes("hello")});
}

bytes record_from(std::uint32_t first_counter, bytes_view frame) {
    rekey_limits limits;
    limits.first_counter = first_counter;
    auto sealer = make_sealer(crypto::chosen(), key, limits);
    return sealed_with(sealer, frame);
}

open_error error_of(opener &with, bytes record) {
    return with.open(record).error;
}

// Ambiguous ones too: a receiver takes them, since existing clients send them.
void test_golden_messages(void **) {
    const auto messages = load_vectors("cale.json", "messages");
    unsigned ambiguous = 0;
    for (const auto &entry : messages.at("list")) {
        const auto golden_key = key_of(messages.at("exchange"), entry.at("direction"));
        if (entry.at("byte20").get<int>() <= 7) ++ambiguous;
        for (const auto *with : providers()) {
            auto opener = make_opener(*with, golden_key);
            const auto message = hex_bytes(entry.at("message"));
            assert_true(open_copy(opener, message) == hex_bytes(entry.at("plain")));
            assert_int_equal(error_of(opener, message), open_error::replayed);
        }
    }
    assert_true(ambiguous > 0);
}

void test_golden_refusals(void **) {
    const auto refused = load_vectors("cale.json", "refused");
    const auto golden_key = key_of(refused.at("exchange"), refused.at("direction"));
    unsigned count = 0;
    for (const auto *with : providers())
        for (const auto &entry : refused.at("list")) {
            auto opener = make_opener(*with, golden_key);
            const auto got = open_copy(opener, hex_bytes(entry.at("message")));
            assert_int_equal(got.has_value(), entry.at("name") == "untouched");
            assert_int_equal(opener.has_opened(), got.has_value());
            ++count;
        }
    assert_int_equal(count, 12 * providers().size());
}

void test_every_bit_counts(void **) {
    const auto record = record_from(5, any_frame());
    for (const auto *with : providers()) {
        auto opener = make_opener(*with, key);
        for (std::size_t bit = 0; bit < 8 * record.size(); ++bit) {
            auto changed = record;
            changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1 << bit % 8));
            const auto expected = bit < 8 * counter_offset ? open_error::not_a_record : open_error::forged;
            assert_int_equal(error_of(opener, changed), expected);
        }
        assert_false(opener.has_opened());
        assert_true(open_copy(opener, record) == any_frame()); // none of those moved the window
    }
}

void test_every_cut_and_every_extension(void **) {
    const auto record = record_from(5, any_frame());
    for (const auto *with : providers()) {
        auto opener = make_opener(*with, key);
        for (std::size_t size = 0; size < record.size(); ++size) {
            const auto expected = size < record_overhead ? open_error::not_a_record : open_error::forged;
            assert_int_equal(
                error_of(opener, bytes(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size))),
                expected);
        }
        for (std::size_t more = 1; more < 40; ++more) {
            auto longer = record;
            longer.resize(record.size() + more, 0);
            assert_int_equal(error_of(opener, longer), open_error::forged);
        }
        assert_true(open_copy(opener, record) == any_frame());
    }
}

void test_what_is_no_record_stays_as_it_is(void **) {
    for (const auto *with : providers()) {
        auto opener = make_opener(*with, key);
        auto frame = any_frame();
        frame.resize(100, 'x');
        const auto before = frame;
        assert_int_equal(opener.open(frame).error, open_error::not_a_record);
        assert_true(frame == before);
    }
}

void test_an_empty_record_with_a_right_tag(void **) {
    for (const auto *with : providers()) {
        // GCM of nothing at all, which no sealer here makes.
        const auto record = from_hex("00000000000000000000000058e2fccefa7e3061367f1d57a4e7455a");
        auto opener = make_opener(*with, bytes(key_size, 0)); // test case 1 of the GCM specification
        const auto got = open_copy(opener, record);
        assert_true(got.has_value());
        assert_int_equal(got->size(), 0);
    }
}

void test_any_counter_that_the_window_allows(void **) {
    auto opener = make_opener(crypto::chosen(), key);
    // The records of the first counters that are not skipped, from each of these on.
    const auto early = record_from(3, any_frame());
    const auto later = record_from(100, any_frame());
    const auto far = record_from(0xfffffff0, any_frame());
    const auto near_far = record_from(0xffffff00, any_frame());
    assert_true(open_copy(opener, later) == any_frame());
    assert_true(open_copy(opener, early) == any_frame());
    assert_int_equal(error_of(opener, early), open_error::replayed);
    assert_true(open_copy(opener, far) == any_frame());
    assert_int_equal(error_of(opener, later), open_error::replayed); // too old now
    assert_true(open_copy(opener, near_far) == any_frame());
    assert_int_equal(error_of(opener, far), open_error::replayed);
    assert_int_equal(error_of(opener, near_far), open_error::replayed);
}

void test_the_last_counter(void **) {
    const auto messages = load_vectors("cale.json", "messages");
    unsigned count = 0;
    for (const auto &entry : messages.at("list")) {
        if (entry.at("counter").get<std::uint32_t>() != 0xffffffff) continue;
        auto opener = make_opener(crypto::chosen(), key_of(messages.at("exchange"), entry.at("direction")));
        assert_true(open_copy(opener, hex_bytes(entry.at("message"))).has_value());
        assert_int_equal(error_of(opener, hex_bytes(entry.at("message"))), open_error::replayed);
        ++count;
    }
    assert_true(count > 0);
}

// A changed record with a high counter must not push the window forward.
void test_forgeries_do_not_move_the_window(void **) {
    auto opener = make_opener(crypto::chosen(), key);
    const auto record = record_from(0, any_frame());
    auto forged = record;
    std::fill(forged.begin() + counter_offset, forged.begin() + iv_size, std::uint8_t{0xff});
    assert_int_equal(error_of(opener, forged), open_error::forged);
    assert_true(open_copy(opener, record) == any_frame());
}

void test_a_replayed_text_is_not_left_behind(void **) {
    for (const auto *with : providers()) {
        auto opener = make_opener(*with, key);
        auto frame = any_frame();
        frame.resize(200, 'x');
        const auto record = record_from(0, frame);
        assert_true(open_copy(opener, record) == frame);
        auto again = record;
        assert_int_equal(opener.open(again).error, open_error::replayed);
        assert_true(std::search_n(again.begin(), again.end(), 4, 'x') == again.end());
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_messages),
        cmocka_unit_test(test_golden_refusals),
        cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_every_cut_and_every_extension),
        cmocka_unit_test(test_what_is_no_record_stays_as_it_is),
        cmocka_unit_test(test_an_empty_record_with_a_right_tag),
        cmocka_unit_test(test_any_counter_that_the_window_allows),
        cmocka_unit_test(test_the_last_counter),
        cmocka_unit_test(test_forgeries_do_not_move_the_window),
        cmocka_unit_test(test_a_replayed_text_is_not_left_behind),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
