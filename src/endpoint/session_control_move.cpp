// A session's way from one loop to another one: it goes where its client has come back to.
//
// Other threads send to it meanwhile, and what one thread sends must stay in its order. So from the beginning
// on mail goes to the new loop, which holds it, while what is on its way to the old one is still taken there:
// until nobody is left who has looked where to post before (posting_), and then until all that was posted has
// been delivered.
#include "endpoint/session_control.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

template <typename Post>
bool session_control::post_to_place(Post post) noexcept {
    if (place_->keeper == nullptr) return post(*place_->loop);
    const auto self = shared_from_this(); // the mail may hold the last share
    posting_.fetch_add(1);
    const bool posted = post(*mail_to_.load()->loop);
    posting_.fetch_sub(1);
    return posted;
}

bool session_control::post_mail(std::unique_ptr<net::mail> letter) noexcept {
    return post_to_place([&](net::loop &to) { return to.post(std::move(letter)); });
}

bool session_control::post_mail(net::mail &letter) noexcept {
    return post_to_place([&](net::loop &to) { return to.post(letter); });
}

// Goes round on the old loop until it can be sure.
class session_control::fence final : public net::mail {
  public:
    fence(std::shared_ptr<session_control> who, std::function<void()> left) noexcept
        : who_(std::move(who)), left_(std::move(left)) {}
    void deliver() noexcept override {
        if (last_) return left_();
        last_ = who_->posting_.load() == 0;
        again_ = true;
    }

  private:
    void dispose() noexcept override {
        if (!std::exchange(again_, false)) {
            delete this;
            return;
        }
        const auto loop = who_->home_.load()->loop;
        loop->post(*this);
    }

    std::shared_ptr<session_control> who_;
    std::function<void()> left_;
    bool last_ = false;
    bool again_ = false;
};

void session_control::begin_move(std::shared_ptr<const session_place> to, std::function<void()> left) {
    auto first = std::make_unique<fence>(shared_from_this(), std::move(left));
    if (!moved_) moved_ = std::make_unique<relocation>();
    const session_place *const there = to.get();
    auto &places = moved_->places;
    if (std::find(places.begin(), places.end(), to) == places.end()) places.push_back(std::move(to));
    set(state_moving, true);
    mail_to_.store(there);
    home_.load()->loop->post(std::move(first));
}

void session_control::leave() noexcept {
    disown();
    if (timers_) timers_->leave();
    home_.store(mail_to_.load(), std::memory_order_release);
}

void session_control::arrive(session_host &owner) noexcept {
    owner_ = &owner;
    set(state_moving, false);
    if (timers_) timers_->arrive(home_.load()->loop);
    for (data_frame &frame : std::exchange(moved_->held, {}))
        owner.send_accepted(std::move(frame));
    for (auto &[when, what] : std::exchange(moved_->tasks, {}))
        take_task(when, std::move(what));
    if (std::exchange(moved_->close_held, false))
        owner.close(close_code_, as_text(close_mail_.reason.view()));
}

} // namespace cryo_core
