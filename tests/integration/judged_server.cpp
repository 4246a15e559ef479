// A server that does what its standard input says, for tests of what takes an application: a validator that
// answers late, closes and sends at odd moments. Says on standard output what happens, one line for each
// event.
//
//     judged_server [max-sessions=N] [max-per-address=N] [max-pending=N] [greeting=TEXT] [now=TOKEN]
//     [cert=FILE key=FILE] [cale=1] [cale-timeout=MS]
//
//     in:   accept TOKEN | reject TOKEN REASON        the oldest ticket that has this token
//           close SID CODE REASON | send SID TEXT     a session
//           stop
//     out:  listening PORT | auth TOKEN SID | settled TOKEN 0 or 1 | session SID | message SID TEXT | closed
//     SID CODE REASON
//
// The token `now=` is accepted at once, inside the validator.
#include <cryo.hpp>

#include <cstdlib>
#include <iostream>
#include <list>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

namespace {

using arguments = std::map<std::string, std::string>;

class journal {
  public:
    void say(const std::string &line) {
        const std::lock_guard lock(mutex_);
        std::cout << line << std::endl;
    }

  private:
    std::mutex mutex_;
};

class judge {
  public:
    explicit judge(journal &out) : out_(out) {}

    void ask(cryo::auth ticket) {
        const std::string line =
            "auth " + ticket.token() + " " + ticket.parameter("x-cryo-sid").value_or("none");
        {
            const std::lock_guard lock(mutex_);
            tickets_.push_back(std::move(ticket));
        }
        out_.say(line);
    }

    void settle(const std::string &token, bool accept, const std::string &reason) {
        std::list<cryo::auth> found;
        {
            const std::lock_guard lock(mutex_);
            for (auto at = tickets_.begin(); at != tickets_.end(); ++at) {
                if (at->token() != token) continue;
                found.splice(found.begin(), tickets_, at);
                break;
            }
        }
        if (found.empty()) return out_.say("settled " + token + " none");
        const bool done = accept ? found.front().accept() : found.front().reject(reason);
        out_.say("settled " + token + (done ? " 1" : " 0"));
    }

  private:
    journal &out_;
    std::mutex mutex_;
    std::list<cryo::auth> tickets_;
};

cryo::session find(const cryo::server &server, const std::string &sid) {
    for (const cryo::session &session : server.sessions())
        if (session.id_text() == sid) return session;
    throw std::runtime_error("no session " + sid);
}

void obey(const std::string &line, cryo::server &server, judge &tickets, journal &out) try {
    std::istringstream words(line);
    std::string verb, whom, rest;
    words >> verb >> whom;
    const auto remainder = [&] {
        std::getline(words >> std::ws, rest);
        return rest;
    };
    if (verb == "accept") return tickets.settle(whom, true, "");
    if (verb == "reject") return tickets.settle(whom, false, remainder());
    if (verb == "send") {
        find(server, whom).send(remainder());
        return;
    }
    int code = 0;
    words >> code;
    if (verb != "close") throw std::runtime_error("what is " + line + "?");
    find(server, whom).close(code, remainder());
} catch (const std::exception &e) {
    out.say(std::string("failed ") + e.what());
}

std::uint32_t number(const arguments &from, const char *name) {
    const auto found = from.find(name);
    return found == from.end() ? 0 : static_cast<std::uint32_t>(std::stoul(found->second));
}

int run(arguments with) {
    journal out;
    judge tickets(out);
    cryo::server_options options{.port = 0};
    options.max_sessions = number(with, "max-sessions");
    options.max_sessions_per_address = number(with, "max-per-address");
    if (with.contains("max-pending")) options.max_pending_validations = number(with, "max-pending");
    if (with.contains("cert")) options.tls = cryo::tls_files{with["cert"], with["key"]};
    options.cale = with.contains("cale");
    if (with.contains("cale-timeout"))
        options.cale_timeout = std::chrono::milliseconds(number(with, "cale-timeout"));
    const std::string greeting = with["greeting"];
    const std::string now = with["now"];
    cryo::server server(options, [&](cryo::auth ticket) {
        if (!now.empty() && ticket.token() == now)
            ticket.accept();
        else
            tickets.ask(std::move(ticket));
    });
    server.on_session([&](cryo::session session) {
        out.say("session " + session.id_text());
        if (!greeting.empty()) session.send(greeting);
    });
    server.on_message([&](cryo::session session, cryo::message message) {
        out.say("message " + session.id_text() + " " + std::string(message.text()));
    });
    server.on_closed([&](cryo::session session, int code, std::string_view reason) {
        out.say("closed " + session.id_text() + " " + std::to_string(code) + " " + std::string(reason));
    });
    server.start();
    out.say("listening " + std::to_string(server.port()));
    for (std::string line; std::getline(std::cin, line) && line != "stop";)
        obey(line, server, tickets, out);
    server.stop();
    server.wait();
    return 0;
}

} // namespace

int main(int argc, char **argv) try {
    arguments with;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) throw std::runtime_error("what is " + word + "?");
        with[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return run(std::move(with));
} catch (const std::exception &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
