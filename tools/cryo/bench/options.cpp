#include "bench/options.h"

#include "command_line.h"

#include <CLI/CLI.hpp>

namespace cryo_tool {
namespace {

const std::map<std::string, bench_mode> bench_modes{{"echo", bench_mode::echo},
                                                    {"ack", bench_mode::ack},
                                                    {"broadcast", bench_mode::broadcast},
                                                    {"connect", bench_mode::connect},
                                                    {"idle", bench_mode::idle}};

constexpr const char *bench_explanation = R"(
Modes
  echo     messages that the server acknowledges and sends back: `cryo serve --mode
           echo`, which is its default. Each ACK and each echo is checked
  ack      messages that it acknowledges: `cryo serve --mode sink`
  broadcast  messages of one connection that come to all others: `cryo serve --mode
           broadcast`. Each is told of once for each who hears it; the next one leaves
           when all have heard it
  connect  connections that are closed as soon as they are let in, one after another
  idle     connections that say nothing

Load
  Without --rate each connection has --outstanding messages on their way and sends the
  next one when an answer is there (a closed loop): that shows what a server can do.
  With --rate messages leave at fixed times, whatever has become of those before them
  (an open loop), and a latency counts from the time at which the message was due: a
  server that stands still for a second shows all that should have been sent meanwhile.
  A thread of the generator can take about as many messages as one of the server. Give
  each a core of its own: where one is full, the report says so, and --threads adds more.

Conditions
  --fail-if METRIC>LIMIT, with >, >=, < or <=, and these metrics:
    p50 p90 p99 p99.9 max mean   latency: 800us, 5ms, 1s
    rate bytes connect-rate      a second: 500, 20k, 1.5M
    errors                       a number
    cpu                          CPU time of the server for a message, with --server-pid
  A latency that was not measured, since there was no answer, fails.

Examples
  cryo bench ws://localhost:8080 --token T
  cryo bench ws://localhost:8080 --token T --connections 1000 --outstanding 32
  cryo bench wss://example.org --token-file token.txt --rate 20k --html report.html
  cryo bench ws://localhost:8080 --token T --rate 1k --fail-if 'p99>5ms' \
             --fail-if 'errors>0'
  cryo bench ws://localhost:8080 --token T --mode connect

Signals
  SIGINT and SIGTERM end the measurement early, and what was measured is told; a second
  one ends the program at once.

Exit status
  0    measured
  1    not measured: no connection, or a file could not be written
  2    bad arguments
  3    the server refused: its HTTP status is in the message
  5    an answer was wrong or missing, or a connection was lost
  6    a --fail-if holds
  130, 143  a second SIGINT or SIGTERM)";

// Numbers as people write them: 500, 20k, 1.5M.
CLI::Validator unit_prefixes() {
    return CLI::AsNumberWithUnit(std::map<std::string, double>{{"k", 1e3}, {"M", 1e6}},
                                 CLI::AsNumberWithUnit::CASE_SENSITIVE, "");
}

// Bytes: 64, 16k (of 1024).
CLI::Validator kibibytes() {
    return CLI::AsNumberWithUnit(std::map<std::string, std::uint32_t>{{"k", 1024}, {"M", 1024 * 1024}},
                                 CLI::AsNumberWithUnit::CASE_SENSITIVE, "");
}

CLI::Validator a_condition() {
    return {[](const std::string &text) {
                return parse_condition(text) ? std::string()
                                             : text + " is no condition, as 'p99>5ms' would be one";
            },
            ""};
}

void add_load_options(CLI::App &bench, bench_options &into) {
    bench
        .add_option_function<std::string>(
            "--mode", [&into](const std::string &name) { into.mode = bench_modes.at(name); },
            "echo, ack, broadcast, connect or idle")
        ->type_name("MODE")
        ->check(CLI::IsMember(bench_modes).description(""))
        ->default_str("echo");
    bench.add_option("-c,--connections", into.connections, "sessions at the same time")
        ->type_name("N")
        ->check(CLI::Range(1u, 1'000'000u).description(""))
        ->capture_default_str();
    CLI::Option *const outstanding =
        bench.add_option("-n,--outstanding", into.outstanding, "messages on their way, for each connection")
            ->type_name("N")
            ->check(CLI::Range(1u, 65536u).description(""))
            ->capture_default_str();
    bench.add_option("--threads", into.threads, "among which the connections are shared out")
        ->type_name("N")
        ->check(CLI::Range(1u, 256u).description(""))
        ->capture_default_str();
    bench.add_option("--rate", into.rate, "messages a second, over all connections: an open loop")
        ->type_name("N")
        ->transform(unit_prefixes())
        ->check(CLI::Range(0.01, 1e8).description(""))
        ->excludes(outstanding);
    bench.add_option("--size", into.size, "bytes of a message; 16k is 16384")
        ->type_name("N")
        ->transform(kibibytes())
        ->check(CLI::Range(0u, 64u * 1024 * 1024).description(""))
        ->capture_default_str();
    bench.add_flag("--binary", into.binary, "binary messages instead of texts");
    bench.add_flag("--cale", into.cale, "encrypt end to end with CALE, as the server must, too");
    bench.add_option("--ca", into.ca, "who else may vouch for the server: certificates, PEM")
        ->type_name("FILE")
        ->check(not_empty());
    bench.add_flag("--tls-resume", into.tls_resume,
                   "connect with the TLS sessions of connections before, where the server has given tickets");
    bench.add_option("--duration", into.duration_s, "seconds that are measured")
        ->type_name("S")
        ->check(CLI::Range(0.01, 1e6).description(""))
        ->capture_default_str();
    bench.add_option("--warm-up", into.warmup_s, "seconds before, which do not count")
        ->type_name("S")
        ->check(CLI::Range(0.0, 1e6).description(""))
        ->capture_default_str();
    bench.add_option("--connecting", into.connecting, "how many connect at the same time")
        ->type_name("N")
        ->check(CLI::Range(1u, 10000u).description(""))
        ->capture_default_str();
    bench.add_option("--timeout-ms", into.timeout_ms, "time for an attempt to connect")
        ->type_name("N")
        ->check(CLI::Range(1u, 0xffffffffu).description(""))
        ->capture_default_str();
}

} // namespace

