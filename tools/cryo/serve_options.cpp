#include "serve_options.h"

#include "command_line.h"

#include <CLI/CLI.hpp>

#include <limits>
#include <map>

namespace cryo_tool {
namespace {

const std::map<std::string, serve_mode> serve_modes{
    {"echo", serve_mode::echo}, {"broadcast", serve_mode::broadcast}, {"sink", serve_mode::sink}};

const std::map<std::string, cryo::drop_policy> drop_policies{
    {"oldest", cryo::drop_policy::oldest},        {"drop-oldest", cryo::drop_policy::oldest},
    {"newest", cryo::drop_policy::newest},        {"drop-newest", cryo::drop_policy::newest},
    {"dedupe", cryo::drop_policy::dedupe_latest}, {"dedupe-latest", cryo::drop_policy::dedupe_latest}};

const std::map<std::string, cryo::duplicate_policy> duplicate_policies{
    {"refuse", cryo::duplicate_policy::refuse},
    {"probe", cryo::duplicate_policy::probe},
    {"replace", cryo::duplicate_policy::replace}};

constexpr const char *serve_explanation = R"(
Modes
  echo       a text comes back as text, binary as binary
  broadcast  to every other session
  sink       nothing comes back

Slow clients
  What a client has not taken is bounded: when as much is on its way to it as
  --high-water-mark says, the rest waits in a queue until it has taken all but
  --low-water-mark. When that queue is full (--max-queued-bytes, --max-queue-count),
  --drop-policy says what gives way
    oldest     the oldest messages in it
    newest     the new message
    dedupe     one of the same content, or else the oldest of the same kind, and as
               many more of these as the new message needs room

Behind a proxy
  --trusted-proxy names the proxies and balancers whose word is taken for where a
  client is: X-Forwarded-For or Forwarded, or, with --proxy-protocol, what stands in
  front of each connection. docs/deploy.md has configurations of nginx, HAProxy,
  Apache and Caddy.

Under a service manager
  A socket that systemd has opened is used instead of --host and --port, and it is
  told when the server is ready and when it stops (cryo.service, cryo.socket).

Clients that come back
  A client whose connection was lost may come back before the server has noticed. When
  one comes with the id and the token of a live session, --duplicate-policy says what
  becomes of that
    refuse     it stays; the newcomer gets 409
    probe      it stays if it answers a ping within a second, else it gives way
    replace    it gives way: it is closed with 4000 "Taken over."

Standard output
  With --json one object a line, "listening" first. Events are never dropped: when
  the reader is slow, the server waits for it. Without --json a person is expected;
  colours and the status line (sessions, messages and bytes received per second,
  median round trip) are for terminals, colours not where NO_COLOR is set.
  The log goes to standard error; no token is ever in it. With --json, who was refused
  and who broke the protocol is told as {"event":"log"} on standard output.

Examples
  cryo serve
  cryo serve --port 0 --token-file tokens.txt --json
  cryo serve --host :: --port 443 --tls-cert chain.pem --tls-key key.pem --threads 4
  cryo serve --host unix:/run/cryo/cryo.sock --socket-mode 660 --trusted-proxy unix

Signals
  SIGTERM lets nobody in any more, and closes the sessions with 4000 "Server
  shutdown.", spread over --drain-ms, so that they do not all come back at once;
  without sessions it ends at once. SIGINT closes all of them now. A second one of
  either ends the program at once. Events are still told meanwhile, as long as the
  reader takes some every three seconds; one who does not loses the last of them.
  SIGHUP reads --token-file and the files of TLS again, for those who come from now on;
  what cannot be read or used changes nothing. Where there are none, it does as SIGTERM,
  unless it is ignored (nohup).

Health and figures
  GET /healthz says 200 while the server runs, /readyz while it lets clients in, and
  503 once it drains; so do OPTIONS and / without a query, which balancers ask by
  default. --metrics answers GET /metrics for Prometheus: to this machine only, or with
  --metrics=FILE to whoever sends the token that is in the file.

Exit status
  0    stopped by SIGTERM or SIGINT
  1    the server could not start (the port is in use, the certificate is bad), or
       standard output could not be written
  2    bad arguments
  130, 143  a second SIGINT or SIGTERM
  141  whoever read standard output has gone)";

void add_queue_options(CLI::App &serve, serve_options &into) {
    const CLI::Validator at_least_one =
        CLI::Range(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max());
    const auto number = [&](const char *name, auto &value, const char *what) {
        return serve.add_option(name, value, what)
            ->type_name("N")
            ->check(CLI::Validator(at_least_one).description(""));
    };
    number("--high-water-mark", into.high_water_mark,
           "bytes on their way to a client, at which its queue is held")
        ->capture_default_str();
    number("--low-water-mark", into.low_water_mark, "below this the queue flows again")
        ->default_str("1048576");
    number("--max-queued-bytes", into.max_queued_bytes, "bytes that may wait in a held queue")
        ->capture_default_str();
    number("--max-queue-count", into.max_queue_count, "messages that may wait in a held queue")
        ->capture_default_str();
    serve
        .add_option("--max-total-queued-bytes", into.max_total_queued_bytes,
                    "bytes that all sessions together may hold, 0: no limit; else a quarter of the memory")
        ->type_name("N");
    serve
        .add_option_function<std::string>(
            "--drop-policy", [&into](const std::string &name) { into.drop_policy = drop_policies.at(name); },
            "oldest, newest or dedupe: what gives way in a full queue")
        ->type_name("POLICY")
        ->check(CLI::IsMember(drop_policies).description(""))
        ->default_str("oldest");
}

CLI::Validator is_origin() {
    return {[](const std::string &value) {
                cryo_server_options *options = nullptr;
                const bool good = cryo_server_options_new(&options) == CRYO_OK &&
                                  cryo_server_options_add_allowed_origin(options, value.c_str()) == CRYO_OK;
                cryo_server_options_free(options);
                return good ? std::string()
                            : std::string("must be a scheme and a host, https://app.example.com for example");
            },
            ""};
}

void add_door_options(CLI::App &serve, serve_options &into) {
    serve
        .add_option("--allow-origin", into.allowed_origins,
                    "pages of this origin may connect, https://app.example.com for example, repeatable; "
                    "without any, all may")
        ->type_name("ORIGIN")
        ->allow_extra_args(false)
        ->check(is_origin());
    serve
        .add_option("--max-attempts-per-address", into.max_attempts_per_address,
                    "requests a minute from one address, 0 = no limit")
        ->type_name("N")
        ->capture_default_str();
    serve
        .add_option("--max-failed-tokens-per-address", into.max_failed_tokens_per_address,
                    "refused tokens a minute from one address, 0 = no limit")
        ->type_name("N")
        ->capture_default_str();
}

} // namespace

