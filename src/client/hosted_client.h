// A client on a loop of its hub's, as whoever owns it sees it.
#pragma once

#include "client/client.h"
#include "client/hub.h"

namespace cryo_core {

class hosted_client {
  public:
    hosted_client(client_options options, std::unique_ptr<client_observer> observer, std::shared_ptr<hub> on);

    const std::shared_ptr<client> &it() const noexcept { return it_; }

    // status::timeout, state.
    failure wait(std::int32_t timeout_ms);
    // Closes and waits, unless it is called on the loop's thread: then it only begins to.
    void dispose() noexcept;

  private:
    const std::shared_ptr<hub> on_; // goes last
    const std::shared_ptr<client> it_;
};

} // namespace cryo_core
