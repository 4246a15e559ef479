// The connected WebSocket of a client: messages both ways, closing, and being dropped at any moment.
#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "raw_peer.hpp"
#include "ws_frames.hpp"
#include "ws_server.hpp"

#include <ctime>

using namespace cryo_test;
using cryo_core::from_ms;
using cryo_core::status;

namespace {

std::string pattern(std::size_t size) {
    std::string data(size, '\0');
    std::uint32_t x = 4321;
    for (char &c : data) {
        x = x * 1664525 + 1013904223;
        c = static_cast<char>(x >> 24);
    }
    return data;
}

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// A server that is a socket: upgraded, and then what the test says.
raw_peer upgraded_by_hand(const raw_listener &server, const std::string &behind = {}) {
    raw_peer peer = server.accept();
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos)
        head += peer.receive_some();
    const auto at = head.find("Sec-WebSocket-Key: ") + 19;
    peer.send(cryo_core::upgrade::switching_protocols(cryo_core::upgrade::accept_key(head.substr(at, 24))) +
              behind);
    return peer;
}

std::string frame(unsigned first, const std::string &payload, std::uint64_t more_declared = 0) {
    return encode(wire_frame{.first = first, .payload = payload, .more_declared = more_declared},
                  ws::role::client);
}

// The next frame that a client sent: its first byte, and its payload.
struct sent_frame {
    unsigned first = 0;
    bool masked = false;
    std::string payload;
};
sent_frame receive_frame(raw_peer &peer) {
    std::string start = peer.receive(2);
    if (start.size() < 2) return {};
    sent_frame f{static_cast<unsigned char>(start[0]), (start[1] & 0x80) != 0, {}};
    std::uint64_t size = start[1] & 0x7f;
    if (size > 125) {
        const std::string rest = peer.receive(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : rest)
            size = size << 8 | static_cast<unsigned char>(c);
    }
    const std::string key = f.masked ? peer.receive(4) : std::string(4, '\0');
    f.payload = peer.receive(size);
    for (std::size_t i = 0; i < f.payload.size(); ++i)
        f.payload[i] = static_cast<char>(f.payload[i] ^ key[i % 4]);
    return f;
}

