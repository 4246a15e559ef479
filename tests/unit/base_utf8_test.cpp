#include "base/utf8.h"
#include "cmocka.hpp"

#include <random>
#include <string>
#include <vector>

using namespace cryo_core;

namespace {

// RFC 3629 the slow way: decode, then look at the number.
bool reference_valid(bytes_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const unsigned lead = text[i++];
        if (lead < 0x80) continue;
        unsigned following = 0;
        std::uint32_t value = 0;
        if ((lead & 0xe0) == 0xc0)
            following = 1, value = lead & 0x1f;
        else if ((lead & 0xf0) == 0xe0)
            following = 2, value = lead & 0x0f;
        else if ((lead & 0xf8) == 0xf0)
            following = 3, value = lead & 0x07;
        else
            return false;
        for (unsigned k = 0; k < following; ++k) {
            if (i == text.size() || (text[i] & 0xc0) != 0x80) return false;
            value = (value << 6) | (text[i++] & 0x3f);
        }
        const std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (value < least[following] || value > 0x10ffff) return false;
        if (value >= 0xd800 && value <= 0xdfff) return false;
    }
    return true;
}

// Whether some continuation makes the text valid.
bool reference_alive(bytes_view text) {
    if (reference_valid(text)) return true;
    const std::vector<std::vector<std::uint8_t>> endings = {{0x80},
                                                            {0x9f},
                                                            {0xbf},
                                                            {0x80, 0x80},
                                                            {0x9f, 0x80},
                                                            {0xbf, 0xbf},
                                                            {0x80, 0x80, 0x80},
                                                            {0x8f, 0x80, 0x80},
                                                            {0xbf, 0xbf, 0xbf}};
    for (const auto &ending : endings) {
        std::vector<std::uint8_t> whole(text.begin(), text.end());
        whole.insert(whole.end(), ending.begin(), ending.end());
        if (reference_valid(whole)) return true;
    }
    return false;
}

void check(bytes_view text) {
    const bool expected = reference_valid(text);
    utf8_validator validator;
    const bool alive = validator.feed(text);
    if (utf8_valid(text) != expected || (alive && validator.complete()) != expected ||
        alive != reference_alive(text)) {
        std::string hex;
        for (const auto byte : text)
            hex += std::to_string(byte) + ' ';
        fail_msg("bytes %s: expected %s", hex.c_str(), expected ? "valid" : "not valid");
    }
}

const std::string all_sizes = "a\xc3\xa9z\xe2\x82\xacz\xf0\x9f\x98\x80"
                              "abcdefgh ijklmnop qrstuvwx yz123456 7890\xc2\xbf";

} // namespace

static void test_every_sequence_of_one_and_two_bytes(void **) {
    for (unsigned a = 0; a < 256; ++a) {
        const std::uint8_t one[] = {static_cast<std::uint8_t>(a)};
        check(one);
        for (unsigned b = 0; b < 256; ++b) {
            const std::uint8_t two[] = {one[0], static_cast<std::uint8_t>(b)};
            check(two);
        }
    }
}

static void test_every_sequence_of_three_bytes(void **) {
    std::uint32_t wrong = 0;
    for (std::uint32_t n = 0; n < 1u << 24; ++n) {
        const std::uint8_t three[] = {static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8),
                                      static_cast<std::uint8_t>(n)};
        const bool expected = reference_valid(three);
        utf8_validator validator;
        const bool incremental = validator.feed(three) && validator.complete();
        if (utf8_valid(three) != expected || incremental != expected) ++wrong;
    }
    assert_int_equal(wrong, 0);
}

// Every lead byte of four, every second byte, and the borders of what may follow.
static void test_borders_of_four_bytes(void **) {
    const unsigned borders[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0xbf, 0xc0, 0xff};
    for (unsigned a = 0xe8; a < 256; ++a)
        for (unsigned b = 0; b < 256; ++b)
            for (const unsigned c : borders)
                for (const unsigned d : borders) {
                    const std::uint8_t four[] = {static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b),
                                                 static_cast<std::uint8_t>(c), static_cast<std::uint8_t>(d)};
                    check(four);
                }
}

