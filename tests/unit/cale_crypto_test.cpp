#include "cale/crypto.h"

#include "cale/session_keys.h"

#include "cale_bench.hpp"
#include "cmocka.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

using namespace cryo_core;
using namespace cryo_core::cale;
using namespace cryo_test;

namespace {

void assert_bytes(bytes_view got, const bytes &expected) {
    assert_int_equal(got.size(), expected.size());
    assert_memory_equal(got.data(), expected.data(), expected.size());
}

void expect_exchange(const crypto::provider &with, const exchange &golden) {
    const auto server = with.key_pair_from(golden.server_private);
    const auto client = with.key_pair_from(golden.client_private);
    assert_non_null(server.get());
    assert_non_null(client.get());
    assert_bytes(server->point(), golden.server_public);
    assert_bytes(client->point(), golden.client_public);
    for (const auto &[own, peer] :
         {std::pair{server.get(), client.get()}, std::pair{client.get(), server.get()}}) {
        crypto::shared_secret x;
        assert_int_equal(own->agree(peer->point(), x), crypto::agreement::reached);
        assert_bytes(x.view(), golden.shared_secret);
        crypto::digest hash;
        assert_true(with.sha256(x.view(), hash));
        assert_bytes(hash.view(), golden.hash);
        const auto agreed = agree_on_keys(with, *own, peer->point());
        assert_int_equal(agreed.outcome, crypto::agreement::reached);
        assert_bytes(agreed.keys.server_to_client.view(), golden.server_to_client_key);
        assert_bytes(agreed.keys.client_to_server.view(), golden.client_to_server_key);
    }
}

void test_golden_exchanges(void **) {
    unsigned count = 0;
    for (const auto &entry : load_vectors("cale.json", "exchanges")) {
        for (const auto *with : providers())
            expect_exchange(*with, exchange_of(entry));
        ++count;
    }
    assert_int_equal(count, 3);
}

void test_golden_points(void **) {
    unsigned accepted = 0;
    unsigned refused = 0;
    const auto golden = exchange_named("plain");
    for (const auto &entry : load_vectors("cale.json", "points")) {
        const bool good = entry.at("ours") == "accepted";
        if (!good) assert_string_equal(entry.at("ours").get<std::string>().c_str(), "close 4011");
        const auto expected = good ? crypto::agreement::reached : crypto::agreement::refused;
        const auto point = hex_bytes(entry.at("payload"));
        for (const auto *with : providers()) {
            const auto own = with->key_pair_from(golden.server_private);
            crypto::shared_secret x;
            assert_int_equal(own->agree(point, x), expected); // by the library itself
            assert_int_equal(agree_on_keys(*with, *own, point).outcome, expected);
        }
        ++(good ? accepted : refused);
    }
    assert_int_equal(accepted, 1);
    assert_int_equal(refused, 12);
}

// p - y, by hand: the mirror image of a point.
crypto::public_key negative(const crypto::public_key &point) {
    const auto p = from_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    auto out = point;
    int borrow = 0;
    for (std::size_t i = crypto::coordinate_size; i-- > 0;) {
        const int digit = p[i] - point[1 + crypto::coordinate_size + i] - borrow;
        borrow = digit < 0 ? 1 : 0;
        out[1 + crypto::coordinate_size + i] = static_cast<std::uint8_t>(digit + 256 * borrow);
    }
    return out;
}

void test_own_key_and_its_mirror_image_are_refused(void **) {
    for (const auto *with : providers()) {
        const auto own = with->make_key_pair();
        assert_int_equal(agree_on_keys(*with, *own, own->point()).outcome, crypto::agreement::refused);
        const auto mirrored = negative(own->point());
        crypto::shared_secret x;
        assert_int_equal(own->agree(mirrored, x), crypto::agreement::reached); // it is on the curve
        assert_int_equal(agree_on_keys(*with, *own, mirrored).outcome, crypto::agreement::refused);
    }
}

void test_fresh_keys_agree_across_libraries(void **) {
    for (const auto *ours : providers())
        for (const auto *theirs : providers())
            for (int round = 0; round < 5; ++round) {
                const auto a = ours->make_key_pair();
                const auto b = theirs->make_key_pair();
                assert_true(a->point() != b->point());
                crypto::shared_secret at_a;
                crypto::shared_secret at_b;
                assert_int_equal(a->agree(b->point(), at_a), crypto::agreement::reached);
                assert_int_equal(b->agree(a->point(), at_b), crypto::agreement::reached);
                assert_bytes(at_a.view(), bytes(at_b.view().begin(), at_b.view().end()));
            }
}

void test_the_halves_of_a_fork_make_different_keys(void **) {
    for (const auto *with : providers()) {
        assert_non_null(with->make_key_pair().get()); // whatever is made once is there
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            const auto own = with->make_key_pair();
            const bool told = own && write(ends[1], own->point().data(), own->point().size()) ==
                                         static_cast<ssize_t>(own->point().size());
            _exit(told ? 0 : 1);
        }
        const auto own = with->make_key_pair();
        assert_non_null(own.get());
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        crypto::public_key theirs{};
        assert_int_equal(read(ends[0], theirs.data(), theirs.size()), theirs.size());
        assert_memory_not_equal(theirs.data(), own->point().data(), theirs.size());
        close(ends[0]);
        close(ends[1]);
    }
}