void echo_of_all_sizes(void **) {
    dial_recorder r;
    client_loop loop;
    ws_server server;
    const std::size_t sizes[] = {
        0, 1, 125, 126, 16383, 16384, 16385, 65535, 65536, 1024 * 1024, 3'000'000, 16 * 1024 * 1024, 5};
    r.when_connected = [&](dial_recorder &self) {
        for (const std::size_t size : sizes) {
            self.put(ws::opcode::binary, pattern(size));
            self.put(ws::opcode::text, std::string(size % 1000, 't'));
        }
    };
    r.dial(loop, target_at(server.port()));
    const int count = 2 * static_cast<int>(std::size(sizes));
    assert_true(r.message.wait(count, 60'000));
    for (std::size_t i = 0; i < std::size(sizes); ++i) {
        if (sizes[i] == 0) assert_string_equal(r.messages[2 * i].c_str(), "b:");
        assert_true(r.messages[2 * i] == "b:" + pattern(sizes[i]));
        assert_true(r.messages[2 * i + 1] == "t:" + std::string(sizes[i] % 1000, 't'));
    }
    assert_true(r.life > 0); // large ones come in pieces
}

void many_small_ones_in_order(void **) {
    dial_recorder r;
    client_loop loop;
    ws_server server;
    constexpr int count = 20'000;
    r.when_connected = [](dial_recorder &self) {
        for (int i = 0; i < count; ++i)
            self.put(ws::opcode::binary, std::to_string(i));
    };
    r.dial(loop, target_at(server.port()));
    assert_true(r.message.wait(count, 60'000));
    for (int i = 0; i < count; ++i)
        assert_true(r.messages[static_cast<std::size_t>(i)] == "b:" + std::to_string(i));
}

void fragments_with_pings_between_them(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, target_at(server.port()));
    raw_peer peer = upgraded_by_hand(server);
    peer.send(frame(0x02, "ab") + frame(0x89, "are you there") + frame(0x00, "") +
              frame(0x00, pattern(40'000)) + frame(0x8a, "unasked") + frame(0x80, "yz"));
    assert_true(r.message.wait());
    assert_true(r.messages[0] == "b:ab" + pattern(40'000) + "yz");
    peer.send(frame(0x01, "") + frame(0x80, "") + frame(0x82, "next"));
    assert_true(r.message.wait(3));
    assert_string_equal(r.messages[1].c_str(), "t:");
    assert_string_equal(r.messages[2].c_str(), "b:next");
    const sent_frame pong = receive_frame(peer);
    assert_int_equal(pong.first, 0x8a);
    assert_true(pong.masked);
    assert_string_equal(pong.payload.c_str(), "are you there");
}

// A reader that takes its time: what is sent meanwhile arrives whole, the client goes on reading, and waiting
// costs no time.
void a_server_that_does_not_read_for_a_while(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.dial(loop, target_at(server.port()));
    raw_peer peer = upgraded_by_hand(server);
    assert_true(r.connected.wait());
    const std::string big = pattern(16 * 1024 * 1024);
    assert_true(run_in(loop.get(), [&] {
        for (int i = 0; i < 300; ++i)
            r.put(ws::opcode::binary, pattern(20'000));
        r.put(ws::opcode::binary, big);
        r.put(ws::opcode::text, "last");
    }));
    const double before = cpu_seconds();
    for (int i = 1; i <= 10; ++i) {
        assert_true(peer.send(frame(0x89, "ping") + frame(0x82, "x")));
        assert_true(r.message.wait(i));
        ::poll(nullptr, 0, 20); // the time over which the processor's is measured
    }
    assert_true(cpu_seconds() - before < 0.15);
    std::vector<sent_frame> got;
    int pongs = 0;
    while (got.size() < 302) {
        sent_frame f = receive_frame(peer);
        if (f.first == 0) fail_msg("the connection is gone after %zu messages", got.size());
        if (f.first == 0x8a)
            ++pongs;
        else
            got.push_back(std::move(f));
    }
    for (std::size_t i = 0; i < 300; ++i)
        assert_true(got[i].payload == pattern(20'000));
    assert_true(got[300].payload == big);
    assert_true(got[301].first == 0x81 && got[301].payload == "last");
    assert_true(pongs >= 0);
}

void pause_leaves_bytes_with_the_system(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.when_message = [&](dial_recorder &self) { self.own->pause_read(); };
    r.dial(loop, target_at(server.port()));
    raw_peer peer = upgraded_by_hand(server);
    assert_true(peer.send(frame(0x82, "first")));
    assert_true(r.message.wait());
    const std::string all = frame(0x82, pattern(32 * 1024 * 1024));
    std::size_t sent = peer.send_some(all);
    for (pollfd p{peer.fd(), POLLOUT, 0}; ::poll(&p, 1, 200) == 1;)
        sent += peer.send_some(std::string_view(all).substr(sent));
    assert_true(sent < all.size());
    const double before = cpu_seconds();
    ::poll(nullptr, 0, 100);
    assert_true(cpu_seconds() - before < 0.05);
    assert_int_equal(r.messages.size(), 1);
    assert_true(run_in(loop.get(), [&] { r.own->abort(); })); // max_message is 16 MiB
    assert_true(r.gone.wait());
}

void resumed_reading_misses_nothing(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.when_message = [&](dial_recorder &self) { self.own->pause_read(); };
    r.dial(loop, target_at(server.port()));
    raw_peer peer = upgraded_by_hand(server);
    std::string all;
    for (int i = 0; i < 50; ++i)
        all += frame(0x82, std::to_string(i));
    assert_true(peer.send(all));
    for (int i = 1; i <= 50; ++i) {
        assert_true(r.message.wait(i));
        assert_true(run_in(loop.get(), [&] {
            assert_int_equal(r.messages.size(), i);
            r.own->resume_read();
        }));
    }
    for (int i = 0; i < 50; ++i)
        assert_string_equal(r.messages[static_cast<std::size_t>(i)].c_str(),
                            ("b:" + std::to_string(i)).c_str());
}

// By the first piece of the frame that makes it so.
void too_big_is_told_before_it_has_come(void **) {
    for (int way = 0; way < 3; ++way) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        auto to = target_at(server.port());
        to.max_message = 100'000;
        r.dial(loop, std::move(to));
        raw_peer peer = upgraded_by_hand(server);
        peer.send(frame(0x82, std::string(100'000, 'x')));
        assert_true(r.message.wait());
        const std::string piece(16 * 1024, 'a');
        if (way == 0) peer.send(frame(0x82, piece, 100'001 - piece.size()));
        if (way == 1) peer.send(frame(0x82, piece, std::uint64_t{1} << 40));
        if (way == 2)
            peer.send(frame(0x02, std::string(60'000, 'a')) + frame(0x00, piece, 40'001 - piece.size()));
        assert_true(r.too_big.wait());
        assert_true(run_in(loop.get(), [&] {
            r.put_close(1009, "too big");
            r.own->finish();
        }));
        const sent_frame close = receive_frame(peer);
        assert_int_equal(close.first, 0x88);
        assert_true(close.payload == "\x03\xf1too big");
        peer.close();
        assert_true(r.gone.wait());
        assert_int_equal(r.messages.size(), 1);
        assert_int_equal(r.peer_closed.count(), 0);
    }
}

void the_server_closes_with_code_and_reason(void **) {
    struct {
        std::string payload;
        const char *told;
    } const closes[] = {{"\x0f\xa1goodbye", "4001 goodbye"},
                        {"\x03\xe9", "1001 "},
                        {"", "1005 "},
                        {"\x0f\xab" + std::string(123, 'r'), nullptr}};
    for (const auto &each : closes) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.when_peer_closes = [](dial_recorder &self) {
            self.put(ws::opcode::binary, "still this");
            self.put_close(4001, "you said so");
        };
        r.dial(loop, target_at(server.port()));
        raw_peer peer = upgraded_by_hand(server, frame(0x88, each.payload));
        assert_true(r.gone.wait());
        assert_string_equal(r.closed_with.c_str(),
                            each.told != nullptr ? each.told : ("4011 " + std::string(123, 'r')).c_str());
        assert_true(receive_frame(peer).payload == "still this");
        const sent_frame answer = receive_frame(peer);
        assert_int_equal(answer.first, 0x88);
        assert_true(answer.masked && answer.payload == "\x0f\xa1you said so");
        assert_true(peer.receive_some().empty()); // and no second close frame
        assert_true(peer.at_end());
    }
}

void the_client_closes(void **) {
    dial_recorder r;
    client_loop loop;
    std::string seen;
    ws_script script;
    script.on_frame = [&](ws::opcode kind, const std::string &what) {
        if (kind == ws::opcode::close) seen = what;
    };
    ws_server server(script);
    r.when_connected = [](dial_recorder &self) {
        self.put(ws::opcode::binary, "last words");
        self.put_close(4000, "enough");
    };
    r.dial(loop, target_at(server.port()));
    assert_true(r.gone.wait());
    assert_string_equal(r.messages[0].c_str(), "b:last words");
    assert_string_equal(seen.c_str(), "4000 enough");
    assert_string_equal(r.closed_with.c_str(), "4000 ");
}

void finish_gives_a_stubborn_server_one_second(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    r.when_connected = [](dial_recorder &self) {
        self.put_close(1000, "");
        self.own->finish();
    };
    const auto begin = cryo_core::monotonic_now();
    r.dial(loop, target_at(server.port()));
    raw_peer peer = upgraded_by_hand(server, frame(0x82, "still heard"));
    assert_true(r.gone.wait());
    const auto took = cryo_core::monotonic_now() - begin;
    assert_true(took >= from_ms(950) && took < from_ms(4000));
    assert_int_equal(r.messages.size(), 1); // it answers what it has got before, perhaps
}

void lost_while_it_is_open(void **) {
    for (int way = 0; way < 4; ++way) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, target_at(server.port()));
        raw_peer peer = upgraded_by_hand(server);
        assert_true(r.connected.wait());
        if (way == 0) peer.close();
        if (way == 1) peer.reset();
        if (way == 2) { // in the middle of a message
            peer.send(frame(0x82, "begun", 1000));
            peer.close();
        }
        if (way == 3) peer.send("\xff\xff\xff\xff"); // no frame
        assert_true(r.gone.wait());
        assert_int_equal(r.failed.count(), 0);
        assert_int_equal(r.peer_closed.count(), 0);
        assert_int_equal(r.messages.size(), 0);
    }
}

void exceptions_drop_the_link(void **) {
    for (int where = 0; where < 3; ++where) {
        dial_recorder r;
        client_loop loop;
        ws_server server;
        const auto refuse = [](dial_recorder &) { throw std::runtime_error("no"); };
        if (where == 0) r.when_connected = refuse;
        if (where == 1) r.when_message = refuse;
        if (where == 2) r.when_flushed = refuse;
        if (where != 0) r.when_connected = [](dial_recorder &self) { self.put(ws::opcode::binary, "echo"); };
        r.dial(loop, target_at(server.port()));
        assert_true(r.gone.wait());
        assert_int_equal(r.failed.count(), 0);
    }
}

void every_method_is_harmless_at_every_time(void **) {
    dial_recorder r;
    client_loop loop;
    ws_server server;
    const auto all = [](net::ws_link &l) {
        l.pause_read();
        l.resume_read();
        l.request_flush();
        l.abort();
        l.abort();
        l.finish();
        l.pause_read();
        l.resume_read();
        l.request_flush();
        if (l.writable() != 0 || l.write(cryo_core::as_bytes("x"))) std::abort();
    };
    r.when_message = [&](dial_recorder &self) { all(*self.own); };
    r.when_connected = [](dial_recorder &self) { self.put(ws::opcode::binary, "x"); };
    assert_true(run_in(loop.get(), [&] {
        r.own = &net::dialer::dial(loop.get(), target_at(server.port()), r);
        if (r.own->writable() != 0 || !r.own->remote_address().empty()) std::abort();
        r.own->request_flush();
        r.own->pause_read();
        r.own->resume_read();
    }));
    assert_true(r.gone.wait());
    assert_int_equal(r.message.count(), 1);
}

void aborted_before_anything_happens(void **) {
    for (const char *host : {"127.0.0.1", "localhost", "no-such-host.invalid"})
        for (const bool finish : {false, true}) {
            dial_recorder r;
            client_loop loop;
            raw_listener server;
            assert_true(run_in(loop.get(), [&] {
                net::ws_link &l = net::dialer::dial(loop.get(), target_at(server.port(), host), r);
                finish ? l.finish() : l.abort();
                if (r.gone.count() != 0) std::abort();
            }));
            assert_true(r.gone.wait());
            assert_int_equal(r.failed.count() + r.connected.count(), 0);
        }
}

// Stages: the name is being looked up; connecting; waiting for the answer to the upgrade; open; with much to
// send.
void bring_to(int stage, dial_recorder &r, client_loop &loop, const raw_listener &server,
              const raw_listener &full, raw_peer &peer) {
    auto to = target_at(server.port(), stage == 0 ? "no-such-host.invalid" : "localhost");
    if (stage == 1) to.addresses = {loopback(full.port())};
    r.dial(loop, std::move(to));
    if (stage < 2) return;
    if (stage == 2) {
        peer = server.accept();
        assert_true(!peer.receive(20).empty());
        return;
    }
    peer = upgraded_by_hand(server);
    assert_true(r.connected.wait());
    if (stage == 4)
        assert_true(run_in(loop.get(), [&] { r.put(ws::opcode::binary, pattern(8 * 1024 * 1024)); }));
}

void aborted_and_torn_down_at_each_stage(void **) {
    raw_listener full(AF_INET, 0);
    raw_peer waiting[4];
    for (raw_peer &each : waiting)
        each.start_connecting(full.port());
    for (const bool tear_down : {false, true})
        for (int stage = 0; stage < 5; ++stage) {
            dial_recorder r;
            client_loop loop;
            raw_listener server;
            raw_peer peer;
            bring_to(stage, r, loop, server, full, peer);
            if (tear_down) {
                loop.stop();
            } else {
                assert_true(run_in(loop.get(), [&] {
                    if (r.own != nullptr) r.own->abort();
                }));
                assert_true(r.gone.wait());
            }
            assert_int_equal(r.gone.count(), 1);
            if (stage > 0) assert_int_equal(r.failed.count(), 0); // the name may have been found missing
            if (peer.connected())
                while (!peer.receive_some().empty()) {
                }
        }
}

void many_at_once(void **) {
    constexpr int count = 100;
    std::vector<std::unique_ptr<dial_recorder>> all;
    client_loop loop;
    ws_server server;
    for (int i = 0; i < count; ++i) {
        all.push_back(std::make_unique<dial_recorder>());
        all.back()->when_connected = [i](dial_recorder &self) {
            self.put(ws::opcode::binary, "client " + std::to_string(i));
        };
        all.back()->dial(loop, target_at(server.port()));
    }
    for (int i = 0; i < count; ++i) {
        dial_recorder &r = *all[static_cast<std::size_t>(i)];
        assert_true(r.message.wait());
        assert_string_equal(r.messages[0].c_str(), ("b:client " + std::to_string(i)).c_str());
    }
    loop.stop();
    for (const auto &r : all)
        assert_int_equal(r->gone.count(), 1);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(echo_of_all_sizes),
        cmocka_unit_test(many_small_ones_in_order),
        cmocka_unit_test(fragments_with_pings_between_them),
        cmocka_unit_test(a_server_that_does_not_read_for_a_while),
        cmocka_unit_test(pause_leaves_bytes_with_the_system),
        cmocka_unit_test(resumed_reading_misses_nothing),
        cmocka_unit_test(too_big_is_told_before_it_has_come),
        cmocka_unit_test(the_server_closes_with_code_and_reason),
        cmocka_unit_test(the_client_closes),
        cmocka_unit_test(finish_gives_a_stubborn_server_one_second),
        cmocka_unit_test(lost_while_it_is_open),
        cmocka_unit_test(exceptions_drop_the_link),
        cmocka_unit_test(every_method_is_harmless_at_every_time),
        cmocka_unit_test(aborted_before_anything_happens),
        cmocka_unit_test(aborted_and_torn_down_at_each_stage),
        cmocka_unit_test(many_at_once),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
