#include "endpoint/multicast.h"

#include "session/byte_budget.h"

#include <utility>

namespace cryo_core {

class multicast::letter final : public net::mail {
  public:
    letter(std::shared_ptr<net::loop> to, message_kind kind, shared_bytes payload) noexcept
        : loop_(std::move(to)), payload_(std::move(payload)), kind_(kind) {}
    // Also where it was not delivered: what was promised is taken back.
    ~letter() override {
        for (const auto &one : who_)
            one->drop_shared(size());
    }

    void deliver() noexcept override {
        for (const auto &one : std::exchange(who_, {}))
            one->take_shared(make_frame(kind_, payload_));
    }

    std::uint64_t size() const noexcept { return codec::header_size + payload_.size(); }
    net::loop &loop() const noexcept { return *loop_; }
    void reserve_one() {
        if (who_.size() == who_.capacity()) who_.reserve(2 * who_.size() + 16);
    }
    void add(std::shared_ptr<session_control> &&one) noexcept { who_.push_back(std::move(one)); }

  private:
    const std::shared_ptr<net::loop> loop_;
    const shared_bytes payload_;
    const message_kind kind_;
    std::vector<std::shared_ptr<session_control>> who_;
};

multicast::multicast(message_kind kind, shared_bytes payload) noexcept
    : payload_(std::move(payload)), kind_(kind) {}

multicast::~multicast() {
    for (auto &one : letters_) {
        const std::shared_ptr<net::loop> to = one->loop().shared_from_this();
        to->post(std::move(one));
    }
}

multicast::letter &multicast::letter_to(const std::shared_ptr<net::loop> &loop) {
    for (const auto &one : letters_)
        if (&one->loop() == loop.get()) return *one;
    letters_.push_back(std::make_unique<letter>(loop, kind_, payload_));
    return *letters_.back();
}

status multicast::add(std::shared_ptr<session_control> &&to) {
    if (!to->sendable()) return to->away() ? status::state : status::closed;
    if (!to->takes_shared_sends()) return to->send(make_frame(kind_, payload_));
    letter &one = letter_to(to->first_place()->loop);
    one.reserve_one();
    const status outcome = to->begin_shared_send(one.size());
    if (outcome == status::ok) one.add(std::move(to));
    return outcome;
}

} // namespace cryo_core
