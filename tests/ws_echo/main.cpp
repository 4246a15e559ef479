// A plain WebSocket echo server over the library's network and WebSocket layers, without the Cryo protocol:
// what it does can be compared with any WebSocket client. It ends on SIGTERM or SIGINT.
#include "echo_connection.h"

#include "net/listener.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <thread>
#include <vector>

namespace {

namespace net = cryo_core::net;

struct arguments {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    unsigned threads = 1;
    ws_echo::options limits;
    net::tls_source tls;
};

class acceptor final : public net::link_acceptor {
  public:
    explicit acceptor(const ws_echo::options &limits) : limits_(limits) {}
    net::link_handler *on_link(net::link &fresh) override { return new ws_echo::connection(fresh, limits_); }

  private:
    ws_echo::options limits_;
};

class end_mail final : public net::mail {
  public:
    explicit end_mail(net::loop &l) : loop_(l) {}
    void deliver() noexcept override { loop_.end(); }

  private:
    net::loop &loop_;
};

int fail(const cryo_core::failure &why) {
    std::fprintf(stderr, "ws_echo: %s\n", why.text.c_str());
    return 1;
}

int serve(const arguments &a, const sigset_t &signals) {
    cryo_core::failure why;
    std::shared_ptr<net::server_tls> tls;
    if (!a.tls.certificate_file.empty()) {
        tls = net::server_tls::load({.certificates = {a.tls}}, why);
        if (!tls) return fail(why);
    }
    acceptor links(a.limits);
    std::vector<std::shared_ptr<net::loop>> loops;
    for (unsigned i = 0; i < a.threads; ++i) {
        auto made = net::loop::create({.tls = tls}, links, why);
        if (!made) return fail(why);
        loops.push_back(std::move(made));
    }
    const auto listener = net::listener::open(a.host, a.port, 511, why);
    if (!listener) return fail(why);
    if (!listener->start(*loops.front(), loops)) return 1;
    std::vector<std::thread> threads;
    for (const auto &l : loops)
        threads.emplace_back([l] { l->run(); });
    std::printf("listening on %s:%u\n", listener->host().c_str(), static_cast<unsigned>(listener->port()));
    std::fflush(stdout);
    int which = 0;
    sigwait(&signals, &which);
    for (const auto &l : loops)
        l->post(std::make_unique<end_mail>(*l));
    for (std::thread &t : threads)
        t.join();
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    arguments a;
    CLI::App app{"WebSocket echo server"};
    app.add_option("--host", a.host, "address to listen on");
    app.add_option("--port", a.port, "port to listen on; 0: the system chooses");
    app.add_option("--threads", a.threads, "service threads")->check(CLI::Range(1U, 64U));
    app.add_option("--max-message", a.limits.max_message, "longest message in bytes");
    app.add_option("--max-fragments", a.limits.max_fragments, "most frames in one message");
    auto *certificate = app.add_option("--tls-cert", a.tls.certificate_file, "certificate chain");
    app.add_option("--tls-key", a.tls.key_file, "its key")->needs(certificate);
    CLI11_PARSE(app, argc, argv);

    // Waited for here; the service threads must not take them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    try {
        return serve(a, signals);
    } catch (const std::exception &e) {
        std::fprintf(stderr, "ws_echo: %s\n", e.what());
        return 1;
    }
}
