#include "bench/run.h"

#include <functional>
#include <future>

namespace cryo_tool {

bench_run::bench_run(const bench_options &options, const bench_place &to, const bench_tell &tell)
    : options_(options), server_{.target = bench_target(to.host, to.port),
                                 .tls = to.tls ? std::make_unique<bench_tls>(to.host, options.ca,
                                                                             options.tls_resume)
                                               : nullptr,
                                 .request_begin = "GET " + to.path_and_query + "&x-cryo-sid=",
                                 .request_end = " HTTP/1.1\r\nHost: " + to.host_field +
                                                "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "},
      meeting_(options.threads, options.server_pid) {
    for (std::uint32_t i = 0; i < options.threads; ++i) {
        bench_worker::place in{.index = i, .of = options.threads, .tell = i == 0 ? tell : nullptr};
        workers_.push_back(std::make_unique<bench_worker>(options, server_, meeting_, std::move(in)));
    }
}

std::unique_ptr<bench_result> bench_run::run() {
    // One that fails would leave the others waiting for it.
    const auto ending_all = [this](const auto &what) {
        try {
            return what();
        } catch (...) {
            interrupt();
            throw;
        }
    };
    const auto run_one = [&](bench_worker &one) { return ending_all([&one] { return one.run(); }); };
    std::vector<std::future<std::unique_ptr<bench_result>>>
        others; // which wait for their threads in any case
    ending_all([&] {
        for (std::size_t i = 1; i < workers_.size(); ++i)
            others.push_back(std::async(std::launch::async, run_one, std::ref(*workers_[i])));
    });
    auto result = run_one(*workers_.front());
    for (auto &each : others)
        result->add(*each.get());
    finish(*result);
    return result;
}

void bench_run::finish(bench_result &result) {
    meeting_.timeline.take(result.latency, result.intervals);
    result.interrupted = meeting_.interrupted();
    result.own_cpu_ns = meeting_.meter.own_ns();
    result.threads = options_.threads;
    result.server = meeting_.meter.server();
    result.messages = result.latency.count();
    result.payload_bytes = sends_messages(options_.mode) ? result.messages * options_.size : 0;
    if (options_.mode != bench_mode::connect) return;
    result.connected = result.messages;
    result.connecting_s = result.measured_s;
}

} // namespace cryo_tool
