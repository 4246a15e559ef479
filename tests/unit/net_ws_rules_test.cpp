// What a client makes of a server that breaks the rules of RFC 6455, or stretches them.
#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "raw_peer.hpp"
#include "upgrade/accept_key.h"
#include "upgrade/answer.h"
#include "ws_frames.hpp"

#include <csignal>

using namespace cryo_test;
using cryo_core::from_ms;
using cryo_core::status;

namespace {

std::string answer_to(raw_peer &peer, const std::string &extra = {}) {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos)
        head += peer.receive_some();
    const auto at = head.find("Sec-WebSocket-Key: ") + 19;
    std::string answer =
        cryo_core::upgrade::switching_protocols(cryo_core::upgrade::accept_key(head.substr(at, 24)));
    return answer.insert(answer.size() - 2, extra);
}

std::string frame(unsigned first, const std::string &payload, length_form form = length_form::shortest,
                  bool masked = false) {
    return encode(wire_frame{.first = first, .payload = payload, .form = form, .wrong_mask = masked},
                  ws::role::client);
}

// The client's close frame: its code and reason.
std::string closed_with(raw_peer &peer) {
    const std::string start = peer.receive(2);
    if (start.size() < 2 || start[0] != '\x88') return "no close frame";
    const std::string rest = peer.receive(4 + static_cast<std::size_t>(start[1] & 0x7f));
    std::string payload = rest.substr(4);
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload[i] ^ rest[i % 4]);
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(payload[i]); };
    return std::to_string(byte(0) << 8 | byte(1)) + " " + payload.substr(2);
}

const struct violation {
    std::string frames;
    const char *told;
} violations[] = {
    {frame(0x82, "hi", length_form::shortest, true), "1002 frame is masked"},
    {frame(0x81, "hi", length_form::shortest, true), "1002 frame is masked"},
    {frame(0x89, "", length_form::shortest, true), "1002 frame is masked"},
    {frame(0xc2, "hi"), "1002 a reserved bit is set"},
    {frame(0xa2, "hi"), "1002 a reserved bit is set"},
    {frame(0x92, "hi"), "1002 a reserved bit is set"},
    {frame(0x83, "hi"), "1002 reserved opcode"},
    {frame(0x8b, ""), "1002 reserved opcode"},
    {frame(0x80, "hi"), "1002 continuation of nothing"},
    {frame(0x02, "a") + frame(0x82, "b"), "1002 new message inside a message"},
    {frame(0x09, "hi"), "1002 fragmented control frame"},
    {frame(0x08, ""), "1002 fragmented control frame"},
    {frame(0x89, std::string(126, 'p')), "1002 control frame too long"},
    {frame(0x88, "\x03\xe8" + std::string(124, 'p')), "1002 control frame too long"},
    {frame(0x82, "hi", length_form::two_bytes), "1002 length not in its shortest form"},
    {frame(0x82, std::string(300, 'x'), length_form::eight_bytes), "1002 length not in its shortest form"},
    {std::string("\x82\x7f\x80\0\0\0\0\0\0\0", 10), "1002 length over 63 bits"},
    {frame(0x88, "\x03"), "1002 close frame with half a code"},
    {frame(0x88, std::string("\x03\xe7", 2)), "1002 close code out of range"}, // 999
    {frame(0x88, std::string("\x03\xec", 2)), "1002 close code out of range"}, // 1004
    {frame(0x88, std::string("\x03\xed", 2)), "1002 close code out of range"}, // 1005
    {frame(0x88, std::string("\x03\xee", 2)), "1002 close code out of range"}, // 1006
    {frame(0x88, std::string("\x03\xf7", 2)), "1002 close code out of range"}, // 1015
    {frame(0x88, std::string("\x07\xd0", 2)), "1002 close code out of range"}, // 2000
    {frame(0x88, std::string("\x13\x88", 2)), "1002 close code out of range"}, // 5000
    {frame(0x88, std::string("\0\0", 2)), "1002 close code out of range"},
    {frame(0x88, "\x03\xe8\xff"), "1007 close reason is not UTF-8"},
    {frame(0x88, "\x03\xe8 \xe2\x82"), "1007 close reason is not UTF-8"},
    {frame(0x81, "\xc0\x80"), "1007 text is not UTF-8"},
    {frame(0x01, "\xe2\x82") + frame(0x80, "x"), "1007 text is not UTF-8"},
};

void each_violation_is_answered_and_told(void **) {
    for (const violation &each : violations)
        for (const bool with_the_answer : {true, false}) {
            dial_recorder r;
            client_loop loop;
            raw_listener server;
            r.dial(loop, target_at(server.port()));
            raw_peer peer = server.accept();
            const std::string before = frame(0x82, "good");
            const std::string behind = frame(0x82, "never seen") + frame(0x88, "\x03\xe8");
            const std::string answer = answer_to(peer);
            if (with_the_answer) {
                peer.send(answer + before + each.frames + behind);
            } else { // byte by byte, so that each is read by itself perhaps
                peer.send(answer);
                for (const char c : before + each.frames + behind)
                    peer.send({&c, 1});
            }
            const std::string close = closed_with(peer);
            if (close != each.told) fail_msg("%s, not %s", close.c_str(), each.told);
            peer.close();
            assert_true(r.gone.wait());
            assert_string_equal(r.violation.c_str(), each.told);
            assert_int_equal(r.messages.size(), 1);
            assert_int_equal(r.peer_closed.count(), 0);
            assert_int_equal(r.failed.count(), 0);
        }
}

