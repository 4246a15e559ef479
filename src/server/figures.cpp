#include "server/figures.h"

#include "server/service.h"

#include <algorithm>
#include <numeric>
#include <string_view>

namespace cryo_core {

namespace {

template <typename To, typename From>
void add_each(To &to, const From &from) noexcept {
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += from[i].load();
}

// One of them, by its number, or all of them for 0.
template <typename Counts>
std::optional<double> pick(const Counts &counts, std::int32_t of, std::int32_t first) noexcept {
    if (of == 0) return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
    const std::int64_t at = std::int64_t{of} - first;
    if (at < 0 || at >= static_cast<std::int64_t>(counts.size())) return std::nullopt;
    return static_cast<double>(counts[static_cast<std::size_t>(at)]);
}

// Families of samples, one line each.
class page {
  public:
    enum class type { counter, gauge };

    void family(std::string_view name, type of, std::string_view help) {
        name_ = name;
        text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
        text_ += of == type::counter ? " counter\n" : " gauge\n";
    }
    void sample(std::uint64_t value) {
        text_.append(name_).append(" ").append(std::to_string(value)) += '\n';
    }
    // A value of ours: it holds nothing that would have to be escaped.
    void sample(std::string_view label, std::string_view is, std::uint64_t value) {
        text_.append(name_).append("{").append(label).append("=\"").append(is).append("\"} ");
        text_.append(std::to_string(value)) += '\n';
    }
    void sample_ms(std::uint64_t value) {
        std::string digits = std::to_string(value % 1000);
        digits.insert(0, 3 - digits.size(), '0');
        text_.append(name_).append(" ").append(std::to_string(value / 1000)).append(".").append(digits) +=
            '\n';
    }
    void counter(std::string_view name, std::string_view help, std::uint64_t value) {
        family(name, type::counter, help);
        sample(value);
    }
    void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
        family(name, type::gauge, help);
        sample(value);
    }
    std::string take() noexcept { return std::move(text_); }

  private:
    std::string text_;
    std::string_view name_;
};

constexpr std::string_view outcomes[] = {"",       "acknowledged", "timed_out", "dropped",
                                         "vetoed", "closed",       "refused"};

void write_clients(page &to, const server_figures &of) {
    to.gauge("cryo_sessions", "Live sessions.", of.sessions);
    to.gauge("cryo_sessions_away", "Sessions of these that wait for their client to come back.", of.away);
    to.gauge("cryo_connections", "Open connections.", of.open);
    to.gauge("cryo_pending_validations", "Tokens that wait for the validator.", of.validations);
    to.gauge("cryo_draining", "1 once no new clients are let in.", of.draining ? 1 : 0);
    to.counter("cryo_connections_accepted_total", "Connections accepted.", of.connections);
    to.counter("cryo_sessions_accepted_total", "Sessions that began.", of.accepted);
    to.counter("cryo_sessions_resumed_total", "Sessions that went on with another connection.", of.resumed);
    to.counter("cryo_sessions_closed_total", "Sessions that ended.", of.closed);
    to.family("cryo_requests_refused_total", page::type::counter,
              "Requests that were refused, by HTTP status.");
    for (std::size_t i = 0; i < of.refused.size(); ++i)
        if (of.refused[i] != 0)
            to.sample("status", std::to_string(first_refusal + static_cast<int>(i)), of.refused[i]);
    to.counter("cryo_requests_timed_out_total", "Requests that were begun and not finished in time.",
               of.timeouts);
    to.counter("cryo_foreign_connections_total", "Connections that spoke another protocol.", of.foreign);
    to.counter("cryo_tls_failures_total", "TLS handshakes that failed.", of.tls_failures);
    to.counter("cryo_health_checks_total", "Health checks and requests for these figures.", of.questions);
    to.counter("cryo_protocol_violations_total", "What clients sent against the protocol.", of.violations);
}

void write_messages(page &to, const server_figures &of) {
    to.counter("cryo_messages_received_total", "Messages delivered to the application.", of.messages_in);
    to.counter("cryo_messages_sent_total", "Messages that have left.", of.messages_out);
    to.counter("cryo_received_bytes_total", "Bytes received on connections, without TLS's own.", of.bytes_in);
    to.counter("cryo_sent_bytes_total", "Bytes sent on connections, without TLS's own.", of.bytes_out);
    to.family("cryo_messages_dropped_total", page::type::counter, "Messages that were dropped, by reason.");
    for (std::size_t i = 1; i < of.dropped.size(); ++i)
        to.sample("reason", name_of(static_cast<drop_reason>(i)), of.dropped[i]);
    to.family("cryo_receipts_total", page::type::counter, "Receipts, by outcome.");
    for (std::size_t i = 1; i < of.receipts.size(); ++i)
        to.sample("outcome", outcomes[i], of.receipts[i]);
}

void write_loops(page &to, const server_figures &of) {
    to.gauge("cryo_mailbox_depth", "The most calls of other threads that a loop found waiting, of late.",
             of.most_mails);
    to.family("cryo_loop_lag_seconds", page::type::gauge,
              "The longest that a loop was busy at a stretch, of late.");
    to.sample_ms(of.longest_turn_ms);
    to.family("cryo_loop_busy_seconds_total", page::type::counter, "Time in which loops were busy.");
    to.sample_ms(of.busy_ms);
    to.counter("cryo_slow_callbacks_total",
               "Times that a loop was held up for 100 ms or more, as callbacks do that take long.",
               of.slow_turns);
}

} // namespace

