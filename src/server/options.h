// What a server may be told to do differently. Defaults are the protocol's.
#pragma once

#include "net/tls_server.h"
#include "net/transport_kind.h"
#include "net/trusted_proxies.h"
#include "server/client_address.h"
#include "session/options.h"
#include "upgrade/request.h"

#include <string>
#include <vector>

namespace cryo_core {

// What becomes of a live session when a client comes with its id and its token.
enum class duplicate_policy : std::int32_t {
    refuse = 1,  // it stays
    probe = 2,   // it stays if it answers a ping
    replace = 3, // it goes
};

struct server_options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    bool reuse_port = false;       // for several processes at one port
    std::uint32_t socket_mode = 0; // of a Unix-domain socket; 0: as the process's umask has it
    std::int32_t listen_fd = -1;   // instead of host and port: a socket that listens already
    net::transport_kind transport = net::transport_kind::automatic;
    std::uint32_t threads = 1;
    net::server_tls_source tls;

    // Who may say where a client is: by headers, or, with proxy_protocol, in front of each connection, which
    // all come from them then.
    net::trusted_proxies trusted_proxies;
    forwarded_header forwarded = forwarded_header::any;
    bool proxy_protocol = false;

    // Against those who make us hold much before they are anybody; request line and headers.
    std::uint32_t max_head = upgrade::default_max_head;

    // Against clients that connect and dawdle; TLS handshake included.
    time_us head_timeout = from_ms(5000);
    // Against a validator that never answers.
    time_us validation_timeout = from_ms(10000);
    // Against peers that do not answer a close, or do not read what was sent before it.
    time_us close_timeout = from_ms(2000);
    // Against messages that are begun and never finished: the longest standstill of one.
    time_us message_timeout = from_ms(30000);
    // Bytes a second. Against those that go on a byte at a time: a message that is slower on average, but for
    // message_timeout, counts as standing still. 0: any byte will do.
    std::uint32_t min_message_rate = 100;

    duplicate_policy duplicates = duplicate_policy::probe;
    // For the answer to that ping. A client whose connection was lost without the server's knowledge waits
    // for so long when it comes back.
    time_us probe_timeout = from_ms(1000);

    // How long a session whose connection is lost waits for its client to come back. 0: not at all.
    time_us resume_window = 0;
    // Against a loss of many clients at once that do not come back. 0: no limit.
    std::uint32_t max_away_sessions = 65536;

    std::uint64_t max_message = 16 * 1024 * 1024;
    std::uint32_t max_fragments = 1024; // see ws::parse_options

    // 0: no limit. Against one who opens more than the machine can hold.
    std::uint32_t max_sessions = 0;
    std::uint32_t max_sessions_per_address = 0; // as many of them again may be away
    // Against a flood of tokens that are made up.
    std::uint32_t max_pending_validations = 1024;

    // Against one who comes again and again, or tries tokens out. 0: no limit. See attempt_limit.
    std::uint32_t max_attempts_per_address = 0;
    std::uint32_t max_failed_tokens_per_address = 0;
    time_us address_window = from_ms(60000);
    // Against pages of others that use what their visitors' browsers know; in the form of
    // upgrade::normal_origin. None: every origin may.
    std::vector<std::string> allowed_origins;
    // Of the upgrade request, that sessions keep.
    std::vector<std::string> session_headers;

    // 0: no limit. Of all sessions; see session_options::total. Nothing: see server/total_bound.h.
    std::optional<std::uint64_t> max_total_queued_bytes;

    // Whether balancers are answered: /healthz, /readyz, and what they ask by default.
    bool health = false;
    // Whether /metrics is. Without a token, this machine alone is.
    bool metrics = false;
    std::string metrics_token;

    // A third of what a client allows itself: there are many of them.
    session_options session{.high_water_mark = 4 * 1024 * 1024, .max_queued_bytes = 4 * 1024 * 1024};
};

// Bytes that a client may send ahead while its token is being validated; beyond, it is not read from until
// then.
constexpr std::size_t max_bytes_before_upgrade = 64 * 1024;

// Bytes that the system may go on sending for a connection which has ended because its peer was silent: room
// for the last words, and not for a backlog.
constexpr std::uint64_t max_left_behind = 64 * 1024;

// WebSocket pongs that may wait for a peer that pings and does not read.
constexpr std::size_t max_pong_backlog = 64 * 1024;

} // namespace cryo_core
