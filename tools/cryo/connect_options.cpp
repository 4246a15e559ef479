#include "connect_options.h"

#include "command_line.h"
#include "token.h"
#include "url_query.h"
#include "uuid.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace cryo_tool {
namespace {

constexpr const char *connect_explanation = R"(
What is sent
  At a terminal each line that is typed; /help lists the commands that may be typed
  instead (not with --json, nor with TERM=dumb: there every line is sent). From a pipe or a file each line as it is, the next one when the one before
  was acknowledged. With -x the texts given, and standard input is not read. After the
  last one is acknowledged the session is closed with 4000, unless --stay is given.

What is shown
  What arrives, with its time of day. With --json one object a line for each event:
  "connected" first, then "message-utf8", "message-binary", "acknowledged",
  "unacknowledged", "dropped", "disconnected", "attempt-failed", "reconnected",
  "lost-utf8", "lost-binary", "stat-*", and "closed" as the last one. The log goes to standard error; no token is ever in it.
  What was typed is kept in $XDG_STATE_HOME/cryo/history (~/.local/state by default).

When the connection is lost
  It connects again, after a random time that grows with each failure: also when the
  server has closed it with 1000, or with another code that is not said to be final
  (4010, 4011, 4001 unless it heard nothing or nothing was taken, and 4000 unless it says "rekey" or "Server
  shutdown."). Not with --no-reconnect, and not when the first attempt fails: that ends
  the program. A message that the server closes for (1007, 1008, 1009) is not sent again.

Examples
  cryo connect ws://localhost:8080 --token T
  cryo connect wss://example.org/chat --token-file token.txt --ca ca.pem
  cryo connect ws://localhost:8080 --token T -x hello -x goodbye
  tail -f log | cryo connect ws://localhost:8080 --token T --json

Signals
  SIGTERM and SIGINT close the session with 4000; a second one ends the program at
  once.

Exit status
  0    closed by this side, or by the other one with 4000; by the other one with 1000
       where it does not connect again
  1    no connection (no such host, nobody listens, TLS, time-out), or it was lost, or
       the server closed with another code
  2    bad arguments
  3    the server refused: its HTTP status is in the message
  4    the server does not want what --cale says, or CALE's handshake failed
  5    something was not sent, or not acknowledged
  130, 143  a second SIGINT or SIGTERM
  141  whoever read standard output has gone)";

// "Bearer TOKEN" in the URL.
std::string token_in(std::string &url) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string value = take_parameter(url, "authorization").value_or("");
    return value.substr(0, scheme.size()) == scheme ? value.substr(scheme.size()) : "";
}

// Throws std::runtime_error.
std::string token_in_file(const std::string &file) {
    const std::vector<std::string> all = read_token_file(file);
    if (all.size() > 1) throw std::runtime_error("there is more than one token in " + file);
    return all.front();
}

std::string the_token(const connect_options &from, std::string in_url) {
    if (!from.token.empty()) return from.token;
    if (from.token_file.empty()) return in_url;
    try {
        return token_in_file(from.token_file);
    } catch (const std::runtime_error &e) {
        throw bad_arguments(e.what());
    }
}

// Whoever renews the file renews the token. `first` is what has just been read there.
cryo::token_handler reader_of(std::string file, std::string first) {
    return [file = std::move(file), first = std::move(first)](cryo::token_request request) mutable {
        try {
            request.give(first.empty() ? token_in_file(file) : std::exchange(first, {}));
        } catch (const std::exception &e) {
            request.fail(std::string(e.what()) + '.');
        }
    };
}

// A pipe gives its token once.
bool can_be_read_again(const std::string &file) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(file, ignored);
}

std::pair<std::string, std::string> header_of(const std::string &text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) throw bad_arguments("--header: there is no colon in \"" + text + "\"");
    const std::size_t begin = std::min(text.find_first_not_of(" \t", colon + 1), text.size());
    return {text.substr(0, colon), text.substr(begin)};
}

} // namespace

