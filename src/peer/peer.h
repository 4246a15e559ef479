// A session from a server to another one: a client that lives on one of the server's loops.
#pragma once

#include "client/client.h"
#include "server/server.h"

namespace cryo_core {

class peer {
  public:
    // Throws what makes no client. `at` is a service of the server's, from server::next_home.
    peer(std::shared_ptr<server> of, service &at, client_options options,
         std::unique_ptr<client_observer> observer);

    const std::shared_ptr<session_control> &control() const noexcept { return client_->control(); }

    // Takes its id and begins to connect. From now on it lives without this object, and has its end before
    // the server's. status::state: a session has that id; closed: the server stops; and the tls ones.
    failure start();

  private:
    const std::shared_ptr<server> server_;
    service &at_;
    const std::shared_ptr<client> client_;
};

} // namespace cryo_core
