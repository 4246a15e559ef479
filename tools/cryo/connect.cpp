#include "connect.h"

#include "client_printer_human.h"
#include "client_printer_json.h"
#include "commands.h"
#include "history_file.h"
#include "log_redirection.h"
#include "output.h"
#include "pipe_input.h"
#include "screen.h"
#include "terminal.h"
#include "text_input.h"
#include "turns.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace cryo_tool {
namespace {

void complain(const std::string &text) {
    std::fprintf(stderr, "cryo: %s\n", text.c_str());
}

cryo::log_level log_level_of(const connect_options &options) {
    return options.verbose ? cryo::log_level::debug : cryo::log_level::warning;
}

std::unique_ptr<client_printer> make_printer(const connect_options &options, const std::string &url,
                                             line_sink &to) {
    if (options.json) return std::make_unique<client_printer_json>(to);
    return std::make_unique<client_printer_human>(
        to, url,
        client_printer_human::style{.colour = wants_colour(STDOUT_FILENO), .verbose = options.verbose});
}

exit_status ending_of(const conversation &talk) {
    if (!talk.failure().empty()) complain(talk.failure());
    return talk.status();
}

// -------- lines from elsewhere

// One after the other: the next one when the one before was acknowledged.
void send_lines(input &from, conversation &talk, turns &turn, bool stay) {
    bool ended = false;
    for (std::string line; !talk.over();) {
        if (!turn.next(!ended && talk.idle() ? &from : nullptr) || !talk.idle()) continue;
        switch (from.read(line)) {
        case input::got::line:
            if (talk.send(cryo::kind::utf8,
                          {reinterpret_cast<const std::uint8_t *>(line.data()), line.size()}))
                break;
            complain("not sent: " + talk.why());
            talk.count_as_undelivered();
            break;
        case input::got::end:
            ended = true;
            if (!stay) talk.close(CRYO_CLOSE_GRACEFUL, {});
            break;
        case input::got::nothing:
            break;
        }
    }
    if (from.unread()) talk.count_as_undelivered();
}

int connect_lines(const connect_options &options, const cryo::client_options &to, input &from,
                  stop_signal &stop) {
    output out({.status = {}, .lost = [&stop] { stop.request(); }});
    const log_redirection log(log_level_of(options), out);
    const std::unique_ptr<client_printer> printer = make_printer(options, to.url, out);
    cryo::loop loop;
    exit_status status = exit_ok;
    {
        conversation talk(to, loop, *printer);
        turns turn(talk, loop, stop);
        talk.start();
        send_lines(from, talk, turn, options.stay);
        status = ending_of(talk);
    }
    const int failure = out.finish();
    if (failure == 0) return status;
    if (failure == EPIPE) return exit_reader_gone;
    complain(std::string("standard output: ") + std::strerror(failure));
    return exit_failed;
}

// -------- lines that are typed

std::string label_of(const conversation &talk, conversation::clock::time_point now) {
    if (talk.connected()) return "> ";
    if (!talk.retry_at() || *talk.retry_at() <= now) return "(connecting) > ";
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*talk.retry_at() - now).count();
    return "(again in " + std::to_string(seconds) + " s) > ";
}

// There is a prompt from the first connection to the end.
void type_lines(conversation &talk, turns &turn, screen &show) {
    using clock = conversation::clock;
    std::unique_ptr<prompt> typed;
    bool ended = false;
    for (std::string line; !talk.over();) {
        clock::time_point latest = clock::time_point::max();
        if (talk.ever_connected() && !ended) {
            if (!typed) show.show_above((typed = std::make_unique<prompt>(history_file())).get());
            typed->set_label(label_of(talk, clock::now()));
            if (talk.retry_at()) latest = clock::now() + std::chrono::seconds(1);
        }
        const bool readable = turn.next(ended ? nullptr : typed.get(), latest);
        show.refresh();
        if (!readable || talk.over()) continue;
        const input::got what = typed->read(line);
        if (what == input::got::line && !line.empty()) obey(line, talk, show);
        if (what == input::got::end) talk.close(CRYO_CLOSE_GRACEFUL, {});
        ended = what == input::got::end || talk.leaving();
        if (ended) typed->finish();
    }
    show.show_above(nullptr);
}

int connect_prompt(const connect_options &options, const cryo::client_options &to, stop_signal &stop) {
    stop.remember_terminal();
    screen show;
    const log_redirection log(log_level_of(options), show);
    const std::unique_ptr<client_printer> printer = make_printer(options, to.url, show);
    cryo::loop loop;
    conversation talk(to, loop, *printer);
    turns turn(talk, loop, stop);
    talk.start();
    type_lines(talk, turn, show);
    return ending_of(talk);
}

int run(const connect_options &options, const cryo::client_options &to) {
    stop_signal stop;
    if (!options.texts.empty()) {
        text_input texts(options.texts);
        return connect_lines(options, to, texts, stop);
    }
    if (!options.json && is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO))
        return connect_prompt(options, to, stop);
    pipe_input lines(STDIN_FILENO);
    return connect_lines(options, to, lines, stop);
}

} // namespace

int connect(const connect_options &options) {
    try {
        return run(options, to_client_options(options));
    } catch (const bad_arguments &e) {
        complain(e.what());
        return exit_usage;
    } catch (const cryo::error &e) {
        complain(e.what());
        return e.status() == CRYO_ERR_INVALID ? exit_usage : exit_failed;
    } catch (const std::exception &e) {
        complain(e.what());
        return exit_failed;
    }
}

} // namespace cryo_tool
