// A validator that takes its time: tickets wait for a worker thread, as they would for a database, and no
// session waits with them.
//
//     validate_later [PORT]      ends with its standard input
#include <cryo.hpp>

#include <condition_variable>
#include <deque>
#include <iostream>
#include <limits>
#include <mutex>
#include <thread>

class worker {
  public:
    ~worker() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        arrived_.notify_one();
        thread_.join();
    } // tickets that still wait are destroyed, and so rejected

    void ask(cryo::auth ticket) {
        {
            const std::lock_guard lock(mutex_);
            tickets_.push_back(std::move(ticket));
        }
        arrived_.notify_one();
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            arrived_.wait(lock, [this] { return over_ || !tickets_.empty(); });
            if (over_) return;
            cryo::auth ticket = std::move(tickets_.front());
            tickets_.pop_front();
            lock.unlock();
            judge(std::move(ticket));
            lock.lock();
        }
    }

    static void judge(cryo::auth ticket) {
        const std::string user = ticket.parameter("user").value_or("");
        if (!user.empty() && ticket.token() == "secret of " + user)
            ticket.accept();
        else
            ticket.reject("Wrong user or token.");
    }

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<cryo::auth> tickets_;
    bool over_ = false;
    std::thread thread_{[this] { run(); }}; // last: it uses the others
};

int main(int argc, char **argv) try {
    worker judge;
    cryo::server server({.port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 8080)},
                        [&](cryo::auth ticket) { judge.ask(std::move(ticket)); });
    server.on_session([](cryo::session &session) {
        session.send("Hello, " + session.parameter("user").value_or("?") + "!");
    });
    server.start();
    std::cout << "listening on port " << server.port() << std::endl;
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
} catch (const cryo::error &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
