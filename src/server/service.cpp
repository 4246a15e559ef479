#include "server/service.h"

#include "base/log.h"
#include "base/prefetch.h"
#include "endpoint/session_control.h"
#include "server/away_session.h"
#include "server/connection.h"

#include <algorithm>
#include <new>
#include <utility>

namespace cryo_core {

namespace {

class action_mail final : public net::mail {
  public:
    action_mail(service &to, std::function<void(service &)> action) : to_(to), action_(std::move(action)) {}
    void deliver() noexcept override {
        try {
            action_(to_);
        } catch (const std::bad_alloc &) {
            log(log_level::error, "Memory ran out; a request to the server was not carried out.");
        }
    }

  private:
    service &to_;
    std::function<void(service &)> action_;
};

} // namespace

service::service(service_context &shared) noexcept : shared_(shared) {}

service::~service() {
    if (drain_timer_.armed()) loop_->cancel(drain_timer_);
}

failure service::open(const net::loop_options &options, std::function<void()> at_stop) {
    failure why;
    stop_mail_ = std::make_unique<action_mail>(*this, [before = std::move(at_stop)](service &self) {
        if (before) before();
        self.shut_down();
    });
    loop_ = net::loop::create(options, *this, why);
    tasks_ = std::make_unique<task_timers>(loop_);
    place_ = std::make_shared<const session_place>(session_place{
        loop_, std::shared_ptr<const session_options>(shared_.options, &shared_.options->session),
        shared_.options->resume_window > 0 && shared_.options->threads > 1 ? this : nullptr,
        &counters_.messages});
    return why;
}

std::unique_ptr<net::mail> service::letter(std::function<void(service &)> action) {
    return std::make_unique<action_mail>(*this, std::move(action));
}

bool service::post(std::function<void(service &)> action) {
    return loop_->post(letter(std::move(action)));
}

void service::stop() noexcept {
    if (stop_mail_) loop_->post(std::move(stop_mail_));
}

net::link_handler *service::on_link(net::link &link) {
    if (shutting_down_) return nullptr;
    // One of a proxy is counted once it is known whose it is.
    const bool counts = is_counted(link.remote());
    const bool over = counts && !count_in(link.remote());
    const bool counted = counts && !over;
    connection *added = nullptr;
    try {
        added = new connection(*this, link, over, counted);
    } catch (...) {
        if (counted) shared_.addresses.leave(link.remote_key());
        throw;
    }
    added->next = first_;
    if (first_ != nullptr) first_->previous = added;
    first_ = added;
    return added;
}

void service::on_tls_failure(const net::link &link, const char *why) noexcept {
    try {
        tell_incident(link, std::string("did not get TLS: ") + why);
    } catch (...) { // no memory to say so
    }
}

void service::tell_incident(const net::link &of, std::string_view words) noexcept {
    if (!log_enabled(log_level::info)) return;
    try {
        incidents_.tell(loop_->now(), of.remote_address(), words);
    } catch (...) { // no memory to say so
    }
}

void service::leave_address_book(connection &one) noexcept {
    if (!one.uncounted()) shared_.addresses.leave(one.remote_key());
    one.set_uncounted();
}

// Behind a Unix-domain socket nobody has an address, and a proxy has those of others.
bool service::is_of_one(const net::address &client) const noexcept {
    return !client.is_local() && !options().trusted_proxies.contains(client);
}

bool service::is_counted(const net::address &client) const noexcept {
    return options().max_sessions_per_address != 0 && is_of_one(client);
}

bool service::count_in(const net::address &client) {
    return shared_.addresses.enter(client.key(), options().max_sessions_per_address);
}

void service::remove(connection &gone) noexcept {
    leave_address_book(gone);
    (gone.previous != nullptr ? gone.previous->next : first_) = gone.next;
    if (gone.next != nullptr) gone.next->previous = gone.previous;
    if (!empty()) return;
    if (shutting_down_) return loop_->end();
    if (plan_) report_empty();
}

void service::move_out(const session_control &who) noexcept {
    const auto at =
        std::find_if(guests_.begin(), guests_.end(), [&](const auto &one) { return one.get() == &who; });
    if (at == guests_.end()) return;
    guests_.erase(at);
    if (shutting_down_ && empty()) loop_->end();
}

void service::keep(std::unique_ptr<kept_session> one) noexcept {
    try {
        std::list<std::unique_ptr<away_session>> added(1);
        added.front() = std::make_unique<away_session>(*this, std::move(one));
        away_session &made = *added.front();
        made.place = added.begin();
        away_.splice(away_.end(), added);
        made.take_over();
        shutting_down_ || plan_ ? made.shut_down() : made.begin();
    } catch (...) {
        log(log_level::error, "Memory ran out; a session whose connection is lost is closed.");
        if (one) one->end(observer(), shared_.sids, ws::close_code::abnormal, {});
    }
}

void service::drop(const away_session &gone) noexcept {
    if (visiting_away_) return;
    away_.erase(gone.place);
    if (shutting_down_ && empty()) loop_->end();
}

template <typename Visit>
void service::visit_away(Visit visit) {
    if (away_.empty()) return;
    const bool outer =
        std::exchange(visiting_away_, true); // the application may broadcast inside of a broadcast
    for (const auto &one : away_)
        if (!one->empty()) visit(*one);
    visiting_away_ = outer;
    if (!outer) away_.remove_if([](const auto &one) { return one->empty(); });
}

void service::broadcast(message_kind kind, const shared_bytes &payload, const session_control *except,
                        std::size_t *count) {
    for (connection *at = first_; at != nullptr; at = at->next) {
        if (at->next != nullptr) prefetch<sizeof(connection)>(at->next);
        if (at->live() && at->control() != except && at->offer(make_frame(kind, payload)) && count != nullptr)
            ++*count;
    }
    visit_away([&](away_session &one) {
        if (!one.is(except) && one.offer(make_frame(kind, payload)) && count != nullptr) ++*count;
    });
    for (const auto &guest : guests_) {
        session_host *const host = guest.get() == except ? nullptr : guest->owner();
        if (host != nullptr && host->offer(make_frame(kind, payload)) && count != nullptr) ++*count;
    }
}

void service::end_away() {
    visit_away([](away_session &one) { one.shut_down(); });
}

void service::shut_down() {
    if (shutting_down_) return;
    shutting_down_ = true;
    tasks_->end();
    if (drain_timer_.armed()) loop_->cancel(drain_timer_);
    if (empty()) return loop_->end();
    // Closing never removes a connection from the list inside the call: that waits for the link's end.
    for (connection *at = first_; at != nullptr; at = at->next)
        at->shut_down();
    end_away();
    for (const auto &guest : guests_) // nor a guest
        guest->close(last_words().code, last_words().reason);
    if (empty()) loop_->end();
}

void service::take_task(time_us when, std::unique_ptr<task> what) noexcept {
    if (shutting_down_) return;
    if (when == 0) return what->run();
    try {
        tasks_->add(when, std::move(what));
    } catch (...) {
        log(log_level::error, "Memory ran out; a function that was posted does not run.");
    }
}

void service::resume_reading() {
    for (connection *at = first_; at != nullptr; at = at->next)
        at->resume_reading();
    for (const auto &guest : guests_)
        if (session_host *const host = guest->owner()) host->on_room();
}

} // namespace cryo_core
