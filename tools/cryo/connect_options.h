// The command line of `cryo connect`.
#pragma once

#include <cryo.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cryo_tool {

struct connect_options {
    std::string url;
    std::string token;
    std::string token_file;
    std::string sid;
    std::vector<std::string> headers; // "Name: value"
    std::string proxy;
    bool proxy_from_environment = false;
    bool cale = false;
    std::string ca;
    std::string tls_certificate;
    std::string tls_key;
    cryo::tls_version tls_min_version = cryo::tls_version::v1_2;
    std::vector<std::string> texts;
    bool stay = false;
    bool no_reconnect = false;
    bool resend = false;
    std::uint32_t connect_timeout_ms = 10000;
    std::uint32_t keepalive_ms = 15000;
    std::uint32_t stall_timeout_ms = 60000;
    bool json = false;
    bool verbose = false;
};

// Adds the subcommand. Parsing fills `into`, which must live as long as `app`.
CLI::App *add_connect_command(CLI::App &app, connect_options &into);

class bad_arguments : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// For the library. The token and the session id may come from the URL, as `cryo serve` prints it. Throws
// bad_arguments.
cryo::client_options to_client_options(connect_options from);

} // namespace cryo_tool
