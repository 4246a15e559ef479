#include "net/tls_tickets.h"

#include "base/random.h"
#include "net/tls_file.h"

#include <algorithm>
#include <string>

namespace cryo_core::net {

ticket_keys::~ticket_keys() {
    wipe();
}

void ticket_keys::wipe() noexcept {
    for (held &each : keys_)
        wipe_secret(each.key.bytes);
    keys_.clear();
}

failure ticket_keys::check(bytes_view keys) {
    if (keys.size() % ticket_key_size != 0 || keys.size() / ticket_key_size > max_ticket_keys)
        return {status::invalid, "ticket keys are 80 bytes each, and 16 at most; these are " +
                                     std::to_string(keys.size()) + " bytes"};
    for (bytes_view rest = keys; !rest.empty(); rest = rest.subspan(ticket_key_size)) {
        const bytes_view key = rest.first(ticket_key_size);
        if (std::count(key.begin() + 16, key.end(), key[16]) == static_cast<std::ptrdiff_t>(key.size() - 16))
            return {status::invalid, "a ticket key has the same byte all over; take random ones"};
        for (bytes_view later = rest.subspan(ticket_key_size); !later.empty();
             later = later.subspan(ticket_key_size))
            if (std::equal(key.begin(), key.begin() + 16, later.begin()))
                return {status::invalid,
                        "two ticket keys have one name, which is the first 16 bytes of each"};
    }
    return {};
}

void ticket_keys::use(bytes_view keys) {
    std::vector<held> given;
    given.reserve(max_ticket_keys);
    for (; !keys.empty(); keys = keys.subspan(ticket_key_size))
        std::copy_n(keys.begin(), ticket_key_size, given.emplace_back().key.bytes.begin());
    const std::lock_guard lock(mutex_);
    if (given.empty() && own_) return;
    wipe();
    own_ = given.empty();
    keys_.swap(given);
}

// Throws nothing: a handshake without a ticket is better than none.
bool ticket_keys::renew(time_us now) noexcept {
    try {
        const time_us kept = ticket_key_life + from_ms(ticket_life_s * 1000);
        keys_.reserve(max_ticket_keys); // once: growing would leave copies behind
        while (!keys_.empty() && (now - keys_.back().made > kept || keys_.size() == max_ticket_keys)) {
            wipe_secret(keys_.back().key.bytes);
            keys_.pop_back();
        }
        held fresh{.key = {}, .made = now};
        fill_random(fresh.key.bytes);
        keys_.insert(keys_.begin(), fresh);
        wipe_secret(fresh.key.bytes);
        return true;
    } catch (...) {
        return false;
    }
}

bool ticket_keys::to_make(time_us now, ticket_key &into) noexcept {
    const std::lock_guard lock(mutex_);
    if (own_ && (keys_.empty() || now - keys_.front().made >= ticket_key_life) && !renew(now)) return false;
    into = keys_.front().key;
    return true;
}

ticket_keys::found ticket_keys::to_read(time_us now, bytes_view name, ticket_key &into) noexcept {
    const std::lock_guard lock(mutex_);
    for (const held &each : keys_) {
        if (own_ && now - each.made > ticket_key_life + from_ms(ticket_life_s * 1000)) continue;
        if (!std::equal(name.begin(), name.end(), each.key.bytes.begin())) continue;
        into = each.key;
        return &each == &keys_.front() ? found::current : found::former;
    }
    return found::none;
}

} // namespace cryo_core::net
