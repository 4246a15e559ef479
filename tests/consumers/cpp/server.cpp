// A user's program in C++20: it starts a server, lets one client in and another one not, and stops.
#include "../knock.h"

#include <cryo.hpp>

#include <chrono>
#include <future>
#include <iostream>

namespace {

bool must(bool good, const char *what) {
    if (!good) std::cerr << "not so: " << what << '\n';
    return good;
}

} // namespace

int main() {
    std::promise<std::string> let_in;
    cryo::server server({.port = 0}, [](cryo::auth auth) {
        if (auth.token() == "Friend")
            auth.accept();
        else
            auth.reject("Never seen you.");
    });
    server.on_session([&](cryo::session session) { let_in.set_value(session.token()); });
    server.start();

    const int friend_fd = knock(server.port(), "Friend", "11111111-2222-4333-8444-555555555555");
    const int stranger_fd = knock(server.port(), "Stranger", "21111111-2222-4333-8444-555555555555");
    auto session = let_in.get_future();
    const bool good =
        must(answer_to_knock(friend_fd) == 101, "the friend is let in") &&
        must(answer_to_knock(stranger_fd) == 401, "the stranger is refused") &&
        must(session.wait_for(std::chrono::seconds(10)) == std::future_status::ready, "a session") &&
        must(session.get() == "Friend", "the session has its token") &&
        must(server.session_count() == 1, "one session");
    close(friend_fd);
    close(stranger_fd);
    server.stop();
    server.wait();
    if (good) std::cout << "libcryo " << cryo_version_string() << " served a program in C++\n";
    return good ? 0 : 1;
}
