// A loop with a listener on a thread of its own, whose links do what the test says.
#pragma once

#include "net/listener.h"
#include "net/loop.h"
#include "tested_transport.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cryo_test {

namespace net = cryo_core::net;

// A mail made of a function.
template <typename F>
class call final : public net::mail {
  public:
    explicit call(F f) : f_(std::move(f)) {}
    void deliver() noexcept override { f_(); }

  private:
    F f_;
};

template <typename F>
bool post(net::loop &to, F f) {
    return to.post(std::make_unique<call<F>>(std::move(f)));
}

// Something that one thread waits for and another says.
class signal {
  public:
    void raise() {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    // Waits for the n-th raise since the beginning.
    bool wait(int n = 1, int timeout_ms = 10'000) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return count_ >= n; });
    }
    int count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

// Runs f on the loop's thread and waits for it.
template <typename F>
bool run_in(net::loop &where, F f) {
    signal done;
    return post(where,
                [&] {
                    f();
                    done.raise();
                }) &&
           done.wait();
}

// Deletes itself when its link is gone, after it has told.
class scripted_handler : public net::link_handler {
  public:
    explicit scripted_handler(net::link &l) : own(l) {}
    void on_read(cryo_core::bytes_mut data) override {
        if (read) read(*this, data);
    }
    void on_flush() override {
        if (flush) flush(*this);
    }
    void on_gone() noexcept override {
        if (gone) gone(*this);
        delete this;
    }

    net::link &own;
    std::string out; // for the default flush below
    std::function<void(scripted_handler &, cryo_core::bytes_mut)> read;
    std::function<void(scripted_handler &)> flush;
    std::function<void(scripted_handler &)> gone;

    // Writes `out` as the link takes it.
    void write_out() {
        while (!out.empty()) {
            if (own.writable() == 0) return;
            const auto taken = own.write(cryo_core::as_bytes(out));
            if (!taken) return;
            out.erase(0, *taken);
        }
    }
};

class service final : public net::link_acceptor {
  public:
    using script = std::function<net::link_handler *(net::link &)>;

    explicit service(script on_link, const net::loop_options &options = {}, int threads = 1)
        : script_(std::move(on_link)) {
        cryo_core::failure why;
        for (int i = 0; i < threads; ++i) {
            auto made = net::loop::create(over_tested(options), *this, why);
            if (!made) throw std::runtime_error(why.text);
            loops_.push_back(std::move(made));
        }
        listener_ = net::listener::open("127.0.0.1", 0, 511, why);
        if (!listener_ || !listener_->start(*loops_.front(), loops_)) throw std::runtime_error(why.text);
        for (const auto &l : loops_)
            threads_.emplace_back([l] { l->run(); });
    }
    ~service() override { stop(); }

    void stop() {
        if (threads_.empty()) return;
        for (const auto &l : loops_)
            post(*l, [p = l.get()] { p->end(); });
        for (std::thread &t : threads_)
            t.join();
        threads_.clear();
    }

    net::link_handler *on_link(net::link &fresh) override { return script_(fresh); }
    std::uint16_t port() const { return listener_->port(); }
    net::loop &loop(std::size_t i = 0) { return *loops_[i]; }
    const std::shared_ptr<net::loop> &shared_loop(std::size_t i = 0) { return loops_[i]; }

  private:
    script script_;
    std::vector<std::shared_ptr<net::loop>> loops_;
    std::unique_ptr<net::listener> listener_;
    std::vector<std::thread> threads_;
};

} // namespace cryo_test
