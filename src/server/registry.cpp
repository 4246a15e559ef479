#include "server/registry.h"

#include "endpoint/session_control.h"

#include <algorithm>

namespace cryo_core {

namespace {

// In a time that tells nothing of where they differ.
bool same_token(std::string_view one, std::string_view other) noexcept {
    if (one.size() != other.size()) return false;
    unsigned difference = 0;
    for (std::size_t at = 0; at < one.size(); ++at)
        difference |= static_cast<unsigned char>(one[at]) ^ static_cast<unsigned char>(other[at]);
    return difference == 0;
}

// Whoever shows a certificate is known by it, too: many may share a token then.
bool same_client(const session_facts &one, const session_facts &other) noexcept {
    const net::peer_certificate *const mine = one.certificate();
    const net::peer_certificate *const theirs = other.certificate();
    if ((mine == nullptr) != (theirs == nullptr)) return false;
    return same_token(one.token(), other.token()) &&
           (mine == nullptr || mine->fingerprint == theirs->fingerprint);
}

} // namespace

void registry::reserve(const uuid &sid, const holder &who) {
    const std::lock_guard lock(mutex_);
    entry &at = entries_[sid];
    if (!at.owner) at.owner = who;
}

registry::outcome registry::admit(const uuid &sid, const holder &who, std::size_t max_live, takeover how) {
    holder closing, rival;
    std::unique_ptr<waiting> losers;
    outcome result = outcome::wait;
    {
        const std::lock_guard lock(mutex_);
        entry &at = entries_[sid];
        if (!at.owner) at.owner = who;
        // To a session that is away its client may come back under every policy.
        if (at.at == state::away && how == takeover::refused) how = takeover::if_silent;
        if (at.owner == who) {
            if (max_live != 0 && live_ >= max_live) return outcome::full;
            at.at = state::live;
            ++live_;
            losers = std::move(at.line);
            result = outcome::granted;
        } else if (at.at == state::claimed || (has_session(at) && !may_take_over(*at.owner, *who, how))) {
            result = outcome::taken;
        } else {
            if (!at.line) at.line = std::make_unique<waiting>();
            at.line->push_back(who);
            if (at.at == state::closing) closing = at.owner;
            if (has_session(at)) rival = at.owner;
            if (rival && how == takeover::if_silent) result = outcome::probing;
        }
    }
    wake(losers);
    if (closing) closing->hurry();
    if (rival) result == outcome::probing ? rival->probe() : rival->give_way(false);
    return result;
}

bool registry::go_away(const uuid &sid, session_control &who, std::size_t most) {
    const std::lock_guard lock(mutex_);
    entry *const at = owned(sid, who);
    if (at == nullptr || at->at != state::live || (most != 0 && away_ >= most)) return false;
    at->at = state::away;
    ++away_;
    return true;
}

void registry::come_back(const uuid &sid, session_control &who) {
    const std::lock_guard lock(mutex_);
    entry *const at = owned(sid, who);
    if (at == nullptr || at->at != state::away) return;
    at->at = state::live;
    --away_;
}

registry::holder registry::take_newcomer(const uuid &sid, const session_control &who) {
    const std::lock_guard lock(mutex_);
    entry *const at = owned(sid, who);
    if (at == nullptr || !at->line) return nullptr;
    holder next = at->line->front();
    leave_line(*at, *next);
    return next;
}

bool registry::is_wanted(const uuid &sid, const session_control &who) {
    const std::lock_guard lock(mutex_);
    const entry *const at = owned(sid, who);
    return at != nullptr && at->line;
}

bool registry::may_take_over(const session_control &from, const session_control &who, takeover how) noexcept {
    if (how == takeover::refused) return false;
    return how == takeover::by_application || same_client(from.facts(), who.facts());
}

bool registry::is_live(const uuid &sid, std::string_view token) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(sid);
    return found != entries_.end() && has_session(found->second) &&
           same_token(found->second.owner->facts().token(), token);
}

