// One run of the load generator: its threads, and what they have measured together.
#pragma once

#include "bench/worker.h"

namespace cryo_tool {

struct bench_place {
    std::string path_and_query; // with the token, and without the session id
    std::string host_field;
    std::string origin; // for people
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;
};

class bench_run {
  public:
    // Throws std::runtime_error: there is no such host, no such certificate. `tell` is called on the thread
    // that calls run().
    bench_run(const bench_options &options, const bench_place &to, const bench_tell &tell);
    bench_run(const bench_run &) = delete;
    bench_run &operator=(const bench_run &) = delete;

    // Of the thread that calls run().
    bench_loop &loop() noexcept { return workers_.front()->loop(); }

    // Ends the measurement early; what was measured counts.
    void interrupt() noexcept { meeting_.interrupt(); }

    // Once.
    std::unique_ptr<bench_result> run();

  private:
    void finish(bench_result &result);

    const bench_options &options_;
    bench_server server_;
    bench_meeting meeting_;
    std::vector<std::unique_ptr<bench_worker>> workers_;
};

} // namespace cryo_tool