static void test_every_code_point(void **) {
    std::vector<std::uint8_t> all;
    for (std::uint32_t point = 0; point <= 0x10ffff; ++point) {
        if (point >= 0xd800 && point <= 0xdfff) continue;
        const auto put = [&](std::uint32_t byte) { all.push_back(static_cast<std::uint8_t>(byte)); };
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xc0 | point >> 6), put(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            put(0xe0 | point >> 12), put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
        } else {
            put(0xf0 | point >> 18), put(0x80 | (point >> 12 & 0x3f)), put(0x80 | (point >> 6 & 0x3f));
            put(0x80 | (point & 0x3f));
        }
    }
    assert_true(utf8_valid(all));
    utf8_validator validator;
    assert_true(validator.feed(all) && validator.complete());
}

// A bad byte at each place, at each alignment: the fast path for ASCII must not step over it.
static void test_error_offset(void **) {
    for (std::size_t start = 0; start < 9; ++start)
        for (std::size_t size = 1; size < 80; ++size) {
            std::vector<std::uint8_t> text(start + size, 'a');
            const auto view = bytes_view(text).subspan(start);
            assert_int_equal(utf8_error_offset(view), size);
            for (std::size_t bad = 0; bad < size; ++bad) {
                text[start + bad] = 0xff;
                assert_int_equal(utf8_error_offset(view), bad);
                text[start + bad] = 'a';
            }
        }
    assert_int_equal(utf8_error_offset(as_bytes("\xe2\x82")), 0); // cut off: the character does not count
    assert_int_equal(utf8_error_offset(as_bytes("a\xc3\xa9\xe2\x82")), 3);
    assert_int_equal(utf8_error_offset({}), 0);
    assert_true(utf8_valid({}));
}

// Long texts are looked at in blocks: the one byte that is no ASCII is found at each place in them.
static void test_error_offset_in_long_texts(void **) {
    for (std::size_t size = 0; size < 300; ++size)
        for (std::size_t start = 0; start < 9; ++start) {
            std::string text(start + size, 'a');
            assert_int_equal(utf8_error_offset(as_bytes(text).subspan(start)), size);
            if (size == 0) continue;
            for (const std::size_t at : {std::size_t{0}, size / 3, size / 2, size - 1}) {
                text[start + at] = '\xff';
                assert_int_equal(utf8_error_offset(as_bytes(text).subspan(start)), at);
                text[start + at] = 'a';
            }
        }
    std::mt19937 random(11);
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::size_t i = random() % 40; i > 0; --i)
            text += random() % 3 == 0 ? all_sizes.substr(0, 3) : std::string(random() % 90, 'x');
        if (!text.empty() && random() % 2 == 0) text[random() % text.size()] = static_cast<char>(random());
        assert_int_equal(utf8_valid(as_bytes(text)), reference_valid(as_bytes(text)));
    }
}

static void test_pieces_say_the_same_as_the_whole(void **) {
    const auto text = as_bytes(all_sizes);
    for (std::size_t first = 0; first <= text.size(); ++first)
        for (std::size_t second = first; second <= text.size(); ++second) {
            utf8_validator validator;
            assert_true(validator.feed(text.first(first)));
            assert_int_equal(validator.complete(), utf8_valid(text.first(first)));
            assert_true(validator.feed(text.subspan(first, second - first)));
            assert_true(validator.feed(text.subspan(second)));
            assert_true(validator.complete());
        }
}

static void test_pieces_find_the_error_at_its_byte(void **) {
    const std::string broken[] = {"\xc0\xaf",
                                  "\xe0\x9f\x80",
                                  "\xed\xa0\x80",
                                  "\xf0\x8f\x80\x80",
                                  "\xf4\x90\x80\x80",
                                  "\xf5\x80\x80\x80",
                                  "\x80",
                                  "\xe2\x82\x41",
                                  "\xff"};
    const std::size_t bad_byte[] = {0, 1, 1, 1, 1, 0, 0, 2, 0};
    for (std::size_t i = 0; i < std::size(broken); ++i) {
        const std::string text = all_sizes + broken[i] + "more";
        utf8_validator validator;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const bool expected = at < all_sizes.size() + bad_byte[i];
            assert_int_equal(validator.feed(as_bytes(text).subspan(at, 1)), expected);
        }
        assert_false(validator.complete());
        validator.reset();
        assert_true(validator.feed(as_bytes(all_sizes)) && validator.complete());
    }
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sequence_of_one_and_two_bytes),
        cmocka_unit_test(test_every_sequence_of_three_bytes),
        cmocka_unit_test(test_borders_of_four_bytes),
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_error_offset),
        cmocka_unit_test(test_error_offset_in_long_texts),
        cmocka_unit_test(test_pieces_say_the_same_as_the_whole),
        cmocka_unit_test(test_pieces_find_the_error_at_its_byte),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
