// Micro-benchmarks of the parts that every message goes through. `./dev bench micro` runs them.
#include "base/shared_bytes.h"
#include "base/utf8.h"
#include "cale/channel.h"
#include "codec/decode.h"
#include "codec/encode.h"
#include "session/send_queue.h"
#include "ws/build.h"
#include "ws/parse.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace cryo_core;
using buffer = std::vector<std::uint8_t>;

void count_bytes(benchmark::State &state, std::size_t each) {
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

std::size_t size_of(const benchmark::State &state) {
    return static_cast<std::size_t>(state.range(0));
}

buffer frame_of(std::size_t payload_size) {
    buffer frame(codec::header_size + payload_size, 'x');
    codec::write_header(frame.data(), uuid::random(), 7, codec::frame_type::utf8_data);
    return frame;
}

// -------- codec

void codec_encode(benchmark::State &state) {
    const buffer payload(size_of(state), 'x');
    buffer out(codec::header_size + payload.size());
    const codec::frame frame{uuid::random(), 7, codec::frame_type::utf8_data, payload};
    for (auto _ : state) {
        benchmark::DoNotOptimize(codec::write_frame(out.data(), frame));
        benchmark::ClobberMemory();
    }
}
BENCHMARK(codec_encode)->Arg(0)->Arg(64)->Arg(16384);

void codec_decode(benchmark::State &state) {
    const buffer frame = frame_of(size_of(state));
    for (auto _ : state)
        benchmark::DoNotOptimize(codec::decode(frame));
}
BENCHMARK(codec_decode)->Arg(0)->Arg(64);

// -------- WebSocket

struct counting final : ws::parse_handler {
    std::size_t messages = 0;

    bool on_message(ws::opcode, bytes_mut) override { return ++messages > 0; }
    bool on_ping(bytes_view) override { return true; }
    bool on_pong(bytes_view) override { return true; }
    bool on_close(std::uint16_t, std::string_view) override { return true; }
};

// What a client with 32 outstanding messages sends at once: each with the ACK of an echo. Unmasking it in
// place masks it for every other turn, which takes as long.
void ws_parse(benchmark::State &state) {
    constexpr std::size_t messages = 32;
    const ws::masking_key key{0, 0, 0, 0}; // the bytes stay what they are; the work is the same
    const buffer ack = frame_of(0);
    const buffer message = frame_of(size_of(state));
    buffer input;
    for (std::size_t i = 0; i < messages; ++i) {
        for (const buffer *each : {&ack, &message}) {
            std::size_t at = input.size();
            input.resize(at + ws::header_size(each->size(), true) + each->size());
            ws::write_masked(input.data() + at, ws::opcode::binary, *each, key);
        }
    }
    ws::parser parser({});
    counting handler;
    for (auto _ : state)
        benchmark::DoNotOptimize(parser.feed(input, handler));
    count_bytes(state, input.size());
    state.counters["ns/message"] = benchmark::Counter(
        messages * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(ws_parse)->Arg(64)->Arg(16384);

void ws_unmask(benchmark::State &state) {
    buffer payload(size_of(state), 'x');
    const ws::masking_key key{1, 2, 3, 4};
    for (auto _ : state) {
        ws::apply_mask(payload, key, 0);
        benchmark::ClobberMemory();
    }
    count_bytes(state, payload.size());
}
BENCHMARK(ws_unmask)->Arg(21)->Arg(85)->Arg(1024)->Arg(16384);

// -------- CALE

const cale::crypto::provider &provider_of(const benchmark::State &state) {
    return state.range(1) == 0 ? cale::crypto::openssl() : cale::crypto::mbedtls();
}

cale::channel channel_of(const cale::crypto::provider &provider, cale::role self) {
    cale::session_keys keys; // zeros: the time does not depend on them
    return *cale::channel::make(provider, self, keys);
}

void cale_seal(benchmark::State &state) {
    const buffer frame = frame_of(size_of(state));
    cale::channel channel = channel_of(provider_of(state), cale::role::server);
    buffer record(cale::sealed_size(frame.size()));
    for (auto _ : state) {
        std::copy(frame.begin(), frame.end(), record.begin() + cale::iv_size);
        if (!channel.seal(record.data(), frame.size())) state.SkipWithError("not sealed");
    }
    count_bytes(state, frame.size());
    state.SetLabel(std::string(provider_of(state).name));
}
BENCHMARK(cale_seal)->ArgsProduct({{0, 64, 16384}, {0, 1}});

void cale_open(benchmark::State &state) {
    const buffer frame = frame_of(size_of(state));
    cale::channel sender = channel_of(provider_of(state), cale::role::client);
    buffer record(cale::sealed_size(frame.size()));
    std::copy(frame.begin(), frame.end(), record.begin() + cale::iv_size);
    if (!sender.seal(record.data(), frame.size())) return state.SkipWithError("not sealed");
    const auto key = provider_of(state).make_opening_key(cale::session_keys().client_to_server.view());
    buffer copy(record.size());
    for (auto _ : state) {
        std::copy(record.begin(), record.end(), copy.begin());
        if (!key->open(copy)) state.SkipWithError("not opened");
    }
    count_bytes(state, frame.size());
    state.SetLabel(std::string(provider_of(state).name));
}
BENCHMARK(cale_open)->ArgsProduct({{0, 64, 16384}, {0, 1}});

void cale_agree(benchmark::State &state) {
    const cale::crypto::provider &provider =
        state.range(0) == 0 ? cale::crypto::openssl() : cale::crypto::mbedtls();
    const auto peer = provider.make_key_pair();
    for (auto _ : state) {
        const auto own = provider.make_key_pair();
        cale::crypto::shared_secret secret;
        if (own->agree(peer->point(), secret) != cale::crypto::agreement::reached)
            state.SkipWithError("not agreed");
    }
    state.SetLabel(std::string(provider.name));
}
BENCHMARK(cale_agree)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

// -------- session

// A message's time in the queue: its payload copied, its ACK and itself put in and taken out.
void queue(benchmark::State &state) {
    const buffer payload(size_of(state), 'x');
    const session_options options;
    send_queue queue(options);
    for (auto _ : state) {
        queue.push_control({7, control_kind::ack});
        queue.push_data(make_frame(message_kind::utf8, shared_bytes::copy(payload)));
        queue.pop_control();
        benchmark::DoNotOptimize(queue.pop_data());
        queue.flushed();
    }
}
BENCHMARK(queue)->Arg(64)->Arg(16384);

// The latest of so many keys, while the peer takes nothing.
void queue_of_keys(benchmark::State &state) {
    const auto count = static_cast<std::uint32_t>(state.range(0));
    session_options options{
        .high_water_mark = 1, .max_queue_count = count, .policy = drop_policy::dedupe_latest};
    send_queue queue(options);
    queue.hold();
    std::vector<shared_bytes> keys;
    for (std::uint32_t i = 0; i < count; ++i)
        keys.push_back(shared_bytes::copy(as_bytes("key " + std::to_string(i))));
    const buffer payload(64, 'x');
    std::uint32_t next = 0;
    for (auto _ : state) {
        data_frame frame = make_frame(message_kind::utf8, shared_bytes::copy(payload));
        frame.key = keys[next++ % count];
        queue.push_data(std::move(frame));
        while (queue.any_dropped())
            benchmark::DoNotOptimize(queue.take_dropped());
    }
}
BENCHMARK(queue_of_keys)->Arg(1)->Arg(64)->Arg(1024)->Arg(65536);

void utf8(benchmark::State &state, const std::string &pattern) {
    std::string text;
    while (text.size() < size_of(state))
        text += pattern;
    for (auto _ : state)
        benchmark::DoNotOptimize(utf8_valid(as_bytes(text)));
    count_bytes(state, text.size());
}
BENCHMARK_CAPTURE(utf8, ascii, std::string("plain text "))->Arg(64)->Arg(16384);
BENCHMARK_CAPTURE(utf8, german, std::string("Z\u00fcge f\u00fchren "))->Arg(64)->Arg(16384);
BENCHMARK_CAPTURE(utf8, chinese, std::string("\u4f60\u597d\u4e16\u754c"))->Arg(64)->Arg(16384);

} // namespace

BENCHMARK_MAIN();
