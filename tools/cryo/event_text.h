// Messages and statistics in words, alike for servers and clients.
#pragma once

#include <cryo.hpp>

#include <string>
#include <string_view>

namespace cryo_tool {

// "rtt", "bytes-rx", "bytes-tx", "ack-timeout", as in the names of the events.
std::string_view name_of(cryo::statistic which) noexcept;

// "0.42 ms" for a round trip, else a whole number.
std::string value_of(cryo::statistic which, double value);

// The size, and about `columns` of what a text says or of what bytes there are.
std::string excerpt(const cryo::message &what, std::size_t columns);

} // namespace cryo_tool
