#include "turns.h"

#include <poll.h>

#include <algorithm>
#include <array>

namespace cryo_tool {
namespace {

bool at_once(const input *from) noexcept {
    return from != nullptr && (from->ready() || from->fd() < 0);
}

} // namespace

int turns::timeout(const input *from, clock::time_point latest) const {
    if (at_once(from)) return 0;
    // Never for ever: a thing that was overlooked would then cost a moment only.
    constexpr std::chrono::milliseconds longest{60000};
    std::chrono::milliseconds wait = loop_.timeout().value_or(longest);
    if (latest != clock::time_point::max())
        wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(latest - clock::now()));
    return static_cast<int>(std::clamp(wait, std::chrono::milliseconds(0), longest).count());
}

bool turns::next(const input *from, clock::time_point latest) {
    // A descriptor of -1 is none.
    std::array<pollfd, 3> watched{pollfd{loop_.fd(), POLLIN, 0},
                                  pollfd{stopped_ ? -1 : stop_.fd(), POLLIN, 0},
                                  pollfd{from == nullptr ? -1 : from->fd(), POLLIN, 0}};
    static_cast<void>(poll(watched.data(), watched.size(), timeout(from, latest)));
    loop_.run_once(std::chrono::milliseconds(0));
    if (watched[1].revents != 0) {
        stopped_ = true;
        talk_.close(CRYO_CLOSE_GRACEFUL, {});
    }
    return at_once(from) || watched[2].revents != 0;
}

} // namespace cryo_tool
