// A user's program with each of the extensions: a client calls a method of its server, and both log it.
#include <cryo_logger.hpp>
#include <cryo_rate_limit.hpp>
#include <cryo_rpc.hpp>

#include <future>
#include <iostream>
#include <sstream>

int main() {
    std::ostringstream log;
    const auto rpc = std::make_shared<cryo::rpc::endpoint>();
    rpc->method("add", [](const cryo::rpc::json &params) {
        return cryo::rpc::argument<int>(params, 0, "a") + cryo::rpc::argument<int>(params, 1, "b");
    });
    cryo::server server({.port = 0}, [](cryo::auth auth) { auth.accept(); });
    server.add(std::make_shared<cryo::rate_limit>(
        cryo::rate_limit_options{.messages = {{.per_second = 1000, .burst = 1000}}}));
    server.add(std::make_shared<cryo::logger>(log));
    server.add(rpc);
    server.start();

    const auto calls = std::make_shared<cryo::rpc::endpoint>();
    std::promise<void> connected;
    cryo::client client({.url = "ws://127.0.0.1:" + std::to_string(server.port()), .token = "t"});
    client.on_connected([&](cryo::session &) { connected.set_value(); });
    client.add(calls);
    client.start();
    connected.get_future().wait();
    const int sum = calls->call(client.session(), "add", {40, 2}).get().get<int>();
    client.close();
    client.wait();
    server.stop();
    server.wait();

    const bool logged = log.str().find("\"method\\\":\\\"add\\\"") != std::string::npos;
    if (sum != 42 || !logged) {
        std::cerr << "the sum is " << sum << ", and the log:\n" << log.str();
        return 1;
    }
    std::cout << "40 + 2 = " << sum << '\n';
    return 0;
}
