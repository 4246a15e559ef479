// A session with CALE: the handshake in its place, nothing in the clear, every refusal; and both ends in
// memory.
#include "session/session.h"

#include "codec/decode.h"

#include "cale_bench.hpp"
#include "session_bench.hpp"

#include "cmocka.hpp"

#include <deque>
#include <random>

using namespace cryo_core;
using namespace cryo_test;
using cale::role;

namespace {

using list = std::vector<std::string>;
using cryo_test::frame_type;

session_options with_cale(const cale::crypto::provider *provider = nullptr) {
    session_options options;
    options.cale.on = true;
    options.cale.provider = provider;
    return options;
}

// The other end, from the pure parts: it can be made to misbehave.
struct peer {
    // Takes the session's first frame and answers it; "" when nothing is to be said.
    void greet(session_bench &bench) {
        assert_int_equal(shake.start(cale::crypto::chosen().make_key_pair(), 0).next,
                         cale::handshake_step::action::none);
        hear(bench.take());
        const auto step = shake.agreed(shake.take_job().run());
        bench.hear(0, step.send->type, as_text(step.send->payload));
    }
    void secure(session_bench &bench) {
        greet(bench);
        const auto step = hear(bench.take());
        bench.hear(step.send->number, step.send->type, as_text(step.send->payload));
        channel = shake.take_channel();
        bench.one.flushed();
    }
    cale::handshake_step hear(const std::string &frame) {
        const auto decoded = codec::decode(as_bytes(frame));
        assert_int_equal(decoded.error, codec::decode_error::none);
        return shake.receive(decoded.value);
    }
    std::string seal(const std::string &frame) {
        bytes record = unsealed(as_bytes(frame));
        assert_true(channel->seal(record.data(), frame.size()));
        return {record.begin(), record.end()};
    }
    // Everything that the session has to say, opened and described.
    list said(session_bench &bench) {
        list all;
        for (std::string record; !(record = bench.take()).empty();) {
            assert_in_range(static_cast<unsigned char>(record[20]), 8, 255); // no frame type, for old ends
            const auto got = channel->open({reinterpret_cast<std::uint8_t *>(record.data()), record.size()});
            assert_int_equal(got.error, cale::open_error::none);
            all.push_back(describe(as_text(got.frame)));
        }
        bench.one.flushed();
        return all;
    }

