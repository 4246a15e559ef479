// An extension that takes its time: a moderator reads every text before the room hears it. Others go on
// meanwhile, and nobody overtakes himself.
//
//     extension [PORT]      what passes is heard by everybody; ends with its standard input
#include <cryo.hpp>
#include <cryo_logger.hpp>

#include <condition_variable>
#include <deque>
#include <iostream>
#include <limits>
#include <mutex>
#include <thread>

class moderator : public cryo::extension {
  public:
    ~moderator() override {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        arrived_.notify_one();
        thread_.join();
    }

    std::string name() const override { return "moderator"; }
    // When he falls asleep, nothing passes.
    cryo::extension_options options() const override {
        return {.timeout = std::chrono::seconds(30), .on_failure = cryo::verdict::stop};
    }

    // The only hook that is overridden: binary messages, and all that is sent, pass by.
    void on_receive_utf8(cryo::session &, cryo::hook ticket) override {
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
            cryo::hook ticket = std::move(tickets_.front());
            tickets_.pop_front();
            lock.unlock();
            judge(std::move(ticket));
            lock.lock();
        }
    }

    static void judge(cryo::hook ticket) {
        if (ticket.text().find("buy now") != std::string_view::npos)
            ticket.stop();
        else if (ticket.text().rfind("please", 0) != 0)
            ticket.replace("please " + std::string(ticket.text()));
        else
            ticket.pass();
    }

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<cryo::hook> tickets_;
    bool over_ = false;
    std::thread thread_{[this] { run(); }}; // last: it uses the others
};

int main(int argc, char **argv) try {
    cryo::server server({.port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 8080)},
                        [](cryo::auth ticket) { ticket.accept(); });
    server.add(
        std::make_shared<cryo::logger>(std::cerr)); // first: it sees what the moderator will not let pass
    server.add(std::make_shared<moderator>());
    server.add("counter",
               {.on_receive_utf8 = [count = std::make_shared<std::atomic<int>>(0)](cryo::hook ticket) {
                   ticket.replace(std::to_string(++*count) + ": " + std::string(ticket.text()));
               }});
    server.on_message([&](cryo::message message) { server.broadcast(message); });
    server.start();
    std::cout << "listening on port " << server.port() << std::endl;
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
} catch (const cryo::error &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
