#include "net/resolver.h"

#include "base/process_id.h"
#include "base/thread.h"
#include "net/loop.h"
#include "net/socket.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <system_error>

#ifdef _WIN32
#include <ws2tcpip.h>
#else
#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>
#endif

namespace cryo_core::net {

// What all who ask for one name share.
struct name_lookup::shared {
    explicit shared(const std::string &of) : host(of) {}
    const std::string host;
    std::vector<std::shared_ptr<slip>> askers;
    bool begun = false;
};

namespace {

// Never destroyed: its threads may run until the very end of the process. Another process, which a fork has
// made, has its own: none of the threads is in it, and the mutex may have been held.
struct desk {
    const std::int64_t process = process_id();
    const desk *former = nullptr; // of the process that this one was forked from
    std::mutex mutex;             // guards the slips too
    std::map<std::string, std::shared_ptr<name_lookup::shared>, std::less<>> open;
    std::deque<std::shared_ptr<name_lookup::shared>> line; // those of them that have not begun
    std::size_t threads = 0;
};

desk &the_desk() {
    static std::atomic<desk *> current{nullptr};
    desk *known = current.load();
    while (known == nullptr || known->process != process_id()) {
        auto made = std::make_unique<desk>();
        made->former = known;
        if (current.compare_exchange_strong(known, made.get())) return *made.release();
    }
    return *known;
}

} // namespace

struct name_lookup::slip {
    loop *on = nullptr; // null: taken back, or answered
    std::unique_ptr<answer> letter;
    std::shared_ptr<shared> of;
    lookup_asker *who = nullptr; // the loop's thread's own
    name_lookup *back = nullptr;
};

class name_lookup::answer final : public mail {
  public:
    explicit answer(std::shared_ptr<slip> to) noexcept : to_(std::move(to)) {}
    void carry(std::shared_ptr<const lookup_result> what) noexcept { what_ = std::move(what); }

    void deliver() noexcept override {
        if (to_->who == nullptr) return;
        to_->back->slip_.reset();
        to_->who->on_looked_up(what_.get());
    }

  private:
    std::shared_ptr<slip> to_;
    std::shared_ptr<const lookup_result> what_;
};

namespace {

std::shared_ptr<const lookup_result> look_up(const std::string &host) noexcept {
    addrinfo *found = nullptr;
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    const int system_error = socket_error();
    std::shared_ptr<lookup_result> result;
    try {
        result = std::make_shared<lookup_result>();
        result->error = error;
        result->system_error = system_error;
        for (const addrinfo *at = error == 0 ? found : nullptr; at != nullptr; at = at->ai_next)
            if (at->ai_family == AF_INET || at->ai_family == AF_INET6)
                result->addresses.emplace_back(at->ai_addr);
    } catch (const std::bad_alloc &) {
        result.reset();
    }
    if (error == 0) ::freeaddrinfo(found);
    return result;
}

void serve(desk &at) noexcept {
    std::unique_lock lock(at.mutex);
    while (!at.line.empty()) {
        const std::shared_ptr<name_lookup::shared> next = std::move(at.line.front());
        at.line.pop_front();
        next->begun = true;
        lock.unlock();
        const auto result = look_up(next->host);
        lock.lock();
        at.open.erase(next->host);
        for (const auto &slip : std::exchange(next->askers, {})) {
            slip->letter->carry(result);
            std::exchange(slip->on, nullptr)->post(std::move(slip->letter));
        }
    }
    --at.threads;
}

#ifdef _WIN32

void stay_loaded() noexcept {}

#else

void stay_loaded() noexcept {
    static std::once_flag once;
    std::call_once(once, [] {
        Dl_info self{};
        if (::dladdr(reinterpret_cast<const void *>(&stay_loaded), &self) != 0 && self.dli_fname != nullptr)
            ::dlopen(self.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    });
}

#endif

void drop(desk &from, const std::shared_ptr<name_lookup::shared> &what) noexcept {
    from.line.erase(std::remove(from.line.begin(), from.line.end(), what), from.line.end());
    from.open.erase(what->host);
}

// A thread that is there comes to it also when the system gives no other one.
void bring(desk &to, const std::shared_ptr<name_lookup::shared> &what) {
    bool counted = false;
    try {
        to.open.emplace(what->host, what);
        to.line.push_back(what);
        if (to.threads == max_lookups) return;
        counted = true;
        ++to.threads;
        start_thread("cryo-lookup", [&to] { serve(to); }).detach();
    } catch (...) {
        if (counted && --to.threads > 0) return;
        drop(to, what);
        throw;
    }
}

} // namespace

void name_lookup::ask(loop &on, const std::string &host, lookup_asker &who) {
    stay_loaded();
    auto made = std::make_shared<slip>();
    auto letter = std::make_unique<answer>(made);
    desk &at = the_desk();
    const std::lock_guard lock(at.mutex);
    const auto there = at.open.find(host);
    std::shared_ptr<shared> of = there != at.open.end() ? there->second : std::make_shared<shared>(host);
    of->askers.push_back(made);
    if (there == at.open.end()) bring(at, of);
    made->of = std::move(of); // they hold each other from now on, until it is answered or forgotten
    made->on = &on;
    made->letter = std::move(letter); // which holds the slip until one of them goes
    made->who = &who;
    made->back = this;
    slip_ = std::move(made);
}

void name_lookup::forget() noexcept {
    const auto mine = std::move(slip_);
    if (mine == nullptr) return;
    mine->who = nullptr;
    desk &at = the_desk();
    const std::lock_guard lock(at.mutex);
    if (mine->on == nullptr) return; // the answer is on its way
    mine->on = nullptr;
    mine->letter.reset();
    shared &of = *mine->of;
    of.askers.erase(std::remove(of.askers.begin(), of.askers.end(), mine), of.askers.end());
    if (of.askers.empty() && !of.begun) drop(at, mine->of);
}

std::size_t name_lookup::place_in_line() const noexcept {
    if (slip_ == nullptr) return 0;
    desk &at = the_desk();
    const std::lock_guard lock(at.mutex);
    if (slip_->of->begun) return 0;
    const auto place = std::find(at.line.begin(), at.line.end(), slip_->of);
    return static_cast<std::size_t>(place - at.line.begin()) + at.threads;
}

std::string lookup_trouble(const std::string &host, const lookup_result &what) {
    switch (what.error) {
    case 0:
    case EAI_NONAME:
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY:
#endif
        return "no such host: " + host;
#ifdef EAI_SYSTEM
    case EAI_SYSTEM:
        return "cannot look up " + host + ": " + error_text(what.system_error);
#endif
    default:
        return "cannot look up " + host + ": " + ::gai_strerror(what.error);
    }
}

} // namespace cryo_core::net
