#include "session/security.h"

#include <utility>

namespace cryo_core {

void cale_job::run() noexcept {
    if (agreement_)
        outcome_ = agreement_->run();
    else
        pair_ = provider_->make_key_pair();
}

security::security(cale::role self, const cale_options &options)
    : options_(options), provider_(options.provider != nullptr ? *options.provider : cale::crypto::chosen()),
      handshake_(std::make_unique<cale::handshake>(self, provider_)), self_(self) {}

cale::handshake_step security::computed(cale_job done, std::uint32_t hello_number) noexcept {
    if (done.agreement_) return handshake_->agreed(std::move(done.outcome_));
    started_ = true;
    return handshake_->start(std::move(done.pair_), hello_number);
}

cale::handshake_step security::receive(const codec::frame &frame) noexcept {
    return handshake_->receive(frame);
}

bool security::make_channel() noexcept {
    channel_ = handshake_->take_channel(options_.rekey);
    if (next_plain() == nullptr) handshake_.reset();
    return secure();
}

void security::pop_plain() noexcept {
    ++plain_at_;
    if (secure() && next_plain() == nullptr) handshake_.reset();
}

} // namespace cryo_core
