// What leaves through an outbox, whatever its size and however slowly the peer takes it, is what the session
// and the WebSocket layer said, whole and in order.
#include "server/outbox.h"

#include "cmocka.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"
#include "session_bench.hpp"
#include "ws/build.h"

#include <random>

using namespace cryo_core;
using cryo_test::session_bench;

namespace {

struct server_frame {
    unsigned opcode = 0;
    std::string payload;
};

// The next frame of a server.
server_frame receive_frame(cryo_test::raw_peer &peer) {
    const std::string head = peer.receive(2);
    if (head.size() < 2) return {};
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
        const std::string length = peer.receive(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : length)
            size = size << 8 | static_cast<unsigned char>(c);
    }
    return {static_cast<unsigned char>(head[0]), peer.receive(size)};
}

// A connection whose outbox is fed by a bench.
class feed {
  public:
    explicit feed(const session_options &options = {})
        : bench(options), service_([this](net::link &fresh) {
              auto *const made = new cryo_test::scripted_handler(fresh);
              made->flush = [this](cryo_test::scripted_handler &h) {
                  last_ = outbox_.flush(h.own, &bench.one, bench.now);
                  if (last_ == outbox::result::drained) drained.raise();
              };
              link_ = &fresh;
              ready_.raise();
              return made;
          }),
          peer(service_.port(), 4096) {
        bench.place = [this](std::size_t size) { return outbox_.claim(size); };
        bench.open();
        assert_true(ready_.wait());
    }
    ~feed() { service_.stop(); }

    // On the loop's thread.
    void run(const std::function<void(session_bench &, outbox &)> &act) {
        assert_true(cryo_test::run_in(service_.loop(), [&] {
            act(bench, outbox_);
            link_->request_flush();
        }));
    }
    // The same in a turn of the outbox.
    void run_in_turn(const std::function<void(session_bench &, outbox &)> &act) {
        assert_true(cryo_test::run_in(service_.loop(), [&] {
            const outbox::turn turn(outbox_, *link_);
            act(bench, outbox_);
        }));
    }
    void abort() {
        assert_true(cryo_test::run_in(service_.loop(), [&] {
            const outbox::turn turn(outbox_, *link_);
            assert_true(bench.say_at_once("for nobody"));
            link_->abort();
        }));
    }

  private:
    outbox outbox_;
    outbox::result last_ = outbox::result::drained;
    net::link *link_ = nullptr;
    cryo_test::signal ready_;

  public:
    session_bench bench;
    cryo_test::signal drained;

  private:
    cryo_test::service service_;

  public:
    cryo_test::raw_peer peer;
};

std::string pong_of(const std::string &payload) {
    std::string frame(2, '\0');
    ws::write_header(reinterpret_cast<std::uint8_t *>(frame.data()), ws::opcode::pong, payload.size());
    return frame + payload;
}

void test_loose_bytes_lead(void **) {
    feed to;
    to.run([](session_bench &bench, outbox &out) {
        bench.say("hello");
        bench.hear(9, codec::frame_type::utf8_data, "x");
        out.append(as_bytes(pong_of("a")));
    });
    assert_string_equal(receive_frame(to.peer).payload.c_str(), "a");
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "ack 9");
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "text 0 hello");
    assert_true(to.drained.wait());
    assert_int_equal(to.bench.counters.pending_bytes.load(), 0);
}

// Small frames, frames of the size of a batch, and frames larger than any buffer between here and the peer.
void test_any_size_in_order(void **) {
    feed to;
    std::mt19937 random(7);
    const std::size_t sizes[] = {0, 1, 104, 105, 125, 126, 65535 - 21, 65536 - 21, 65536, 300'000, 1'500'000};
    std::vector<std::string> sent;
    std::vector<std::string> pongs;
    for (int round = 0; round < 12; ++round) {
        to.run([&](session_bench &bench, outbox &out) {
            for (int i = 0; i < 6; ++i) {
                sent.emplace_back(sizes[random() % std::size(sizes)], static_cast<char>('a' + random() % 26));
                assert_true(bench.say(sent.back()));
                pongs.push_back(std::to_string(pongs.size()));
                out.append(as_bytes(pong_of(pongs.back())));
            }
        });
        if (round % 3 != 2) continue; // let it pile up
        std::size_t frames = 0, controls = 0;
        while (frames < sent.size() || controls < pongs.size()) {
            const server_frame got = receive_frame(to.peer);
            if (got.opcode == 0x8a) {
                assert_true(got.payload == pongs[controls++]);
                continue;
            }
            assert_int_equal(got.opcode, 0x82);
            assert_true(got.payload.size() >= codec::header_size);
            assert_true(got.payload.substr(codec::header_size) == sent[frames++]);
        }
        sent.clear();
        pongs.clear();
    }
}

void test_a_turn_leads(void **) {
    feed to;
    to.run_in_turn([](session_bench &bench, outbox &out) {
        bench.hear(9, codec::frame_type::utf8_data, "x");
        assert_true(bench.say_at_once("hello"));
        out.append(as_bytes(pong_of("a")));
        assert_false(bench.say_at_once("would overtake it"));
        bench.hear(10, codec::frame_type::utf8_data, "y");
        assert_true(bench.say("waits"));
    });
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "ack 9");
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "text 0 hello");
    assert_string_equal(receive_frame(to.peer).payload.c_str(), "a");
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "ack 10");
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "text 1 waits");
    assert_true(to.drained.wait());
    assert_int_equal(to.bench.counters.pending_bytes.load(), 0);
}

