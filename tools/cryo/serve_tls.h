// What the command line of `cryo serve` says of TLS.
#pragma once

#include <cryo.hpp>

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cryo_tool {

struct serve_tls {
    std::vector<std::string> certificates; // each with the key in its place
    std::vector<std::string> keys;
    std::string client_ca;
    bool require_client_certificate = false;
    cryo::tls_version min_version = cryo::tls_version::v1_2;
    std::vector<std::string> ocsp_files;
    std::string ticket_key_file;
};

void add_serve_tls_options(CLI::App &command, serve_tls &into);

// For the library. Reads the file of the ticket keys. Throws cryo::error.
void apply(const serve_tls &from, cryo::server_options &to);

} // namespace cryo_tool
