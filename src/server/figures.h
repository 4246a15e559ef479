// The figures of a server, of all its loops together, at the moment of asking.
#pragma once

#include "server/counters.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace cryo_core {

class service;
struct service_context;

// As CRYO_SERVER_STAT_*.
enum class server_stat : std::int32_t {
    sessions = 1,
    away = 2,
    connections = 3,
    accepted_connections = 4,
    accepted_sessions = 5,
    resumed = 6,
    closed = 7,
    refused = 8,
    tls_failures = 9,
    violations = 10,
    dropped = 11,
    receipts = 12,
    messages_rx = 13,
    messages_tx = 14,
    bytes_rx = 15,
    bytes_tx = 16,
    mailbox = 17,
    slow_callbacks = 18,
    loop_lag = 19,
    busy = 20,
    validations = 21,
    questions = 22,
    draining = 23,
};

struct server_figures {
    std::uint64_t sessions = 0, away = 0, validations = 0;
    bool draining = false;
    std::uint64_t open = 0, connections = 0, tls_failures = 0, bytes_in = 0, bytes_out = 0;
    std::uint64_t busy_ms = 0, slow_turns = 0, longest_turn_ms = 0, most_mails = 0;
    std::uint64_t messages_in = 0, messages_out = 0, accepted = 0, resumed = 0, closed = 0;
    std::uint64_t violations = 0, foreign = 0, timeouts = 0, questions = 0;
    std::array<std::uint64_t, 5> dropped{};
    std::array<std::uint64_t, 7> receipts{};
    std::array<std::uint64_t, last_refusal - first_refusal> refused{};

    void add(const service &one, std::int64_t now_ms) noexcept;
    // `of`: which status, reason or outcome; 0: all. Nothing: there is no such figure.
    std::optional<double> value(server_stat which, std::int32_t of) const noexcept;
    // As Prometheus reads it: text format 0.0.4.
    std::string text() const;
};

// Who has all loops at hand.
class figures_source {
  public:
    virtual server_figures figures() const noexcept = 0;

  protected:
    ~figures_source() = default;
};

} // namespace cryo_core
