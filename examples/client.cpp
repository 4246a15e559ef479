// A client: sends each line of standard input, and shows what arrives. When the connection is lost, it comes
// back by itself.
//
//     client URL TOKEN      ends with its standard input, or when the server has had enough
#include <cryo.hpp>

#include <iostream>
#include <semaphore>
#include <string>

int main(int argc, char **argv) try {
    if (argc != 3) {
        std::cerr << "usage: client URL TOKEN\n";
        return 2;
    }
    cryo::client client({.url = argv[1], .token = argv[2]});
    std::counting_semaphore<2> decided{0};
    client.on_connected([&](cryo::session &session) {
        std::cout << "connected as " << session.id_text() << std::endl;
        decided.release();
    });
    client.on_closed([&](int code, std::string_view reason) {
        std::cout << "closed: " << code << ' ' << reason << std::endl;
        decided.release();
    });
    client.on_message([](cryo::message message) { std::cout << message.text() << std::endl; });
    client.on_disconnected(
        [](int code, std::string_view reason) { std::cerr << "lost: " << code << ' ' << reason << '\n'; });
    client.on_reconnected([](cryo::session &) { std::cerr << "back\n"; });
    client.on_attempt_failed([](cryo::failed_attempt failure) {
        std::cerr << failure.text << '\n';
        if (!failure.retry_in) std::cerr << "Giving up.\n";
    });
    client.start();
    decided.acquire();

    for (std::string line; std::getline(std::cin, line);) {
        const cryo_status status = client.session().try_send(line);
        if (status == CRYO_ERR_CLOSED) break;
        if (status != CRYO_OK) std::cerr << "not sent: " << cryo_last_error() << '\n';
    }
    client.close(); // after what was sent before
    client.wait();
} catch (const cryo::error &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