    cale::handshake shake{role::client};
    std::optional<cale::channel> channel;
};

void test_the_handshake_comes_first(void **) {
    session_bench bench(with_cale());
    assert_int_equal(bench.one.next_frame_size(), 0); // not before the peer listens
    bench.open();
    assert_true(bench.say("early"));
    const std::string hello = bench.take();
    assert_int_equal(hello.size(), codec::header_size + codec::public_key_size);
    assert_lines(list{describe(hello)}, {"type 5 0"});
    assert_int_equal(bench.one.next_frame_size(), 0); // the text waits
    assert_true(bench.told().empty() && !bench.one.secure());
}

void test_a_conversation(void **) {
    session_bench bench(with_cale());
    bench.open();
    peer client;
    client.secure(bench);
    assert_true(bench.one.secure());
    assert_lines(bench.told(), {"open"});
    bench.hear(client.seal(frame_text(1, frame_type::utf8_data, "hello")));
    bench.hear(client.seal(frame_text(2, frame_type::ping_pong, "ping")));
    assert_lines(bench.told(), {"text hello"});
    assert_true(bench.say("good day"));
    assert_lines(client.said(bench), {"ack 1", "pong 2", "text 1 good day"}); // 0 was the hello
    bench.pass_ms(5);
    bench.hear(client.seal(frame_text(1, frame_type::ack)));
    assert_true(bench.round_trip_is(5));
}

// What is opened of the records that have left at once.
list opened_at_once(peer &by, session_bench &bench) {
    list all;
    for (std::string &record : bench.at_once) {
        const auto got = by.channel->open({reinterpret_cast<std::uint8_t *>(record.data()), record.size()});
        assert_int_equal(got.error, cale::open_error::none);
        all.push_back(describe(as_text(got.frame)));
    }
    bench.at_once.clear();
    bench.one.flushed();
    return all;
}

void test_what_leaves_at_once_is_sealed(void **) {
    session_bench bench(with_cale());
    bench.takes_at_once = true;
    bench.open();
    peer client;
    client.secure(bench); // whose frames in the clear have waited for their turn
    assert_true(bench.at_once.empty());
    const auto before = bench.counters.bytes_tx.load();
    bench.hear(client.seal(frame_text(1, frame_type::utf8_data, "hello")));
    assert_true(bench.say_at_once("good day"));
    assert_int_equal(bench.counters.bytes_tx.load() - before,
                     2 * (codec::header_size + cale::record_overhead) + 8);
    assert_lines(opened_at_once(client, bench), {"ack 1", "text 1 good day"});
    assert_lines(bench.told(), {"open", "text hello"});
}

// With a place for what it says.
void secure_at_once(session_bench &bench, peer &client) {
    bench.takes_at_once = true;
    bench.open();
    client.secure(bench);
    bench.told();
}

void test_rekeying_after_what_left_at_once(void **) {
    auto options = with_cale();
    options.cale.rekey.counters = 2;
    session_bench bench(options);
    peer client;
    secure_at_once(bench, client);
    for (int i = 0; i < 3; ++i)
        assert_true(bench.say_at_once("x"));
    assert_true(bench.told().empty()); // not inside of the application's call
    assert_int_equal(opened_at_once(client, bench).size(), 3);
    assert_lines(bench.told(), {"close 4000 rekey"});
}

void test_what_cannot_be_sealed_does_not_leave(void **) {
    auto options = with_cale();
    options.cale.rekey.first_counter = UINT32_MAX;
    options.cale.rekey.counters = UINT64_MAX;
    session_bench bench(options);
    peer client;
    secure_at_once(bench, client);
    const auto before = bench.counters.bytes_tx.load();
    while (bench.told().empty()) // one counter is left, or none, if its record would be ambiguous
        static_cast<void>(bench.say_at_once("x"));
    assert_in_range(bench.at_once.size(), 0, 1);
    assert_int_equal(bench.counters.bytes_tx.load() - before,
                     bench.at_once.size() * (codec::header_size + 1 + cale::record_overhead));
    assert_false(bench.say_at_once("y"));
    assert_int_equal(bench.one.next_frame_size(), 0);

    // The same of an answer: what it would have answered is not told either.
    session_bench other(options);
    peer second;
    secure_at_once(other, second);
    list told;
    for (std::uint32_t number = 1; told.empty() || told.back().starts_with("text"); ++number) {
        other.hear(second.seal(frame_text(number, frame_type::utf8_data, "hello")));
        for (auto &line : other.told())
            told.push_back(line);
    }
    assert_string_equal(told.back().c_str(), "close 4002 A message could not be encrypted.");
    assert_int_equal(told.size() - 1, other.at_once.size());
}

void test_sealed_bytes_are_counted(void **) {
    session_bench bench(with_cale());
    bench.open();
    peer client;
    client.secure(bench);
    const auto before = bench.counters.bytes_tx.load();
    assert_true(bench.say("12345"));
    client.said(bench);
    assert_int_equal(bench.counters.bytes_tx.load() - before, codec::header_size + 5 + cale::record_overhead);
}

void test_keepalive_begins_when_secure(void **) {
    session_bench bench(with_cale());
    bench.open();
    bench.pass_ms(9999); // one keep-alive interval is longer, but the handshake's time counts
    peer client;
    client.secure(bench);
    bench.told();
    bench.pass_ms(14999);
    assert_true(client.said(bench).empty());
    bench.pass_ms(1);
    assert_lines(client.said(bench), {"ping 1"});
}

void test_too_slow(void **) {
    session_bench bench(with_cale());
    bench.open();
    bench.pass_ms(9999);
    assert_true(bench.told().empty());
    bench.pass_ms(1);
    assert_lines(bench.told(), {"close 4011 CALE handshake failed: it took too long."});
    assert_int_equal(bench.one.next_frame_size(), 0);
}

void test_plaintext_data_before_and_instead(void **) {
    for (const frame_type type : {frame_type::utf8_data, frame_type::binary_data, frame_type::ack}) {
        session_bench bench(with_cale());
        bench.open();
        bench.hear(0, type, type == frame_type::ack ? "" : "x");
        assert_lines(bench.told(), {"close 4010 This end expects CALE."});
        session_bench impatient(with_cale()); // what came before it listened is judged alike
        impatient.hear(0, type, type == frame_type::ack ? "" : "x");
        impatient.open();
        assert_lines(impatient.told(), {"close 4010 This end expects CALE."});
    }
}

void test_hellos_out_of_turn(void **) {
    const std::string point(65, '\4');
    const std::vector<std::pair<frame_type, std::string>> wrong{{frame_type::server_hello, point},
                                                                {frame_type::handshake_done, "null"},
                                                                {frame_type::client_hello, "4"}};
    for (const auto &[type, payload] : wrong) {
        session_bench bench(with_cale());
        bench.open();
        bench.hear(0, type, payload);
        const list told = bench.told();
        assert_int_equal(told.size(), 1);
        assert_true(told[0].starts_with("close 4011 CALE handshake failed: "));
    }
    session_bench early(with_cale()); // it cannot have heard ours
    early.hear(0, frame_type::client_hello, point);
    early.open();
    assert_lines(early.told(), {"close 4011 CALE handshake failed: frame out of turn."});
    session_bench late(with_cale());
    late.open();
    peer client;
    client.secure(late);
    late.told();
    late.hear(client.seal(frame_text(9, frame_type::client_hello, point)));
    assert_lines(late.told(), {"close 4011 CALE handshake failed: frame out of turn."});
}

void test_pings_are_let_be_until_it_is_secure(void **) {
    session_bench bench(with_cale());
    bench.open();
    bench.hear(0, frame_type::ping_pong, "ping");
    peer client;
    client.secure(bench);
    assert_lines(bench.told(), {"open"});
    assert_true(client.said(bench).empty());
}

void test_a_complaint_waits_for_the_channel(void **) {
    session_bench bench(with_cale());
    bench.open();
    bench.hear("rubbish");
    peer client;
    client.secure(bench);
    assert_lines(client.said(bench), {"error 0 invalid_operation"});
}

void test_nothing_in_the_clear_once_secure(void **) {
    for (const frame_type type : {frame_type::utf8_data, frame_type::ping_pong, frame_type::ack}) {
        session_bench bench(with_cale());
        bench.open();
        peer client;
        client.secure(bench);
        bench.told();
        bench.hear(1, type, type == frame_type::ack ? "" : "ping");
        assert_lines(bench.told(), {"close 4001 A message is not encrypted."});
    }
}

void test_forged_and_replayed(void **) {
    session_bench bench(with_cale());
    bench.open();
    peer client;
    client.secure(bench);
    bench.told();
    const std::string record = client.seal(frame_text(1, frame_type::utf8_data, "once"));
    bench.hear(record);
    assert_lines(bench.told(), {"text once"});
    bench.hear(record);
    assert_lines(bench.told(), {"close 4001 A message was replayed."});

    for (std::size_t at = 8; at < record.size(); ++at) { // before that an iv is none
        session_bench other(with_cale());
        other.open();
        peer another;
        another.secure(other);
        other.told();
        std::string changed = another.seal(frame_text(1, frame_type::utf8_data, "once"));
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        other.hear(changed);
        assert_lines(other.told(), {"close 4001 A message failed decryption."});
    }
}

void test_new_keys_in_time(void **) {
    session_options options = with_cale();
    options.cale.rekey.counters = 40;
    session_bench bench(options);
    bench.open();
    peer client;
    client.secure(bench);
    bench.told();
    int said = 0;
    while (bench.say("x")) {
        said += static_cast<int>(client.said(bench).size());
        if (!bench.one.open()) break;
    }
    assert_in_range(said, 20, 40); // the rest were skipped
    assert_lines(bench.told(), {"close 4000 rekey"});
    assert_false(bench.say("x"));
}

// --- both ends -----------------------------------------------------------------------------------------

// Messages from one end to the other, changed on their way at will.
struct wire {
    session_bench &from, &to;
    std::deque<std::string> flying{};

