// What a connection needs only until its upgrade.
#pragma once

#include "base/byte_buffer.h"
#include "server/connection.h"
#include "session/resume_point.h"
#include "upgrade/admission.h"
#include "upgrade/request.h"

#include <optional>
#include <variant>

namespace cryo_core {

// The payload of the WebSocket ping behind the 101: its pong says that the client hears what is sent.
constexpr std::string_view upgrade_ping_payload = "cryo";

// Why nobody comes in any more.
constexpr const char *shutting_down = "The server is shutting down.";

struct connection::handshake {
    explicit handshake(std::size_t max_head) noexcept : parser(max_head) {}

    upgrade::request_parser parser;
    std::string sec_websocket_key;
    std::variant<uuid, upgrade::refusal> sid; // judged before, told after the token was accepted
    std::optional<resume_point> resume;       // a client that can go on with the numbers of a conversation
    byte_buffer sent_ahead;                   // bytes that came before the upgrade was answered
    bool begun = false;                       // some of the head has come
    bool counted_pending = false;             // one of the pending validations
    bool asking = false;                      // the validator is being called
    bool probing = false;                     // whether the session that has its id is alive
};

} // namespace cryo_core
