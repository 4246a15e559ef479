#include "command_line.h"

#include <CLI/CLI.hpp>

namespace cryo_tool {

CLI::Validator not_empty() {
    return {[](const std::string &value) {
                return value.empty() ? std::string("must not be empty") : std::string();
            },
            ""};
}

void add_certificate_options(CLI::App &command, std::string &certificate, std::string &key,
                             const std::string &what_for) {
    CLI::Option *const chain =
        command.add_option("--tls-cert", certificate, what_for)->type_name("FILE")->check(not_empty());
    CLI::Option *const secret =
        command.add_option("--tls-key", key, "its private key, PEM")->type_name("FILE")->check(not_empty());
    chain->needs(secret);
    secret->needs(chain);
}

void add_tls_version_option(CLI::App &command, cryo::tls_version &into) {
    command
        .add_option_function<std::string>(
            "--tls-min-version",
            [&into](const std::string &version) {
                into = version == "1.3" ? cryo::tls_version::v1_3 : cryo::tls_version::v1_2;
            },
            "1.2 or 1.3: the oldest version of TLS that is spoken")
        ->type_name("VERSION")
        ->check(CLI::IsMember({"1.2", "1.3"}).description(""))
        ->default_str("1.2");
}

void add_keepalive_option(CLI::App &command, std::uint32_t &ms) {
    command.add_option("--keepalive-ms", ms, "between pings, and between statistics")
        ->type_name("N")
        ->check(CLI::Range(10u, 0xffffffffu).description(""))
        ->capture_default_str();
}

void add_stall_timeout_option(CLI::App &command, std::uint32_t &ms) {
    command.add_option("--stall-timeout-ms", ms, "leave one who takes nothing for so long; 0: let it be")
        ->type_name("N")
        ->capture_default_str();
}

} // namespace cryo_tool
