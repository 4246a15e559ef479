// Each allocation of a session fails once: what could not be done is refused, and the rest goes on.
#include "cmocka.hpp"
#include "failing_memory.h"
#include "session_bench.hpp"

#include <new>
#include <thread>

using namespace cryo_core;
namespace memory = cryo_test::memory;

namespace {

class silent_events final : public session_events {
  public:
    void on_open() override { ++told; }
    void on_message(message_kind, bytes_view) override { ++told; }
    void on_statistic(statistic, double) override { ++told; }
    void on_close_wanted(std::uint16_t, std::string_view) override { ++told; }
    void on_computation(cale_job) override {}
    void on_dropped(const data_frame &, drop_reason) override { ++told; }
    void on_writable() override { ++told; }
    void on_receipt(std::uint64_t, receipt_outcome, double, std::string_view) override { ++receipts; }
    int told = 0;
    int receipts = 0;
};

int refused = 0; // calls that found no memory

template <typename Function>
void attempt(Function function) {
    try {
        memory::counted(function);
    } catch (const std::bad_alloc &) {
        ++refused;
    }
}

void take_everything(session &one, std::vector<std::string> &wire) {
    for (;;) {
        const std::size_t size = one.next_frame_size();
        if (size == 0) break;
        std::string frame(size, '\0');
        memory::counted(
            [&] { assert_true(one.take_frame(reinterpret_cast<std::uint8_t *>(frame.data()), 0)); });
        wire.push_back(cryo_test::describe(frame));
    }
    one.flushed();
}

// Received in place, so from a copy; and a copy needs no memory that may fail.
void receive(session &one, std::string message) {
    attempt([&] { one.receive({reinterpret_cast<std::uint8_t *>(message.data()), message.size()}, 0); });
}

void session_script() {
    refused = 0;
    session_options options{.high_water_mark = 200, .low_water_mark = 100};
    session_counters counters;
    silent_events events;
    int with_receipt = 0;
    std::vector<std::string> wire;
    const std::string early = cryo_test::frame_text(0, codec::frame_type::utf8_data, "early");
    const std::string text = cryo_test::frame_text(1, codec::frame_type::utf8_data, "text");
    {
        session one(cryo_test::bench_sid, {.options = options, .counters = counters, .events = events}, 0);
        receive(one, early);
        attempt([&] { one.peer_listens(0); });
        for (int i = 0; i < 40; ++i) {
            receive(one, text);
            attempt([&] {
                auto frame = make_frame(message_kind::utf8, shared_bytes::copy(as_bytes("some text")));
                frame.receipt = 7;
                if (one.send(std::move(frame), 0) == status::ok) ++with_receipt;
            });
            receive(one, "rub");
        }
        attempt([&] { one.ping(); });
        take_everything(one, wire);
        take_everything(one, wire);
        attempt([&] { one.tick(from_ms(20'000)); });
        take_everything(one, wire);
        attempt([&] { one.begin_close(); });
        take_everything(one, wire);
        one.end();
    }
    assert_true(refused <= 1); // one failure is one refusal at most, and some are not even that
    assert_true(events.told > 2);
    assert_int_equal(events.receipts, with_receipt);
    std::uint32_t own = 0; // the numbers have no gap
    for (const std::string &line : wire)
        if (line.starts_with("text") || line.starts_with("ping"))
            assert_int_equal(std::stoul(line.substr(5)), own++);
}

void test_a_session(void **) {
    // On a thread of its own each time: what the pool keeps for a thread would be taken before memory is
    // asked for.
    memory::fail_each("session", 12, [] { std::thread(session_script).join(); });
}

} // namespace

int main() {
    const CMUnitTest tests[] = {cmocka_unit_test(test_a_session)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