const char *name_of(bench_mode mode) noexcept {
    for (const auto &[name, value] : bench_modes) {
        if (value == mode) return name.c_str();
    }
    return "unknown";
}

CLI::App *add_bench_command(CLI::App &app, bench_options &into) {
    CLI::App *const bench = app.add_subcommand("bench", "Put load on a Cryo server, and measure it");
    bench->footer(bench_explanation);
    bench->add_option("URL", into.url, "ws://host[:port][/path][?query], or wss:// for TLS")
        ->type_name("")
        ->required()
        ->check(not_empty());
    CLI::Option *const token =
        bench->add_option("--token", into.token, "the bearer token")->type_name("TOKEN")->check(not_empty());
    bench->add_option("--token-file", into.token_file, "where it stands; # begins a comment line")
        ->type_name("FILE")
        ->check(not_empty())
        ->excludes(token);
    add_load_options(*bench, into);
    bench
        ->add_option("--server-pid", into.server_pid,
                     "the server's process, if it runs here: tells what it takes")
        ->type_name("PID")
        ->check(CLI::Range(1u, 0x7fffffffu).description(""));
    bench->add_option("--fail-if", into.conditions, "end with status 6 if this holds; repeatable")
        ->type_name("CONDITION")
        ->allow_extra_args(false)
        ->check(a_condition());
    bench->add_option("--html", into.html, "write a page with plots")->type_name("FILE")->check(not_empty());
    bench->add_flag("--json", into.json, "the result as one JSON object on standard output");
    bench->add_flag("--quiet", into.quiet, "no progress");
    bench->callback([&into] {
        for (const std::string &text : into.conditions)
            into.fail_if.push_back(*parse_condition(text));
        if (into.mode == bench_mode::broadcast && into.connections < 2)
            throw CLI::ValidationError(
                "--mode", "broadcast needs --connections 2 or more: one speaks, the others hear it");
        if (into.mode == bench_mode::broadcast && into.threads > 1)
            throw CLI::ValidationError("--threads",
                                       "broadcast is for one thread: who has heard what is counted there");
        if (into.threads > into.connections)
            throw CLI::ValidationError("--threads", "more threads than --connections: each needs one");
        if (into.mode == bench_mode::broadcast && into.rate > 0)
            throw CLI::ValidationError("--mode", "broadcast goes by --outstanding: leave --rate out");
    });
    return bench;
}

} // namespace cryo_tool
