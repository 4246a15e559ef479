// A price that changes faster than clients may listen. Each gets what it can take: in the queue of a slow
// one, a new price takes the place of the old one, so that it misses some, and always gets the last.
//
//     backpressure [PORT]      a client says how many changes it wants; ends with its standard input
#include <cryo.hpp>

#include <iostream>
#include <limits>
#include <string>

int main(int argc, char **argv) try {
    cryo::server server({.port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 8080),
                         .high_water_mark = 4096, // so little may be on its way to a client
                         .low_water_mark = 1024,
                         .drop_policy = cryo::drop_policy::dedupe_latest},
                        [](cryo::auth ticket) { ticket.accept(); });
    server.on_session([](cryo::session &session) { session.set("missed", 0); });
    server.on_message([](cryo::session &session, cryo::message message) {
        const int changes = std::stoi(std::string(message.text())); // what is no number is logged
        for (int i = 1; i <= changes; ++i)
            session.send("price " + std::to_string(i), {.key = "price"});
        session.send("that is all"); // has no key: it stands behind them
    });
    server.on_dropped([](cryo::session &session, cryo::drop_reason, cryo::message) {
        session.visit<int>("missed", [](int &missed) { ++missed; });
    });
    server.on_writable([](cryo::session &session) {
        std::cout << session.id_text() << " has caught up, and missed " << *session.get<int>("missed")
                  << std::endl;
    });
    server.start();
    std::cout << "listening on port " << server.port() << std::endl;
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
} catch (const cryo::error &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
