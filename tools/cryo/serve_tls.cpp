#include "serve_tls.h"

#include "command_line.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace cryo_tool {
namespace {

// More than 16 keys have: a device or a huge file is not read to its end.
constexpr std::size_t max_ticket_file = 4096;

std::string read_ticket_keys(const std::string &name) {
    std::string keys(max_ticket_file, '\0');
    std::ifstream file(name, std::ios::binary);
    file.read(keys.data(), static_cast<std::streamsize>(keys.size()));
    if (!file && !file.eof())
        throw cryo::error(CRYO_ERR_TLS_FILE, "cannot read " + name + ": " + std::strerror(errno));
    keys.resize(static_cast<std::size_t>(file.gcount()));
    if (keys.empty()) throw cryo::error(CRYO_ERR_INVALID, "there are no ticket keys in " + name);
    return keys;
}

CLI::Option *add_file(CLI::App &command, const char *name, std::string &into, const char *what) {
    return command.add_option(name, into, what)->type_name("FILE")->check(not_empty());
}

CLI::Option *add_files(CLI::App &command, const char *name, std::vector<std::string> &into,
                       const char *what) {
    return command.add_option(name, into, what)
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->check(not_empty());
}

} // namespace

void add_serve_tls_options(CLI::App &command, serve_tls &into) {
    CLI::Option *const chain =
        add_files(command, "--tls-cert", into.certificates,
                  "serve wss: the certificate with its chain, PEM; repeatable: a client "
                  "sees the one that has its name, or the first");
    CLI::Option *const key = add_files(command, "--tls-key", into.keys,
                                       "its private key, PEM; the n-th belongs to the n-th --tls-cert");
    chain->needs(key);
    key->needs(chain);
    CLI::Option *const clients = add_file(command, "--tls-client-ca", into.client_ca,
                                          "ask clients for certificates, which these have signed (PEM)")
                                     ->needs(chain);
    command
        .add_flag("--tls-require-client-cert", into.require_client_certificate,
                  "refuse clients that show no certificate")
        ->needs(clients);
    add_tls_version_option(command, into.min_version);
    add_files(command, "--tls-ocsp-file", into.ocsp_files,
              "an OCSP response to show, DER; one for each certificate, in any order")
        ->needs(chain);
    add_file(
        command, "--tls-ticket-keys", into.ticket_key_file,
        "keys of session tickets for all servers of a balancer: 80 random bytes each, the first makes them")
        ->needs(chain);
}

void apply(const serve_tls &from, cryo::server_options &to) {
    if (from.certificates.size() != from.keys.size())
        throw cryo::error(CRYO_ERR_INVALID, "each --tls-cert needs its --tls-key, and there are " +
                                                std::to_string(from.certificates.size()) + " and " +
                                                std::to_string(from.keys.size()));
    for (std::size_t i = 0; i < from.certificates.size(); ++i) {
        cryo::tls_files files{from.certificates[i], from.keys[i]};
        if (i == 0)
            to.tls = std::move(files);
        else
            to.more_tls.emplace_back(std::move(files));
    }
    if (!from.client_ca.empty()) to.client_ca = cryo::ca_file{from.client_ca};
    to.require_client_certificate = from.require_client_certificate;
    to.tls_min_version = from.min_version;
    to.tls_ocsp_files = from.ocsp_files;
    if (!from.ticket_key_file.empty()) to.tls_ticket_keys = read_ticket_keys(from.ticket_key_file);
}

} // namespace cryo_tool
