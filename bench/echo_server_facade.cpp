// The echo server as a user of cryo.hpp would write it: lambdas, views and sessions. What it costs more than
// echo_server.c is what the facade costs.
//
//   echo_server_facade [--per-session] [--cale]
//
// With --per-session each session gets a handler of its own. Prints its port, and serves until SIGTERM.
#include <cryo.hpp>

#include <signal.h>

#include <cstdio>
#include <string_view>

int main(int argc, char **argv) {
    bool per_session = false;
    cryo::server_options options{.port = 0};
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--per-session") {
            per_session = true;
        } else if (argument == "--cale") {
            options.cale = true;
        } else {
            std::fprintf(stderr, "echo_server_facade: what is %s?\n", argv[i]);
            return 2;
        }
    }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, nullptr); // before the server has threads, so that none of them gets these

    try {
        cryo::server server(options, [](cryo::auth ticket) { ticket.accept(); });
        const auto echo = [](cryo::session from, cryo::message what) { from.send(what); };
        if (per_session)
            server.on_session([echo](cryo::session &who) { who.on_message(echo); });
        else
            server.on_message(echo);
        server.start();
        std::printf("%u\n", static_cast<unsigned>(server.port()));
        std::fflush(stdout);

        int signal_number = 0;
        sigwait(&stop, &signal_number);
    } catch (const cryo::error &e) {
        std::fprintf(stderr, "echo_server_facade: %s: %s\n", e.name(), e.what());
        return 1;
    }
}
