// Options that several commands have.
#pragma once

#include <cryo.hpp>

#include <cstdint>
#include <string>

namespace CLI {
class App;
class Option;
class Validator;
} // namespace CLI

namespace cryo_tool {

CLI::Validator not_empty();

// --tls-cert and --tls-key, which belong together.
void add_certificate_options(CLI::App &command, std::string &certificate, std::string &key,
                             const std::string &what_for);
// --tls-min-version.
void add_tls_version_option(CLI::App &command, cryo::tls_version &into);
void add_keepalive_option(CLI::App &command, std::uint32_t &ms);
void add_stall_timeout_option(CLI::App &command, std::uint32_t &ms);

} // namespace cryo_tool
