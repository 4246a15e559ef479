// The command line of `cryo bench`.
#pragma once

#include "bench/condition.h"

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cryo_tool {

enum class bench_mode {
    echo,      // messages that are acknowledged and come back
    ack,       // messages that are acknowledged
    broadcast, // messages of one connection that come to all others
    connect,   // connections that are closed as soon as they are let in
    idle,      // connections that say nothing
};

constexpr bool sends_messages(bench_mode mode) noexcept {
    return mode == bench_mode::echo || mode == bench_mode::ack || mode == bench_mode::broadcast;
}

struct bench_options {
    std::string url;
    std::string token;
    std::string token_file;
    bench_mode mode = bench_mode::echo;
    std::uint32_t connections = 64;
    std::uint32_t outstanding = 1;
    std::uint32_t threads = 1;
    double rate = 0; // messages/s over all connections; 0: closed loop
    std::uint32_t size = 64;
    bool binary = false;
    bool cale = false;
    std::string ca;
    bool tls_resume = false; // connections go on with the TLS sessions of earlier ones
    double duration_s = 10;
    double warmup_s = 1;
    std::uint32_t connecting = 64; // how many try to connect at the same time
    std::uint32_t timeout_ms = 10000;
    std::uint32_t server_pid = 0;        // 0: not known
    std::vector<std::string> conditions; // as they were given
    std::vector<bench_condition> fail_if;
    std::string html;
    bool json = false;
    bool quiet = false;
};

const char *name_of(bench_mode mode) noexcept;

// Adds the subcommand. Parsing fills `into`, which must live as long as `app`.
CLI::App *add_bench_command(CLI::App &app, bench_options &into);

} // namespace cryo_tool