const char *name_of(serve_mode mode) noexcept {
    switch (mode) {
    case serve_mode::echo:
        return "echo";
    case serve_mode::broadcast:
        return "broadcast";
    case serve_mode::sink:
        return "sink";
    }
    return "unknown";
}

CLI::App *add_serve_command(CLI::App &app, serve_options &into) {
    CLI::App *const serve = app.add_subcommand("serve", "Serve Cryo clients until SIGTERM or SIGINT");
    serve->footer(serve_explanation);
    serve->add_option("--host", into.host, "address to bind, or unix:PATH")
        ->type_name("ADDR")
        ->check(not_empty())
        ->capture_default_str();
    serve->add_option("--port", into.port, "port, 0 = any free one")
        ->type_name("N")
        ->check(CLI::Range(0, 65535).description(""))
        ->capture_default_str();
    serve
        ->add_option("--token", into.tokens,
                     "a bearer token to accept, repeatable; without any, one is made up")
        ->type_name("TOKEN")
        ->allow_extra_args(false)
        ->check(not_empty());
    serve->add_option("--token-file", into.token_file, "tokens, one a line; # begins a comment line")
        ->type_name("FILE")
        ->check(not_empty());
    add_door_options(*serve, into);
    add_serve_tls_options(*serve, into.certificates);
    serve->add_flag("--reuse-port", into.reuse_port,
                    "others may listen at the port as well, if they say so, too");
    serve->add_flag("--cale", into.cale, "encrypt end to end with CALE; clients must want it, too");
    add_keepalive_option(*serve, into.keepalive_ms);
    add_stall_timeout_option(*serve, into.stall_timeout_ms);
    serve
        ->add_option("--hello-wait-ms", into.hello_wait_ms,
                     "how long the first message waits for a client that is not known to listen yet")
        ->type_name("N")
        ->capture_default_str();
    add_edge_options(*serve, into);
    add_queue_options(*serve, into);
    serve
        ->add_option("--resume-window-ms", into.resume_window_ms,
                     "how long a session whose connection is lost waits for its client, 0 = not at all")
        ->type_name("N")
        ->capture_default_str();
    serve
        ->add_option_function<std::string>(
            "--duplicate-policy",
            [&into](const std::string &name) { into.duplicate_policy = duplicate_policies.at(name); },
            "refuse, probe or replace: when a client comes with the id of a live session")
        ->type_name("POLICY")
        ->check(CLI::IsMember(duplicate_policies).description(""))
        ->default_str("probe");
    serve->add_option("--drain-ms", into.drain_ms, "over how long SIGTERM spreads the closing of sessions")
        ->type_name("N")
        ->capture_default_str();
    serve->add_flag("--no-health", into.no_health,
                    "do not answer /healthz, /readyz and what balancers ask by default");
    serve->add_flag("--metrics", into.metrics,
                    "answer /metrics to this machine; =FILE: to those with the token in it");
    serve
        ->add_option_function<std::string>(
            "--mode", [&into](const std::string &name) { into.mode = serve_modes.at(name); },
            "echo, broadcast or sink")
        ->type_name("MODE")
        ->check(CLI::IsMember(serve_modes).description(""))
        ->default_str("echo");
    serve->add_option("--threads", into.threads, "service threads")
        ->type_name("N")
        ->check(CLI::Range(1, 256).description(""))
        ->capture_default_str();
    serve->add_flag("--json", into.json, "one JSON object a line on standard output for each event");
    CLI::Option *const quiet =
        serve->add_flag("--quiet", into.quiet, "no events for people, only errors in the log");
    serve->add_flag("--verbose", into.verbose, "all of the log, statistics and longer excerpts")
        ->excludes(quiet);
    return serve;
}

} // namespace cryo_tool
