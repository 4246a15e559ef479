// A broadcast from outside of the loops, on its way to all of them: one payload, and a letter to each loop.
#pragma once

#include "server/service.h"

#include <atomic>
#include <memory>
#include <vector>

namespace cryo_core {

// It counts against what all sessions may hold until the last loop has taken it; the sessions count from
// there.
class posted_broadcast {
  public:
    // For whoever posts it.
    struct let_go {
        void operator()(posted_broadcast *of) const noexcept { of->release(); }
    };
    using handle = std::unique_ptr<posted_broadcast, let_go>;

    // null: all sessions together hold as much as they may. Throws std::bad_alloc.
    static handle make(service_context &shared, const std::vector<std::unique_ptr<service>> &to,
                       message_kind kind, const shared_bytes &payload,
                       const std::shared_ptr<session_control> &except);

    // To all loops but that one (may be null), once. It needs no memory.
    void post(const service *but) noexcept;
    // On the loop of `here`, to which it was not posted.
    void carry_out(service &here) noexcept;

  private:
    struct letter final : net::mail {
        void deliver() noexcept override { of->carry_out(*to); }
        void dispose() noexcept override { of->release(); }
        posted_broadcast *of = nullptr;
        service *to = nullptr;
    };

    posted_broadcast(service_context &shared, std::size_t loops, message_kind kind,
                     const shared_bytes &payload, const std::shared_ptr<session_control> &except);
    ~posted_broadcast() { uncount(); }
    bool count() noexcept;
    void uncount() noexcept;
    void release() noexcept {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    service_context &shared_;
    const message_kind kind_;
    const shared_bytes payload_;
    const std::shared_ptr<session_control> except_;
    std::vector<letter> letters_; // one for each loop
    std::atomic<std::size_t> references_{1};
    std::atomic<std::size_t> not_taken_;
    std::atomic<bool> counted_{false};
};

} // namespace cryo_core
