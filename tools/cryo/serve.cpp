#include "serve.h"

#include "connect_hint.h"
#include "display_text.h"
#include "event_printer_human.h"
#include "event_printer_json.h"
#include "log_redirection.h"
#include "open_files.h"
#include "output.h"
#include "service_manager.h"
#include "stop_signal.h"
#include "terminal.h"
#include "token.h"
#include "traffic.h"
#include "uuid.h"

#include <cryo.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace cryo_tool {
namespace {

cryo::server_options to_server_options(const serve_options &from) {
    cryo::server_options to;
    to.host = from.host;
    to.port = from.port;
    to.socket_mode = from.socket_mode;
    to.listen_fd = inherited_socket().value_or(-1);
    to.trusted_proxies = from.trusted_proxies;
    to.forwarded_header = from.forwarded_header;
    to.proxy_protocol = from.proxy_protocol;
    to.transport = from.transport;
    to.max_head_bytes = from.max_head_bytes;
    to.threads = from.threads;
    to.reuse_port = from.reuse_port;
    to.cale = from.cale;
    to.keepalive = std::chrono::milliseconds(from.keepalive_ms);
    to.stall_timeout = std::chrono::milliseconds(from.stall_timeout_ms);
    to.hello_wait = std::chrono::milliseconds(from.hello_wait_ms);
    to.high_water_mark = from.high_water_mark;
    to.low_water_mark = from.low_water_mark.value_or(std::min(to.low_water_mark, to.high_water_mark));
    to.max_queued_bytes = from.max_queued_bytes;
    to.max_queue_count = from.max_queue_count;
    to.max_total_queued_bytes = from.max_total_queued_bytes;
    to.drop_policy = from.drop_policy;
    to.duplicate_policy = from.duplicate_policy;
    to.allowed_origins = from.allowed_origins;
    to.max_attempts_per_address = from.max_attempts_per_address;
    to.max_failed_tokens_per_address = from.max_failed_tokens_per_address;
    to.resume_window = std::chrono::milliseconds(from.resume_window_ms);
    apply(from.certificates, to);
    to.health = !from.no_health;
    to.metrics = from.has_metrics();
    if (from.has_metrics_token()) to.metrics_token = read_token_file(from.metrics).front();
    return to;
}

std::unique_ptr<event_printer> make_printer(const serve_options &options, output &to) {
    if (options.json) return std::make_unique<event_printer_json>(to, options.tls(), options.cale);
    return std::make_unique<event_printer_human>(
        to, event_printer_human::style{.tls = options.tls(),
                                       .cale = options.cale,
                                       .colour = wants_colour(STDOUT_FILENO),
                                       .quiet = options.quiet,
                                       .verbose = options.verbose,
                                       .mode = name_of(options.mode)});
}

cryo::log_level log_level_of(const serve_options &options) {
    if (options.quiet) return cryo::log_level::error;
    if (options.verbose) return cryo::log_level::debug;
    return options.json ? cryo::log_level::info : cryo::log_level::warning;
}

// Whoever sends and does not read could fill the log with what is left out: each session is told of once.
void warn_once(const cryo::session &session, output &to) {
    constexpr const char *warned = "warned";
    if (session.get<bool>(warned)) return;
    session.set(warned, true);
    to.error_line("cryo: warning: " + session.id_text() +
                  " takes less than it is sent; what its queue has no room for is left out");
}

void left_out(const cryo::session &session, cryo::drop_reason why, const cryo::message &what,
              event_printer &printer, output &log) {
    warn_once(session, log);
    printer.dropped(session.id_text(), why, what.size());
}

std::vector<std::string> tokens_of(const serve_options &options) {
    std::vector<std::string> tokens = options.tokens;
    if (!options.token_file.empty()) {
        const std::vector<std::string> more = read_token_file(options.token_file);
        tokens.insert(tokens.end(), more.begin(), more.end());
    }
    return tokens;
}

// For those who come from now on: all of it, or nothing where something of it cannot be read or used.
void reload(const serve_options &options, const cryo::server &server, current_tokens &accepted,
            event_printer &printer, output &log) {
    try {
        std::vector<std::string> tokens;
        if (!options.token_file.empty()) tokens = tokens_of(options);
        if (options.tls()) {
            cryo::server_options shown;
            apply(options.certificates, shown);
            server.set_tls(shown);
        }
        if (!tokens.empty()) accepted.replace(token_set(std::move(tokens)));
        printer.reloaded(accepted.get()->size());
    } catch (const std::exception &e) {
        log.error_line(std::string("cryo: error: nothing was reloaded: ") + e.what());
    }
}

// Whoever reads standard output may go meanwhile; then nobody is left to tell.
void wait_for_end(cryo::server &server, const stop_signal &stop) {
    constexpr std::chrono::milliseconds look{200};
    while (!server.wait_for(look))
        if (stop.requested()) server.stop();
}

// With whoever reads standard output, once the server is to stop.
constexpr std::chrono::seconds reader_patience{3};

// Between the sessions that are closed at a time when the server drains.
constexpr std::chrono::milliseconds shortest_batch{10};
constexpr std::chrono::milliseconds longest_batch{1000};

// What the sessions are answered, by mode. One that has closed, or a server that stops, needs no answer.
void answer(serve_mode mode, const cryo::server &server, const cryo::session &from, const cryo::message &what,
            event_printer &printer, output &log) {
    try {
        if (mode == serve_mode::echo) from.send(what);
        if (mode == serve_mode::broadcast) server.broadcast(what, from);
    } catch (const cryo::error &e) {
        if (e.status() == CRYO_ERR_FULL)
            left_out(from, cryo::drop_reason::refused, what, printer, log);
        else if (e.status() != CRYO_ERR_CLOSED)
            throw;
    }
}

// `meter`: null, if nobody sees what it measures.
void connect_events(cryo::server &server, serve_mode mode, event_printer &printer, traffic *meter,
                    output &log) {
    server.on_session([&printer, meter](const cryo::session &session) {
        const std::string id = session.id_text();
        if (meter != nullptr) meter->session(id);
        printer.session(id, session.remote_address(), session.proxy_address());
    });
    const bool shows = printer.shows_messages();
    server.on_message([&, mode, shows, meter](const cryo::session &session, const cryo::message &what) {
        if (meter != nullptr) meter->message(what.size());
        if (shows) printer.message(session.id_text(), what);
        answer(mode, server, session, what, printer, log);
    });
    server.on_dropped([&](const cryo::session &session, cryo::drop_reason why, const cryo::message &what) {
        left_out(session, why, what, printer, log);
    });
    server.on_stat([&printer, meter](const cryo::session &session, cryo::statistic which, double value) {
        const std::string id = session.id_text();
        if (meter != nullptr && which == cryo::statistic::rtt) meter->rtt(id, value);
        printer.stat(id, which, value);
    });
    server.on_disconnected([&](const cryo::session &session, int code, std::string_view reason) {
        printer.disconnected(session.id_text(), code, reason);
    });
    server.on_reconnected([&](const cryo::session &session) { printer.reconnected(session.id_text()); });
    server.on_closed([&printer, meter](const cryo::session &session, int code, std::string_view reason) {
        const std::string id = session.id_text();
        if (meter != nullptr) meter->closed(id);
        printer.closed(id, code, reason);
    });
}

// The one place where a token is shown: the one made up for this run, to the person who needs it.
void show_made_up_token(const std::string &token, const serve_options &options, const std::string &url,
                        output &to) {
    const auto show = [&](const std::string &text) { options.json ? to.error_line(text) : to.line(text); };
    show("token    " + token);
    show("url      " +
         shell_word(url + "/?authorization=Bearer%20" + token + "&x-cryo-sid=" + random_uuid()));
    show("connect  " + connect_command(options.program, options, url, token));
}

int run(const serve_options &options, std::vector<std::string> tokens, const std::string &made_up,
        stop_signal &stop) {
    traffic meter;
    output::hooks hooks;
    const bool shows_status = !options.json && !options.quiet && is_terminal(STDOUT_FILENO);
    if (shows_status) hooks.status = [&meter] { return status_text(meter.now(traffic::clock::now())); };
    hooks.lost = [&stop] { stop.request(); };
    output out(std::move(hooks));
    const log_redirection log(log_level_of(options), out, options.json);
    const std::unique_ptr<event_printer> printer = make_printer(options, out);
    current_tokens accepted{token_set(std::move(tokens))};

    {
        cryo::server server(to_server_options(options), [&](cryo::auth ticket) {
            if (accepted.get()->contains(ticket.token())) ticket.accept();
        });
        connect_events(server, options.mode, *printer, shows_status ? &meter : nullptr, out);
        server.on_listening([&](std::string_view host, std::uint16_t port) {
            printer->listening(host, port, server.transport());
            if (made_up.empty()) return;
            show_made_up_token(made_up, options, local_url(options.tls(), host, port), out);
        });
        server.start();
        notify_manager("READY=1");
        stop_signal::wish wish = stop.wait();
        for (; wish == stop_signal::wish::reload; wish = stop.wait()) {
            notify_manager(reloading_news());
            reload(options, server, accepted, *printer, out);
            notify_manager("READY=1");
        }
        notify_manager("STOPPING=1");
        out.bound_patience(reader_patience);
        if (wish == stop_signal::wish::drain) {
            const std::chrono::milliseconds within(options.drain_ms);
            server.drain(within, std::clamp(within / 100, shortest_batch, longest_batch));
        } else {
            server.stop();
        }
        wait_for_end(server, stop);
    }

    const int failure = out.finish();
    if (failure == EPIPE) return exit_reader_gone;
    if (failure == 0) return exit_ok;
    std::fprintf(stderr, "cryo: standard output: %s\n",
                 failure == ETIMEDOUT ? "nobody has read it for three seconds; the last events are not told"
                                      : std::strerror(failure));
    return exit_failed;
}

} // namespace

int serve(const serve_options &options) {
    std::vector<std::string> tokens;
    std::string made_up;
    try {
        tokens = tokens_of(options);
        if (options.has_metrics_token()) read_token_file(options.metrics);
        if (tokens.empty()) tokens.push_back(made_up = random_token());
    } catch (const std::exception &e) {
        std::fprintf(stderr, "cryo: %s\n", e.what());
        return exit_usage;
    }
    try {
        stop_signal stop;
        options.token_file.empty() && !options.tls() ? stop.stop_on_hangup() : stop.reload_on_hangup();
        adjust_open_files_limit();
        return run(options, std::move(tokens), made_up, stop);
    } catch (const cryo::error &e) {
        std::fprintf(stderr, "cryo: %s\n", e.what());
        return e.status() == CRYO_ERR_INVALID ? exit_usage : exit_failed;
    } catch (const std::exception &e) {
        std::fprintf(stderr, "cryo: %s\n", e.what());
        return exit_failed;
    }
}

} // namespace cryo_tool
