// The token of a client's next attempt: that of its options, a newer one, or one that is asked for.
#include "client/client.h"

#include <utility>

namespace cryo_core {

failure client::set_token(std::string token) {
    if (options_->asks_for_token)
        return {status::state, "The client asks its token provider for each token; it takes no other."};
    const std::lock_guard lock(token_mutex_);
    if (!token_wanted_) return {status::closed, "The client has closed."};
    token_.swap(token);
    return {};
}

std::string client::current_token() const {
    const std::lock_guard lock(token_mutex_);
    return token_;
}

// There is no further attempt.
void client::forget_token() noexcept {
    drop_token_request();
    const std::lock_guard lock(token_mutex_);
    token_wanted_ = false;
}

// While somebody thinks about it nothing waits but this client's next attempt.
void client::ask_for_token() noexcept {
    phase_ = phase::asking;
    std::shared_ptr<token_request> ticket;
    try {
        ticket = token_request_ = std::make_shared<token_request>();
        phase_deadline_ = now() + options_->connect_timeout;
        rearm();
    } catch (...) {
        return fail_without_token({status::no_memory, "Memory ran out."});
    }
    ticket->set_being_asked(true); // an answer from inside the call is taken up behind it
    observer_->on_token_wanted(*control_, ticket);
    ticket->set_being_asked(false);
    if (ticket == token_request_) take_token(); // else it was closed there
}

void client::on_token() {
    take_token();
}

void client::take_token() noexcept {
    if (phase_ != phase::asking) return;
    switch (token_request_->settled()) {
    case token_request::answer::none:
    case token_request::answer::settling:
    case token_request::answer::over:
        return;
    case token_request::answer::failed:
        return fail_without_token({status::token, token_request_->take_text()});
    case token_request::answer::given:
        break;
    }
    {
        const std::lock_guard lock(token_mutex_);
        token_ = token_request_->take_text();
    }
    drop_token_request();
    dial();
}

void client::give_up_token() noexcept {
    if (!token_request_->expire()) {
        phase_deadline_ = never; // the answer is in the mail
        return take_token();
    }
    failure why{status::timeout, {}};
    try {
        why.text = "No token was given in time.";
    } catch (...) { // it is told without words
    }
    fail_without_token(std::move(why));
}

void client::drop_token_request() noexcept {
    if (const auto ticket = std::exchange(token_request_, nullptr)) ticket->expire();
}

// An attempt that has failed like any other. The client may be gone behind it.
void client::fail_without_token(failure why) noexcept {
    drop_token_request();
    end_.failed.reason = std::move(why);
    settle_loss();
}

} // namespace cryo_core
