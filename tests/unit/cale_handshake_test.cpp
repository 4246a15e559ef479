#include "cale/handshake.h"

#include "codec/decode.h"

#include "cale_bench.hpp"
#include "cmocka.hpp"

#include <random>

using namespace cryo_core;
using namespace cryo_core::cale;
using namespace cryo_test;
using codec::frame_type;
using action = handshake_step::action;

namespace {

const uuid sid = *uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");

bytes wire(const handshake_step &step) {
    assert_true(step.send.has_value());
    return frame_bytes({sid, step.send->number, step.send->type, step.send->payload});
}

handshake_step receive(handshake &end, frame_type type, std::uint32_t number = 0, bytes_view payload = {}) {
    return end.receive({sid, number, type, payload});
}

handshake_step receive(handshake &end, const bytes &message) {
    return end.receive(codec::decode(message).value);
}

handshake_step agree(handshake &end) {
    return end.agreed(end.take_job().run());
}

void expect_nothing(const handshake_step &step) {
    assert_int_equal(step.next, action::none);
    assert_false(step.send.has_value());
}

// Fails with that code, and is dead from then on.
void expect_failure(handshake &end, const handshake_step &step, std::uint16_t code) {
    assert_int_equal(step.next, action::fail);
    assert_int_equal(step.close_code, code);
    assert_false(step.send.has_value());
    assert_in_range(step.reason.size(), 1, 123); // a close frame holds no more
    assert_false(end.is_secure());
    expect_nothing(receive(end, frame_type::handshake_done, 0));
    expect_nothing(receive(end, frame_type::utf8_data, 0, as_bytes("x")));
    expect_nothing(end.agreed({}));
    assert_false(end.take_channel().has_value());
}

std::unique_ptr<crypto::key_pair> fresh() {
    return crypto::chosen().make_key_pair();
}

const bytes &peer_point() {
    static const bytes point = exchange_named("plain").client_public;
    return point;
}

// The places where a handshake can stand, and an end that is brought to each.
enum class place { idle, awaiting_hello, agreeing, awaiting_done, secure };
constexpr place places[] = {place::idle, place::awaiting_hello, place::agreeing, place::awaiting_done,
                            place::secure};

frame_type hello_for(role self) {
    return self == role::server ? frame_type::client_hello : frame_type::server_hello;
}

void bring(handshake &end, role self, place to) {
    if (to == place::idle) return;
    assert_int_equal(end.start(fresh(), 3).next, action::none);
    if (to == place::awaiting_hello) return;
    assert_int_equal(receive(end, hello_for(self), 3, peer_point()).next, action::agree);
    if (to == place::agreeing) return;
    assert_int_equal(agree(end).next, action::none);
    if (to == place::awaiting_done) return;
    assert_int_equal(receive(end, frame_type::handshake_done, 3).next, action::secure);
    assert_true(end.is_secure());
}

void expect_transcript(const nlohmann::json &entry, const crypto::provider &of_server,
                       const crypto::provider &of_client) {
    const auto golden = exchange_of(entry);
    std::vector<bytes> frames;
    for (const auto &line : golden.transcript)
        frames.push_back(hex_bytes(line.at("hex")));
    assert_int_equal(frames.size(), 4);

    handshake server(role::server, of_server);
    handshake client(role::client, of_client);
    expect_nothing(client.start(of_client.key_pair_from(golden.client_private), 0));
    auto step = server.start(of_server.key_pair_from(golden.server_private), 0);
    assert_int_equal(step.next, action::none);
    assert_true(wire(step) == frames[0]);
    step = receive(client, frames[0]);
    assert_int_equal(step.next, action::agree);
    assert_false(step.send.has_value());
    step = agree(client);
    assert_int_equal(step.next, action::none);
    assert_true(wire(step) == frames[1]);
    assert_int_equal(receive(server, frames[1]).next, action::agree);
    step = agree(server);
    assert_int_equal(step.next, action::none);
    assert_true(wire(step) == frames[2]);
    assert_false(server.is_secure());
    step = receive(client, frames[2]);
    assert_int_equal(step.next, action::secure);
    assert_true(wire(step) == frames[3]);
    step = receive(server, frames[3]);
    assert_int_equal(step.next, action::secure);
    assert_false(step.send.has_value());
    assert_true(server.is_secure() && client.is_secure());

    auto at_server = server.take_channel();
    auto at_client = client.take_channel();
    assert_true(at_server.has_value() && at_client.has_value());
    auto opener = make_opener(of_server, golden.server_to_client_key);
    auto record = unsealed(frames[0]);
    assert_true(at_server->seal(record.data(), frames[0].size()));
    assert_true(open_copy(opener, record) == frames[0]); // the golden keys, in the right direction
    assert_int_equal(at_client->open(record).error, open_error::none);
}

void test_golden_transcripts(void **) {
    unsigned count = 0;
    for (const auto &entry : load_vectors("cale.json", "exchanges")) {
        for (const auto *of_server : providers())
            for (const auto *of_client : providers())
                expect_transcript(entry, *of_server, *of_client);
        ++count;
    }
    assert_int_equal(count, 3);
}

void test_numbers_are_repeated(void **) {
    handshake server(role::server);
    assert_int_equal(server.start(fresh(), 77).send->number, 77);
    assert_int_equal(receive(server, frame_type::client_hello, 4000000000u, peer_point()).next,
                     action::agree);
    const auto step = agree(server);
    assert_int_equal(step.send->type, frame_type::handshake_done);
    assert_int_equal(step.send->number, 4000000000u);
    assert_string_equal(std::string(as_text(step.send->payload)).c_str(), "null");
    assert_int_equal(receive(server, frame_type::handshake_done, 4000000000u, as_bytes("whatever")).next,
                     action::secure);

    handshake client(role::client);
    expect_nothing(client.start(fresh(), 5));
    assert_int_equal(receive(client, frame_type::server_hello, 77, peer_point()).next, action::agree);
    assert_int_equal(agree(client).send->number, 5);
    const auto done = receive(client, frame_type::handshake_done, 5);
    assert_int_equal(done.next, action::secure);
    assert_int_equal(done.send->number, 5);
}

void test_a_wrong_number_is_refused(void **) {
    for (const role self : {role::server, role::client}) {
        handshake end(self);
        bring(end, self, place::awaiting_done);
        expect_failure(end, receive(end, frame_type::handshake_done, 4), 4011);
    }
}

void test_golden_points(void **) {
    unsigned refused = 0;
    for (const auto &entry : load_vectors("cale.json", "points"))
        for (const auto *with : providers())
            for (const role self : {role::server, role::client}) {
                handshake end(self, *with);
                (void)end.start(with->key_pair_from(exchange_named("plain").server_private), 0);
                auto step = receive(end, hello_for(self), 0, hex_bytes(entry.at("payload")));
                if (step.next == action::agree) step = agree(end);
                if (entry.at("ours") == "accepted") {
                    assert_int_equal(step.next, action::none);
                    assert_true(step.send.has_value());
                } else {
                    expect_failure(end, step, 4011);
                    ++refused;
                }
            }
    assert_int_equal(refused, 12 * 2 * providers().size());
}

void test_our_own_hello_comes_back(void **) {
    for (const role self : {role::server, role::client}) {
        handshake end(self);
        auto own = fresh();
        const auto point = own->point();
        (void)end.start(std::move(own), 0);
        assert_int_equal(receive(end, hello_for(self), 0, point).next, action::agree);
        expect_failure(end, agree(end), 4011);
    }
}

// Which handshake frame is in turn where; each other one fails with 4011.
bool in_turn(role self, place at, frame_type type) {
    if (at == place::awaiting_hello) return type == hello_for(self);
    return at == place::awaiting_done && type == frame_type::handshake_done;
}

void test_every_frame_in_every_place(void **) {
    for (const role self : {role::server, role::client})
        for (const place at : places)
            for (int type = 0; type <= 7; ++type) {
                const auto as_type = static_cast<frame_type>(type);
                handshake end(self);
                bring(end, self, at);
                const bool is_handshake = type >= 5;
                const bytes_view payload =
                    type == 5 || type == 6 ? bytes_view(peer_point()) : as_bytes("ping");
                const auto step = receive(end, as_type, 3, payload);
                if (is_handshake && in_turn(self, at, as_type))
                    assert_int_equal(step.next, at == place::awaiting_hello ? action::agree : action::secure);
                else if (is_handshake)
                    expect_failure(end, step, 4011);
                else if (as_type == frame_type::ping_pong || at == place::secure)
                    expect_nothing(step);
                else
                    expect_failure(end, step, 4010);
            }
}

void test_pings_do_not_disturb(void **) {
    for (const role self : {role::server, role::client}) {
        handshake end(self);
        bring(end, self, place::awaiting_hello);
        for (int i = 0; i < 3; ++i)
            expect_nothing(receive(end, frame_type::ping_pong, 1, as_bytes("ping")));
        assert_int_equal(receive(end, hello_for(self), 3, peer_point()).next, action::agree);
        expect_nothing(receive(end, frame_type::ping_pong, 1, as_bytes("pong")));
        assert_true(agree(end).send.has_value());
        expect_nothing(receive(end, frame_type::ping_pong, 1, as_bytes("ping")));
        assert_int_equal(receive(end, frame_type::handshake_done, 3).next, action::secure);
    }
}

// The agreement runs elsewhere; its outcome comes when the handshake has failed already, or is gone.
void test_an_agreement_that_comes_too_late(void **) {
    std::optional<agreement_job> orphan;
    {
        handshake server(role::server);
        bring(server, role::server, place::agreeing);
        orphan.emplace(server.take_job());
        expect_failure(server, receive(server, frame_type::binary_data, 0, as_bytes("x")), 4010);
        expect_nothing(server.agreed({}));
    }
    assert_int_equal(orphan->run().outcome, crypto::agreement::reached);
    assert_int_equal(orphan->run().outcome, crypto::agreement::failed); // its key is gone
}

void test_an_outcome_that_nobody_asked_for(void **) {
    for (const place at : {place::idle, place::awaiting_hello, place::awaiting_done, place::secure}) {
        handshake server(role::server);
        bring(server, role::server, at);
        key_agreement forged;
        forged.outcome = crypto::agreement::reached;
        expect_nothing(server.agreed(std::move(forged)));
    }
}

void test_start_works_once(void **) {
    handshake server(role::server);
    const auto first = server.start(fresh(), 0);
    const bytes point(first.send->payload.begin(), first.send->payload.end());
    expect_nothing(server.start(fresh(), 1));
    assert_true(std::equal(point.begin(), point.end(), first.send->payload.begin()));
}

void test_what_fails_inside(void **) {
    handshake server(role::server);
    expect_failure(server, server.start(nullptr, 0), 4002);
    handshake client(role::client);
    expect_failure(client, client.start(nullptr, 0), 4011);
    handshake agreeing(role::server);
    bring(agreeing, role::server, place::agreeing);
    expect_failure(agreeing, agreeing.agreed({}), 4002);
}

void test_a_channel_is_taken_once_and_only_when_secure(void **) {
    handshake server(role::server);
    bring(server, role::server, place::awaiting_done);
    assert_false(server.take_channel().has_value());
    (void)receive(server, frame_type::handshake_done, 3);
    assert_true(server.take_channel().has_value());
    assert_true(server.is_secure());
}

// Any frames in any order: nobody who does not follow the order gets a secure channel.
void test_random_frames(void **) {
    std::mt19937 random(11);
    const auto golden = exchange_named("plain");
    unsigned secured = 0;
    for (int round = 0; round < 1500; ++round) {
        const role self = round % 2 == 0 ? role::server : role::client;
        handshake end(self);
        (void)end.start(crypto::chosen().key_pair_from(golden.server_private), 0);
        bool hello = false;
        for (int i = 0; i < 12; ++i) {
            const auto type = static_cast<frame_type>(
                random() % 4 == 0 ? random() % 8 : 2 + 3 * (random() % 2) + random() % 3);
            bytes payload = golden.client_public;
            if (random() % 3 == 0) payload[random() % payload.size()] ^= 1;
            if (random() % 8 == 0) payload.resize(random() % 200);
            const auto step = receive(end, type, random() % 2, payload);
            if (step.next == action::agree) {
                assert_true(type == hello_for(self));
                hello = agree(end).send.has_value();
                if (hello) assert_true(payload == golden.client_public);
            }
            if (step.next == action::secure) {
                assert_true(hello && type == frame_type::handshake_done);
                ++secured;
            }
            assert_true(!end.is_secure() || hello);
        }
    }
    assert_true(secured > 10);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_transcripts),
        cmocka_unit_test(test_numbers_are_repeated),
        cmocka_unit_test(test_a_wrong_number_is_refused),
        cmocka_unit_test(test_golden_points),
        cmocka_unit_test(test_our_own_hello_comes_back),
        cmocka_unit_test(test_every_frame_in_every_place),
        cmocka_unit_test(test_pings_do_not_disturb),
        cmocka_unit_test(test_an_agreement_that_comes_too_late),
        cmocka_unit_test(test_an_outcome_that_nobody_asked_for),
        cmocka_unit_test(test_start_works_once),
        cmocka_unit_test(test_what_fails_inside),
        cmocka_unit_test(test_a_channel_is_taken_once_and_only_when_secure),
        cmocka_unit_test(test_random_frames),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