    void load() {
        for (std::string next; !(next = from.take()).empty();)
            flying.push_back(std::move(next));
        from.one.flushed();
    }
    bool deliver() {
        load();
        if (flying.empty()) return false;
        to.hear(std::exchange(flying.front(), {}));
        flying.pop_front();
        return true;
    }
};

struct both {
    explicit both(const session_options &of_server = with_cale(),
                  const session_options &of_client = with_cale())
        : server(of_server), client(of_client, 1'000'000, role::client) {
        client.open();
        server.open();
    }
    void settle() {
        while (down.deliver() || up.deliver()) {
        }
    }

    session_bench server, client;
    wire down{server, client}, up{client, server};
};

void test_both_ends_become_secure(void **) {
    for (const auto *a : providers())
        for (const auto *b : providers()) {
            both ends(with_cale(a), with_cale(b));
            assert_true(ends.client.say("before") && ends.server.say("before, too"));
            ends.settle();
            assert_true(ends.server.one.secure() && ends.client.one.secure());
            assert_lines(ends.server.told(), {"open", "text before"});
            assert_lines(ends.client.told(), {"open", "text before, too"});
        }
}

void test_without_cale_both_ends_agree_too(void **) {
    both ends({}, {});
    assert_true(ends.client.say("plain"));
    ends.settle();
    assert_lines(ends.server.told(), {"open", "text plain"});
    assert_false(ends.server.one.secure());
}

void test_a_server_without_cale_may_say_nothing(void **) {
    both wanting({}, with_cale());
    wanting.settle();
    wanting.client.pass_ms(10000);
    assert_lines(wanting.client.told(),
                 {"close 4011 CALE handshake failed: no hello came; the server may not speak CALE."});

    both dawdling;
    dawdling.down.deliver(); // SERVER_HELLO
    dawdling.client.pass_ms(10000);
    assert_lines(dawdling.client.told(), {"close 4011 CALE handshake failed: it took too long."});
}

void test_mismatches(void **) {
    both wanting({}, with_cale()); // the client waits for a hello until the server speaks
    wanting.server.say("data");
    wanting.settle();
    assert_lines(wanting.client.told(), {"close 4010 This end expects CALE."});
    both giving(with_cale(), {});
    giving.settle();
    assert_lines(giving.client.told(), {"open", "close 4010 This client does not speak CALE."});
}

void test_the_server_s_control_frames_may_cross(void **) {
    both ends;
    ends.down.deliver(); // SERVER_HELLO
    ends.up.deliver();   // CLIENT_HELLO
    ends.down.deliver(); // HANDSHAKE_DONE: the client is secure
    assert_true(ends.client.one.secure() && !ends.server.one.secure());
    ends.client.told();
    ends.client.hear(0, frame_type::ping_pong, "ping");
    assert_true(ends.client.told().empty());
    ends.client.hear(0, frame_type::utf8_data, "injected");
    assert_lines(ends.client.told(), {"close 4001 A message is not encrypted."});
}

void test_after_the_first_record_nothing_crosses(void **) {
    both ends;
    ends.settle();
    ends.server.say("sealed");
    ends.settle();
    ends.client.told();
    ends.client.hear(5, frame_type::ping_pong, "ping");
    assert_lines(ends.client.told(), {"close 4001 A message is not encrypted."});
}

// Whatever a network does: what is delivered was said, each at most once; a change ends the session.
void test_a_hostile_network(void **) {
    std::mt19937 random(20261124);
    for (int round = 0; round < 300; ++round) {
        both ends;
        ends.settle();
        ends.server.told();
        ends.client.told();
        int said = 0;
        bool changed = false;
        for (int step = 0; step < 60 && ends.server.one.open() && ends.client.one.open(); ++step) {
            const bool down = random() % 2 == 0;
            wire &way = down ? ends.down : ends.up;
            (down ? ends.server : ends.client).say("message " + std::to_string(said++));
            way.load();
            if (way.flying.empty()) continue;
            switch (random() % 10) {
            case 0: // lost
                way.flying.pop_front();
                break;
            case 1: // late
                way.flying.push_back(way.flying.front());
                way.flying.pop_front();
                break;
            case 2: { // changed
                std::string &victim = way.flying[random() % way.flying.size()];
                victim[random() % victim.size()] ^= static_cast<char>(1 << random() % 8);
                changed = true;
                break;
            }
            default:
                way.deliver();
            }
        }
        ends.settle();
        for (session_bench *end : {&ends.server, &ends.client}) {
            list told = end->told();
            std::sort(told.begin(), told.end());
            assert_true(std::adjacent_find(told.begin(), told.end()) == told.end());
            for (const std::string &line : told) {
                const bool refused = line.starts_with("close 4001 A message ");
                assert_true(refused ? changed : line.starts_with("text message "));
                if (!refused) assert_in_range(std::stoi(line.substr(13)), 0, said - 1);
            }
        }
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_the_handshake_comes_first),
        cmocka_unit_test(test_a_conversation),
        cmocka_unit_test(test_what_leaves_at_once_is_sealed),
        cmocka_unit_test(test_rekeying_after_what_left_at_once),
        cmocka_unit_test(test_what_cannot_be_sealed_does_not_leave),
        cmocka_unit_test(test_sealed_bytes_are_counted),
        cmocka_unit_test(test_keepalive_begins_when_secure),
        cmocka_unit_test(test_too_slow),
        cmocka_unit_test(test_plaintext_data_before_and_instead),
        cmocka_unit_test(test_hellos_out_of_turn),
        cmocka_unit_test(test_pings_are_let_be_until_it_is_secure),
        cmocka_unit_test(test_a_complaint_waits_for_the_channel),
        cmocka_unit_test(test_nothing_in_the_clear_once_secure),
        cmocka_unit_test(test_forged_and_replayed),
        cmocka_unit_test(test_new_keys_in_time),
        cmocka_unit_test(test_both_ends_become_secure),
        cmocka_unit_test(test_without_cale_both_ends_agree_too),
        cmocka_unit_test(test_a_server_without_cale_may_say_nothing),
        cmocka_unit_test(test_mismatches),
        cmocka_unit_test(test_the_server_s_control_frames_may_cross),
        cmocka_unit_test(test_after_the_first_record_nothing_crosses),
        cmocka_unit_test(test_a_hostile_network),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
