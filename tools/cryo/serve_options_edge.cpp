#include "serve_options.h"

#include "command_line.h"

#include <CLI/CLI.hpp>

#include <map>

namespace cryo_tool {
namespace {

const std::map<std::string, cryo::forwarded_header> forwarded_headers{
    {"none", cryo::forwarded_header::none},
    {"any", cryo::forwarded_header::any},
    {"x-forwarded-for", cryo::forwarded_header::x_forwarded_for},
    {"forwarded", cryo::forwarded_header::rfc7239}};

const std::map<std::string, cryo::transport> transports{{"auto", cryo::transport::automatic},
                                                        {"libwebsockets", cryo::transport::libwebsockets},
                                                        {"poll", cryo::transport::poll}};

// In octal, as for chmod.
std::uint32_t mode_of(const std::string &text) {
    if (text.empty() || text.size() > 4 || text.find_first_not_of("01234567") != std::string::npos)
        throw CLI::ValidationError("--socket-mode", "a mode is three octal digits, as in 660");
    const auto mode = static_cast<std::uint32_t>(std::stoul(text, nullptr, 8));
    if (mode == 0 || mode > 0777)
        throw CLI::ValidationError("--socket-mode", "a mode is three octal digits, as in 660");
    return mode;
}

} // namespace

void add_edge_options(CLI::App &serve, serve_options &into) {
    serve
        .add_option_function<std::string>(
            "--socket-mode", [&into](const std::string &text) { into.socket_mode = mode_of(text); },
            "who may connect to --host unix:PATH, as for chmod; else the umask says it")
        ->type_name("MODE");
    serve
        .add_option("--trusted-proxy", into.trusted_proxies,
                    "a proxy that says where clients are: address, network, or unix; repeatable")
        ->type_name("NET")
        ->allow_extra_args(false)
        ->check(not_empty());
    serve
        .add_option_function<std::string>(
            "--forwarded-header",
            [&into](const std::string &name) { into.forwarded_header = forwarded_headers.at(name); },
            "x-forwarded-for, forwarded, any or none: which of its headers says it")
        ->type_name("NAME")
        ->check(CLI::IsMember(forwarded_headers).description(""))
        ->default_str("any");
    serve.add_flag("--proxy-protocol", into.proxy_protocol,
                   "or a PROXY header, with which each connection begins then");
    serve
        .add_option_function<std::string>(
            "--transport", [&into](const std::string &name) { into.transport = transports.at(name); },
            "auto, libwebsockets or poll: what carries the connections")
        ->type_name("NAME")
        ->check(CLI::IsMember(transports).description(""))
        ->default_str("auto");
    serve.add_option("--max-head-bytes", into.max_head_bytes, "the longest request head, token included")
        ->type_name("N")
        ->check(CLI::Range(1024, 65536).description(""))
        ->capture_default_str();
}

} // namespace cryo_tool
