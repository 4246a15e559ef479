// A client's question for the token of its next attempt: a ticket, which the application answers once.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace cryo_core {

class token_request final : public std::enable_shared_from_this<token_request> {
  public:
    enum class answer : std::uint8_t { none, settling, given, failed, over };

    token_request() noexcept = default;
    token_request(const token_request &) = delete;
    token_request &operator=(const token_request &) = delete;

    // --- any thread, once: false when it is too late. `text` is the token, or why there is none. The client
    // has to be told: session_control::settle_token does both.
    bool settle(answer how, std::string text) noexcept {
        answer expected = answer::none;
        if (!answer_.compare_exchange_strong(expected, answer::settling, std::memory_order_acq_rel))
            return false;
        text_ = std::move(text);
        answer_.store(how, std::memory_order_release);
        return true;
    }
    bool open() const noexcept { return answer_.load(std::memory_order_acquire) == answer::none; }

    // --- the client's -----------------------------------------------------------------------------------
    // Nobody waits for the answer any more. False: it was given, or is being given.
    bool expire() noexcept {
        answer expected = answer::none;
        return answer_.compare_exchange_strong(expected, answer::over, std::memory_order_acq_rel);
    }
    // Around client_observer::on_token_wanted: the client looks for itself behind it.
    void set_being_asked(bool asked) noexcept { being_asked_ = asked; }
    bool being_asked() const noexcept { return being_asked_; }
    // none: it is not there yet.
    answer settled() const noexcept {
        const answer given = answer_.load(std::memory_order_acquire);
        return given == answer::settling ? answer::none : given;
    }
    std::string take_text() noexcept { return std::move(text_); }

    // What the boundary keeps with it (src/capi); freed with it.
    class attachment {
      public:
        virtual ~attachment() = default;
    };
    std::unique_ptr<attachment> attached;

  private:
    std::string text_;
    std::atomic<answer> answer_{answer::none};
    bool being_asked_ = false;
};

} // namespace cryo_core
