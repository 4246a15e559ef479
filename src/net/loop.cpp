// How a loop is made, runs and ends.
#include "net/loop.h"

#include "base/log.h"
#include "net/descriptors.h"
#include "net/loop_core.h"
#include "net/lws_context.h"

#include <algorithm>

namespace cryo_core::net {

namespace {

class adoption final : public mail {
  public:
    adoption(loop_core &core, socket accepted, const address &from) noexcept
        : core_(core), accepted_(std::move(accepted)), from_(from) {}
    void deliver() noexcept override { core_.take_in(std::move(accepted_), from_); }

  private:
    loop_core &core_;
    socket accepted_;
    address from_;
};

template <typename Handle>
uv_handle_t *as_handle(Handle &h) noexcept {
    return reinterpret_cast<uv_handle_t *>(&h);
}

// What a loop needs at most, with one to spare for what makes it: libuv's own five, two more for the first
// loop of the process, and those of its transport: one to wait with, or those of libwebsockets' context. With
// TLS there is another context, once.
int descriptors_for(const loop_options &options) noexcept {
    if (resolved(options.transport, options.tls != nullptr) != transport_kind::libwebsockets) return 9;
    return options.tls != nullptr ? 18 : 12;
}

failure system_failure(const char *what, int error) {
    return {status::system, std::string(what) + ": " + uv_strerror(error)};
}

} // namespace

// Marks the thread that is inside the loop.
struct loop_core::visit {
    explicit visit(loop_core &c) noexcept : core(c) {
        core.thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        core.forget_now();
    }
    ~visit() {
        core.forget_now();
        core.thread_.store(std::thread::id(), std::memory_order_relaxed);
    }
    loop_core &core;
};

bool loop_core::open(const loop_options &options, failure &why) {
    const std::lock_guard alone(contexts_mutex()); // no descriptor of ours is opened while another loop ends
    const standard_descriptors_taken kept_off;
    if (!is_room_for_descriptors(descriptors_for(options))) {
        why = no_descriptors_left();
        return false;
    }
    if (const int error = uv_loop_init(&uv_)) {
        why = system_failure("cannot make an event loop", error);
        return false;
    }
    uv_open_ = true;
    uv_.data = this;
    uv_prepare_init(&uv_, &prepare_);
    uv_check_init(&uv_, &check_);
    uv_idle_init(&uv_, &again_);
    uv_timer_init(&uv_, &deadline_);
    uv_timer_init(&uv_, &wait_);
    if (const int error = uv_async_init(&uv_, &mail_came_, [](uv_async_t *h) {
            static_cast<loop_core *>(h->loop->data)->deliver_mail();
        })) {
        why = system_failure("cannot make an event loop that can be woken", error);
        return false;
    }
    async_open_ = true;
    uv_prepare_start(&prepare_, [](uv_prepare_t *h) {
        auto *const core = static_cast<loop_core *>(h->loop->data);
        core->settle();
        core->end_turn();
        if (core->transport_ != nullptr) core->transport_->before_wait();
        core->forget_now(); // the poll comes next
        if (core->timers_due_) core->polled_at_ = monotonic_now();
        core->inputs_before_ = core->inputs_;
        core->polling_ = true;
    });
    uv_check_start(&check_, [](uv_check_t *h) {
        auto *const core = static_cast<loop_core *>(h->loop->data);
        core->begin_turn();
        core->polling_ = false;
        core->tell_parts();
        if (core->timers_due_) core->run_due_timers();
        core->settle();
    });
    user_timeout_ms_ = options.user_timeout_ms;
    proxy_protocol_ = options.proxy_protocol;
    preface_timeout_ = options.preface_timeout;
    uses_tls_ = options.tls != nullptr;
    if (options.accepts) transport_ = transport::make(*this, options, why);
    if (uses_tls_ && resolved(options.transport, true) != transport_kind::libwebsockets)
        tls_ = std::make_unique<tls_room>(options.tls);
    hold_descriptors(true);
    return !why;
}

void loop_core::run() noexcept {
    if (torn_down_ || in_thread()) return;
    const visit here(*this);
    runs_by_itself_ = true;
    while (!end_asked_)
        uv_run(&uv_, UV_RUN_DEFAULT);
    tear_down();
}

bool loop_core::run_once(std::int32_t timeout_ms) noexcept {
    if (torn_down_) return false;
    if (in_thread()) return true; // from inside a callback: the iteration is under way
    const visit here(*this);
    if (deliver_mail()) timeout_ms = 0;
    if (!end_asked_) {
        if (timeout_ms != 0) wait_for_something(timeout_ms);
        uv_run(&uv_, UV_RUN_NOWAIT);
        if (timers_due_ && !end_asked_) uv_run(&uv_, UV_RUN_NOWAIT);         // some came due while it waited
        if (!end_asked_ && transport_ != nullptr) transport_->before_wait(); // its timers may have run last
        arm();
        uv_update_time(&uv_);
        end_turn();
    }
    if (end_asked_) tear_down();
    return !torn_down_;
}

void loop_core::end() noexcept {
    end_asked_ = true;
    if (uv_open_ && !torn_down_) uv_stop(&uv_);
}

std::int32_t loop_core::backend_fd() const noexcept {
    return torn_down_ ? -1 : uv_backend_fd(&uv_);
}

std::int32_t loop_core::backend_timeout_ms() const noexcept {
    if (torn_down_) return -1;
    return end_asked_ || anything_left() ? 0 : uv_backend_timeout(&uv_);
}

bool loop_core::anything_left() const noexcept {
    return timers_due_ || !box_.empty() || !flushing_.empty() || !errands_.empty() || !ending_.empty();
}

// Those of libuv and the transport that are known.
void loop_core::hold_descriptors(bool on) noexcept {
#ifndef _WIN32
    for (const int one :
         {uv_.backend_fd, uv_.signal_pipefd[0], uv_.signal_pipefd[1], uv_.async_io_watcher.fd, uv_.async_wfd})
        on ? hold_descriptor(one) : give_up_descriptor(one);
#endif
    if (transport_ != nullptr) transport_->hold_descriptors(on);
}

void loop_core::close_handles() noexcept {
    for (uv_handle_t *h :
         {as_handle(prepare_), as_handle(check_), as_handle(again_), as_handle(deadline_), as_handle(wait_)})
        uv_close(h, nullptr);
    if (async_open_) uv_close(as_handle(mail_came_), nullptr);
}

void loop_core::tear_down() noexcept {
    if (torn_down_) return;
    torn_down_ = true;
    polling_ = runs_by_itself_ = false;
    while (!links_.empty())
        end_link(links_.front());
    tell_parts();
    while (!guests_.empty()) {
        loop_guest &guest = guests_.front();
        guest.leave();
        guest.loop_ends();
    }
    box_.close();
    owner_.last_part_ = nullptr;
    parts_.clear();
    stop_wakes();
    if (finish_timer_.armed()) timers_.cancel(finish_timer_);
    if (answer_timer_.armed()) timers_.cancel(answer_timer_);
    if (!uv_open_) return;
    const std::lock_guard alone(contexts_mutex());
    hold_descriptors(false);
    if (transport_ != nullptr && !transport_->leave_loop()) return;
    close_handles();
    while (uv_run(&uv_, UV_RUN_DEFAULT) != 0) {
    }
    transport_.reset();
    if (uv_loop_close(&uv_) != 0) log(log_level::error, "an event loop was closed with something open in it");
}

loop::loop(key) noexcept {}
loop::~loop() {
    if (core_) core_->tear_down(); // else there was no memory for it
}

std::shared_ptr<loop> loop::create(const loop_options &options, link_acceptor &acceptor, failure &why) {
    auto made = std::make_shared<loop>(key());
    made->core_ = std::make_unique<loop_core>(*made, acceptor);
    if (!made->core_->open(options, why)) return nullptr;
    return made;
}

bool loop::post(std::unique_ptr<mail> letter) noexcept {
    return core_->put(*letter.release());
}

bool loop::post(mail &letter) noexcept {
    return core_->put(letter);
}

bool loop::post_quietly(mail &letter) noexcept {
    return core_->put_quietly(letter);
}

void loop::wake_for_quiet_mail() noexcept {
    core_->wake_for_quiet_mail();
}

bool loop::post_from_signal(mail &letter) noexcept {
    return core_->put_from_signal(letter);
}

void loop::wake() noexcept {
    core_->wake();
}

bool loop::adopt(socket accepted, const address &from) noexcept {
    if (core_->in_thread()) {
        core_->take_in(std::move(accepted), from);
        return true;
    }
    std::unique_ptr<mail> letter(new (std::nothrow) adoption(*core_, std::move(accepted), from));
    return letter != nullptr && core_->put(*letter.release());
}

void loop::run() noexcept {
    const auto self = shared_from_this(); // a listener that goes with it may have held it last
    core_->run();
}

bool loop::run_once(std::int32_t timeout_ms) noexcept {
    const auto self = shared_from_this();
    return core_->run_once(timeout_ms);
}

void loop::end() noexcept {
    core_->end();
}
std::int32_t loop::backend_fd() const noexcept {
    return core_->backend_fd();
}
std::int32_t loop::backend_timeout_ms() const noexcept {
    return core_->backend_timeout_ms();
}
bool loop::in_thread() const noexcept {
    return core_->in_thread();
}
void loop::set_deadline(timer &t, time_us when) noexcept {
    core_->timers().set(t, when);
}
void loop::cancel(timer &t) noexcept {
    core_->timers().cancel(t);
}
const loop_counters &loop::counters() const noexcept {
    return core_->counters();
}
std::size_t loop::link_count() const noexcept {
    return core_->link_count();
}

} // namespace cryo_core::net