void test_scalars_out_of_range(void **) {
    const auto order = from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    auto last = order;
    last.back() = 0x50;
    for (const auto *with : providers()) {
        assert_null(with->key_pair_from(bytes(32, 0)).get());
        assert_null(with->key_pair_from(order).get());
        assert_null(with->key_pair_from(bytes(32, 0xff)).get());
        assert_null(with->key_pair_from(bytes(31, 1)).get());
        assert_non_null(with->key_pair_from(last).get());
        assert_null(with->make_sealing_key(bytes(15, 1)).get());
        assert_null(with->make_opening_key(bytes(17, 1)).get());
    }
}

// FIPS 180-4's "abc".
void test_sha256(void **) {
    const std::string expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for (const auto *with : providers()) {
        crypto::digest hash;
        assert_true(with->sha256(as_bytes("abc"), hash));
        assert_string_equal(to_hex(hash.view()).c_str(), expected.c_str());
    }
}

// With so many bytes of the frame given to begin.
bytes sealed_at(const crypto::provider &with, bytes_view key, std::uint32_t counter, const bytes &frame,
                std::size_t beginning) {
    auto record = unsealed(frame);
    const auto sealing = with.make_sealing_key(key);
    const auto iv = iv_of(counter);
    std::copy(iv.begin(), iv.end(), record.begin());
    const bytes_mut text{record.data() + iv_size, frame.size()};
    const bytes_mut first = text.first(beginning);
    bytes sealed(beginning);
    assert_true(sealing->begin(iv_of(counter ^ 1), first, sealed.data())); // in vain: a skipped counter
    assert_true(sealing->begin(iv, first, sealed.data()));
    std::copy(sealed.begin(), sealed.end(), first.begin());
    assert_true(sealing->finish(text.subspan(beginning), record.data() + iv_size + frame.size()));
    return record;
}

void test_golden_messages(void **) {
    const auto messages = load_vectors("cale.json", "messages");
    unsigned count = 0;
    for (const auto &entry : messages.at("list")) {
        const auto key = key_of(messages.at("exchange"), entry.at("direction"));
        const auto plain = hex_bytes(entry.at("plain"));
        const auto message = hex_bytes(entry.at("message"));
        for (const auto *with : providers()) {
            const auto number = entry.at("counter").get<std::uint32_t>();
            assert_bytes(sealed_at(*with, key, number, plain, block_size), message);
            assert_bytes(sealed_at(*with, key, number, plain, plain.size()), message);
            auto record = message;
            const auto opened = with->make_opening_key(key)->open(record);
            assert_true(opened.has_value());
            assert_bytes(*opened, plain);
        }
        ++count;
    }
    assert_int_equal(count, messages.at("list").size());
    assert_true(count >= 30);
}

void test_golden_long_message(void **) {
    const auto messages = load_vectors("cale.json", "messages");
    const auto &entry = messages.at("long");
    const auto key = key_of(messages.at("exchange"), entry.at("direction"));
    const auto sid = uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");
    const bytes payload(100000, 0x5a); // what entry["payload"] says in words
    const auto plain =
        frame_bytes({*sid, entry.at("ack").get<std::uint32_t>(), codec::frame_type::binary_data, payload});
    for (const auto *with : providers()) {
        const auto message =
            sealed_at(*with, key, entry.at("counter").get<std::uint32_t>(), plain, block_size);
        assert_int_equal(message.size(), entry.at("message_length").get<std::size_t>());
        crypto::digest hash;
        assert_true(with->sha256(message, hash));
        assert_string_equal(to_hex(hash.view()).c_str(),
                            entry.at("message_sha256").get<std::string>().c_str());
        assert_bytes(bytes_view(message).last(tag_size), hex_bytes(entry.at("tag")));
    }
}

// Neither the text of a forged record nor a secret that was moved from, replaced or destroyed stays behind.
void test_nothing_is_left_behind(void **) {
    for (const auto *with : providers()) {
        const bytes key(key_size, 7);
        const bytes frame(300, 'x');
        auto record = sealed_at(*with, key, 3, frame, block_size);
        record.back() = static_cast<std::uint8_t>(record.back() ^ 1);
        assert_false(with->make_opening_key(key)->open(record).has_value());
        assert_true(std::search_n(record.begin(), record.end(), 2, 'x') == record.end());
        bytes scratch(100, 0xaa);
        with->wipe(scratch);
        assert_bytes(scratch, bytes(100, 0));
    }
    alignas(secret<16>) std::uint8_t memory[sizeof(secret<16>)];
    auto *first = new (memory) secret<16>;
    std::fill(first->span().begin(), first->span().end(), std::uint8_t{0xaa});
    secret<16> second(std::move(*first));
    assert_bytes({memory, sizeof memory}, bytes(16, 0));
    assert_bytes(second.view(), bytes(16, 0xaa));
    *first = std::move(second);
    assert_bytes(second.view(),
                 bytes(16, 0)); // NOLINT(bugprone-use-after-move): what is left is the question
    assert_bytes(first->view(), bytes(16, 0xaa));
    first->~secret();
    volatile const std::uint8_t *after = memory;
    for (std::size_t i = 0; i < sizeof memory; ++i)
        assert_int_equal(after[i], 0);
}

void test_the_chosen_one_is_among_them(void **) {
    const auto all = providers();
    assert_true(std::find(all.begin(), all.end(), &crypto::chosen()) != all.end());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_exchanges),
        cmocka_unit_test(test_golden_points),
        cmocka_unit_test(test_own_key_and_its_mirror_image_are_refused),
        cmocka_unit_test(test_fresh_keys_agree_across_libraries),
        cmocka_unit_test(test_the_halves_of_a_fork_make_different_keys),
        cmocka_unit_test(test_scalars_out_of_range),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_golden_messages),
        cmocka_unit_test(test_golden_long_message),
        cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_the_chosen_one_is_among_them),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
