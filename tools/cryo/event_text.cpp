#include "event_text.h"

#include "display_text.h"

#include <array>
#include <cstdio>

namespace cryo_tool {

std::string_view name_of(cryo::statistic which) noexcept {
    switch (which) {
    case cryo::statistic::rtt:
        return "rtt";
    case cryo::statistic::bytes_rx:
        return "bytes-rx";
    case cryo::statistic::bytes_tx:
        return "bytes-tx";
    case cryo::statistic::ack_timeout:
        return "ack-timeout";
    case cryo::statistic::queued_bytes:
        return "queued-bytes";
    case cryo::statistic::queued_count:
        return "queued-count";
    }
    return "unknown";
}

std::string_view name_of(cryo::drop_reason why) noexcept {
    switch (why) {
    case cryo::drop_reason::oldest:
        return "oldest";
    case cryo::drop_reason::refused:
        return "refused";
    case cryo::drop_reason::replaced:
        return "replaced";
    case cryo::drop_reason::total:
        return "total";
    }
    return "unknown";
}

std::string value_of(cryo::statistic which, double value) {
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), which == cryo::statistic::rtt ? "%.2f ms" : "%.0f", value);
    return number.data();
}

std::string excerpt(const cryo::message &what, std::size_t columns) {
    const std::string size = display_size(static_cast<double>(what.size())) + "  ";
    return size +
           (what.is_text() ? display_text(what.text(), columns) : display_bytes(what.data(), columns / 3));
}

} // namespace cryo_tool
