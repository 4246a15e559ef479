#include "server/posted_broadcast.h"

#include "base/log.h"
#include "session/byte_budget.h"

#include <new>

namespace cryo_core {

posted_broadcast::posted_broadcast(service_context &shared, std::size_t loops, message_kind kind,
                                   const shared_bytes &payload,
                                   const std::shared_ptr<session_control> &except)
    : shared_(shared), kind_(kind), payload_(payload), except_(except), letters_(loops), not_taken_(loops) {}

posted_broadcast::handle posted_broadcast::make(service_context &shared,
                                                const std::vector<std::unique_ptr<service>> &to,
                                                message_kind kind, const shared_bytes &payload,
                                                const std::shared_ptr<session_control> &except) {
    handle made(new posted_broadcast(shared, to.size(), kind, payload, except));
    for (std::size_t at = 0; at < to.size(); ++at) {
        made->letters_[at].of = made.get();
        made->letters_[at].to = to[at].get();
    }
    if (!made->count()) made.reset();
    return made;
}

void posted_broadcast::post(const service *but) noexcept {
    for (letter &each : letters_) {
        if (each.to == but) continue;
        references_.fetch_add(1, std::memory_order_relaxed);
        each.to->post(each);
    }
}

void posted_broadcast::carry_out(service &here) noexcept {
    if (not_taken_.fetch_sub(1, std::memory_order_acq_rel) == 1) uncount();
    if (shared_.mails.over()) return;
    try {
        here.broadcast(kind_, payload_, except_.get(), nullptr);
    } catch (const std::bad_alloc &) {
        log(log_level::error, "Memory ran out; a broadcast did not reach all sessions.");
    }
}

bool posted_broadcast::count() noexcept {
    const auto &total = shared_.options->session.total;
    counted_ = total != nullptr && total->reserve_mail(codec::header_size + payload_.size());
    return counted_ || total == nullptr;
}

void posted_broadcast::uncount() noexcept {
    if (counted_.exchange(false))
        shared_.options->session.total->release_mail(codec::header_size + payload_.size());
}

} // namespace cryo_core
