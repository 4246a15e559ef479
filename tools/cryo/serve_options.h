// The command line of `cryo serve`.
#pragma once

#include "serve_tls.h"

#include <cryo.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cryo_tool {

enum class serve_mode { echo, broadcast, sink };

struct serve_options {
    std::string program; // how it was called
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    std::uint32_t socket_mode = 0;
    std::vector<std::string> trusted_proxies;
    cryo::forwarded_header forwarded_header = cryo::forwarded_header::any;
    bool proxy_protocol = false;
    cryo::transport transport = cryo::transport::automatic;
    std::uint32_t max_head_bytes = 16384;
    std::vector<std::string> tokens;
    std::string token_file;
    serve_tls certificates;
    bool reuse_port = false;
    bool cale = false;
    std::uint32_t keepalive_ms = 15000;
    std::uint32_t stall_timeout_ms = 60000;
    std::uint32_t hello_wait_ms = 250;
    std::uint64_t high_water_mark = 4194304;
    std::optional<std::uint64_t> low_water_mark; // none: the library's, or the high one if that is lower
    std::uint64_t max_queued_bytes = 4194304;
    std::optional<std::uint64_t> max_total_queued_bytes;
    std::uint32_t max_queue_count = 1024;
    cryo::drop_policy drop_policy = cryo::drop_policy::oldest;
    std::uint32_t resume_window_ms = 0;
    std::vector<std::string> allowed_origins;
    std::uint32_t max_attempts_per_address = 0;
    std::uint32_t max_failed_tokens_per_address = 0;
    cryo::duplicate_policy duplicate_policy = cryo::duplicate_policy::probe;
    std::uint32_t drain_ms = 1000;
    bool no_health = false;
    std::string metrics; // empty: off; "true": this machine; else the file with the token
    serve_mode mode = serve_mode::echo;
    std::uint32_t threads = 1;
    bool json = false;
    bool quiet = false;
    bool verbose = false;

    bool tls() const noexcept { return !certificates.certificates.empty(); }
    bool has_metrics() const noexcept { return !metrics.empty() && metrics != "false"; }
    bool has_metrics_token() const noexcept { return has_metrics() && metrics != "true"; }
};

// The options of a server that stands behind proxies, or is started by a service manager.
void add_edge_options(CLI::App &serve, serve_options &into);

const char *name_of(serve_mode mode) noexcept;

// Adds the subcommand. Parsing fills `into`, which must live as long as `app`.
CLI::App *add_serve_command(CLI::App &app, serve_options &into);

} // namespace cryo_tool
