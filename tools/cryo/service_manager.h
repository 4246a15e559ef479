// What systemd, or whoever speaks as it does, says to a service and hears from it, without its library:
// sockets that it has opened (sd_listen_fds(3)), and news (sd_notify(3)).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cryo_tool {

// The socket that was opened for this process, by LISTEN_PID and LISTEN_FDS of the environment, which are
// taken out of it. Throws std::runtime_error where there are several: a server has one.
std::optional<int> inherited_socket();

// "READY=1" and the like, to NOTIFY_SOCKET of the environment. Nothing happens where there is none.
void notify_manager(std::string_view news) noexcept;

// "RELOADING=1" with the time at which it begins; "READY=1" ends it.
std::string reloading_news();

} // namespace cryo_tool