CLI::App *add_connect_command(CLI::App &app, connect_options &into) {
    CLI::App *const connect = app.add_subcommand("connect", "Connect to a Cryo server, and talk to it");
    connect->footer(connect_explanation);
    connect
        ->add_option("URL", into.url,
                     "ws://host[:port][/path][?query], wss:// for TLS, or ws+unix:PATH[:/path]")
        ->type_name("")
        ->required()
        ->check(not_empty());
    CLI::Option *const token = connect->add_option("--token", into.token, "the bearer token")
                                   ->type_name("TOKEN")
                                   ->check(not_empty());
    connect
        ->add_option("--token-file", into.token_file,
                     "where it stands; # begins a comment line. Read again before each reconnect")
        ->type_name("FILE")
        ->check(not_empty())
        ->excludes(token);
    connect->add_option("--sid", into.sid, "the session id; without it, a random one")
        ->type_name("UUID")
        ->check(not_empty());
    connect->add_option("--header", into.headers, "one more header of the request; repeatable")
        ->type_name("'NAME: VALUE'")
        ->allow_extra_args(false);
    CLI::Option *const proxy = connect->add_option("--proxy", into.proxy, "an HTTP proxy to go through")
                                   ->type_name("http://[USER:PASSWORD@]HOST[:PORT]")
                                   ->check(not_empty());
    connect
        ->add_flag("--proxy-from-environment", into.proxy_from_environment,
                   "go by https_proxy, http_proxy and no_proxy")
        ->excludes(proxy);
    connect->add_flag("--cale", into.cale, "encrypt end to end with CALE, as the server must, too");
    connect->add_option("--ca", into.ca, "who else may vouch for the server: certificates, PEM")
        ->type_name("FILE")
        ->check(not_empty());
    add_certificate_options(*connect, into.tls_certificate, into.tls_key,
                            "for servers that ask for one: a certificate with its chain, PEM");
    add_tls_version_option(*connect, into.tls_min_version);
    connect->add_option("-x", into.texts, "send this, and leave once it is acknowledged; repeatable")
        ->type_name("TEXT")
        ->allow_extra_args(false);
    connect->add_flag("--stay", into.stay, "do not leave after the last line or -x");
    connect->add_flag("--no-reconnect", into.no_reconnect, "leave when the connection is lost");
    connect->add_flag("--resend", into.resend, "after a loss, send again what was not acknowledged");
    connect->add_option("--connect-timeout-ms", into.connect_timeout_ms, "time for one attempt to connect")
        ->type_name("N")
        ->check(CLI::Range(1u, 0xffffffffu).description(""))
        ->capture_default_str();
    add_keepalive_option(*connect, into.keepalive_ms);
    add_stall_timeout_option(*connect, into.stall_timeout_ms);
    connect->add_flag("--json", into.json, "one JSON object a line on standard output for each event");
    connect->add_flag("--verbose", into.verbose, "all of the log, and statistics");
    return connect;
}

cryo::client_options to_client_options(connect_options from) {
    cryo::client_options to;
    const std::string sid_in_url = take_parameter(from.url, "x-cryo-sid").value_or("");
    to.token = the_token(from, token_in(from.url));
    if (to.token.empty()) throw bad_arguments("a token is needed: give --token or --token-file");
    if (!from.token_file.empty() && can_be_read_again(from.token_file))
        to.token_provider = reader_of(from.token_file, to.token);
    to.url = from.url;
    if (const std::string &sid = from.sid.empty() ? sid_in_url : from.sid; !sid.empty()) {
        to.session_id = parse_uuid(sid);
        if (!to.session_id) throw bad_arguments("the session id is no UUID");
    }
    if (from.url.rfind("ws:", 0) == 0 && !(from.ca.empty() && from.tls_certificate.empty()))
        throw bad_arguments("certificates are for wss://, and this URL begins with ws://");
    for (const std::string &each : from.headers)
        to.headers.push_back(header_of(each));
    to.proxy = from.proxy;
    to.proxy_from_environment = from.proxy_from_environment;
    to.cale = from.cale;
    if (!from.ca.empty()) to.ca = cryo::ca_file{from.ca};
    to.tls_min_version = from.tls_min_version;
    if (!from.tls_certificate.empty()) to.certificate = cryo::tls_files{from.tls_certificate, from.tls_key};
    to.connect_timeout = std::chrono::milliseconds(from.connect_timeout_ms);
    to.keepalive = std::chrono::milliseconds(from.keepalive_ms);
    to.stall_timeout = std::chrono::milliseconds(from.stall_timeout_ms);
    if (from.no_reconnect) to.reconnect_attempts = 0;
    to.resend = from.resend;
    return to;
}

} // namespace cryo_tool
