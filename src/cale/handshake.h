// How a channel becomes secure, for both ends, as a machine: frames in; what to send, to compute and to end
// out.
//
//   server: start > SERVER_HELLO    CLIENT_HELLO > agree    agreed > HANDSHAKE_DONE    HANDSHAKE_DONE >
//   secure client: start    SERVER_HELLO > agree    agreed > CLIENT_HELLO    HANDSHAKE_DONE > HANDSHAKE_DONE,
//   secure
//
// The agreement takes a millisecond with some libraries, so it is a job that may run on any thread.
#pragma once

#include "base/clock.h"
#include "cale/channel.h"

namespace cryo_core::cale {

// Against peers that open a connection and then let it lie. The caller's clock measures it from start.
constexpr time_us default_handshake_timeout = from_ms(10000);

constexpr std::uint16_t close_internal = 4002;
constexpr std::uint16_t close_mismatch = 4010;  // one end speaks CALE and the other does not
constexpr std::uint16_t close_handshake = 4011; // the time-out's code, too

// The reasons of a time-out: the peer is slow, or lost; or, of a client, it may be one that says nothing.
constexpr std::string_view late_text = "CALE handshake failed: it took too long.";
constexpr std::string_view silent_text =
    "CALE handshake failed: no hello came; the server may not speak CALE.";

// The sid is the caller's to add.
struct handshake_frame {
    codec::frame_type type = codec::frame_type::handshake_done;
    std::uint32_t number = 0;
    bytes_view payload; // lives as long as the handshake
};

struct handshake_step {
    enum class action : std::uint8_t {
        none,
        agree,  // run take_job() and hand the outcome to agreed()
        secure, // what is sent from here on is sealed, with take_channel()
        fail,   // close with the code and the reason
    };
    action next = action::none;
    std::optional<handshake_frame> send; // in the clear, before anything else
    std::uint16_t close_code = 0;
    std::string_view reason;
};

// The computing part, with all that it needs. Once.
class agreement_job {
  public:
    agreement_job(const crypto::provider &provider, std::unique_ptr<crypto::key_pair> own,
                  const crypto::public_key &peer) noexcept
        : provider_(&provider), own_(std::move(own)), peer_(peer) {}

    key_agreement run() noexcept;

  private:
    const crypto::provider *provider_;
    std::unique_ptr<crypto::key_pair> own_;
    crypto::public_key peer_;
};

class handshake {
  public:
    explicit handshake(role self, const crypto::provider &provider = crypto::chosen()) noexcept
        : provider_(&provider), self_(self) {}
    handshake(const handshake &) = delete; // steps hold views of it
    handshake &operator=(const handshake &) = delete;

    // With a fresh key pair (nullptr: there was no memory or randomness for one) and the number of our hello.
    // A server does so when it may send its first frame, a client before it reads anything.
    [[nodiscard]] handshake_step start(std::unique_ptr<crypto::key_pair> own, std::uint32_t number) noexcept;

    // Every frame that comes in before the channel is secure, and afterwards every hello and HANDSHAKE_DONE
    // (which then are out of turn). A hello whose payload has the wrong size belongs here, too. What is no
    // frame at all is for the caller to judge.
    [[nodiscard]] handshake_step receive(const codec::frame &frame) noexcept;

    // Before action::secure: its time is over.
    [[nodiscard]] handshake_step expire() noexcept;

    // After action::agree, once.
    agreement_job take_job() noexcept;
    [[nodiscard]] handshake_step agreed(key_agreement outcome) noexcept;

    // After action::secure, once. Nothing, if there is no memory.
    std::optional<channel> take_channel(const rekey_limits &limits = {}) noexcept;

    bool is_secure() const noexcept { return state_ == state::secure; }

  private:
    enum class state : std::uint8_t { idle, awaiting_hello, agreeing, awaiting_done, secure, failed };

    handshake_step take_other(codec::frame_type type) noexcept;
    handshake_step take_hello(const codec::frame &frame) noexcept;
    handshake_step take_done(const codec::frame &frame) noexcept;
    handshake_step give_up(std::uint16_t code, std::string_view reason) noexcept;
    handshake_step give_up_inside() noexcept;

    const crypto::provider *provider_;
    role self_;
    state state_ = state::idle;
    std::uint32_t hello_number_ = 0; // our own hello's
    std::uint32_t done_number_ = 0;  // the client hello's, which both HANDSHAKE_DONE repeat
    std::unique_ptr<crypto::key_pair> own_;
    crypto::public_key own_point_{};
    crypto::public_key peer_point_{};
    session_keys keys_;
};

} // namespace cryo_core::cale