void codes_are_told_as_they_are(void **) {
    for (const unsigned code :
         {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, target_at(server.port()));
        raw_peer peer = server.accept();
        const std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
        peer.send(answer_to(peer) + frame(0x88, payload + "gr\xc3\xbc\xc3\x9f" + "e"));
        assert_true(r.gone.wait());
        assert_string_equal(r.closed_with.c_str(),
                            (std::to_string(code) + " gr\xc3\xbc\xc3\x9f" + "e").c_str());
        assert_string_equal(r.violation.c_str(), "");
    }
}

// What the server said before its end counts, though what we send meanwhile finds nobody.
void the_last_words_of_a_server_that_hangs_up(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, target_at(server.port()));
    raw_peer peer = server.accept();
    peer.send(answer_to(peer));
    assert_true(r.connected.wait());
    assert_true(run_in(loop.get(), [&] { // it hears of both at once
        peer.send(frame(0x82, "still this") + frame(0x88, "\x0f\xa1goodbye"));
        peer.reset();
        r.put(ws::opcode::binary, "x");
        r.put(ws::opcode::binary, "y");
    }));
    assert_true(r.gone.wait());
    assert_int_equal(r.messages.size(), 1);
    assert_string_equal(r.closed_with.c_str(), "4001 goodbye");
}

void interim_answers_and_long_heads(void **) {
    const std::string interim[] = {"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
                                   "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n"};
    for (int i = 0; i < 5; ++i) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, target_at(server.port()));
        raw_peer peer = server.accept();
        std::string before, extra;
        if (i < 3) before = interim[i];
        if (i == 3)
            for (int n = 0; n < 300; ++n)
                before += interim[n % 3];
        if (i == 4)
            for (int n = 0; n < 15; ++n)
                extra += "Set-Cookie: c" + std::to_string(n) + "=" + std::string(1000, 'x') + "; Path=/\r\n";
        const std::string all = before + answer_to(peer, extra) + frame(0x82, "first");
        for (std::size_t at = 0; at < all.size(); at += 100)
            peer.send(std::string_view(all).substr(at, 100));
        if (!r.message.wait()) fail_msg("%s", r.why.reason.text.c_str());
    }
}

void a_head_that_is_too_long_is_told_so(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, target_at(server.port()));
    raw_peer peer = server.accept();
    peer.send(answer_to(peer, "Set-Cookie: " + std::string(17'000, 'x') + "\r\n"));
    assert_true(r.failed.wait());
    assert_int_equal(r.why.reason.code, status::http);
    assert_true(r.why.reason.text.find("its head is too long") != std::string::npos);
}

// No more than one pong waits for a server that sends pings and reads nothing.
void pings_of_a_server_that_does_not_read(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, target_at(server.port()));
    raw_peer peer = server.accept();
    peer.send(answer_to(peer));
    assert_true(r.connected.wait());
    assert_true(run_in(loop.get(), [&] { r.put(ws::opcode::binary, std::string(16 * 1024 * 1024, 'x')); }));
    std::string pings;
    for (int i = 0; i < 1000; ++i)
        pings += frame(0x89, std::to_string(i));
    peer.send(pings + frame(0x82, "behind them"));
    assert_true(r.message.wait());
    assert_int_equal(peer.receive(10 + 4 + 16 * 1024 * 1024).size(), 14 + 16 * 1024 * 1024);
    const std::string pong = peer.receive(2 + 4 + 3);
    assert_true(pong.size() == 9 && pong[0] == '\x8a' && (pong[1] & 0x7f) == 3);
    assert_int_equal(pong[6] ^ pong[2], '9');
    assert_int_equal(pong[8] ^ pong[4], '9');
    assert_false(peer.readable(50));
}

// A write to a connection that is gone raises no signal, whoever handles it.
void no_sigpipe(void **) {
    const auto before = ::signal(SIGPIPE, SIG_DFL);
    for (int i = 0; i < 20; ++i) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        ::signal(SIGPIPE, SIG_DFL); // libwebsockets sets it when a context is made
        r.dial(loop, target_at(server.port()));
        raw_peer peer = server.accept();
        peer.send(answer_to(peer));
        assert_true(r.connected.wait());
        peer.reset();
        assert_true(run_in(loop.get(), [&] {
            for (int n = 0; n < 10 && r.own != nullptr; ++n)
                r.put(ws::opcode::binary, std::string(100'000, 'x')), r.write_out();
        }));
        assert_true(r.gone.wait());
    }
    ::signal(SIGPIPE, before);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(each_violation_is_answered_and_told),
        cmocka_unit_test(codes_are_told_as_they_are),
        cmocka_unit_test(the_last_words_of_a_server_that_hangs_up),
        cmocka_unit_test(interim_answers_and_long_heads),
        cmocka_unit_test(a_head_that_is_too_long_is_told_so),
        cmocka_unit_test(pings_of_a_server_that_does_not_read),
        cmocka_unit_test(no_sigpipe),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