void test_nothing_is_claimed_out_of_turn(void **) {
    feed to;
    to.run([](session_bench &bench, outbox &) { assert_false(bench.say_at_once("not now")); });
    to.run_in_turn([](session_bench &bench, outbox &out) {
        out.end_turn();
        assert_false(bench.say_at_once("not any more"));
    });
    to.run_in_turn([](session_bench &, outbox &) {}); // nothing said, nothing left behind
    to.run([](session_bench &bench, outbox &) {
        assert_false(bench.say_at_once("nor now"));
        assert_true(bench.say("behind it"));
    });
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "text 0 behind it");
}

// More than there is room for, and more than the peer takes: the rest waits, in its order.
void test_a_turn_has_an_end(void **) {
    feed to;
    std::size_t at_once = 0;
    constexpr std::size_t count = 1500, size = 10'000; // more than the system takes
    to.run_in_turn([&](session_bench &bench, outbox &) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::string text(size, static_cast<char>('a' + i % 26));
            if (bench.say_at_once(text))
                ++at_once;
            else
                assert_true(bench.say(text));
        }
    });
    assert_in_range(at_once, 1, 27); // 256 KiB
    to.run_in_turn(
        [](session_bench &bench, outbox &) { assert_false(bench.say_at_once("not past what waits")); });
    for (std::size_t i = 0; i < count; ++i) {
        const std::string got = receive_frame(to.peer).payload;
        assert_int_equal(got.size(), codec::header_size + size);
        assert_int_equal(load_be<std::uint32_t>(as_bytes(got).data() + 16), i);
        assert_int_equal(got.back(), 'a' + i % 26);
    }
}

void test_a_link_that_is_over_leaves_nothing_behind(void **) {
    feed gone;
    gone.abort();
    assert_string_equal(receive_frame(gone.peer).payload.c_str(), "");
}

void test_what_was_left_out_is_not_there(void **) {
    feed to;
    to.run_in_turn([](session_bench &bench, outbox &out) {
        assert_true(bench.say_at_once("one"));
        assert_non_null(out.claim(300));
        out.leave_out(300);
        assert_true(bench.say_at_once("two"));
    });
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "text 0 one");
    assert_string_equal(cryo_test::describe(receive_frame(to.peer).payload).c_str(), "text 1 two");
}

void test_a_control_frame_passes_what_waits(void **) {
    feed to;
    to.run([](session_bench &bench, outbox &) {
        for (int i = 0; i < 100; ++i)
            bench.say(std::string(100'000, 'x'));
    });
    assert_int_equal(receive_frame(to.peer).payload.size(), 100'000 + codec::header_size);
    to.run([](session_bench &bench, outbox &) { bench.hear(5, codec::frame_type::binary_data, "x"); });
    int before = 1;
    while (receive_frame(to.peer).payload.size() != codec::header_size)
        ++before;
    assert_in_range(before, 1, 99); // the buffers of the system are in between
    for (int i = before; i < 100; ++i)
        assert_int_equal(receive_frame(to.peer).payload.size(), 100'000 + codec::header_size);
}

void test_a_slow_peer_holds_the_queue(void **) {
    feed to({.policy = drop_policy::drop_newest});
    std::uint64_t held_bytes = 0;
    to.run([&](session_bench &bench, outbox &) {
        std::size_t accepted = 0;
        while (bench.say(std::string(1'000'000, 'x')))
            ++accepted;
        held_bytes = bench.counters.pending_bytes.load();
        assert_in_range(accepted, 24, 26); // 16 MiB and 8 MiB, and what passes the mark
    });
    assert_in_range(held_bytes, 24'000'000, 27'000'000);
    for (int i = 0; i < 20; ++i)
        assert_int_equal(receive_frame(to.peer).payload.size(), 1'000'000 + codec::header_size);
    to.run([](session_bench &bench, outbox &) { assert_true(bench.say("more")); });
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_loose_bytes_lead),
        cmocka_unit_test(test_any_size_in_order),
        cmocka_unit_test(test_a_turn_leads),
        cmocka_unit_test(test_nothing_is_claimed_out_of_turn),
        cmocka_unit_test(test_a_turn_has_an_end),
        cmocka_unit_test(test_a_link_that_is_over_leaves_nothing_behind),
        cmocka_unit_test(test_what_was_left_out_is_not_there),
        cmocka_unit_test(test_a_control_frame_passes_what_waits),
        cmocka_unit_test(test_a_slow_peer_holds_the_queue),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
