// The `cryo` program: parses the command line and calls the command.
#include "bench.h"
#include "connect.h"
#include "open_files.h"
#include "serve.h"
#include "usage_error.h"

#include <cryo.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>

namespace {

std::string version_text() {
    return "cryo " + std::string(cryo::version()) + "\n" + std::string(cryo::build_info());
}

int run(int argc, char **argv) {
    CLI::App app("Real-time WebSocket sessions", "cryo");
    app.set_version_flag("--version", version_text(),
                         "print the version of the library, and what it was built with");
    app.set_help_flag("--help,-h", "print this help");
    app.footer("\nSee also: cryo COMMAND --help");
    app.require_subcommand(0, 1);

    cryo_tool::serve_options serve_options;
    CLI::App *const serve = cryo_tool::add_serve_command(app, serve_options);
    cryo_tool::connect_options connect_options;
    CLI::App *const connect = cryo_tool::add_connect_command(app, connect_options);
    cryo_tool::bench_options bench_options;
    CLI::App *const bench = cryo_tool::add_bench_command(app, bench_options);
    for (CLI::App *const command : {serve, connect, bench})
        command->set_version_flag("--version", version_text(),
                                  "print the version of the library, and what it was built with");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &e) {
        if (e.get_exit_code() == 0) return app.exit(e); // --help, --version
        std::fprintf(stderr, "%s\n", cryo_tool::usage_error_text(app, e).c_str());
        return cryo_tool::exit_usage;
    }
    serve_options.program = argv[0];
    if (*serve) return cryo_tool::serve(serve_options);
    if (*connect) return cryo_tool::connect(connect_options);
    if (*bench) return cryo_tool::bench(bench_options);
    std::fputs(app.help().c_str(), stdout);
    return cryo_tool::exit_ok;
}

} // namespace

int main(int argc, char **argv) {
    cryo_tool::open_missing_standard_files();
    try {
        return run(argc, argv);
    } catch (const std::exception &e) {
        std::fprintf(stderr, "cryo: %s\n", e.what());
        return cryo_tool::exit_failed;
    }
}
