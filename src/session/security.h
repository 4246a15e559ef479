// What a session has only with CALE: the handshake until it is over, then the channel.
#pragma once

#include "cale/handshake.h"
#include "session/options.h"

#include <array>

namespace cryo_core {

// The part of a handshake that computes: a fresh key pair, or what both ends agree on. With some libraries it
// takes a millisecond or more; it may run on any thread.
class cale_job {
  public:
    // A key pair.
    explicit cale_job(const cale::crypto::provider &provider) noexcept : provider_(&provider) {}
    explicit cale_job(const cale::crypto::provider &provider, cale::agreement_job agreement) noexcept
        : provider_(&provider), agreement_(std::move(agreement)) {}

    bool makes_key_pair() const noexcept { return !agreement_; }
    const cale::crypto::provider &provider() const noexcept { return *provider_; }
    // Not for a thread that others wait for.
    bool slow() const noexcept { return provider_->slow; }
    void run() noexcept;
    // Instead of run(): with a key pair that nobody has used.
    void settle(std::unique_ptr<cale::crypto::key_pair> fresh) noexcept { pair_ = std::move(fresh); }

  private:
    friend class security;

    const cale::crypto::provider *provider_;
    std::optional<cale::agreement_job> agreement_;
    std::unique_ptr<cale::crypto::key_pair> pair_;
    cale::key_agreement outcome_;
};

class security {
  public:
    security(cale::role self, const cale_options &options);

    // --- until it is secure
    // ---------------------------------------------------------------------------------
    cale_job key_pair_job() const noexcept { return cale_job(provider_); }
    // False: what a client hears has to wait for its key pair. A server is not spoken to before its own
    // hello.
    bool hears() const noexcept { return started_ || self_ == cale::role::server; }

    // `hello_number` is taken by the hello, if the job was the key pair.
    cale::handshake_step computed(cale_job done, std::uint32_t hello_number) noexcept;
    cale::handshake_step receive(const codec::frame &frame) noexcept;
    cale::handshake_step expire() noexcept { return handshake_->expire(); }
    cale_job agreement_job() noexcept { return cale_job(provider_, handshake_->take_job()); }
    // After action::secure. False: there is no memory.
    bool make_channel() noexcept;

    // Frames of the handshake leave in the clear, before everything else.
    void say(const cale::handshake_frame &frame) noexcept { plain_[plain_count_++] = frame; }
    const cale::handshake_frame *next_plain() const noexcept {
        return plain_at_ < plain_count_ ? &plain_[plain_at_] : nullptr;
    }
    void pop_plain() noexcept;
    void drop_plain() noexcept { plain_at_ = plain_count_; }

    // --- once it is secure
    // ----------------------------------------------------------------------------------
    cale::channel *channel() noexcept { return channel_ ? &*channel_ : nullptr; }
    bool secure() const noexcept { return channel_.has_value(); }

  private:
    const cale_options &options_;
    const cale::crypto::provider &provider_;
    // Until its last frame has left: that may still have to leave when the channel is there.
    std::unique_ptr<cale::handshake> handshake_;
    std::array<cale::handshake_frame, 2> plain_; // each end says two things at most
    std::optional<cale::channel> channel_;
    cale::role self_;
    std::uint8_t plain_at_ = 0;
    std::uint8_t plain_count_ = 0;
    bool started_ = false;
};

} // namespace cryo_core