void server_figures::add(const service &one, std::int64_t now_ms) noexcept {
    const net::loop_counters &loop = one.loop()->counters();
    open += loop.open.load();
    connections += loop.connections.load();
    tls_failures += loop.tls_failures.load();
    bytes_in += loop.bytes_in.load();
    bytes_out += loop.bytes_out.load();
    busy_ms += loop.busy_ms.load();
    slow_turns += loop.slow_turns.load();
    longest_turn_ms = std::max(longest_turn_ms, loop.turn_ms.at(now_ms));
    most_mails = std::max(most_mails, loop.mails.at(now_ms));
    const service_counters &counts = one.counters();
    messages_in += counts.messages_in.load();
    messages_out += counts.messages_out.load();
    accepted += counts.sessions.load();
    resumed += counts.resumed.load();
    closed += counts.closed.load();
    violations += counts.violations.load();
    foreign += counts.foreign.load();
    timeouts += counts.timeouts.load();
    questions += counts.questions.load();
    add_each(dropped, counts.messages.dropped);
    add_each(receipts, counts.messages.receipts);
    add_each(refused, counts.refused);
}

std::optional<double> server_figures::value(server_stat which, std::int32_t of) const noexcept {
    switch (which) {
    case server_stat::refused:
        return pick(refused, of, first_refusal);
    case server_stat::dropped:
        return of < 0 ? std::nullopt : pick(dropped, of, 0);
    case server_stat::receipts:
        return of < 0 ? std::nullopt : pick(receipts, of, 0);
    default:
        break;
    }
    if (of != 0) return std::nullopt;
    const auto number = [](std::uint64_t n) { return std::optional(static_cast<double>(n)); };
    switch (which) {
    case server_stat::sessions:
        return number(sessions);
    case server_stat::away:
        return number(away);
    case server_stat::connections:
        return number(open);
    case server_stat::accepted_connections:
        return number(connections);
    case server_stat::accepted_sessions:
        return number(accepted);
    case server_stat::resumed:
        return number(resumed);
    case server_stat::closed:
        return number(closed);
    case server_stat::tls_failures:
        return number(tls_failures);
    case server_stat::violations:
        return number(violations);
    case server_stat::messages_rx:
        return number(messages_in);
    case server_stat::messages_tx:
        return number(messages_out);
    case server_stat::bytes_rx:
        return number(bytes_in);
    case server_stat::bytes_tx:
        return number(bytes_out);
    case server_stat::mailbox:
        return number(most_mails);
    case server_stat::slow_callbacks:
        return number(slow_turns);
    case server_stat::loop_lag:
        return number(longest_turn_ms);
    case server_stat::busy:
        return number(busy_ms);
    case server_stat::validations:
        return number(validations);
    case server_stat::questions:
        return number(questions);
    case server_stat::draining:
        return number(draining ? 1 : 0);
    default:
        return std::nullopt;
    }
}

std::string server_figures::text() const {
    page out;
    write_clients(out, *this);
    write_messages(out, *this);
    write_loops(out, *this);
    return out.take();
}

} // namespace cryo_core
