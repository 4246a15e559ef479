// A client that knows what became of each line that it has sent.
//
//     receipts URL TOKEN      sends the lines of its standard input
#include <cryo.hpp>

#include <iostream>
#include <semaphore>
#include <string>

static std::string fate(const cryo::receipt &receipt) {
    switch (receipt.outcome) {
    case cryo::outcome::acknowledged:
        return "acknowledged after " + std::to_string(receipt.rtt->count()) + " ms";
    case cryo::outcome::timed_out:
        return "not acknowledged in time";
    case cryo::outcome::dropped:
        return "dropped: " + std::string(receipt.by);
    case cryo::outcome::vetoed:
        return "stopped by " + std::string(receipt.by);
    case cryo::outcome::refused:
        return "refused: the other end has closed because of it";
    case cryo::outcome::closed:
        break;
    }
    return "lost with the connection, or arrived just before it";
}

int main(int argc, char **argv) try {
    if (argc != 3) {
        std::cerr << "usage: receipts URL TOKEN\n";
        return 2;
    }
    cryo::client client({.url = argv[1], .token = argv[2], .reconnect_attempts = 0});
    std::counting_semaphore<> ready{0};
    client.on_connected([&](cryo::session &) { ready.release(); });
    client.on_closed([&](int, std::string_view) { ready.release(); });
    client.start();
    ready.acquire();

    for (std::string line; std::getline(std::cin, line);) {
        const auto told = [&, line](const cryo::receipt &receipt) {
            std::cout << line << ": " << fate(receipt) << std::endl;
            ready.release();
        };
        if (!client.session().send(line, told)) break; // it has closed, and nothing is told of this line
        ready.acquire();                               // one after the other
    }
    client.close();
    client.wait();
} catch (const cryo::error &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
