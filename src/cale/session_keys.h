// The keys of one session, out of what both ends agreed on.
#pragma once

#include "cale/crypto.h"

namespace cryo_core::cale {

enum class role : std::uint8_t { server, client };

using direction_key = secret<key_size>;

struct session_keys {
    direction_key server_to_client;
    direction_key client_to_server;

    const direction_key &sending(role self) const noexcept {
        return self == role::server ? server_to_client : client_to_server;
    }
    const direction_key &receiving(role self) const noexcept {
        return self == role::server ? client_to_server : server_to_client;
    }
};

struct key_agreement {
    crypto::agreement outcome = crypto::agreement::failed;
    session_keys keys; // with reached
};

// The two halves of the hash of the secret. Refuses, besides what no point is, the point of our own key and
// its mirror image: an echo of our hello, whose secret would be a function of our key alone.
key_agreement agree_on_keys(const crypto::provider &provider, crypto::key_pair &own,
                            bytes_view peer) noexcept;

} // namespace cryo_core::cale
