// What `cryo serve` prints for the person who wants to talk to it: lines that can be pasted into a shell.
#pragma once

#include "serve_options.h"

#include <string>
#include <string_view>

namespace cryo_tool {

// As one word of a POSIX shell: in quotes where something in it would mean something else.
std::string shell_word(std::string_view text);

// "ws://127.0.0.1:8080": where a client on this machine reaches the server. With TLS a loopback address is
// "localhost", which is what certificates for development name.
std::string local_url(bool tls, std::string_view host, std::uint16_t port);

// The command that connects to a server at `url` with these options. `program` is how this one was called
// (argv[0]).
std::string connect_command(std::string_view program, const serve_options &server, const std::string &url,
                            const std::string &token);

} // namespace cryo_tool
