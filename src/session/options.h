// What a session may be told to do differently, with the protocol's defaults.
#pragma once

#include "base/clock.h"
#include "cale/handshake.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace cryo_core {

class byte_budget;

// What gives way in a held queue that is full.
enum class drop_policy : std::int32_t { drop_oldest = 1, drop_newest = 2, dedupe_latest = 3 };

struct cale_options {
    bool on = false;
    // Against peers that begin a handshake and let it lie. Until it is over it takes the keep-alive's place.
    time_us timeout = cale::default_handshake_timeout;
    cale::rekey_limits rekey;                         // tests lower them
    const cale::crypto::provider *provider = nullptr; // null: the one that the library was built for
};

struct session_options {
    time_us keepalive = from_ms(15000);
    time_us ack_timeout = from_ms(2500);
    // For a client that answers no WebSocket ping: the first frame leaves after this.
    time_us hello_wait = from_ms(250);
    // Against peers that say something now and then, and take nothing of what they are sent. 0: no limit.
    time_us stall_timeout = from_ms(60000);
    // Against peers that send rubbish for ever.
    std::uint32_t max_violations = 16;
    // Bytes handed to the transport and not yet taken by the kernel, at which the queue is held.
    std::uint64_t high_water_mark = 16 * 1024 * 1024;
    // The queue flows again below this.
    std::uint64_t low_water_mark = 1024 * 1024;
    // Against peers slower than the application: what may wait in a held queue.
    std::uint64_t max_queued_bytes = 8 * 1024 * 1024;
    std::uint32_t max_queue_count = 1024;
    drop_policy policy = drop_policy::drop_oldest;
    // Against many slow peers at once: what the messages of all sessions may hold together. Null: no limit.
    std::shared_ptr<byte_budget> total{};
    // Against an application that asks for receipts faster than peers acknowledge.
    std::uint32_t max_receipts = 65536;
    cale_options cale{};
    // Keep what was sent until it is acknowledged, for session::take_unsent.
    bool keep_unacknowledged = false;
    // What is received is acknowledged when the application says so, and not at once.
    bool manual_ack = false;
    // Of these, what the application may have at once: against one that never says so.
    std::uint32_t max_unacknowledged = 1024;
    // While it has no connection nothing gives way: what there is no room for is refused.
    bool keeps_all_while_away = false;
};

// Frames of ACK, pong and error that may wait before the peer is no longer read from: against peers that send
// and do not read.
constexpr std::size_t max_control_backlog = 1024;

// Bytes of messages that a client sent before its session was announced; beyond, it is not read from until
// then.
constexpr std::size_t max_early_bytes = 64 * 1024;

// Bytes of messages that have been received and wait for an extension; beyond, the peer is not read from
// until it has answered.
constexpr std::size_t max_hooked_bytes = 64 * 1024;

// Different times since when acknowledgements are waited for: against peers that never acknowledge. Frames
// beyond are not timed.
constexpr std::size_t max_tracked_runs = 4096;

} // namespace cryo_core
