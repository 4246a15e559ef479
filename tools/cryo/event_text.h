// Messages and statistics in words, alike for servers and clients.
#pragma once

#include <cryo.hpp>

#include <string>
#include <string_view>

namespace cryo_tool {

// "rtt", "bytes-rx", "bytes-tx", "ack-timeout", as in the names of the events.
std::string_view name_of(cryo::statistic which) noexcept;

// "oldest", "refused", "replaced", "total", as the receipts of such messages say it.
std::string_view name_of(cryo::drop_reason why) noexcept;

// "0.42 ms" for a round trip, else a whole number.
std::string value_of(cryo::statistic which, double value);

// The size, and about `columns` of what a text says or of what bytes there are.
std::string excerpt(const cryo::message &what, std::size_t columns);

} // namespace cryo_tool
