// How many descriptors the process may have: each session needs one.
#pragma once

namespace cryo_tool {

// Sets the soft limit to the hard one, 1 048 576 at most: a larger one makes libwebsockets, which keeps a
// table of that length, take gigabytes. Failing is no error: the limit stays what it is.
void adjust_open_files_limit() noexcept;

// A program that was started without standard input, output or error gets /dev/null there, before it opens
// something else that gets their numbers: what is printed would go into a connection.
void open_missing_standard_files() noexcept;

} // namespace cryo_tool
