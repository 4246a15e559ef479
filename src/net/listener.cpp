#include "net/listener.h"

#include "base/log.h"
#include "net/bind.h"
#include "net/loop_core.h"

#include <new>

namespace cryo_core::net {

namespace {

// Accepted in one go before the connections that are there already get their turn.
constexpr int accept_batch = 64;

// How long the listener rests when there is nothing to accept with; polling on would spin.
constexpr time_us rest_after_failure = from_ms(100);

} // namespace

class listener::acceptor final : public loop_guest, private timer {
  public:
    acceptor(listener &from, loop &on, std::vector<std::shared_ptr<loop>> targets) noexcept
        : core_(*on.core_), listener_(&from), socket_(from.socket_.get()), spare_(open_spare()),
          targets_(std::move(targets)) {}

    // false: and the memory is still the caller's.
    bool start() noexcept {
#ifdef _WIN32
        if (uv_poll_init_socket(&core_.uv(), &poll_, socket_) != 0) return false;
#else
        if (uv_poll_init(&core_.uv(), &poll_, socket_) != 0) return false;
#endif
        poll_.data = this;
        core_.add(*this);
        watch();
        return true;
    }

    void close() noexcept {
        leave();
        loop_ends();
    }

    void loop_ends() noexcept override {
        listener_->acceptor_ = nullptr;
        if (armed()) core_.timers().cancel(*this);
        spare_.reset();
        const auto targets =
            std::move(targets_); // perhaps the last to hold this loop: they go behind all else
        uv_close(reinterpret_cast<uv_handle_t *>(&poll_),
                 [](uv_handle_t *h) { delete static_cast<acceptor *>(h->data); });
    }

  private:
    void watch() noexcept {
        uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t *h, int error, int) {
            auto *const self = static_cast<acceptor *>(h->data);
            if (error != 0)
                self->take_rest("the system reports an error on the listening socket");
            else
                self->accept_some();
        });
    }

    void on_deadline(time_us) override {
        if (!spare_) spare_ = open_spare();
        watch();
    }

    void accept_some() noexcept {
        for (int i = 0; i < accept_batch && !targets_.empty(); ++i) { // empty: on_link closed the listener
            socket accepted;
            address peer;
            switch (accept_one(socket_, accepted, peer)) {
            case accept_outcome::accepted:
                hand_over(std::move(accepted), peer);
                break;
            case accept_outcome::try_next:
                break;
            case accept_outcome::nothing_waits:
                return;
            case accept_outcome::exhausted:
                if (shed_one()) break;
                take_rest("no descriptor or memory is left for new connections; raise the limit of open "
                          "files (ulimit -n)");
                return;
            case accept_outcome::broken:
                take_rest("the listening socket is broken");
                return;
            }
        }
    }

    void hand_over(socket accepted, const address &peer) noexcept {
        loop &target = *targets_[next_];
        next_ = next_ + 1 == targets_.size() ? 0 : next_ + 1;
        target.adopt(std::move(accepted), peer);
    }

    // Gives the spare descriptor up for one connection, so that its peer hears at once that there is no room.
    bool shed_one() noexcept {
        if (!spare_) return false;
        spare_.reset();
        socket accepted;
        address peer;
        const accept_outcome outcome = accept_one(socket_, accepted, peer);
        spare_ = open_spare();
        if (accepted && spare_) { // meanwhile there is room
            hand_over(std::move(accepted), peer);
            return true;
        }
        accepted.reset();
        if (!spare_) spare_ = open_spare();
        if (outcome != accept_outcome::accepted && outcome != accept_outcome::nothing_waits) return false;
        complain("connections are dropped: no descriptor is left; raise the limit of open files (ulimit -n)");
        return true;
    }

    void take_rest(const char *why) noexcept {
        complain(why);
        uv_poll_stop(&poll_);
        core_.timers().set(*this, core_.now() + rest_after_failure);
    }

    void complain(const char *why) noexcept {
        if (complaints_.due(core_.now())) log(log_level::error, why);
    }

    loop_core &core_;
    listener *listener_;
    os_socket socket_; // the listener's
    socket spare_;
    std::vector<std::shared_ptr<loop>> targets_;
    std::size_t next_ = 0;
    complaints complaints_;
    uv_poll_t poll_{};
};

std::unique_ptr<listener> listener::open(const listen_place &at, int backlog, failure &why) {
    std::unique_ptr<listener> made(new listener);
    if (at.fd >= 0) {
        made->take_over(at.fd, why);
    } else if (is_unix_place(at.host)) {
        made->path_ = at.host.substr(unix_prefix.size());
        made->socket_ = listen_at_path(made->path_, at.mode, backlog, made->file_, why);
    } else {
        made->socket_ = bind_and_listen(at.host, at.port, backlog, at.shared, made->bound_, why);
    }
    if (!made->socket_) return nullptr;
    return made;
}

// What is made of it here ends with the listener; the caller's own descriptor stays as it is, but for not
// blocking.
void listener::take_over(std::int32_t fd, failure &why) {
    socket_ = duplicate_of_listening(fd, bound_, why);
    if (socket_) path_ = path_of(socket_.get());
}

listener::~listener() {
    close();
}

bool listener::start(loop &on, std::vector<std::shared_ptr<loop>> targets) {
    if (!socket_ || acceptor_ != nullptr || targets.empty()) return false;
    auto made = std::make_unique<acceptor>(*this, on, std::move(targets));
    if (!made->start()) return false;
    acceptor_ = made.release();
    return true;
}

void listener::close() noexcept {
    if (acceptor_ != nullptr) acceptor_->close();
    socket_.reset();
    file_.remove();
}

} // namespace cryo_core::net
