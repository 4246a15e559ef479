#include "bench.h"

#include "bench/report.h"
#include "bench/run.h"
#include "exit_status.h"
#include "json_line.h"
#include "open_files.h"
#include "stop_signal.h"
#include "terminal.h"
#include "token.h"
#include "url_query.h"

#include "base/url.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace cryo_tool {
namespace {

struct bad_bench_arguments : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string token_of(const bench_options &options, std::string &url) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string in_url = take_parameter(url, "authorization").value_or("");
    if (!options.token.empty()) return options.token;
    if (!options.token_file.empty()) {
        const std::vector<std::string> all = read_token_file(options.token_file);
        if (all.size() == 1) return all.front();
        throw bad_bench_arguments("there is more than one token in " + options.token_file);
    }
    if (in_url.substr(0, scheme.size()) == scheme) return in_url.substr(scheme.size());
    throw bad_bench_arguments("a token is needed: give --token or --token-file");
}

bench_place place_of(const bench_options &options) {
    std::string text = options.url;
    const std::string token = token_of(options, text);
    static_cast<void>(take_parameter(text, "x-cryo-sid")); // each session has its own
    cryo_core::url url;
    if (const std::string_view wrong = cryo_core::parse_url(text, url); !wrong.empty())
        throw bad_bench_arguments("the URL: " + std::string(wrong));
    if (url.is_unix())
        throw bad_bench_arguments("the URL: ws:// or wss:// is measured, not a Unix-domain socket");
    if (!url.tls && !options.ca.empty())
        throw bad_bench_arguments("certificates are for wss://, and this URL begins with ws://");
    if (!url.tls && options.tls_resume)
        throw bad_bench_arguments("--tls-resume is for wss://, and this URL begins with ws://");
    cryo_core::add_parameter(url.query, "authorization", "Bearer " + token);
    const std::string origin = url.origin();
    return {.path_and_query = url.path_and_query(),
            .host_field = origin.substr(origin.find("//") + 2),
            .origin = origin,
            .host = url.host,
            .port = url.port,
            .tls = url.tls};
}

// Ends the run when a signal comes.
class interruption final : private bench_loop::handler {
  public:
    interruption(bench_run &run, const stop_signal &stop)
        : run_(run), watch_(std::in_place, run.loop(), stop.fd(), static_cast<bench_loop::handler &>(*this)) {
    }

  private:
    void on_ready(bool, bool) override {
        run_.interrupt();
        watch_.reset();
    }

    bench_run &run_;
    std::optional<bench_loop::watch> watch_;
};

std::string progress_text(const bench_options &options, const bench_progress &now) {
    std::string text =
        std::to_string(now.connections) + " of " + std::to_string(options.connections) + " connections";
    switch (now.now) {
    case bench_phase::connecting:
        return text;
    case bench_phase::warming_up:
        return text + ", warming up";
    case bench_phase::measuring:
        return text + ", " + duration_text(now.measured_s * 1e9) + " of " +
               duration_text(options.duration_s * 1e9) + ": " + number_text(now.rate) + "/s, p99 " +
               duration_text(static_cast<double>(now.p99));
    case bench_phase::draining:
        return text + ", waiting for the last answers";
    case bench_phase::closing:
    case bench_phase::over:
        return text + ", closing";
    }
    return text;
}

void show_progress(const bench_options &options, const bench_progress &now) {
    std::fprintf(stderr, "\r\033[K%s", progress_text(options, now).c_str());
}

void write_file(const std::string &name, const std::string &text) {
    std::ofstream file(name, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + name);
}

exit_status status_of(const bench_options &options, const bench_result &result) {
    const bench_faults &faults = result.faults;
    if (result.connected == 0 && faults.all() > 0) return faults.refused > 0 ? exit_refused : exit_failed;
    for (const bench_condition &each : options.fail_if) {
        if (!each.holds(result)) continue;
        std::fprintf(stderr, "cryo: %s\n", each.text.c_str());
        return exit_limit;
    }
    return faults.all() > 0 ? exit_undelivered : exit_ok;
}

int run(const bench_options &options) {
    const bench_place server = place_of(options);
    stop_signal stop;
    adjust_open_files_limit();
    const bool shows = !options.quiet && is_terminal(STDERR_FILENO);
    std::unique_ptr<bench_result> result;
    {
        bench_tell tell;
        if (shows) tell = [&options](const bench_progress &now) { show_progress(options, now); };
        bench_run load(options, server, tell);
        const interruption on_signal(load, stop);
        result = load.run();
    }
    if (shows) std::fputs("\r\033[K", stderr);
    if (!options.html.empty()) write_file(options.html, report_html(options, server.origin, *result));
    const std::string text = options.json ? json_line(report_json(options, server.origin, *result))
                                          : report_text(options, server.origin, *result);
    if (std::puts(text.c_str()) < 0 || std::fflush(stdout) != 0)
        throw std::runtime_error("cannot write to standard output");
    return status_of(options, *result);
}

} // namespace

int bench(const bench_options &options) {
    try {
        return run(options);
    } catch (const bad_bench_arguments &e) {
        std::fprintf(stderr, "cryo: %s\n", e.what());
        return exit_usage;
    } catch (const std::exception &e) {
        std::fprintf(stderr, "cryo: %s\n", e.what());
        return exit_failed;
    }
}

} // namespace cryo_tool
