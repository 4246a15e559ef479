#include "endpoint/delivery_watch.h"

#include <utility>

namespace cryo_core {

namespace {

// Also the bound on what a peer gains that has stopped reading, but whose system still takes bytes for it.
constexpr std::uint8_t patience = 3;

// A slow peer takes bytes by the buffer, not one by one: no shorter time says that it takes none.
constexpr time_us shortest_standstill = from_ms(5000);

} // namespace

void delivery_watch::ping_leaves(const net::delivery &at, time_us now) noexcept {
    in_front_ = at.taken + at.waiting;
    taken_ = at.taken;
    took_at_ = now; // it has shown that it lives
    waited_ = at.waiting > 0;
    patience_ = patience;
}

bool delivery_watch::ping_under_way(const net::delivery &at, time_us now) noexcept {
    if (at.taken > std::exchange(taken_, at.taken)) took_at_ = now;
    const bool waited = std::exchange(waited_, at.waiting > 0);
    if (!waited || now - took_at_ >= shortest_standstill) return false;
    if (at.taken < in_front_) return true;
    if (patience_ == 0) return false;
    --patience_;
    return true;
}

delivery_watch::flow delivery_watch::look(const net::delivery &at, bool more_waits, time_us now,
                                          time_us timeout) noexcept {
    if (at.waiting == 0 && !more_waits) {
        stood_ = false;
        return flow::nothing_waits;
    }
    if (!std::exchange(stood_, true) || at.taken > stood_at_) {
        stood_at_ = at.taken;
        stands_since_ = now;
    }
    return now - stands_since_ >= timeout ? flow::stands_still : flow::moves;
}

} // namespace cryo_core
