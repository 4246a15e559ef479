// What was sent and not acknowledged, against a plain list.
#include "session/unacknowledged.h"

#include "cmocka.hpp"

#include <random>
#include <string>

using namespace cryo_core;

namespace {

data_frame text(const std::string &of) {
    return make_frame(message_kind::utf8, shared_bytes::copy(as_bytes(of)));
}

std::vector<std::string> texts(unacknowledged &from) {
    std::vector<std::string> all;
    while (!from.empty())
        all.emplace_back(as_text(from.take_oldest().frame.payload.view()));
    return all;
}

void test_what_is_left_is_in_order(void **) {
    unacknowledged kept(10'000);
    for (std::uint32_t i = 0; i < 5; ++i)
        kept.sent(i, text(std::to_string(i)));
    kept.acknowledged(3);
    kept.acknowledged(0);
    kept.acknowledged(3); // once is enough
    kept.acknowledged(77);
    assert_true((texts(kept) == std::vector<std::string>{"1", "2", "4"}));
    assert_true(texts(kept).empty());
    kept.acknowledged(1);
}

void test_numbers_wrap(void **) {
    unacknowledged kept(10'000);
    for (std::uint32_t i = 0; i < 6; ++i)
        kept.sent(0xfffffffd + 2 * i, text(std::to_string(i))); // pings take numbers in between
    kept.acknowledged(0xfffffffd + 4);
    kept.acknowledged(0xfffffffd + 5);
    assert_true((texts(kept) == std::vector<std::string>{"0", "1", "3", "4", "5"}));
}

void test_the_oldest_go_beyond_the_limit(void **) {
    const std::uint64_t each = unacknowledged::cost_of(text("four"));
    unacknowledged kept(2 * each + 2);
    for (std::uint32_t i = 0; i < 4; ++i)
        kept.sent(i, text("four"));
    assert_int_equal(texts(kept).size(), 2);
    kept.sent(9, text(std::string(2 * each, 'x')));
    assert_true(kept.empty());
    for (std::uint32_t i = 10; i < 1000; ++i)
        kept.sent(i, text("")); // these cost, too
    assert_int_equal(texts(kept).size(), 2);
}

void test_as_a_plain_list(void **) {
    std::mt19937 random(7);
    unacknowledged kept(1 << 30);
    std::vector<std::pair<std::uint32_t, std::string>> model;
    std::uint32_t number = 0xffffff00;
    for (int step = 0; step < 100'000; ++step) {
        if (random() % 2 == 0) {
            number += static_cast<std::uint32_t>(1 + random() % 3);
            const std::string of = std::to_string(step);
            kept.sent(number, text(of));
            model.emplace_back(number, of);
        } else if (!model.empty()) {
            const std::size_t at = random() % std::min<std::size_t>(model.size(), 50);
            kept.acknowledged(model[at].first);
            model.erase(model.begin() + static_cast<std::ptrdiff_t>(at));
        }
        if (random() % 5000 != 0) continue;
        std::vector<std::string> wanted;
        for (const auto &[ignored, of] : model)
            wanted.push_back(of);
        assert_true(texts(kept) == wanted);
        model.clear();
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_left_is_in_order),
        cmocka_unit_test(test_numbers_wrap),
        cmocka_unit_test(test_the_oldest_go_beyond_the_limit),
        cmocka_unit_test(test_as_a_plain_list),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
