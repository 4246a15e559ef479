// JSON-RPC in both directions: clients call methods of the server, and it calls one of theirs. Needs
// nlohmann-json.
//
//     rpc [PORT]      ends with its standard input
#include <cryo.hpp>
#include <cryo_rpc.hpp>

#include <iostream>
#include <limits>

using cryo::rpc::argument;
using cryo::rpc::json;

int main(int argc, char **argv) try {
    cryo::server server({.port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 8080)},
                        [](cryo::auth ticket) { ticket.accept(); });
    const auto rpc = std::make_shared<cryo::rpc::endpoint>();

    // Answers at once: {"jsonrpc":"2.0","method":"divide","params":[84,2],"id":1}
    rpc->method("divide", [](const json &params) {
        const int by = argument<int>(params, 1, "by");
        if (by == 0) throw cryo::rpc::error(1, "There is no such number.");
        return argument<int>(params, 0, "number") / by;
    });

    // Answers later: when the client has said what it is called.
    rpc->method("greet_me", [&](cryo::session &session, const json &, cryo::rpc::responder answer) {
        rpc->call(session, "your_name", nullptr, [answer](const cryo::rpc::result &name) {
            if (name && name.value().is_string())
                answer.result("Hello, " + name.value().get<std::string>() + "!");
            else
                answer.result("Hello, whoever you are!");
        });
    });

    server.add(rpc);
    server.on_session([&](cryo::session &session) {
        rpc->notify(session, "welcome", {{"to", "the calculator"}});
    });
    // What is no RPC comes here.
    server.on_message([](cryo::session &session, cryo::message message) { session.send(message); });
    server.start();
    std::cout << "listening on port " << server.port() << std::endl;
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
} catch (const cryo::error &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
