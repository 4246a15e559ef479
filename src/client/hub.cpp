#include "client/hub.h"

#include "base/fork.h"
#include "base/never_destroyed.h"
#include "base/thread.h"
#include "net/loaded_libraries.h"

#include <chrono>
#include <new>
#include <system_error>

namespace cryo_core {

namespace {

class end_mail final : public net::mail {
  public:
    explicit end_mail(net::loop &what) noexcept : what_(what) {}
    void deliver() noexcept override { what_.end(); }

  private:
    net::loop &what_;
};

// The child of a fork has none of its parent's threads, and so another common hub.
struct common_place {
    std::mutex mutex;
    std::weak_ptr<hub> one;
};

common_place &common_hub() {
    static never_destroyed<common_place> place;
    [[maybe_unused]] static const bool watched = [] {
        at_fork({.in_child = [] { new (&*place) common_place; }}); // what was there is the parent's
        return true;
    }();
    return *place;
}

} // namespace

std::shared_ptr<hub> hub::make(failure &why) {
    if ((why = net::check_loaded_libraries())) return nullptr;
    auto made = std::make_shared<hub>(key{});
    made->loop_ = net::loop::create({.accepts = false}, *made, why);
    return made->loop_ ? made : nullptr;
}

std::shared_ptr<hub> hub::own(failure &why) {
    return make(why);
}

std::shared_ptr<hub> hub::common(failure &why) {
    common_place &place = common_hub();
    const std::lock_guard lock(place.mutex);
    if (auto there = place.one.lock()) return there;
    auto made = make(why);
    if (!made) return nullptr;
    made->end_mail_ = std::make_unique<end_mail>(*made->loop_);
    try {
        // The loop, not the hub: whose last holder may be this thread.
        made->thread_ = start_thread("cryo-client", [loop = made->loop_] { loop->run(); });
    } catch (const std::system_error &error) {
        why = {status::system, std::string("The system gives no thread: ") + error.what()};
        return nullptr;
    }
    made->has_thread_ = true;
    place.one = made;
    return made;
}

hub::~hub() {
    workers_.stop();
    if (!thread_.joinable()) return;
    loop_->post(std::move(end_mail_));
    if (thread_.get_id() == std::this_thread::get_id())
        thread_.detach(); // a callback let go of the last client: the thread is on its way out
    else
        thread_.join();
}

failure hub::run_once(std::int32_t timeout_ms) noexcept {
    if (running_.exchange(true))
        return {status::state, "The loop is running already, in another thread or around this callback."};
    const bool more = loop_->run_once(timeout_ms);
    running_ = false;
    bell_->ring();
    if (!more) return {status::closed, "The loop has ended."};
    return {};
}

bool hub::wait(std::int32_t timeout_ms, const std::function<bool()> &done) {
    if (has_thread_) {
        std::unique_lock lock(bell_->mutex);
        if (timeout_ms >= 0)
            return bell_->changed.wait_for(lock, std::chrono::milliseconds(timeout_ms), done);
        bell_->changed.wait(lock, done);
        return true;
    }
    for (;;) {
        {
            std::unique_lock lock(bell_->mutex);
            bell_->changed.wait(lock, [&] { return done() || !running_; });
            if (done()) return true;
        }
        if (run_once(-1).code == status::closed) return done();
    }
}

} // namespace cryo_core
