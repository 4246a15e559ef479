// The same in C++: SIGTERM (or Ctrl-C) closes the sessions, with what was sent to them before, and then the
// program.
//
//     stop_on_signal_cpp [PORT]
#include <cryo.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace {

cryo::server *the_server = nullptr;

extern "C" void on_signal(int) {
    the_server->stop(); // one of the few calls that a signal handler may make
}

} // namespace

int main(int argc, char **argv) {
    try {
        cryo::server server({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8080)},
                            [](cryo::auth auth) { auth.accept(); });
        server.on_message([](cryo::session &session, cryo::message message) { session.send(message); });
        the_server = &server;
        std::signal(SIGTERM, on_signal);
        std::signal(SIGINT, on_signal);
        server.start();
        std::cout << "listening on port " << server.port() << std::endl;
        server.wait(); // until the handler has stopped it and the sessions are closed
        std::cout << "all said" << std::endl;
    } catch (const cryo::error &error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}