void registry::give_up_probing(const uuid &sid, const session_control &who) {
    holder silent;
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(sid);
        if (found == entries_.end() || !found->second.line || !has_session(found->second)) return;
        const waiting &line = *found->second.line;
        const bool waits =
            std::any_of(line.begin(), line.end(), [&](const holder &each) { return each.get() == &who; });
        if (waits) silent = found->second.owner;
    }
    if (silent) silent->give_way(true);
}

void registry::keep(const uuid &sid, session_control &who) {
    std::unique_ptr<waiting> losers;
    {
        const std::lock_guard lock(mutex_);
        entry *const at = owned(sid, who);
        if (at == nullptr || !has_session(*at)) return;
        losers = std::move(at->line);
    }
    if (!losers) return;
    for (const holder &each : *losers)
        each->turn_away();
}

bool registry::claim(const uuid &sid, const holder &who) {
    std::unique_ptr<waiting> losers;
    {
        const std::lock_guard lock(mutex_);
        entry &at = entries_[sid];
        if (at.owner && at.at != state::reserved) return false;
        at.owner = who; // a former one is told by admit
        at.at = state::claimed;
        losers = std::move(at.line);
    }
    wake(losers);
    return true;
}

void registry::announce(const uuid &sid, session_control &who) {
    const std::lock_guard lock(mutex_);
    if (entry *at = owned(sid, who)) {
        at->announced = true;
        ++announced_;
    }
}

void registry::withdraw(const uuid &sid, session_control &who) {
    const std::lock_guard lock(mutex_);
    if (entry *at = owned(sid, who); at != nullptr && std::exchange(at->announced, false)) --announced_;
}

void registry::begin_close(const uuid &sid, session_control &who) {
    const std::lock_guard lock(mutex_);
    if (entry *at = owned(sid, who)) {
        leave_live(*at);
        at->at = state::closing;
    }
}

void registry::release(const uuid &sid, session_control &who) {
    holder next;
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(sid);
        if (found == entries_.end()) return;
        entry &at = found->second;
        leave_line(at, who);
        if (at.owner.get() != &who) return;
        leave_live(at);
        if (!at.line) {
            entries_.erase(found);
            return;
        }
        at.owner = next = at.line->front();
        at.at = state::reserved;
        leave_line(at, *next);
    }
    next->wake();
}

std::size_t registry::away() const {
    const std::lock_guard lock(mutex_);
    return away_;
}

std::size_t registry::count() const {
    const std::lock_guard lock(mutex_);
    return announced_;
}

std::vector<registry::holder> registry::sessions() const {
    const std::lock_guard lock(mutex_);
    std::vector<holder> all;
    all.reserve(announced_);
    for (const auto &[sid, at] : entries_)
        if (at.announced) all.push_back(at.owner);
    return all;
}

registry::holder registry::find(const uuid &sid) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(sid);
    return found != entries_.end() && found->second.announced ? found->second.owner : nullptr;
}

std::size_t registry::live() const {
    const std::lock_guard lock(mutex_);
    return live_;
}

void registry::leave_live(entry &at) noexcept {
    if (has_session(at)) --live_;
    if (at.at == state::away) --away_;
    if (std::exchange(at.announced, false)) --announced_;
}

registry::entry *registry::owned(const uuid &sid, const session_control &who) {
    const auto found = entries_.find(sid);
    return found != entries_.end() && found->second.owner.get() == &who ? &found->second : nullptr;
}

void registry::leave_line(entry &from, const session_control &who) noexcept {
    if (!from.line) return;
    std::erase_if(*from.line, [&](const holder &each) { return each.get() == &who; });
    if (from.line->empty()) from.line.reset();
}

void registry::wake(const std::unique_ptr<waiting> &line) noexcept {
    if (!line) return;
    for (const holder &each : *line)
        each->wake();
}

} // namespace cryo_core
