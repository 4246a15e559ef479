// Cryo: real-time WebSocket sessions. The C++20 interface of libcryo: cryo.h in C++ clothes, header only.
//
// SPDX-License-Identifier: MIT
//
//     cryo::server_options   what the server shall do: an aggregate, for designated initialisers
//     cryo::server           start, stop, wait; list of sessions; broadcast. Destroying it frees everything
//     cryo::auth             a ticket: shall this token come in? Destroyed unsettled, it rejects
//     cryo::token_request    a ticket: with which token shall it connect? Destroyed unanswered, it fails
//     cryo::session          send, close, ask, keep values. A counted reference: copies are cheap
//     cryo::client_options   where to connect, as whom, and what to do at a loss
//     cryo::client           the other end: a session that connects, and comes back when it is lost
//     cryo::loop             for clients that shall run on a thread of your own
//     cryo::extension        to derive from: looks at messages before they are sent and after they were
//     received cryo::hook             a ticket: shall this message pass? Destroyed unsettled, it passes
//     cryo::queue, event     the same events, pulled instead of called back; batch, event_view: many at a
//     time
//
//
// RULES THAT ALWAYS HOLD (those of cryo.h, and these)
//
// Errors    What fails throws cryo::error, which has the status and the library's sentence about it. What is
//           marked noexcept has another way of telling, or nothing to tell. Memory that runs out is
//           std::bad_alloc, or CRYO_ERR_NO_MEMORY when the library was the one to run out.
//
// Handlers  are any callables, move-only ones too; an empty std::function, a null pointer or {} means none.
//           They run on the service threads, one at a time for each session. Wherever a handler takes the
//           session first, it may leave it out. An exception that leaves a handler is logged and ends
//           nothing: neither the session nor the process. One that leaves the validator lets nobody in.
//           The handlers of a server or a client are set before start() and live as long as it does. A
//           session's own are set at any time, best inside on_session, before its first message; they are
//           dropped after `closed`: a handler may capture its session, and still nothing leaks.
//
// Views     (std::string_view, cryo::bytes) that a handler gets live until it returns. What is passed in is
//           copied. The session that a handler gets is lent to it, by value too, and costs no counting; what
//           is copied or moved from it is a reference of its own.
//
// Threads   Everything may be called from any thread, except where it says otherwise. As usual in C++, one
//           object (not what it refers to) must not be assigned to on one thread while another one uses it.
//
// native()  gives the handle for cryo.h, still owned by the object.
#ifndef CRYO_HPP
#define CRYO_HPP

#include "cryo.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

namespace cryo {

// -------- plain types -------------------------------------------------------------------------------------

using bytes = std::span<const std::uint8_t>;

// For time-outs: wait as long as it takes.
inline constexpr std::chrono::milliseconds forever{-1};

// What a message is.
enum class kind : std::int32_t { utf8 = CRYO_UTF8, binary = CRYO_BINARY };

// What a session counts; see CRYO_STAT_* for the units.
enum class statistic : std::int32_t {
    rtt = CRYO_STAT_RTT,
    bytes_rx = CRYO_STAT_BYTES_RX,
    bytes_tx = CRYO_STAT_BYTES_TX,
    ack_timeout = CRYO_STAT_ACK_TIMEOUT,
    queued_bytes = CRYO_STAT_QUEUED_BYTES,
    queued_count = CRYO_STAT_QUEUED_COUNT,
};

// What a server counts; see CRYO_SERVER_STAT_* for the units.
enum class server_statistic : std::int32_t {
    sessions = CRYO_SERVER_STAT_SESSIONS,
    away = CRYO_SERVER_STAT_AWAY,
    connections = CRYO_SERVER_STAT_CONNECTIONS,
    accepted_connections = CRYO_SERVER_STAT_ACCEPTED_CONNECTIONS,
    accepted_sessions = CRYO_SERVER_STAT_ACCEPTED_SESSIONS,
    resumed = CRYO_SERVER_STAT_RESUMED,
    closed = CRYO_SERVER_STAT_CLOSED,
    refused = CRYO_SERVER_STAT_REFUSED,
    tls_failures = CRYO_SERVER_STAT_TLS_FAILURES,
    violations = CRYO_SERVER_STAT_VIOLATIONS,
    dropped = CRYO_SERVER_STAT_DROPPED,
    receipts = CRYO_SERVER_STAT_RECEIPTS,
    messages_rx = CRYO_SERVER_STAT_MESSAGES_RX,
    messages_tx = CRYO_SERVER_STAT_MESSAGES_TX,
    bytes_rx = CRYO_SERVER_STAT_BYTES_RX,
    bytes_tx = CRYO_SERVER_STAT_BYTES_TX,
    mailbox = CRYO_SERVER_STAT_MAILBOX,
    slow_callbacks = CRYO_SERVER_STAT_SLOW_CALLBACKS,
    loop_lag = CRYO_SERVER_STAT_LOOP_LAG,
    busy = CRYO_SERVER_STAT_BUSY,
    validations = CRYO_SERVER_STAT_VALIDATIONS,
    health_checks = CRYO_SERVER_STAT_HEALTH_CHECKS,
    draining = CRYO_SERVER_STAT_DRAINING,
};

// What gives way when a session's queue is held and full.
enum class drop_policy : std::int32_t {
    oldest = CRYO_DROP_OLDEST,
    newest = CRYO_DROP_NEWEST,
    dedupe_latest = CRYO_DEDUPE_LATEST,
};

// What becomes of a live session when a client comes with its id and its token.
enum class duplicate_policy : std::int32_t {
    refuse = CRYO_DUPLICATE_REFUSE,   // it stays, and the newcomer is refused with 409
    probe = CRYO_DUPLICATE_PROBE,     // it stays if it answers a ping
    replace = CRYO_DUPLICATE_REPLACE, // it gives way
};

// Which headers of a trusted proxy say where a client is.
enum class forwarded_header : std::int32_t {
    none = CRYO_FORWARDED_NONE,
    any = CRYO_FORWARDED_ANY, // whichever is there; where both are, they must say the same
    x_forwarded_for = CRYO_FORWARDED_X_FORWARDED_FOR,
    rfc7239 = CRYO_FORWARDED_RFC7239,
};

// What carries a server's connections.
enum class transport : std::int32_t {
    automatic = CRYO_TRANSPORT_AUTO,              // poll where it can be had
    libwebsockets = CRYO_TRANSPORT_LIBWEBSOCKETS, // every system
    poll = CRYO_TRANSPORT_POLL,                   // what the system says of sockets (epoll, or else libuv)
};

// Why a message was dropped.
enum class drop_reason : std::int32_t {
    oldest = CRYO_DROPPED_OLDEST,     // it made room for a newer one
    refused = CRYO_DROPPED_REFUSED,   // there was no room for it when it reached the queue
    replaced = CRYO_DROPPED_REPLACED, // a newer one stands in its place
    total = CRYO_DROPPED_TOTAL,       // all sessions together held as many bytes as they may
};

// How a message that was sent with a receipt ended.
enum class outcome : std::int32_t {
    acknowledged = CRYO_RECEIPT_ACKNOWLEDGED, // the peer has it
    timed_out = CRYO_RECEIPT_TIMED_OUT,       // it left, and was not acknowledged in time
    dropped = CRYO_RECEIPT_DROPPED,           // it did not leave: the queue was full
    vetoed = CRYO_RECEIPT_VETOED,             // it did not leave: an extension stopped it
    closed = CRYO_RECEIPT_CLOSED,   // the session closed, or its connection was lost, before one of these
    refused = CRYO_RECEIPT_REFUSED, // the peer closed the connection because of it
};

// Which messages a hook sees.
enum class direction : std::int32_t { before_send = CRYO_BEFORE_SEND, on_receive = CRYO_ON_RECEIVE };

// What becomes of a message.
enum class verdict : std::int32_t { pass = CRYO_HOOK_PASS, stop = CRYO_HOOK_STOP };

enum class log_level : std::int32_t {
    off = CRYO_LOG_OFF,
    error = CRYO_LOG_ERROR,
    warning = CRYO_LOG_WARNING,
    info = CRYO_LOG_INFO,
    debug = CRYO_LOG_DEBUG,
};

// What is thrown. what() is the library's sentence for people; programs branch on status().
class error : public std::runtime_error {
  public:
    error(cryo_status status, const std::string &text) : std::runtime_error(text), status_(status) {}

    // One of CRYO_ERR_*.
    cryo_status status() const noexcept { return status_; }
    // Its name, "CRYO_ERR_CLOSED" for example.
    const char *name() const noexcept { return cryo_status_name(status_); }

  private:
    cryo_status status_;
};

// A received message: a view, valid until the handler returns or the event is destroyed.
class message {
  public:
    message(cryo::kind kind, bytes data, std::uint64_t id = 0) noexcept : kind_(kind), data_(data), id_(id) {}

    cryo::kind kind() const noexcept { return kind_; }
    bool is_text() const noexcept { return kind_ == cryo::kind::utf8; }
    bytes data() const noexcept { return data_; }
    std::size_t size() const noexcept { return data_.size(); }
    // With server_options::manual_ack, of one that a server has received: for session::ack(). 0 otherwise.
    std::uint64_t id() const noexcept { return id_; }
    // The payload as characters: valid UTF-8 when is_text(), any bytes otherwise.
    std::string_view text() const noexcept {
        return {reinterpret_cast<const char *>(data_.data()), data_.size()};
    }

  private:
    cryo::kind kind_;
    bytes data_;
    std::uint64_t id_;
};

// Why an attempt to connect has failed.
struct failed_attempt {
    cryo_status status = CRYO_OK; // CRYO_ERR_RESOLVE, _CONNECT, _TIMEOUT, _TLS_*, _HTTP, _CLOSED, …
    int http_status = 0;          // the server's answer to the upgrade; 0: there was none
    std::string_view text;        // for people
    // After this it tries again. nullopt: it does not, and `closed` follows.
    std::optional<std::chrono::milliseconds> retry_in;
};

// What became of one message; see session::send.
struct receipt {
    cryo::outcome outcome = cryo::outcome::closed;
    // From leaving to acknowledgement; only with outcome::acknowledged.
    std::optional<std::chrono::duration<double, std::milli>> rtt;
    // The extension that stopped it, or the rule that dropped it ("oldest", "refused", "replaced", "total").
    std::string_view by;

    // Whether the peer has it.
    bool arrived() const noexcept { return outcome == cryo::outcome::acknowledged; }
};

class auth;
class token_request;
class session;
class server;
class client;
struct client_options;
class loop;
class hook;
class extension;
class queue;

// -------- handlers ----------------------------------------------------------------------------------------

namespace detail {

// Whether F takes what follows the session alone.
template <typename F, typename... Args>
struct takes_rest : std::false_type {};
template <typename F, typename... Rest>
struct takes_rest<F, session &, Rest...>
    : std::bool_constant<(sizeof...(Rest) > 0) && std::invocable<F &, Rest...>> {};

template <typename F, typename... Args>
concept handles = std::invocable<F &, Args...> || takes_rest<F, Args...>::value;

template <typename F>
bool is_empty(const F &) noexcept {
    return false;
}
template <typename F>
bool is_empty(F *function) noexcept {
    return function == nullptr;
}
template <typename F>
bool is_empty(const std::function<F> &function) noexcept {
    return !function;
}

// The session that a handler gets holds no reference: the library keeps it until the handler returns. What is
// copied or moved from it holds one.
struct lender {
    static session lend(cryo_session *handle) noexcept;
    // For an argument that takes a session by value.
    static session lend(const session &who) noexcept;
};

// Whether F takes a session by value: then its argument is made in its place.
template <typename F, typename First, typename... Rest>
concept takes_value = std::same_as<First, session &> &&
    requires(F &function, std::remove_reference_t<First> (&make)(), Rest &&...rest) {
    function(make(), std::forward<Rest>(rest)...);
};

template <typename F>
void call_handler(F &function) {
    static_cast<void>(std::invoke(function));
}

template <typename F, typename First, typename... Rest>
void call_handler(F &function, First &&first, Rest &&...rest) {
    if constexpr (takes_value<F, First, Rest...>)
        static_cast<void>(function(lender::lend(first), std::forward<Rest>(rest)...));
    else if constexpr (std::invocable<F &, First, Rest...>)
        static_cast<void>(std::invoke(function, std::forward<First>(first), std::forward<Rest>(rest)...));
    else
        static_cast<void>(std::invoke(function, std::forward<Rest>(rest)...));
}

} // namespace detail

// Any callable with these arguments, or none. Copies share the callable.
template <typename... Args>
class handler {
  public:
    handler() noexcept = default;
    handler(std::nullptr_t) noexcept {}

    template <typename F>
    requires(!std::same_as<std::decay_t<F>, handler> && detail::handles<std::decay_t<F>, Args...>)
        handler(F &&function) {
        const std::decay_t<F> &callable = function;
        if (!detail::is_empty(callable))
            target_ = std::make_shared<target_of<std::decay_t<F>>>(std::forward<F>(function));
    }

    explicit operator bool() const noexcept { return target_ != nullptr; }
    void operator()(Args... args) const { target_->call(args...); }

  private:
    struct target {
        target() = default;
        target(const target &) = delete;
        target &operator=(const target &) = delete;
        virtual ~target() = default;
        virtual void call(Args &...args) = 0;
    };

    template <typename F>
    struct target_of final : target {
        template <typename G>
        explicit target_of(G &&from) : function(std::forward<G>(from)) {}
        void call(Args &...args) override { detail::call_handler(function, std::forward<Args>(args)...); }
        F function;
    };

    std::shared_ptr<target> target_;
};

using validate_handler = handler<auth>;                             // (auth)
using listening_handler = handler<std::string_view, std::uint16_t>; // (host, port): what was really bound
using token_handler = handler<token_request>;                       // (request)
using session_handler = handler<session &>;                         // (session)
using message_handler = handler<session &, message>;                // ([session,] message)
using closed_handler = handler<session &, int, std::string_view>;   // ([session,] code, reason)
using statistic_handler = handler<session &, statistic, double>;    // ([session,] which, value)
using attempt_failed_handler = handler<session &, failed_attempt>;  // ([session,] why)
using dropped_handler = handler<session &, drop_reason, message>;   // ([session,] why, message)
using receipt_handler = handler<session &, receipt>;                // ([session,] receipt)
using hook_handler = handler<session &, hook>;                      // ([session,] ticket)
using log_handler = handler<log_level, std::string_view>;           // (level, line)

// What a send may ask for, for example {.key = "position", .done = [](cryo::receipt r) { … }}.
struct send_options {
    // 1 to 255 bytes: with drop_policy::dedupe_latest the message takes the place of a queued one with the
    // same key. Empty: none.
    std::string_view key{};
    // Told what became of the message: exactly once when it was accepted, not at all when it was not. Runs
    // where the session's other handlers run, before its `closed`; perhaps before send() returns.
    receipt_handler done{};
    // Where the events go to a queue: a number of yours, which comes out of it with event_kind::receipt. 0:
    // none.
    std::uint64_t number = 0;
};

// -------- inside ------------------------------------------------------------------------------------------

namespace detail {

// To be called right after the library call that failed, on the same thread.
[[noreturn]] inline void throw_error(cryo_status status) {
    const char *const text = cryo_last_error();
    throw error(status, *text != '\0' ? text : cryo_status_name(status));
}

inline void check(cryo_status status) {
    if (status != CRYO_OK) throw_error(status);
}

// True: done. False: the session has closed, which is nobody's fault and no exception.
inline bool check_open(cryo_status status) {
    if (status == CRYO_ERR_CLOSED) return false;
    check(status);
    return true;
}

// Text for C, which would silently end at a NUL inside of it.
inline std::string c_text(std::string_view text, const char *what) {
    if (text.find('\0') != std::string_view::npos)
        throw error(CRYO_ERR_INVALID, std::string(what) + " has a NUL inside");
    return std::string(text);
}

// Runs `read(out, capacity, &len)`, which writes text, with as much room as it takes.
template <typename Read>
std::string read_text(Read read) {
    std::array<char, 256> some;
    std::size_t len = 0;
    const cryo_status status = read(some.data(), some.size(), &len);
    if (status == CRYO_OK) return std::string(some.data(), len);
    if (status != CRYO_ERR_BUFFER) throw_error(status);
    std::string text(len, '\0');
    check(read(text.data(), len + 1, &len));
    return text;
}

template <typename Read>
std::optional<std::string> read_text_if_found(Read read) {
    try {
        return read_text(read);
    } catch (const error &e) {
        if (e.status() == CRYO_ERR_NOT_FOUND) return std::nullopt;
        throw;
    }
}

inline const std::uint8_t *as_bytes(std::string_view text) noexcept {
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

inline bytes to_bytes(std::string_view text) noexcept {
    return {as_bytes(text), text.size()};
}

// What can be sent: a text, bytes, or a received message as it came.
class payload {
  public:
    template <typename T>
    requires std::convertible_to<const T &, std::string_view> payload(const T &text)
        : payload(kind::utf8, to_bytes(std::string_view(text))) {}
    template <typename T>
    requires std::convertible_to<const T &, std::u8string_view> payload(const T &text) : kind_(kind::utf8) {
        const std::u8string_view view(text);
        data_ = {reinterpret_cast<const std::uint8_t *>(view.data()), view.size()};
    }
    template <typename T>
    requires std::convertible_to<const T &, bytes> payload(const T &data) : payload(kind::binary, data) {}
    payload(const message &what) noexcept : payload(what.kind(), what.data()) {}

    cryo::kind kind() const noexcept { return kind_; }
    bytes data() const noexcept { return data_; }

  private:
    payload(cryo::kind kind, bytes data) noexcept : kind_(kind), data_(data) {}

    cryo::kind kind_;
    bytes data_;
};

inline std::int32_t to_timeout(std::chrono::milliseconds timeout) noexcept {
    if (timeout.count() < 0) return -1;
    constexpr std::chrono::milliseconds longest{std::numeric_limits<std::int32_t>::max()};
    return static_cast<std::int32_t>(std::min(timeout, longest).count());
}

inline std::uint32_t to_ms(std::chrono::milliseconds value, const char *name) {
    if (value.count() < 0 || value.count() > std::numeric_limits<std::uint32_t>::max())
        throw error(CRYO_ERR_INVALID, std::string(name) + " is out of range");
    return static_cast<std::uint32_t>(value.count());
}

// What the functions that give a descriptor, or a time to wait, have answered.
inline int to_fd(std::int32_t answer) {
    if (answer < 0) throw_error(answer);
    return answer;
}

inline std::optional<std::chrono::milliseconds> from_timeout(std::int32_t answer) {
    if (answer == -1) return std::nullopt;
    if (answer < 0) throw_error(answer);
    return std::chrono::milliseconds(answer);
}

inline receipt to_receipt(std::int32_t outcome, double rtt_ms, const char *by) noexcept {
    receipt made{static_cast<cryo::outcome>(outcome), std::nullopt, by};
    if (made.arrived()) made.rtt = std::chrono::duration<double, std::milli>(rtt_ms);
    return made;
}

// When a client tries again; -1: it does not.
inline std::optional<std::chrono::milliseconds> to_retry(std::int64_t ms) noexcept {
    if (ms < 0) return std::nullopt;
    return std::chrono::milliseconds(ms);
}

template <typename T>
void destroy(void *object) noexcept {
    delete static_cast<T *>(object);
}

// Gives `object` to a registering call, `give(user, finalizer)`, which owns it when it succeeds.
template <typename T, typename Give>
void hand_over(std::unique_ptr<T> object, Give give) {
    check(give(static_cast<void *>(object.get()), &destroy<T>));
    static_cast<void>(object.release());
}

// A deleter that is one function of the library.
template <auto Free>
struct free_with {
    template <typename T>
    void operator()(T *handle) const noexcept {
        Free(handle);
    }
};

// Identifies a type without RTTI: its address does. Not const, so that no linker folds two into one.
template <typename T>
inline char type_mark = 0;

// A value of a session's store.
struct boxed {
    explicit boxed(const void *type_of_value) noexcept : type(type_of_value) {}
    boxed(const boxed &) = delete;
    boxed &operator=(const boxed &) = delete;
    virtual ~boxed() = default;
    const void *type;
};

template <typename T>
struct boxed_value final : boxed {
    template <typename V>
    explicit boxed_value(V &&from) : boxed(&type_mark<T>), value(std::forward<V>(from)) {}
    T value;
};

// Literals are kept as strings, not as pointers.
template <typename V>
using stored_type = std::conditional_t<std::is_same_v<std::decay_t<V>, const char *> ||
                                           std::is_same_v<std::decay_t<V>, char *> ||
                                           std::is_same_v<std::decay_t<V>, std::string_view>,
                                       std::string, std::decay_t<V>>;

// Whether any session has handlers of its own, or has none to look for them in. In a program where none has,
// no message asks its session.
inline std::atomic<bool> sessions_differ{false};

// A session's own handlers. They may be replaced while they run; when the session is over, they are dropped,
// and so are those that come later: this breaks the circle of a handler that holds its session.
//
// They are read with each message and seldom written, so reading takes no lock. What is replaced while one of
// them runs is kept until none does.
class session_handlers {
  private:
    struct kept {
        kept() = default;
        kept(const kept &) = delete;
        kept &operator=(const kept &) = delete;
        virtual ~kept() = default;
        std::unique_ptr<kept> next;
    };
    template <typename Handler>
    struct kept_handler final : kept {
        explicit kept_handler(Handler &&from) noexcept : call(std::move(from)) {}
        const Handler call;
    };

  public:
    template <typename Handler>
    using place = std::atomic<kept_handler<Handler> *>;

    session_handlers() = default;
    session_handlers(const session_handlers &) = delete;
    session_handlers &operator=(const session_handlers &) = delete;
    ~session_handlers() { drop(); }

    template <typename Handler>
    void set(place<Handler> session_handlers::*which, Handler value) {
        std::unique_ptr<kept_handler<Handler>> next;
        if (value) next = std::make_unique<kept_handler<Handler>>(std::move(value));
        if (next) sessions_differ.store(true);
        // What was replaced, or came too late, is destroyed after the lock has gone.
        const std::lock_guard lock(mutex_);
        if (over_) return;
        next.reset((this->*which).exchange(next.release()));
        if (running_.load() != 0) keep(next.release());
    }

    // By the session's thread. False: there is none.
    template <typename Handler, typename... Args>
    bool call(const place<Handler> session_handlers::*which, Args &&...args) {
        if ((this->*which).load(std::memory_order_relaxed) == nullptr) return false;
        const run here(*this);
        const auto *const now = (this->*which).load(); // behind `here`: who replaces it sees one of the two
        if (now == nullptr) return false;
        now->call(std::forward<Args>(args)...);
        return true;
    }
    template <typename Handler>
    bool has(const place<Handler> session_handlers::*which) const noexcept {
        return (this->*which).load(std::memory_order_relaxed) != nullptr;
    }

    // False: it is over.
    bool add_at_loss(handler<> call) {
        const std::lock_guard lock(mutex_);
        if (over_) return false;
        at_loss_.push_back(std::move(call));
        return true;
    }

    // The connection is lost, or about to be no more. What one of them throws keeps none of the others from
    // being called; the first exception goes on.
    void lose() {
        std::vector<handler<>> calls;
        {
            const std::lock_guard lock(mutex_);
            calls.swap(at_loss_);
        }
        std::exception_ptr failure;
        for (const handler<> &call : calls) {
            try {
                call();
            } catch (...) {
                if (!failure) failure = std::current_exception();
            }
        }
        if (failure) std::rethrow_exception(failure);
    }

    void drop() noexcept {
        std::vector<handler<>> no_at_loss;
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
            keep(on_message.exchange(nullptr));
            keep(on_closed.exchange(nullptr));
            keep(on_statistic.exchange(nullptr));
            keep(on_dropped.exchange(nullptr));
            keep(on_writable.exchange(nullptr));
            std::swap(at_loss_, no_at_loss);
        }
        if (running_.load() == 0) destroy_kept();
    }

    place<message_handler> on_message{nullptr};
    place<closed_handler> on_closed{nullptr};
    place<statistic_handler> on_statistic{nullptr};
    place<dropped_handler> on_dropped{nullptr};
    place<session_handler> on_writable{nullptr};

  private:
    // A session's handlers run one at a time, or inside of each other: one thread writes the number.
    class run {
      public:
        explicit run(session_handlers &of) noexcept : of_(of) {
            of.running_.store(of.running_.load(std::memory_order_relaxed) + 1);
        }
        run(const run &) = delete;
        run &operator=(const run &) = delete;
        ~run() {
            const unsigned still = of_.running_.load(std::memory_order_relaxed) - 1;
            of_.running_.store(still, std::memory_order_release);
            if (still == 0 && of_.keeps_.load(std::memory_order_relaxed)) of_.destroy_kept();
        }

      private:
        session_handlers &of_;
    };

    // With the lock. What another thread gives in the very moment in which the last one returns is kept until
    // the next one has.
    void keep(kept *former) noexcept {
        if (former == nullptr) return;
        former->next = std::move(kept_);
        kept_.reset(former);
        keeps_.store(true, std::memory_order_relaxed);
    }

    void destroy_kept() noexcept {
        std::unique_ptr<kept> all;
        {
            const std::lock_guard lock(mutex_);
            all = std::move(kept_);
            keeps_.store(false, std::memory_order_relaxed);
        }
        while (all) // not one inside of the other
            all = std::exchange(all->next, nullptr);
    }

    std::atomic<unsigned> running_{0};
    std::atomic<bool> keeps_{false};
    std::mutex mutex_;
    std::unique_ptr<kept> kept_;
    std::vector<handler<>> at_loss_;
    bool over_ = false;
};

// What servers and clients have in common of their handlers. Not written to while it runs.
struct general_handlers {
    general_handlers() = default;
    general_handlers(const general_handlers &) = delete;
    general_handlers &operator=(const general_handlers &) = delete;
    virtual ~general_handlers() = default;

    session_handler on_session; // a client's on_connected
    message_handler on_message;
    closed_handler on_closed;
    statistic_handler on_statistic;
    closed_handler on_disconnected; // of a server's sessions only with a resume_window, as the next one
    session_handler on_reconnected;
    attempt_failed_handler on_attempt_failed;
    message_handler on_lost;
    dropped_handler on_dropped;
    session_handler on_writable;
    std::atomic<bool> started{false};
    bool manual_ack = false;
};

struct server_handlers final : general_handlers {
    validate_handler validate;
    listening_handler on_listening;
    std::mutex giving; // the handlers of its own to a session
};

struct client_handlers final : general_handlers {};

} // namespace detail

// -------- library -----------------------------------------------------------------------------------------

// The version of the library that is loaded: "0.1.0".
inline std::string_view version() noexcept {
    return cryo_version_string();
}

// What it was built with, for bug reports.
inline std::string_view build_info() noexcept {
    return cryo_build_info();
}

// Where the log of the library goes, for the whole process: lines of `level` and what is graver. No handler:
// standard error, as it is at the start with log_level::warning. The handler is called from any thread, one
// call at a time, and must not call set_log; what it throws is dropped.
inline void set_log(log_level level, log_handler to = {}) {
    const auto trampoline = [](std::int32_t line_level, const char *line, void *user) {
        try {
            (*static_cast<log_handler *>(user))(static_cast<log_level>(line_level), line);
        } catch (...) {
            // There is no place left to tell it.
        }
    };
    const auto c_level = static_cast<std::int32_t>(level);
    if (!to) return detail::check(cryo_set_log(c_level, nullptr, nullptr, nullptr));
    detail::hand_over(std::make_unique<log_handler>(std::move(to)),
                      [&](void *user, cryo_finalizer finalizer) {
                          return cryo_set_log(c_level, trampoline, user, finalizer);
                      });
}

// -------- certificates ------------------------------------------------------------------------------------

// What a client has shown in its TLS handshake, and the server has found good.
struct peer_certificate {
    std::string subject; // "CN=alice,O=Example" (RFC 4514)
    std::vector<std::string>
        names;               // its alternative names: "DNS:a.example", "IP:192.0.2.7", "email:…", "URI:…"
    std::string fingerprint; // SHA-256, 64 hexadecimal digits in lower case
};

// The oldest version of TLS that is spoken.
enum class tls_version : std::int32_t { v1_2 = CRYO_TLS_1_2, v1_3 = CRYO_TLS_1_3 };

namespace detail {

template <typename Handle, typename Text, typename Name>
std::optional<peer_certificate> read_peer_certificate(const Handle *of, Text subject, Name name,
                                                      Text fingerprint) {
    const auto text = [&](Text which) {
        return read_text_if_found(
            [&](char *out, std::size_t capacity, std::size_t *len) { return which(of, out, capacity, len); });
    };
    auto its_subject = text(subject);
    if (!its_subject) return std::nullopt;
    peer_certificate shown{std::move(*its_subject), {}, text(fingerprint).value_or("")};
    while (auto next = read_text_if_found([&](char *out, std::size_t capacity, std::size_t *len) {
               return name(of, shown.names.size(), out, capacity, len);
           }))
        shown.names.push_back(std::move(*next));
    return shown;
}

} // namespace detail

// -------- auth --------------------------------------------------------------------------------------------

namespace detail {

// Of what a validator accepts with, in the session's store.
inline constexpr const char *accepted_key = "cryo.accepted";

template <typename V>
std::unique_ptr<boxed> make_box(V &&value) {
    return std::make_unique<boxed_value<stored_type<V>>>(std::forward<V>(value));
}

} // namespace detail

// A ticket: shall the client with this token come in? Move-only. Settle it at once or keep it and settle it
// later, from any thread. Destroying one that is not settled rejects it, and so does the validation time-out.
class auth {
  public:
    // Takes over a ticket of cryo.h.
    auth(cryo_auth *ticket, std::string_view token) : ticket_(ticket), token_(token) {}
    // Not inline: GCC 12 would take a short token, which lies in the moved string itself, for uninitialised.
    [[gnu::noinline]] auth(auth &&other) noexcept
        : ticket_(std::move(other.ticket_)), token_(std::move(other.token_)) {}
    auth &operator=(auth &&) noexcept = default;
    ~auth() = default;

    // The token, also after the ticket was settled.
    const std::string &token() const noexcept { return token_; }

    // Lets the client in. False: it was settled before, timed out, or the client has gone; nothing more to
    // do.
    bool accept() noexcept { return ticket_ && cryo_auth_accept(ticket_.release()) == CRYO_OK; }

    // The same, also in the place of a live session with the same id, whatever its token: only where both
    // belong to the same user.
    bool replace() noexcept { return ticket_ && cryo_auth_replace(ticket_.release()) == CRYO_OK; }

    // The same, and the value, of any type, is the session's: session::accepted<T>(). It goes with the last
    // reference to the session, or with the ticket when there will be none. A client that comes back to its
    // session brings a new one, if it is accepted with one.
    template <typename V>
    bool accept(V &&value) {
        return give(detail::accepted_key, std::forward<V>(value)) && accept();
    }
    template <typename V>
    bool replace(V &&value) {
        return give(detail::accepted_key, std::forward<V>(value)) && replace();
    }

    // While the ticket is not settled (else CRYO_ERR_STATE or CRYO_ERR_HANDLE is thrown): a value for the
    // session's store, see session::get(); a text that is known of the client, see session::claim(); and how
    // long its token is good, see session::set_expiry().
    template <typename V>
    void set(std::string_view key, V &&value) const {
        const std::string c_key = detail::c_text(key, "A key");
        detail::hand_over(detail::make_box(std::forward<V>(value)),
                          [&](void *user, cryo_finalizer finalizer) {
                              return cryo_auth_set(native(), c_key.c_str(), user, finalizer);
                          });
    }
    void set_claim(std::string_view name, std::string_view value) const {
        const std::string c_name = detail::c_text(name, "The name of a claim");
        const std::string c_value = detail::c_text(value, "A claim");
        detail::check(cryo_auth_set_claim(native(), c_name.c_str(), c_value.c_str()));
    }
    void set_expiry(std::chrono::milliseconds from_now) const {
        detail::check(cryo_auth_set_expiry_ms(native(), from_now.count()));
    }

    // Refuses with a status from 400 to 599 and a text that is shown to the client (4096 bytes); the client
    // is asked to come back no sooner than after `retry_after` (0: nothing is said). False as above. Throws
    // CRYO_ERR_INVALID and CRYO_ERR_TOO_BIG; the ticket is as before then.
    bool refuse(int http_status, std::string_view body = {}, std::chrono::milliseconds retry_after = {}) {
        if (!ticket_) return false;
        const std::string c_body = detail::c_text(body, "The body of a refusal");
        const cryo_status status = cryo_auth_refuse(native(), http_status, c_body.c_str(),
                                                    detail::to_ms(retry_after, "retry_after"));
        if (status != CRYO_OK && status != CRYO_ERR_STATE && status != CRYO_ERR_HANDLE)
            detail::throw_error(status);
        static_cast<void>(ticket_.release());
        return status == CRYO_OK;
    }

    // Refuses with 401; `reason` (one line) is shown to the client. False as above.
    bool reject(const char *reason = nullptr) noexcept {
        return ticket_ && cryo_auth_reject(ticket_.release(), reason) == CRYO_OK;
    }
    bool reject(const std::string &reason) noexcept { return reject(reason.c_str()); }

    // What came with the request, while the ticket is not settled (else CRYO_ERR_STATE or CRYO_ERR_HANDLE is
    // thrown): the client's address ("192.0.2.7:54321"), the path, a query parameter (decoded; none:
    // nullopt).
    std::string remote_address() const {
        return detail::read_text([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_auth_remote_address(native(), out, capacity, len);
        });
    }
    // Of the trusted proxy that has told the client's; empty: the client has come by itself.
    std::string proxy_address() const {
        return detail::read_text([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_auth_proxy_address(native(), out, capacity, len);
        });
    }
    std::string path() const {
        return detail::read_text([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_auth_path(native(), out, capacity, len);
        });
    }
    std::optional<std::string> parameter(std::string_view name) const {
        const std::string c_name = detail::c_text(name, "The name of a parameter");
        return detail::read_text_if_found([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_auth_parameter(native(), c_name.c_str(), out, capacity, len);
        });
    }
    // nullopt: it has shown none.
    std::optional<cryo::peer_certificate> peer_certificate() const {
        return detail::read_peer_certificate(native(), &cryo_auth_peer_certificate_subject,
                                             &cryo_auth_peer_certificate_name,
                                             &cryo_auth_peer_certificate_fingerprint);
    }

    // A header of the request, by its name in any case; several of one name are joined. Throws as above.
    std::optional<std::string> header(std::string_view name) const {
        const std::string c_name = detail::c_text(name, "The name of a header");
        return detail::read_text_if_found([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_auth_header(native(), c_name.c_str(), out, capacity, len);
        });
    }

    // NULL once settled here, or moved from.
    cryo_auth *native() const noexcept { return ticket_.get(); }

  private:
    // False: it is too late.
    template <typename V>
    bool give(const char *key, V &&value) const {
        if (!ticket_) return false;
        auto box = detail::make_box(std::forward<V>(value));
        const cryo_status status = cryo_auth_set(native(), key, box.get(), &detail::destroy<detail::boxed>);
        if (status == CRYO_OK) static_cast<void>(box.release());
        if (status == CRYO_OK || status == CRYO_ERR_STATE || status == CRYO_ERR_HANDLE)
            return status == CRYO_OK;
        detail::throw_error(status);
    }

    struct rejecter {
        void operator()(cryo_auth *ticket) const noexcept {
            static_cast<void>(cryo_auth_reject(ticket, nullptr));
        }
    };

    std::unique_ptr<cryo_auth, rejecter> ticket_; // first: a ticket whose token finds no memory is rejected
    std::string token_;
};

// -------- token -------------------------------------------------------------------------------------------

// A ticket: with which token shall the client connect? Move-only. Answer at once or keep it and answer later,
// from any thread. Destroying one that is not answered fails it, and so does the connect time-out.
class token_request {
  public:
    // Takes over a ticket of cryo.h.
    explicit token_request(cryo_token_request *ticket) : ticket_(ticket) {}

    // The token for the attempt that has asked. False: it was answered before, its time is over, or the
    // client was closed; nothing more to do. Throws CRYO_ERR_INVALID for what is no token; the ticket is as
    // before then.
    bool give(std::string_view token) {
        if (!ticket_) return false;
        const std::string c_token = detail::c_text(token, "The token");
        const cryo_status status = cryo_token_give(native(), c_token.c_str());
        if (status != CRYO_OK && status != CRYO_ERR_STATE && status != CRYO_ERR_HANDLE)
            detail::throw_error(status);
        static_cast<void>(ticket_.release());
        return status == CRYO_OK;
    }

    // There is none: the attempt has failed, and on_attempt_failed tells why. False as above.
    bool fail(const char *reason = nullptr) noexcept {
        return ticket_ && cryo_token_fail(ticket_.release(), reason) == CRYO_OK;
    }
    bool fail(const std::string &reason) noexcept { return fail(reason.c_str()); }

    // NULL once answered here, or moved from.
    cryo_token_request *native() const noexcept { return ticket_.get(); }

  private:
    struct failer {
        void operator()(cryo_token_request *ticket) const noexcept {
            static_cast<void>(cryo_token_fail(ticket, nullptr));
        }
    };

    std::unique_ptr<cryo_token_request, failer> ticket_;
};

// -------- session -----------------------------------------------------------------------------------------

// One client, let in; or a client's own end. A counted reference: copies mean the same session and keep it
// usable, also after it closed and after its server or client was destroyed. Like a pointer, a const one can
// do everything. An empty one (default-constructed, moved from) throws CRYO_ERR_HANDLE.
class session {
  public:
    session() noexcept = default;
    session(const session &other) noexcept : handle_(cryo_session_retain(other.handle_)) {}
    session(session &&other) noexcept
        : handle_(other.lent_ ? cryo_session_retain(other.handle_) : other.handle_) {
        other.handle_ = nullptr;
    }
    session &operator=(session other) noexcept {
        std::swap(handle_, other.handle_);
        std::swap(lent_, other.lent_);
        return *this;
    }
    ~session() {
        if (!lent_ && handle_ != nullptr) cryo_session_release(handle_);
    }

    // From a handle of cryo.h: with a reference of its own, or taking over the caller's.
    static session retain(cryo_session *handle) noexcept { return session(cryo_session_retain(handle)); }
    static session adopt(cryo_session *handle) noexcept { return session(handle); }

    explicit operator bool() const noexcept { return handle_ != nullptr; }
    friend bool operator==(const session &a, const session &b) noexcept { return a.handle_ == b.handle_; }

    // Handlers of this session alone, called before those of the server or client; see "Handlers" above.
    // Setting replaces. Where the events go to a queue, CRYO_ERR_STATE is thrown.
    void on_message(message_handler to) const {
        set_handler(&detail::session_handlers::on_message, std::move(to));
    }
    void on_closed(closed_handler to) const {
        set_handler(&detail::session_handlers::on_closed, std::move(to));
    }
    void on_stat(statistic_handler to) const {
        set_handler(&detail::session_handlers::on_statistic, std::move(to));
    }
    // A message that was accepted, or broadcast, is dropped.
    void on_dropped(dropped_handler to) const {
        set_handler(&detail::session_handlers::on_dropped, std::move(to));
    }
    // The queue, which was held, flows again.
    void on_writable(session_handler to) const {
        set_handler(&detail::session_handlers::on_writable, std::move(to));
    }

    // For what is built upon sessions: calls once, when the session closes, or, a client's, loses its
    // connection; before the other handlers hear of it. Any number of them can be set. False: it is over
    // already. Where the events go to a queue, CRYO_ERR_STATE is thrown.
    bool at_loss(handler<> call) const { return handlers().add_at_loss(std::move(call)); }
    // Whether it has handlers; no: its events go to a queue.
    bool has_handlers() const noexcept { return cryo_session_user(handle_) != nullptr; }

    // Sends a text, bytes, or a received message as it came. Returns at once. True: it was accepted; messages
    // leave in the order in which they were accepted. False: the session is closed or closing. Throws
    // CRYO_ERR_FULL (its peer is slower than you send), CRYO_ERR_TOTAL_FULL (all of them are),
    // CRYO_ERR_TOO_BIG, CRYO_ERR_INVALID (text that is not UTF-8), CRYO_ERR_STATE (a client that is not
    // connected).
    bool send(std::string_view text) const { return send(kind::utf8, detail::to_bytes(text)); }
    bool send(std::u8string_view text) const {
        return send(kind::utf8, {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()});
    }
    bool send(bytes data) const { return send(kind::binary, data); }
    bool send(const message &what) const { return send(what.kind(), what.data()); }
    bool send(kind as, bytes data) const { return detail::check_open(try_send(as, data)); }

    // The same with the status as the answer, CRYO_OK when it was accepted.
    cryo_status try_send(std::string_view text) const noexcept {
        return try_send(kind::utf8, detail::to_bytes(text));
    }
    cryo_status try_send(bytes data) const noexcept { return try_send(kind::binary, data); }
    cryo_status try_send(const message &what) const noexcept { return try_send(what.kind(), what.data()); }
    cryo_status try_send(kind as, bytes data) const noexcept {
        return cryo_session_send(handle_, static_cast<std::int32_t>(as), data.data(), data.size());
    }

    // The same with a key, or with a receipt: send("…", {.key = "position"}), or send("…", [](cryo::receipt
    // r) { … }). Also throw, both of them, CRYO_ERR_STATE for `done` where the events go to a queue, and for
    // `number` where they do not; and CRYO_ERR_RECEIPTS_FULL.
    bool send(const detail::payload &what, const send_options &how) const {
        return send(what.kind(), what.data(), how);
    }
    bool send(kind as, bytes data, const send_options &how) const {
        return detail::check_open(try_send(as, data, how));
    }
    cryo_status try_send(const detail::payload &what, const send_options &how) const {
        return try_send(what.kind(), what.data(), how);
    }
    cryo_status try_send(kind as, bytes data, const send_options &how) const;

    template <typename F>
    requires std::constructible_from<receipt_handler, F>
    bool send(const detail::payload &what, F &&done) const {
        return send(what, {.done = std::forward<F>(done)});
    }

    // Sends a ping now, beside those of the keep-alive. False: closed or closing.
    bool ping() const { return detail::check_open(cryo_session_ping(handle_)); }

    // Closes, after what was sent before has left. `code`: CRYO_CLOSE_*, or any that RFC 6455 lets one send.
    // `reason` is cut to 123 bytes. False: closed or closing already. `closed` follows when the peer has
    // answered, or not in time.
    bool close(int code = CRYO_CLOSE_GRACEFUL, std::string_view reason = {}) const {
        const std::string c_reason = detail::c_text(reason, "The reason of a close");
        return detail::check_open(
            cryo_session_close(handle_, code, reason.empty() ? nullptr : c_reason.c_str()));
    }

    // Whether messages can be sent.
    bool is_open() const noexcept { return cryo_session_is_open(handle_) != 0; }
    // Whether CALE encrypts what is sent and received. TLS is another matter.
    bool is_secure() const noexcept { return cryo_session_is_secure(handle_) != 0; }
    // Whether this server has opened it: server::connect_peer().
    bool is_peer() const noexcept { return cryo_session_is_peer(handle_) != 0; }

    // The id that the client chose, as bytes and as 36 characters.
    std::array<std::uint8_t, 16> id() const {
        std::array<std::uint8_t, 16> out{};
        detail::check(cryo_session_id(handle_, out.data()));
        return out;
    }
    std::string id_text() const { return read(&cryo_session_id_text); }

    // What came with the upgrade request: the token, the client's address ("192.0.2.7:54321",
    // "[2001:db8::1]:54321"), the path, a query parameter (decoded; the first of that name; none: nullopt),
    // and all of them but the token in order.
    std::string token() const { return read(&cryo_session_token); }
    std::string remote_address() const { return read(&cryo_session_remote_address); }
    // Of the trusted proxy that has told the client's; empty: the client has come by itself.
    std::string proxy_address() const { return read(&cryo_session_proxy_address); }
    std::string path() const { return read(&cryo_session_path); }
    std::optional<std::string> parameter(std::string_view name) const {
        const std::string c_name = detail::c_text(name, "The name of a parameter");
        return detail::read_text_if_found([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_session_parameter(handle_, c_name.c_str(), out, capacity, len);
        });
    }
    std::vector<std::pair<std::string, std::string>> parameters() const;
    // Of the connection with which the session began; nullopt: the client has shown none.
    std::optional<cryo::peer_certificate> peer_certificate() const {
        return detail::read_peer_certificate(handle_, &cryo_session_peer_certificate_subject,
                                             &cryo_session_peer_certificate_name,
                                             &cryo_session_peer_certificate_fingerprint);
    }

    // A header of the request, of those that server_options::session_headers names.
    std::optional<std::string> header(std::string_view name) const {
        const std::string c_name = detail::c_text(name, "The name of a header");
        return detail::read_text_if_found([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_session_header(handle_, c_name.c_str(), out, capacity, len);
        });
    }

    // What the validator has said of the client: a copy of the value that it has accepted with (nullopt:
    // none, or none of type T), and a text that it has set with auth::set_claim.
    template <typename T>
    std::optional<T> accepted() const {
        return get<T>(detail::accepted_key);
    }
    std::optional<std::string> claim(std::string_view name) const {
        const std::string c_name = detail::c_text(name, "The name of a claim");
        return detail::read_text_if_found([&](char *out, std::size_t capacity, std::size_t *len) {
            return cryo_session_claim(handle_, c_name.c_str(), out, capacity, len);
        });
    }

    // Closes the session with 4001 `Token expired.` in so long; 0 and less: at once; milliseconds::max():
    // not at all. Each call replaces the one before. False: closed or closing. Throws CRYO_ERR_STATE for the
    // session of a client or peer.
    bool set_expiry(std::chrono::milliseconds from_now) const {
        return detail::check_open(cryo_session_set_expiry_ms(handle_, from_now.count()));
    }

    // No messages for now, and messages again. What comes meanwhile is kept, up to 64 KiB; then the peer is
    // held up. False: closed or closing.
    bool pause_reading() const { return detail::check_open(cryo_session_pause_reading(handle_)); }
    bool resume_reading() const { return detail::check_open(cryo_session_resume_reading(handle_)); }

    // With server_options::manual_ack: the application is done with the message. From any thread, later too:
    // keep its id(). False: closed or closing; or its connection was lost, and it comes again with its peer.
    bool ack(const message &what) const { return ack(what.id()); }
    bool ack(std::uint64_t id) const {
        const cryo_status status = cryo_message_ack(handle_, id);
        return status != CRYO_ERR_STATE && detail::check_open(status);
    }

    // Calls the function once on the session's thread, never inside of this call: at once, or after a time.
    // One that has not run when the session has closed is destroyed without. False: it has closed.
    template <std::invocable<session &> F>
    bool post(F &&function) const {
        return post_by(&cryo_session_post, std::forward<F>(function));
    }
    template <std::invocable<session &> F>
    bool post_after(std::chrono::milliseconds time, F &&function) const {
        const std::uint32_t ms = detail::to_ms(time, "The time of a function");
        return post_by(
            [ms](cryo_session *to, cryo_session_fn call, void *user, cryo_finalizer finalizer) {
                return cryo_session_post_after_ms(to, ms, call, user, finalizer);
            },
            std::forward<F>(function));
    }

    // A statistic as it stands now (ack_timeout: since the session began). nullopt: not measured yet.
    std::optional<double> stat(statistic which) const {
        double value = 0;
        const cryo_status status = cryo_session_stat(handle_, static_cast<std::int32_t>(which), &value);
        if (status == CRYO_ERR_NOT_FOUND) return std::nullopt;
        detail::check(status);
        return value;
    }

    // Values of any type, by key (1 to 255 bytes), kept with the session. Safe from any thread. Texts are
    // kept as std::string. A value goes when it is replaced or erased, or with the last reference to the
    // session: one that holds its own session keeps it for ever (keep its id() instead). Keys set here must
    // not be touched through cryo.h.
    template <typename V>
    void set(std::string_view key, V &&value) const;
    // A copy of the value; nullopt when there is none, or none of type T.
    template <typename T>
    std::optional<T> get(std::string_view key) const;
    // Calls `use` with T & in its place, while nobody else can get or replace it. `use` must not touch the
    // store of this session. False: there is none, or none of type T.
    template <typename T, std::invocable<T &> F>
    bool visit(std::string_view key, F &&use) const;
    void erase(std::string_view key) const;

    cryo_session *native() const noexcept { return handle_; }

  private:
    friend struct detail::lender;
    explicit session(cryo_session *handle, bool lent = false) noexcept : handle_(handle), lent_(lent) {}

    template <typename Post, typename F>
    bool post_by(Post post_it, F &&function) const {
        using called = std::decay_t<F>;
        const auto trampoline = [](cryo_session *handle, void *user) {
            session who(handle, true);
            std::invoke(*static_cast<called *>(user), who);
        };
        auto object = std::make_unique<called>(std::forward<F>(function));
        const cryo_status status = post_it(handle_, trampoline, object.get(), &detail::destroy<called>);
        if (status == CRYO_OK) static_cast<void>(object.release());
        return detail::check_open(status);
    }

    template <typename Read>
    std::string read(Read read_from) const {
        return detail::read_text([&](char *out, std::size_t capacity, std::size_t *len) {
            return read_from(handle_, out, capacity, len);
        });
    }

    detail::session_handlers &handlers() const {
        auto *const handlers = static_cast<detail::session_handlers *>(cryo_session_user(handle_));
        if (handlers == nullptr)
            throw error(CRYO_ERR_STATE, "This session has no handlers: its events go to a queue.");
        return *handlers;
    }

    template <typename Handler>
    void set_handler(detail::session_handlers::place<Handler> detail::session_handlers::*which,
                     Handler to) const {
        handlers().set(which, std::move(to));
    }

    cryo_session *handle_ = nullptr;
    bool lent_ = false; // see detail::lender
};

inline session detail::lender::lend(cryo_session *handle) noexcept {
    return session(handle, true);
}

inline session detail::lender::lend(const session &who) noexcept {
    if (who.lent_) return session(who.handle_, true);
    return session(who);
}

// Sends one message to many sessions; the payload is copied and looked at once. Returns how many have
// accepted it; `statuses`, where it is given, gets what each says, as session::try_send() does.
inline std::size_t send_to(std::span<const session> sessions, kind as, bytes data,
                           std::vector<cryo_status> *statuses = nullptr) {
    std::vector<cryo_session *> handles;
    handles.reserve(sessions.size());
    for (const session &each : sessions)
        handles.push_back(each.native());
    if (statuses != nullptr) statuses->assign(sessions.size(), CRYO_OK);
    std::size_t sent = 0;
    detail::check(cryo_sessions_send(handles.data(), handles.size(), static_cast<std::int32_t>(as),
                                     data.data(), data.size(),
                                     statuses == nullptr ? nullptr : statuses->data(), &sent));
    return sent;
}
inline std::size_t send_to(std::span<const session> sessions, std::string_view text,
                           std::vector<cryo_status> *statuses = nullptr) {
    return send_to(sessions, kind::utf8, detail::to_bytes(text), statuses);
}

inline cryo_status session::try_send(kind as, bytes data, const send_options &how) const {
    if (how.done) static_cast<void>(handlers());
    if (how.number != 0 && has_handlers())
        throw error(CRYO_ERR_STATE, "This session has handlers: give it a `done`, not a number.");
    const std::string key = detail::c_text(how.key, "A key");
    // Crosses as its address: the receipt event, which comes once for each message that is accepted, takes it
    // back.
    std::unique_ptr<receipt_handler> done;
    if (how.done) done = std::make_unique<receipt_handler>(how.done);
    const std::uint64_t number = done ? reinterpret_cast<std::uintptr_t>(done.get()) : how.number;
    const cryo_status status =
        cryo_session_send_with(handle_, static_cast<std::int32_t>(as), data.data(), data.size(),
                               key.empty() ? nullptr : key.c_str(), number);
    if (status == CRYO_OK) static_cast<void>(done.release());
    return status;
}

inline std::vector<std::pair<std::string, std::string>> session::parameters() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (std::size_t index = 0;; ++index) {
        std::size_t name_len = 0;
        std::size_t value_len = 0;
        const cryo_status status =
            cryo_session_parameter_at(handle_, index, nullptr, 0, &name_len, nullptr, 0, &value_len);
        if (status == CRYO_ERR_NOT_FOUND) return all;
        detail::check(status);
        std::string name(name_len, '\0');
        std::string value(value_len, '\0');
        detail::check(cryo_session_parameter_at(handle_, index, name.data(), name_len + 1, &name_len,
                                                value.data(), value_len + 1, &value_len));
        all.emplace_back(std::move(name), std::move(value));
    }
}

template <typename V>
void session::set(std::string_view key, V &&value) const {
    const std::string c_key = detail::c_text(key, "A key");
    detail::hand_over(detail::make_box(std::forward<V>(value)), [&](void *user, cryo_finalizer finalizer) {
        return cryo_session_set(handle_, c_key.c_str(), user, finalizer);
    });
}

template <typename T, std::invocable<T &> F>
bool session::visit(std::string_view key, F &&use) const {
    struct visitor {
        std::remove_reference_t<F> *use;
        bool found;
        std::exception_ptr failure; // exceptions go around the library, not through it
    };
    const auto trampoline = [](void *value, void *user) {
        auto *const self = static_cast<visitor *>(user);
        auto *const box = static_cast<detail::boxed *>(value);
        if (box == nullptr || box->type != &detail::type_mark<T>) return;
        self->found = true;
        try {
            static_cast<void>(std::invoke(*self->use, static_cast<detail::boxed_value<T> *>(box)->value));
        } catch (...) {
            self->failure = std::current_exception();
        }
    };
    visitor self{&use, false, nullptr};
    const std::string c_key = detail::c_text(key, "A key");
    detail::check(cryo_session_visit(handle_, c_key.c_str(), trampoline, &self));
    if (self.failure) std::rethrow_exception(self.failure);
    return self.found;
}

template <typename T>
std::optional<T> session::get(std::string_view key) const {
    std::optional<T> copy;
    visit<T>(key, [&](const T &value) { copy.emplace(value); });
    return copy;
}

inline void session::erase(std::string_view key) const {
    const std::string c_key = detail::c_text(key, "A key");
    detail::check(cryo_session_set(handle_, c_key.c_str(), nullptr, nullptr));
}

// -------- hook --------------------------------------------------------------------------------------------

namespace detail {

// The ticket whose hook runs on this thread.
inline thread_local cryo_hook *ticket_in_hook = nullptr;

} // namespace detail

// A ticket: shall this message pass? Move-only. Settle it at once, or keep it and settle it later, from any
// thread; the later messages of the session and direction wait for it. A hook that returns without having
// settled or kept it lets the message pass. The hook has failed (see extension_options::on_failure) when an
// exception leaves it, when a ticket that was kept is destroyed without an answer, and when it is kept beyond
// the extension's time-out.
class hook {
  public:
    // Takes over a ticket of cryo.h.
    explicit hook(cryo_hook *ticket) noexcept : ticket_(ticket) {}
    hook(hook &&other) noexcept : ticket_(std::exchange(other.ticket_, nullptr)) {}
    hook &operator=(hook &&other) noexcept {
        if (this != &other) {
            leave();
            ticket_ = std::exchange(other.ticket_, nullptr);
        }
        return *this;
    }
    ~hook() { leave(); }

    // The message: lives until the ticket is settled, and is empty afterwards.
    cryo::message message() const noexcept {
        std::size_t len = 0;
        const std::uint8_t *const data = cryo_hook_data(ticket_, &len);
        return {static_cast<cryo::kind>(cryo_hook_kind(ticket_)), bytes(data, data == nullptr ? 0 : len)};
    }
    std::string_view text() const noexcept { return message().text(); }
    bytes data() const noexcept { return message().data(); }
    cryo::direction direction() const noexcept {
        return static_cast<cryo::direction>(cryo_hook_direction(ticket_));
    }
    // Empty once it is settled.
    cryo::session session() const noexcept {
        cryo_session *const handle = cryo_hook_session(ticket_);
        return handle == nullptr ? cryo::session() : cryo::session::retain(handle);
    }

    // Lets the message go on as it is, or with another content. False: the ticket was settled before, its
    // time is over, or the session has closed; nothing more to do. Replacing throws CRYO_ERR_TOO_BIG, and
    // CRYO_ERR_INVALID for a text that would not be UTF-8 any more: the ticket is not settled then.
    bool pass() noexcept { return settle(&cryo_hook_pass); }
    bool replace(std::string_view text) { return replace(detail::to_bytes(text)); }
    bool replace(bytes data) {
        const cryo_status status = cryo_hook_replace(ticket_, data.data(), data.size());
        if (status != CRYO_OK && status != CRYO_ERR_STATE && status != CRYO_ERR_HANDLE)
            detail::throw_error(status);
        ticket_ = nullptr;
        return status == CRYO_OK;
    }
    // Ends the way of the message: it is neither sent nor received. False as above.
    bool stop() noexcept { return settle(&cryo_hook_stop); }
    // The hook could not do its work, for a reason that is logged; extension_options::on_failure decides.
    bool fail(const char *reason = nullptr) noexcept {
        return settle([&](cryo_hook *ticket) { return cryo_hook_fail(ticket, reason); });
    }
    bool fail(const std::string &reason) noexcept { return fail(reason.c_str()); }

    // NULL once settled here, or moved from.
    cryo_hook *native() const noexcept { return ticket_; }

  private:
    template <typename How>
    bool settle(How how) noexcept {
        cryo_hook *const ticket = std::exchange(ticket_, nullptr);
        return ticket != nullptr && how(ticket) == CRYO_OK;
    }

    void leave() noexcept {
        if (ticket_ == nullptr) return;
        const bool inside = ticket_ == detail::ticket_in_hook; // of the hook that it was given to
        if (std::uncaught_exceptions() <= exceptions_)
            inside ? pass() : fail("its ticket was destroyed without an answer");
        else if (!inside) // else whoever has called the hook will say more
            fail("an exception destroyed the ticket");
    }

    cryo_hook *ticket_;
    const int exceptions_ = std::uncaught_exceptions();
};

// -------- queue -------------------------------------------------------------------------------------------

enum class event_kind : std::int32_t {
    listening = CRYO_EVENT_LISTENING, // host(), port()
    auth = CRYO_EVENT_AUTH,           // auth()
    session = CRYO_EVENT_SESSION,     // session()
    message = CRYO_EVENT_MESSAGE,     // session(), message()
    closed = CRYO_EVENT_CLOSED,       // session(), code(), reason()
    stat = CRYO_EVENT_STAT,           // session(), statistic(), value()
    dropped = CRYO_EVENT_DROPPED,     // session(), drop_reason(), message()
    writable = CRYO_EVENT_WRITABLE,   // session()
    receipt = CRYO_EVENT_RECEIPT,     // session(), number(), receipt()
    hook = CRYO_EVENT_HOOK,           // session(), message(), extension(), hook()
    // Of clients and peers only:
    disconnected = CRYO_EVENT_DISCONNECTED,     // session(), code(), reason()
    reconnected = CRYO_EVENT_RECONNECTED,       // session()
    attempt_failed = CRYO_EVENT_ATTEMPT_FAILED, // session(), attempt()
    lost = CRYO_EVENT_LOST,                     // session(), message()
    token = CRYO_EVENT_TOKEN,                   // session(), token_request()
};

// One event out of a queue. Move-only; for one thread at a time. What an event does not hold is empty or 0.
class event {
  public:
    // Takes over an event of cryo.h.
    explicit event(cryo_event *handle) : handle_(handle) {
        if (cryo_auth *const ticket = cryo_event_auth(handle)) {
            std::size_t len = 0;
            const std::uint8_t *const token = cryo_event_data(handle, &len);
            auth_.emplace(ticket, std::string_view(reinterpret_cast<const char *>(token), len));
        }
        if (cryo_hook *const ticket = cryo_event_hook(handle)) hook_.emplace(ticket);
        if (cryo_token_request *const ticket = cryo_event_token_request(handle)) token_.emplace(ticket);
    }

    event_kind kind() const noexcept { return static_cast<event_kind>(cryo_event_kind(native())); }
    cryo::session session() const noexcept { return cryo::session::retain(cryo_event_session(native())); }
    // The ticket; std::move it out to settle it later. It goes with the event: unsettled, it is rejected.
    // Throws CRYO_ERR_NOT_FOUND for another kind of event.
    cryo::auth &auth() {
        if (!auth_) throw error(CRYO_ERR_NOT_FOUND, "This event is not about a ticket.");
        return *auth_;
    }
    // Lives as long as the event.
    cryo::message message() const noexcept {
        std::size_t len = 0;
        const std::uint8_t *const data = cryo_event_data(native(), &len);
        return {static_cast<cryo::kind>(cryo_event_message_kind(native())),
                bytes(data, data == nullptr ? 0 : len), cryo_event_message_id(native())};
    }
    int code() const noexcept { return cryo_event_code(native()); }
    std::string_view reason() const noexcept { return cryo_event_text(native()); }
    cryo::statistic statistic() const noexcept {
        return static_cast<cryo::statistic>(cryo_event_code(native()));
    }
    double value() const noexcept { return cryo_event_value(native()); }
    // Lives as long as the event.
    failed_attempt attempt() const noexcept {
        return {code(), cryo_event_http_status(native()), reason(),
                detail::to_retry(static_cast<std::int64_t>(value()))};
    }
    cryo::drop_reason drop_reason() const noexcept {
        return static_cast<cryo::drop_reason>(cryo_event_code(native()));
    }
    // The send_options::number of the message, and what became of it.
    std::uint64_t number() const noexcept { return cryo_event_receipt(native()); }
    cryo::receipt receipt() const noexcept {
        return detail::to_receipt(cryo_event_code(native()), value(), cryo_event_text(native()));
    }
    // The ticket of an extension that was added with this queue; as auth(): std::move it out to settle it
    // later. Unsettled, it has failed.
    cryo::hook &hook() {
        if (!hook_) throw error(CRYO_ERR_NOT_FOUND, "This event is not about a message that wants to pass.");
        return *hook_;
    }
    std::string_view extension() const noexcept { return cryo_event_text(native()); }
    // The ticket of a client that wants a token; as auth(): std::move it out to answer it later. Unanswered,
    // it fails.
    cryo::token_request &token_request() {
        if (!token_) throw error(CRYO_ERR_NOT_FOUND, "This event asks for no token.");
        return *token_;
    }
    std::string_view host() const noexcept { return cryo_event_text(native()); }
    std::uint16_t port() const noexcept { return static_cast<std::uint16_t>(cryo_event_code(native())); }

    cryo_event *native() const noexcept { return handle_.get(); }

  private:
    std::unique_ptr<cryo_event, detail::free_with<&cryo_event_free>> handle_;
    std::optional<cryo::auth> auth_;
    std::optional<cryo::hook> hook_;
    std::optional<cryo::token_request> token_;
};

// One event of a batch, where it lies: as event, without anything that is held. Lives as long as the batch.
// The tickets are given out once: what is left alone times out.
class event_view {
  public:
    explicit event_view(const std::uint8_t *record) noexcept : at_(record) {}

    event_kind kind() const noexcept { return static_cast<event_kind>(read<std::int32_t>(CRYO_RECORD_KIND)); }
    // To keep it. What is only sent to needs no more than send().
    cryo::session session() const noexcept { return cryo::session::retain(native_session()); }
    void send(bytes data) const { send_as(CRYO_BINARY, data.data(), data.size()); }
    void send(std::string_view text) const {
        send_as(CRYO_UTF8, reinterpret_cast<const std::uint8_t *>(text.data()), text.size());
    }
    // What has come, back.
    void send(const cryo::message &same) const {
        send_as(static_cast<std::int32_t>(same.kind()), same.data().data(), same.size());
    }
    cryo::message message() const noexcept {
        return {static_cast<cryo::kind>(read<std::int32_t>(CRYO_RECORD_MESSAGE_KIND)),
                bytes(at_ + read<std::uint32_t>(CRYO_RECORD_DATA), data_length()),
                read<std::uint64_t>(CRYO_RECORD_MESSAGE_ID)};
    }
    // Throw CRYO_ERR_NOT_FOUND for another kind of event.
    cryo::auth auth() const {
        const std::string_view token(
            reinterpret_cast<const char *>(at_ + read<std::uint32_t>(CRYO_RECORD_DATA)), data_length());
        return cryo::auth(ticket<cryo_auth>(event_kind::auth), token);
    }
    cryo::hook hook() const { return cryo::hook(ticket<cryo_hook>(event_kind::hook)); }
    cryo::token_request token_request() const {
        return cryo::token_request(ticket<cryo_token_request>(event_kind::token));
    }
    int code() const noexcept { return read<std::int32_t>(CRYO_RECORD_CODE); }
    std::string_view reason() const noexcept {
        const auto at = read<std::uint32_t>(CRYO_RECORD_TEXT);
        const auto *const text = at == 0 ? "" : reinterpret_cast<const char *>(at_ + at);
        return {text, read<std::uint32_t>(CRYO_RECORD_TEXT_LENGTH)};
    }
    cryo::statistic statistic() const noexcept { return static_cast<cryo::statistic>(code()); }
    double value() const noexcept { return read<double>(CRYO_RECORD_VALUE); }
    failed_attempt attempt() const noexcept {
        return {code(), read<std::int32_t>(CRYO_RECORD_HTTP_STATUS), reason(),
                detail::to_retry(static_cast<std::int64_t>(value()))};
    }
    cryo::drop_reason drop_reason() const noexcept { return static_cast<cryo::drop_reason>(code()); }
    std::uint64_t number() const noexcept { return read<std::uint64_t>(CRYO_RECORD_RECEIPT); }
    cryo::receipt receipt() const noexcept { return detail::to_receipt(code(), value(), reason().data()); }
    std::string_view extension() const noexcept { return reason(); }
    std::string_view host() const noexcept { return reason(); }
    std::uint16_t port() const noexcept { return static_cast<std::uint16_t>(code()); }

    cryo_session *native_session() const noexcept {
        return reinterpret_cast<cryo_session *>(
            static_cast<std::uintptr_t>(read<std::uint64_t>(CRYO_RECORD_SESSION)));
    }
    // Of the record, as cryo.h lays it out.
    const std::uint8_t *native() const noexcept { return at_; }

  private:
    template <typename T>
    T read(std::size_t offset) const noexcept {
        T value;
        std::memcpy(&value, at_ + offset, sizeof value);
        return value;
    }
    std::size_t data_length() const noexcept {
        return static_cast<std::size_t>(read<std::uint64_t>(CRYO_RECORD_DATA_LENGTH));
    }
    void send_as(std::int32_t kind, const std::uint8_t *data, std::size_t size) const {
        detail::check(cryo_session_send(native_session(), kind, data, size));
    }
    template <typename T>
    T *ticket(event_kind wanted) const {
        if (kind() != wanted) throw error(CRYO_ERR_NOT_FOUND, "This event has no such ticket.");
        return reinterpret_cast<T *>(static_cast<std::uintptr_t>(read<std::uint64_t>(CRYO_RECORD_TICKET)));
    }

    const std::uint8_t *at_;
};

// Events that were taken together, to be iterated over. Move-only. It must not outlive its queue; while it
// lives, what this thread sends is gathered (see cryo_queue_next_many).
class batch {
  public:
    class iterator {
      public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = event_view;
        using difference_type = std::ptrdiff_t;
        using pointer = const event_view *;
        using reference = event_view;

        iterator() noexcept = default;
        explicit iterator(const std::uint8_t *at) noexcept : at_(at) {}
        event_view operator*() const noexcept { return event_view(at_); }
        iterator &operator++() noexcept {
            std::uint64_t size = 0;
            std::memcpy(&size, at_, sizeof size);
            at_ += size;
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(iterator a, iterator b) noexcept { return a.at_ == b.at_; }

      private:
        const std::uint8_t *at_ = nullptr;
    };

    batch() noexcept = default;
    batch(batch &&other) noexcept
        : queue_(other.queue_), bytes_(std::exchange(other.bytes_, nullptr)), len_(other.len_) {}
    batch &operator=(batch &&other) noexcept {
        std::swap(queue_, other.queue_);
        std::swap(bytes_, other.bytes_);
        std::swap(len_, other.len_);
        return *this;
    }
    ~batch() { release(); }

    bool empty() const noexcept { return bytes_ == nullptr; }
    std::size_t size() const noexcept { return empty() ? 0 : head(CRYO_BATCH_COUNT); }
    iterator begin() const noexcept { return iterator(empty() ? nullptr : bytes_ + head(CRYO_BATCH_FIRST)); }
    iterator end() const noexcept { return iterator(empty() ? nullptr : bytes_ + len_); }
    // Before its time is over.
    void release() noexcept {
        if (bytes_ != nullptr) static_cast<void>(cryo_queue_release(queue_, std::exchange(bytes_, nullptr)));
    }

  private:
    friend class queue;
    std::uint32_t head(std::size_t offset) const noexcept {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes_ + offset, sizeof value);
        return value;
    }

    cryo_queue *queue_ = nullptr;
    const std::uint8_t *bytes_ = nullptr;
    std::size_t len_ = 0;
};

// Events that are pulled instead of called back, for event loops and for threads of one's own. Several
// servers and clients may share a queue, several threads may pull. Move-only. Destroying it rejects the
// tickets that wait in it; no thread may be waiting in next() then.
class queue {
  public:
    queue() {
        cryo_queue *handle = nullptr;
        detail::check(cryo_queue_new(&handle));
        handle_.reset(handle);
    }

    // While more events, or message bytes, wait in the queue, sessions are not read from.
    void set_capacity(std::uint32_t events, std::uint64_t message_bytes) {
        detail::check(cryo_queue_set_capacity(native(), events, message_bytes));
    }

    // A descriptor that is readable while an event waits. Only to be watched: do not read it.
    int fd() const { return detail::to_fd(cryo_queue_fd(native())); }

    // The next event. nullopt: none came within the time, or wake() was called.
    std::optional<event> next(std::chrono::milliseconds timeout = forever) {
        cryo_event *handle = nullptr;
        const cryo_status status = cryo_queue_next(native(), detail::to_timeout(timeout), &handle);
        if (status == CRYO_ERR_TIMEOUT || status == CRYO_ERR_STATE) return std::nullopt;
        detail::check(status);
        return event(handle);
    }

    // As many as lie together, at most so many (0: no bound), into `into`, whose former ones are given back
    // first:
    //     for (cryo::batch events; queue.next_many(events);)
    //         for (const cryo::event_view event : events) …
    // False: none came within the time, or wake() was called.
    bool next_many(batch &into, std::chrono::milliseconds timeout = forever, std::uint32_t max_events = 0) {
        if (into.queue_ != native()) into.release();
        into.queue_ = native();
        const cryo_status status =
            cryo_queue_next_many(native(), detail::to_timeout(timeout), max_events, &into.bytes_, &into.len_);
        if (status == CRYO_ERR_TIMEOUT || status == CRYO_ERR_STATE) return false;
        detail::check(status);
        return true;
    }

    // Makes one next() or next_many() that waits, or the next one to come, return without an event.
    void wake() noexcept { static_cast<void>(cryo_queue_wake(native())); }

    cryo_queue *native() const noexcept { return handle_.get(); }

  private:
    std::unique_ptr<cryo_queue, detail::free_with<&cryo_queue_free>> handle_;
};

// -------- extensions --------------------------------------------------------------------------------------

// How an extension is treated.
struct extension_options {
    std::chrono::milliseconds timeout{5000}; // a ticket that is kept for longer has failed
    // What becomes of a message whose hook failed, which is logged: it is stopped, as what filters must not
    // leak. verdict::pass is for those who only look.
    verdict on_failure = verdict::stop;
};

// Sees the messages of all sessions of the servers and clients to which it is added: derive from it, and
// override the hooks that you need (only those cost anything). Each gets a ticket; a hook that throws has
// failed. Hooks of one session and direction never run at the same time; those of different sessions do.
class extension {
  public:
    extension() = default;
    extension(const extension &) = delete;
    extension &operator=(const extension &) = delete;
    virtual ~extension() = default;

    // What it is known by (1 to 255 bytes), and how it wants to be treated. Asked when it is added.
    virtual std::string name() const = 0;
    virtual extension_options options() const { return {}; }

    virtual void before_send_utf8(session &, hook) {}
    virtual void before_send_binary(session &, hook) {}
    virtual void on_receive_utf8(session &, hook) {}
    virtual void on_receive_binary(session &, hook) {}

    // It was added, inside of add(); it was removed, and no message is in its hands any more, on any thread.
    // Once for each server or client.
    virtual void on_register() {}
    virtual void on_unregister() {}
};

namespace detail {

struct chosen_hooks {
    bool before_send_utf8 = true;
    bool before_send_binary = true;
    bool on_receive_utf8 = true;
    bool on_receive_binary = true;
};

inline constexpr chosen_hooks all_hooks{};

} // namespace detail

// The hooks of an extension as functions; those that are empty let messages pass.
struct hooks {
    hook_handler before_send_utf8{};
    hook_handler before_send_binary{};
    hook_handler on_receive_utf8{};
    hook_handler on_receive_binary{};

    detail::chosen_hooks chosen() const noexcept {
        return {static_cast<bool>(before_send_utf8), static_cast<bool>(before_send_binary),
                static_cast<bool>(on_receive_utf8), static_cast<bool>(on_receive_binary)};
    }
};

namespace detail {

class functions_extension final : public extension {
  public:
    functions_extension(std::string_view name, hooks functions)
        : name_(name), functions_(std::move(functions)) {}
    std::string name() const override { return name_; }
    void before_send_utf8(session &to, hook ticket) override {
        functions_.before_send_utf8(to, std::move(ticket));
    }
    void before_send_binary(session &to, hook ticket) override {
        functions_.before_send_binary(to, std::move(ticket));
    }
    void on_receive_utf8(session &from, hook ticket) override {
        functions_.on_receive_utf8(from, std::move(ticket));
    }
    void on_receive_binary(session &from, hook ticket) override {
        functions_.on_receive_binary(from, std::move(ticket));
    }

  private:
    const std::string name_;
    const hooks functions_;
};

// Whether a member function, named by its type, is one that `extension` itself has.
template <typename Member>
inline constexpr bool is_inherited = std::is_same_v<Member, void (extension::*)(session &, hook)>;

// Which hooks an object that is a T and nothing more has overridden. One that cannot be named from here (it
// is private, or has overloads) is T's own.
template <typename T>
constexpr chosen_hooks overridden() noexcept {
    chosen_hooks which;
    if constexpr (requires { &T::before_send_utf8; })
        which.before_send_utf8 = !is_inherited<decltype(&T::before_send_utf8)>;
    if constexpr (requires { &T::before_send_binary; })
        which.before_send_binary = !is_inherited<decltype(&T::before_send_binary)>;
    if constexpr (requires { &T::on_receive_utf8; })
        which.on_receive_utf8 = !is_inherited<decltype(&T::on_receive_utf8)>;
    if constexpr (requires { &T::on_receive_binary; })
        which.on_receive_binary = !is_inherited<decltype(&T::on_receive_binary)>;
    return which;
}

// What is known only as one of its bases may have overridden any of them.
template <typename T>
chosen_hooks hooks_of(const std::shared_ptr<T> &what) {
    if constexpr (std::is_final_v<T>) return overridden<T>();
#if defined(__cpp_rtti)
    const T *const object = what.get();
    if (object != nullptr && typeid(*object) == typeid(T)) return overridden<T>();
#else
    static_cast<void>(what);
#endif
    return all_hooks;
}

// What an extension of cryo.h has as its `user`. They are listed, as cryo.h may have extensions of others,
// too.
class extension_user {
  public:
    explicit extension_user(std::shared_ptr<extension> object) : object_(std::move(object)) {
        const std::lock_guard lock(all().mutex);
        all().list.push_back(this);
    }
    extension_user(const extension_user &) = delete;
    extension_user &operator=(const extension_user &) = delete;
    ~extension_user() {
        const std::lock_guard lock(all().mutex);
        std::erase(all().list, this);
    }

    static extension &of(void *user) noexcept { return *static_cast<extension_user *>(user)->object_; }
    // nullptr for a `user` that is something else.
    static std::shared_ptr<extension> find(const void *user) {
        const std::lock_guard lock(all().mutex);
        for (const extension_user *const each : all().list)
            if (each == user) return each->object_;
        return nullptr;
    }

  private:
    struct everything {
        std::mutex mutex;
        std::vector<const extension_user *> list;
    };
    // Never destroyed: a server that is static may go after everything else.
    static everything &all() {
        static everything &made = *new everything;
        return made;
    }

    const std::shared_ptr<extension> object_;
};

class running_hook {
  public:
    explicit running_hook(cryo_hook *ticket) noexcept : before_(std::exchange(ticket_in_hook, ticket)) {}
    running_hook(const running_hook &) = delete;
    running_hook &operator=(const running_hook &) = delete;
    ~running_hook() { ticket_in_hook = before_; }

  private:
    cryo_hook *const before_;
};

template <void (extension::*Hook)(session &, hook)>
void hook_trampoline(cryo_hook *ticket, cryo_session *handle, std::int32_t, const std::uint8_t *, std::size_t,
                     void *user) {
    const running_hook here(ticket);
    try {
        session who = lender::lend(handle);
        (extension_user::of(user).*Hook)(who, hook(ticket));
    } catch (const std::exception &e) {
        static_cast<void>(cryo_hook_fail(ticket, e.what()));
    } catch (...) {
        static_cast<void>(cryo_hook_fail(ticket, "something that is no std::exception"));
    }
}

inline void register_trampoline(const char *, void *user) {
    extension_user::of(user).on_register();
}

inline void unregister_trampoline(const char *, void *user) {
    extension_user::of(user).on_unregister();
}

using extension_handle = std::unique_ptr<cryo_extension, free_with<&cryo_extension_free>>;

inline void set_options(cryo_extension *to, const extension_options &how) {
    check(cryo_extension_set_timeout_ms(to, to_ms(how.timeout, "The time-out of an extension")));
    check(cryo_extension_set_on_failure(to, static_cast<std::int32_t>(how.on_failure)));
}

// Calls set(direction, kind, which hook) for each that is chosen.
template <typename Set>
void for_each_hook(const chosen_hooks &which, Set set) {
    if (which.before_send_utf8)
        check(set(CRYO_BEFORE_SEND, CRYO_UTF8, &hook_trampoline<&extension::before_send_utf8>));
    if (which.before_send_binary)
        check(set(CRYO_BEFORE_SEND, CRYO_BINARY, &hook_trampoline<&extension::before_send_binary>));
    if (which.on_receive_utf8)
        check(set(CRYO_ON_RECEIVE, CRYO_UTF8, &hook_trampoline<&extension::on_receive_utf8>));
    if (which.on_receive_binary)
        check(set(CRYO_ON_RECEIVE, CRYO_BINARY, &hook_trampoline<&extension::on_receive_binary>));
}

template <typename Owner, typename Add>
void add_extension(Owner *owner, Add add, std::shared_ptr<extension> what, const chosen_hooks &which,
                   const extension_options &how) {
    if (!what) throw error(CRYO_ERR_INVALID, "There is no extension to add.");
    const std::string name = c_text(what->name(), "The name of an extension");
    cryo_extension *handle = nullptr;
    hand_over(std::make_unique<extension_user>(std::move(what)), [&](void *user, cryo_finalizer finalizer) {
        return cryo_extension_new(name.c_str(), user, finalizer, &handle);
    });
    const extension_handle made(handle);
    set_options(handle, how);
    for_each_hook(which, [&](std::int32_t direction, std::int32_t kind, cryo_hook_fn fn) {
        return cryo_extension_set_hook(handle, direction, kind, fn);
    });
    check(cryo_extension_on_register(handle, &register_trampoline));
    check(cryo_extension_on_unregister(handle, &unregister_trampoline));
    check(add(owner, handle));
}

template <typename Owner, typename Add>
void add_pulled(Owner *owner, Add add, std::string_view name, const queue &to, const chosen_hooks &which,
                const extension_options &how) {
    cryo_extension *handle = nullptr;
    check(cryo_extension_new(c_text(name, "The name of an extension").c_str(), nullptr, nullptr, &handle));
    const extension_handle made(handle);
    set_options(handle, how);
    for_each_hook(which, [&](std::int32_t direction, std::int32_t kind, cryo_hook_fn) {
        return cryo_extension_set_queue(handle, direction, kind, to.native());
    });
    check(add(owner, handle));
}

// False: there is no such thing.
inline bool found(cryo_status status) {
    if (status == CRYO_ERR_NOT_FOUND) return false;
    check(status);
    return true;
}

template <typename Owner, typename Find>
std::shared_ptr<extension> find_extension(Owner *owner, Find find, std::string_view name) {
    cryo_extension *handle = nullptr;
    if (!found(find(owner, c_text(name, "A name").c_str(), &handle))) return nullptr;
    const extension_handle keep(handle);
    return extension_user::find(cryo_extension_user(handle));
}

} // namespace detail

// -------- server ------------------------------------------------------------------------------------------

// A certificate from PEM files: with its chain, leaf first, and its private key.
struct tls_files {
    std::string certificate;
    std::string key;
};

// The same from memory.
struct tls_memory {
    std::string certificate;
    std::string key;
};

// Who may vouch for the other side: certificates as PEM.
struct ca_file {
    std::string file;
};
struct ca_memory {
    std::string pem;
};

// What a server shall do, for example {.port = 8443, .tls = cryo::tls_files{"chain.pem", "key.pem"}}. cryo.h
// says more about each, under cryo_server_options_set_*.
// In the order of what they are about.
struct server_options {             // NOLINT(clang-analyzer-optin.performance.Padding)
    std::string host = "127.0.0.1"; // the address to bind; "::" takes IPv4 too; "unix:/run/cryo.sock"
    std::uint16_t port = 8080;      // 0 takes any free one
    bool reuse_port = false;        // other processes may listen there as well, if they say so, too
    std::uint32_t socket_mode = 0;  // of a Unix-domain socket's file; 0: what the umask leaves
    std::int32_t listen_fd = -1;    // a socket that listens already, instead of host and port
    cryo::transport transport = cryo::transport::automatic; // what carries the connections
    std::uint32_t threads = 1;                              // 0: the application calls run_once()
    std::variant<std::monostate, tls_files, tls_memory> tls{};
    std::vector<std::variant<tls_files, tls_memory>> more_tls{};  // shown to clients that ask for their names
    std::variant<std::monostate, ca_file, ca_memory> client_ca{}; // asks clients for certificates of these
    bool require_client_certificate = false;                      // and refuses clients without
    cryo::tls_version tls_min_version = cryo::tls_version::v1_2;
    std::vector<std::string> tls_ocsp_files{}; // responses (DER) to show with the certificates
    std::string tls_ticket_keys{}; // 80 bytes each, the same for all servers of a balancer; empty: its own

    bool cale = false; // encrypt end to end where there is no TLS; clients must want it, too
    std::chrono::milliseconds cale_timeout{10000}; // for its handshake

    std::chrono::milliseconds keepalive{15000};     // between pings, and between statistics
    std::chrono::milliseconds stall_timeout{60000}; // for a peer that takes nothing; 0: for ever
    std::chrono::milliseconds ack_timeout{2500};    // after this a message counts as timed out
    std::chrono::milliseconds head_timeout{5000};   // for a client's request head, TLS handshake included
    std::chrono::milliseconds validation_timeout{10000}; // a ticket left alone is rejected then
    std::chrono::milliseconds hello_wait{250}; // for a client that does not answer the first WebSocket ping
    std::chrono::milliseconds close_timeout{2000};    // for the peer's half of a close
    std::chrono::milliseconds message_timeout{30000}; // for a message in progress that stands still
    std::uint32_t min_message_rate = 100; // bytes a second; a slower message stands still; 0: any byte counts

    std::uint64_t max_message_bytes = 16777216; // a longer message closes with 1009
    std::uint32_t max_fragments = 1024;         // of a message, and one for each KiB; more close with 1008
    std::uint32_t max_violations = 16;          // one more malformed frame closes with 4001
    std::uint64_t high_water_mark = 4194304;    // bytes on their way, at which a session's queue is held
    std::uint64_t low_water_mark = 1048576;     // below this it flows again
    std::uint64_t max_queued_bytes = 4194304;   // that may wait in a held queue
    std::uint32_t max_queue_count = 1024;       // messages that may wait in a held queue
    cryo::drop_policy drop_policy = cryo::drop_policy::oldest; // what gives way when that is full
    // That the messages of all sessions may hold; 0: no limit. Nothing: a quarter of what the process may
    // have.
    std::optional<std::uint64_t> max_total_queued_bytes{};
    std::uint32_t max_receipts = 65536; // that a session may owe

    std::uint32_t max_sessions = 0;               // further clients get 503; 0: no limit
    std::uint32_t max_sessions_per_address = 0;   // the same for one address; 0: no limit
    std::uint32_t max_pending_validations = 1024; // tickets that wait; further clients get 503

    // Received messages are acknowledged by session::ack(), and not at once; how many a session may have
    // unacknowledged.
    bool manual_ack = false;
    std::uint32_t max_unacknowledged = 1024;

    // Of one address in the window; further requests get 429. 0: no limit.
    std::uint32_t max_attempts_per_address = 0;
    std::uint32_t max_failed_tokens_per_address = 0;
    std::chrono::milliseconds address_window{60000};
    std::vector<std::string> allowed_origins{}; // of pages that may connect; none: all
    std::vector<std::string> session_headers{}; // of the request, that session::header() knows

    // What becomes of a live session when a client comes with its id and its token, and the time to answer.
    cryo::duplicate_policy duplicate_policy = cryo::duplicate_policy::probe;
    std::chrono::milliseconds probe_timeout{1000};

    // How long a session whose connection is lost waits for its client (0: not at all), and how many do at
    // once.
    std::chrono::milliseconds resume_window{0};
    std::uint32_t max_away_sessions = 65536;

    bool health = false;  // answer /healthz, /readyz and what balancers ask by default
    bool metrics = false; // answer /metrics: to whoever sends the token, or without one to this machine
    std::string metrics_token{};

    // Proxies in front: whose word is taken for where a client is ("10.0.0.0/8", "unix"), by which headers,
    // or by the PROXY protocol, with which every connection begins then.
    std::vector<std::string> trusted_proxies{};
    cryo::forwarded_header forwarded_header = cryo::forwarded_header::any;
    bool proxy_protocol = false;
    std::uint32_t max_head_bytes = 16384; // of a request head; 1024 to 65536
};

// With which words a server that drains closes its sessions, and when its clients may come back (0: nothing
// is said).
struct drain_words {
    int code = CRYO_CLOSE_GRACEFUL;
    std::string reason = "Server shutdown.";
    std::chrono::milliseconds retry{0};
};

namespace detail {

using options_handle = std::unique_ptr<cryo_server_options, free_with<&cryo_server_options_free>>;
using events_handle = std::unique_ptr<cryo_events, free_with<&cryo_events_free>>;

// With the setters of a server's or a client's options.
template <typename Options, typename SetFiles, typename SetMemory>
void set_certificate(Options *to, const std::variant<std::monostate, tls_files, tls_memory> &from,
                     SetFiles set_files, SetMemory set_memory) {
    if (const auto *const files = std::get_if<tls_files>(&from)) {
        const std::string certificate = c_text(files->certificate, "The certificate's file name");
        const std::string key = c_text(files->key, "The key's file name");
        check(set_files(to, certificate.c_str(), key.c_str()));
    } else if (const auto *const memory = std::get_if<tls_memory>(&from)) {
        check(set_memory(to, as_bytes(memory->certificate), memory->certificate.size(), as_bytes(memory->key),
                         memory->key.size()));
    }
}

template <typename Options, typename SetFile, typename SetMemory>
void set_authorities(Options *to, const std::variant<std::monostate, ca_file, ca_memory> &from,
                     SetFile set_file, SetMemory set_memory) {
    if (const auto *const file = std::get_if<ca_file>(&from)) {
        const std::string name = c_text(file->file, "The file name of the trusted certificates");
        check(set_file(to, name.c_str()));
    } else if (const auto *const memory = std::get_if<ca_memory>(&from)) {
        check(set_memory(to, as_bytes(memory->pem), memory->pem.size()));
    }
}

inline void set_server_tls(cryo_server_options *to, const server_options &from) {
    set_certificate(to, from.tls, &cryo_server_options_set_tls_files, &cryo_server_options_set_tls_memory);
    for (const auto &each : from.more_tls)
        set_certificate(
            to,
            std::visit(
                [](const auto &one) { return std::variant<std::monostate, tls_files, tls_memory>(one); },
                each),
            &cryo_server_options_add_tls_files, &cryo_server_options_add_tls_memory);
    set_authorities(to, from.client_ca, &cryo_server_options_set_tls_client_ca_file,
                    &cryo_server_options_set_tls_client_ca_memory);
    check(
        cryo_server_options_set_tls_require_client_certificate(to, from.require_client_certificate ? 1 : 0));
    check(cryo_server_options_set_tls_min_version(to, static_cast<std::int32_t>(from.tls_min_version)));
    for (const std::string &each : from.tls_ocsp_files)
        check(cryo_server_options_add_tls_ocsp_file(
            to, c_text(each, "The file name of an OCSP response").c_str()));
    if (!from.tls_ticket_keys.empty())
        check(cryo_server_options_set_tls_ticket_keys(to, as_bytes(from.tls_ticket_keys),
                                                      from.tls_ticket_keys.size()));
}

inline options_handle make_options(const server_options &from) {
    cryo_server_options *to = nullptr;
    check(cryo_server_options_new(&to));
    options_handle owner(to);
    check(cryo_server_options_set_host(to, c_text(from.host, "The host").c_str()));
    check(cryo_server_options_set_port(to, from.port));
    check(cryo_server_options_set_reuse_port(to, from.reuse_port ? 1 : 0));
    check(cryo_server_options_set_socket_mode(to, from.socket_mode));
    check(cryo_server_options_set_transport(to, static_cast<std::int32_t>(from.transport)));
    check(cryo_server_options_set_listen_fd(to, from.listen_fd));
    check(cryo_server_options_set_threads(to, from.threads));
    set_server_tls(to, from);
    check(cryo_server_options_set_cale(to, from.cale ? 1 : 0));
    check(cryo_server_options_set_cale_timeout_ms(to, to_ms(from.cale_timeout, "cale_timeout")));
    check(cryo_server_options_set_keepalive_ms(to, to_ms(from.keepalive, "keepalive")));
    check(cryo_server_options_set_stall_timeout_ms(to, to_ms(from.stall_timeout, "stall_timeout")));
    check(cryo_server_options_set_ack_timeout_ms(to, to_ms(from.ack_timeout, "ack_timeout")));
    check(cryo_server_options_set_head_timeout_ms(to, to_ms(from.head_timeout, "head_timeout")));
    check(cryo_server_options_set_validation_timeout_ms(
        to, to_ms(from.validation_timeout, "validation_timeout")));
    check(cryo_server_options_set_hello_wait_ms(to, to_ms(from.hello_wait, "hello_wait")));
    check(cryo_server_options_set_close_timeout_ms(to, to_ms(from.close_timeout, "close_timeout")));
    check(cryo_server_options_set_message_timeout_ms(to, to_ms(from.message_timeout, "message_timeout")));
    check(cryo_server_options_set_min_message_rate(to, from.min_message_rate));
    check(cryo_server_options_set_max_message_bytes(to, from.max_message_bytes));
    check(cryo_server_options_set_max_fragments(to, from.max_fragments));
    check(cryo_server_options_set_max_violations(to, from.max_violations));
    check(cryo_server_options_set_high_water_mark(to, from.high_water_mark));
    check(cryo_server_options_set_low_water_mark(to, from.low_water_mark));
    check(cryo_server_options_set_max_queued_bytes(to, from.max_queued_bytes));
    check(cryo_server_options_set_max_queue_count(to, from.max_queue_count));
    check(cryo_server_options_set_drop_policy(to, static_cast<std::int32_t>(from.drop_policy)));
    if (from.max_total_queued_bytes)
        check(cryo_server_options_set_max_total_queued_bytes(to, *from.max_total_queued_bytes));
    check(cryo_server_options_set_max_receipts(to, from.max_receipts));
    check(cryo_server_options_set_max_sessions(to, from.max_sessions));
    check(cryo_server_options_set_max_sessions_per_address(to, from.max_sessions_per_address));
    check(cryo_server_options_set_max_pending_validations(to, from.max_pending_validations));
    check(cryo_server_options_set_manual_ack(to, from.manual_ack ? 1 : 0));
    check(cryo_server_options_set_max_unacknowledged(to, from.max_unacknowledged));
    check(cryo_server_options_set_max_attempts_per_address(to, from.max_attempts_per_address));
    check(cryo_server_options_set_max_failed_tokens_per_address(to, from.max_failed_tokens_per_address));
    check(cryo_server_options_set_address_window_ms(to, to_ms(from.address_window, "address_window")));
    for (const std::string &origin : from.allowed_origins)
        check(cryo_server_options_add_allowed_origin(to, c_text(origin, "An origin").c_str()));
    for (const std::string &name : from.session_headers)
        check(cryo_server_options_add_session_header(to, c_text(name, "The name of a header").c_str()));
    check(cryo_server_options_set_duplicate_policy(to, static_cast<std::int32_t>(from.duplicate_policy)));
    check(cryo_server_options_set_probe_timeout_ms(to, to_ms(from.probe_timeout, "probe_timeout")));
    check(cryo_server_options_set_resume_window_ms(to, to_ms(from.resume_window, "resume_window")));
    check(cryo_server_options_set_max_away_sessions(to, from.max_away_sessions));
    check(cryo_server_options_set_health(to, from.health ? 1 : 0));
    const std::string metrics_token = c_text(from.metrics_token, "The token for the metrics");
    check(cryo_server_options_set_metrics(to, from.metrics ? 1 : 0,
                                          metrics_token.empty() ? nullptr : metrics_token.c_str()));
    for (const std::string &network : from.trusted_proxies)
        check(cryo_server_options_add_trusted_proxy(to, c_text(network, "A trusted proxy").c_str()));
    check(cryo_server_options_set_forwarded_header(to, static_cast<std::int32_t>(from.forwarded_header)));
    check(cryo_server_options_set_proxy_protocol(to, from.proxy_protocol ? 1 : 0));
    check(cryo_server_options_set_max_head_bytes(to, from.max_head_bytes));
    return owner;
}

using shared_handlers = std::shared_ptr<general_handlers>;

// What was registered with make_events or set_validator.
template <typename Handlers = general_handlers>
Handlers &handlers_of(void *user) noexcept {
    return static_cast<Handlers &>(**static_cast<shared_handlers *>(user));
}

inline session_handlers *handlers_of(cryo_session *handle) noexcept {
    return static_cast<session_handlers *>(cryo_session_user(handle));
}

template <typename... Rest>
void tell(cryo_session *handle, const handler<session &, Rest...> &to, const Rest &...rest) {
    if (!to) return;
    session who = lender::lend(handle);
    to(who, rest...);
}

// Each is called whatever the other one does; the first exception goes on to the library, which logs it.
template <typename... Rest>
void tell_own_first(cryo_session *handle, session_handlers &of,
                    const session_handlers::place<handler<session &, Rest...>> session_handlers::*own,
                    const handler<session &, Rest...> &general, const Rest &...rest) {
    std::exception_ptr failure;
    try {
        session who = lender::lend(handle);
        of.call(own, who, rest...);
    } catch (...) {
        failure = std::current_exception();
    }
    try {
        tell(handle, general, rest...);
    } catch (...) {
        if (!failure) failure = std::current_exception();
    }
    if (failure) std::rethrow_exception(failure);
}

// Calls the session's own handler, if there is one, and then the general one.
template <typename... Rest>
void tell_both(cryo_session *handle, session_handlers &of,
               const session_handlers::place<handler<session &, Rest...>> session_handlers::*own,
               const handler<session &, Rest...> &general, const Rest &...rest) {
    if (of.has(own)) return tell_own_first(handle, of, own, general, rest...);
    tell(handle, general, rest...);
}

inline void validate_trampoline(cryo_auth *ticket, const char *token, std::size_t len, void *user) {
    handlers_of<server_handlers>(user).validate(auth(ticket, std::string_view(token, len)));
}

inline void listening_trampoline(cryo_server *, const char *host, std::uint16_t port, void *user) {
    if (const auto &general = handlers_of<server_handlers>(user).on_listening) general(host, port);
}

inline void give_handlers(cryo_session *handle) {
    hand_over(std::make_unique<session_handlers>(), [&](void *object, cryo_finalizer finalizer) {
        return cryo_session_set_user(handle, object, finalizer);
    });
}

// A peer's session is seen first by whoever comes first: an event, or who has opened it.
inline void give_handlers_once(cryo_session *handle, server_handlers &of) {
    const std::lock_guard lock(of.giving);
    if (handlers_of(handle) == nullptr) give_handlers(handle);
}

inline void session_trampoline(cryo_session *handle, void *user) {
    try {
        if (cryo_session_is_peer(handle) != 0)
            give_handlers_once(handle, handlers_of<server_handlers>(user));
        else
            give_handlers(handle);
    } catch (...) {
        sessions_differ.store(true); // this one is told nothing
        static_cast<void>(cryo_session_close(handle, CRYO_CLOSE_SERVER_ERROR, "Out of memory."));
        throw;
    }
    tell(handle, handlers_of(user).on_session);
}

inline void message_trampoline(cryo_session *handle, std::int32_t kind, const std::uint8_t *data,
                               std::size_t len, void *user) {
    const general_handlers &general = handlers_of(user);
    const message what(static_cast<cryo::kind>(kind), bytes(data, len),
                       general.manual_ack ? cryo_message_id(handle) : 0);
    if (!sessions_differ.load(std::memory_order_relaxed)) return tell(handle, general.on_message, what);
    if (session_handlers *const own = handlers_of(handle))
        tell_both(handle, *own, &session_handlers::on_message, general.on_message, what);
}

// What one of them throws keeps the others from nothing, and goes on at the end.
template <typename Tell>
void lose_and(session_handlers *of, Tell tell_it) {
    std::exception_ptr failure;
    try {
        if (of != nullptr) of->lose();
    } catch (...) {
        failure = std::current_exception();
    }
    tell_it();
    if (failure) std::rethrow_exception(failure);
}

inline void closed_trampoline(cryo_session *handle, std::int32_t code, const char *reason, void *user) {
    // Of a peer that was never connected, this may be the first event.
    if (handlers_of(handle) == nullptr && cryo_session_is_peer(handle) != 0)
        give_handlers_once(handle, handlers_of<server_handlers>(user));
    session_handlers *const own = handlers_of(handle);
    if (own == nullptr) return;
    struct dropping {
        session_handlers *handlers;
        ~dropping() { handlers->drop(); }
    } const at_the_end{own};
    lose_and(own, [&] {
        tell_both(handle, *own, &session_handlers::on_closed, handlers_of(user).on_closed,
                  static_cast<int>(code), std::string_view(reason));
    });
}

inline void stat_trampoline(cryo_session *handle, std::int32_t which, double value, void *user) {
    if (session_handlers *const own = handlers_of(handle))
        tell_both(handle, *own, &session_handlers::on_statistic, handlers_of(user).on_statistic,
                  static_cast<statistic>(which), value);
}

// Of clients and peers only.
inline void disconnected_trampoline(cryo_session *handle, std::int32_t code, const char *reason, void *user) {
    lose_and(handlers_of(handle), [&] {
        tell(handle, handlers_of(user).on_disconnected, static_cast<int>(code), std::string_view(reason));
    });
}

inline void reconnected_trampoline(cryo_session *handle, void *user) {
    tell(handle, handlers_of(user).on_reconnected);
}

inline void attempt_failed_trampoline(cryo_session *handle, cryo_status status, std::int32_t http_status,
                                      const char *text, std::int64_t retry_ms, void *user) {
    tell(handle, handlers_of(user).on_attempt_failed,
         failed_attempt{status, static_cast<int>(http_status), text, to_retry(retry_ms)});
}

inline void lost_trampoline(cryo_session *handle, std::int32_t kind, const std::uint8_t *data,
                            std::size_t len, void *user) {
    tell(handle, handlers_of(user).on_lost, message(static_cast<cryo::kind>(kind), bytes(data, len)));
}

inline void dropped_trampoline(cryo_session *handle, std::int32_t reason, std::int32_t kind,
                               const std::uint8_t *data, std::size_t len, void *user) {
    if (session_handlers *const own = handlers_of(handle))
        tell_both(handle, *own, &session_handlers::on_dropped, handlers_of(user).on_dropped,
                  static_cast<drop_reason>(reason), message(static_cast<cryo::kind>(kind), bytes(data, len)));
}

inline void writable_trampoline(cryo_session *handle, void *user) {
    if (session_handlers *const own = handlers_of(handle))
        tell_both(handle, *own, &session_handlers::on_writable, handlers_of(user).on_writable);
}

// The number is the address of a handler: see session::try_send.
inline void receipt_trampoline(cryo_session *handle, std::uint64_t number, std::int32_t outcome,
                               double rtt_ms, const char *by, void *) {
    const std::unique_ptr<receipt_handler> done(
        reinterpret_cast<receipt_handler *>(static_cast<std::uintptr_t>(number)));
    session who = lender::lend(handle);
    (*done)(who, to_receipt(outcome, rtt_ms, by));
}

// Two sets of events: those that are called back, and those that go to a queue.
inline events_handle make_events(const shared_handlers &handlers, cryo_session_fn on_session) {
    cryo_events *events = nullptr;
    hand_over(std::make_unique<shared_handlers>(handlers), [&](void *user, cryo_finalizer finalizer) {
        return cryo_events_new(user, finalizer, &events);
    });
    events_handle owner(events);
    check(cryo_events_on_session(events, on_session));
    check(cryo_events_on_message(events, &message_trampoline));
    check(cryo_events_on_closed(events, &closed_trampoline));
    check(cryo_events_on_stat(events, &stat_trampoline));
    check(cryo_events_on_disconnected(events, &disconnected_trampoline));
    check(cryo_events_on_reconnected(events, &reconnected_trampoline));
    check(cryo_events_on_attempt_failed(events, &attempt_failed_trampoline));
    check(cryo_events_on_lost(events, &lost_trampoline));
    check(cryo_events_on_dropped(events, &dropped_trampoline));
    check(cryo_events_on_writable(events, &writable_trampoline));
    check(cryo_events_on_receipt(events, &receipt_trampoline));
    return owner;
}

inline events_handle make_server_events(const shared_handlers &handlers) {
    events_handle events = make_events(handlers, &session_trampoline);
    check(cryo_events_on_listening(events.get(), &listening_trampoline));
    return events;
}

inline events_handle make_events(const queue &to) {
    cryo_events *events = nullptr;
    check(cryo_events_new(nullptr, nullptr, &events));
    events_handle owner(events);
    check(cryo_events_use_queue(events, to.native()));
    return owner;
}

template <typename Handlers>
Handlers &settable(const std::shared_ptr<Handlers> &handlers, const char *if_none, const char *if_started) {
    if (!handlers) throw error(CRYO_ERR_STATE, if_none);
    if (handlers->started) throw error(CRYO_ERR_STATE, if_started);
    return *handlers;
}

inline void set_validator(cryo_server_options *options, const shared_handlers &handlers) {
    hand_over(std::make_unique<shared_handlers>(handlers), [&](void *user, cryo_finalizer finalizer) {
        return cryo_server_options_set_validator(options, &validate_trampoline, user, finalizer);
    });
}

} // namespace detail

// A server. Move-only. Destroying it stops it, waits for its callbacks, and frees it; inside one of its own
// callbacks it only begins to.
class server {
  public:
    // With handlers: `validate` gets the ticket of each client. Throws CRYO_ERR_INVALID for options that do
    // not fit.
    server(const server_options &options, validate_handler validate) {
        const detail::options_handle to = detail::make_options(options);
        need(validate);
        handlers_->validate = std::move(validate);
        handlers_->manual_ack = options.manual_ack;
        detail::set_validator(to.get(), handlers_);
        create(to.get(), detail::make_server_events(handlers_));
    }

    // Everything goes to the queue, tickets too. The queue must live as long as the server.
    server(const server_options &options, const queue &events) {
        create(detail::make_options(options).get(), detail::make_events(events));
        handlers_ = nullptr;
    }

    // Everything goes to the queue but the tickets.
    server(const server_options &options, validate_handler validate, const queue &events) {
        const detail::options_handle to = detail::make_options(options);
        need(validate);
        handlers_->validate = std::move(validate);
        detail::set_validator(to.get(), handlers_);
        create(to.get(), detail::make_events(events));
        handlers_ = nullptr;
    }

    // For all sessions. To be set before start(), else CRYO_ERR_STATE; likewise where the events go to a
    // queue.
    void on_listening(listening_handler to) { settable().on_listening = std::move(to); }
    void on_session(session_handler to) { settable().on_session = std::move(to); }
    void on_message(message_handler to) { settable().on_message = std::move(to); }
    void on_closed(closed_handler to) { settable().on_closed = std::move(to); }
    void on_stat(statistic_handler to) { settable().on_statistic = std::move(to); }
    // Of peers only: the connection is lost, and it tries again; it is back; an attempt came to nothing; and,
    // at a loss, each message that was sent and not acknowledged (not with resend).
    void on_disconnected(closed_handler to) { settable().on_disconnected = std::move(to); }
    void on_reconnected(session_handler to) { settable().on_reconnected = std::move(to); }
    void on_attempt_failed(attempt_failed_handler to) { settable().on_attempt_failed = std::move(to); }
    void on_lost(message_handler to) { settable().on_lost = std::move(to); }
    // A message that was accepted, or broadcast, is dropped; the queue, which was held, flows again.
    void on_dropped(dropped_handler to) { settable().on_dropped = std::move(to); }
    void on_writable(session_handler to) { settable().on_writable = std::move(to); }

    // Binds and listens, and starts the service threads; when it returns, clients can connect. Throws
    // CRYO_ERR_STATE (started before), _ADDRESS, _ADDRESS_IN_USE, _PERMISSION, _TLS_*, _SYSTEM; it can be
    // tried again then.
    void start() {
        if (handlers_) handlers_->started = true;
        const cryo_status status = cryo_server_start(native());
        if (handlers_ && status != CRYO_OK && status != CRYO_ERR_STATE) handlers_->started = false;
        detail::check(status);
    }

    // The port that it listens on; 0 before start().
    std::uint16_t port() const noexcept { return cryo_server_port(native()); }

    // What carries its connections; never automatic.
    cryo::transport transport() const noexcept {
        return static_cast<cryo::transport>(cryo_server_transport(native()));
    }

    // Exchanges what is shown by TLS, from any thread: for new connections, by what the options have of it;
    // nothing else of them counts. Throws as start(), and the server goes on with what it had;
    // CRYO_ERR_STATE: not started, or without TLS. The second one reads the files again, as after a renewal.
    void set_tls(const server_options &options) const {
        cryo_server_options *to = nullptr;
        detail::check(cryo_server_options_new(&to));
        const detail::options_handle owner(to);
        detail::set_server_tls(to, options);
        detail::check(cryo_server_set_tls(native(), to));
    }
    void reload_tls() const { detail::check(cryo_server_set_tls(native(), nullptr)); }
    // 80 bytes each, the first makes tickets; empty: keys of the server's own.
    void set_tls_ticket_keys(std::string_view keys) const {
        detail::check(cryo_server_set_tls_ticket_keys(
            native(), keys.empty() ? nullptr : detail::as_bytes(keys), keys.size()));
    }

    // Begins to stop and returns at once: no new clients, and every session closes with 4000 `Server
    // shutdown.`. Does nothing when it was not started. May be called in a signal handler.
    void stop() noexcept { static_cast<void>(cryo_server_stop(native())); }

    // Stops gently, and returns at once: nobody is let in any more, the sessions go on, and each `batch` some
    // are closed, so that none is left at the deadline (0: none before it). Stops as soon as there is none.
    // Throws CRYO_ERR_STATE: it was not started.
    void drain(std::chrono::milliseconds deadline, std::chrono::milliseconds batch,
               const drain_words &words = {}) {
        detail::check(cryo_server_drain_with(
            native(), detail::to_ms(deadline, "deadline"), detail::to_ms(batch, "batch"), words.code,
            detail::c_text(words.reason, "The reason").c_str(), detail::to_ms(words.retry, "retry")));
    }

    // What it counts; `of` picks a status, a reason or an outcome where there are several, 0: all.
    double stat(server_statistic which, int of = 0) const {
        double value = 0;
        detail::check(cryo_server_stat(native(), static_cast<std::int32_t>(which), of, &value));
        return value;
    }
    // All of that as Prometheus reads it.
    std::string metrics() const {
        std::size_t len = 8192;
        for (;;) { // it may have grown meanwhile
            std::string text(len, '\0');
            const cryo_status status = cryo_server_metrics(native(), text.data(), len + 1, &len);
            text.resize(len);
            if (status == CRYO_OK) return text;
            if (status != CRYO_ERR_BUFFER) detail::throw_error(status);
        }
    }

    // Wait until the server has stopped and its last callback has returned; false: it has not, in that time.
    // Throws CRYO_ERR_STATE: not started, threads = 0, or inside a callback.
    void wait() { detail::check(cryo_server_wait(native(), -1)); }
    bool wait_for(std::chrono::milliseconds timeout) {
        const cryo_status status = cryo_server_wait(native(), detail::to_timeout(timeout));
        if (status == CRYO_ERR_TIMEOUT) return false;
        detail::check(status);
        return true;
    }

    // With threads = 0: waits up to the time-out for something to do, and does what there is. False: it has
    // stopped, nothing will ever happen again. One thread at a time. fd() is readable when there is something
    // to do, and timeout() says after how long to call run_once() in any case (nullopt: whenever).
    bool run_once(std::chrono::milliseconds timeout = forever) {
        return detail::check_open(cryo_server_run_once(native(), detail::to_timeout(timeout)));
    }
    // Ends the waiting of run_once(), or of the next one. From any thread, and in a signal handler. Does
    // nothing for a server with threads, or one that was not started.
    void wake() noexcept { static_cast<void>(cryo_server_wake(native())); }
    int fd() const { return detail::to_fd(cryo_server_fd(native())); }
    std::optional<std::chrono::milliseconds> timeout() const {
        return detail::from_timeout(cryo_server_timeout_ms(native()));
    }

    // The live sessions: announced and not closed.
    std::size_t session_count() const noexcept { return cryo_server_session_count(native()); }
    std::vector<session> sessions() const;
    std::optional<session> find(const std::array<std::uint8_t, 16> &id) const {
        cryo_session *found = nullptr;
        const cryo_status status = cryo_server_find_session(native(), id.data(), &found);
        if (status == CRYO_ERR_NOT_FOUND) return std::nullopt;
        detail::check(status);
        return session::adopt(found);
    }

    // Opens a session from this server to another one. It comes back after a loss as a client's does, tells
    // the handlers of this server (or its queue), and is one of the live sessions while it is connected. It
    // begins to connect, and events tell the rest; closed comes also when it was never connected. To close it
    // for good, close the session. Throws CRYO_ERR_STATE (not started, or the session id is taken), _CLOSED
    // (it stops), _TLS_*.
    session connect_peer(const client_options &options) const;

    // Sends to every live session but `except`; the payload is copied once. Returns to how many; on_dropped
    // tells of those that refuse it. Throws CRYO_ERR_CLOSED when it does not run, and as session::send():
    // CRYO_ERR_TOTAL_FULL where more is on its way to the loops than max_total_queued_bytes.
    std::size_t broadcast(std::string_view text, const session &except = {}) const {
        return broadcast(kind::utf8, detail::to_bytes(text), except);
    }
    std::size_t broadcast(bytes data, const session &except = {}) const {
        return broadcast(kind::binary, data, except);
    }
    std::size_t broadcast(const message &what, const session &except = {}) const {
        return broadcast(what.kind(), what.data(), except);
    }
    std::size_t broadcast(kind as, bytes data, const session &except = {}) const {
        std::size_t count = 0;
        detail::check(cryo_server_broadcast(native(), static_cast<std::int32_t>(as), data.data(), data.size(),
                                            except.native(), &count));
        return count;
    }

    // Calls the function once on a thread of the server's, always the same one and never inside of this call:
    // at once, or after a time. One that has not run when the server stops is destroyed without. False: it
    // stops. Throws CRYO_ERR_STATE when it was not started.
    template <std::invocable<> F>
    bool post(F &&function) const {
        return post_by(&cryo_server_post, std::forward<F>(function));
    }
    template <std::invocable<> F>
    bool post_after(std::chrono::milliseconds time, F &&function) const {
        const std::uint32_t ms = detail::to_ms(time, "The time of a function");
        return post_by(
            [ms](cryo_server *to, cryo_server_fn call, void *user, cryo_finalizer finalizer) {
                return cryo_server_post_after_ms(to, ms, call, user, finalizer);
            },
            std::forward<F>(function));
    }

    // Adds an extension behind those that are there, at any time; this server keeps it until it is removed.
    // `how` instead of what the extension asks for itself. Throws CRYO_ERR_EXISTS: one of that name is there.
    template <std::derived_from<extension> T>
    void add(const std::shared_ptr<T> &what) const {
        add(what, what ? what->options() : extension_options());
    }
    template <std::derived_from<extension> T>
    void add(const std::shared_ptr<T> &what, const extension_options &how) const {
        detail::add_extension(native(), &cryo_server_add_extension, what, detail::hooks_of(what), how);
    }
    // One that consists of functions: add("shout", {.before_send_utf8 = [](cryo::hook ticket) { … }}).
    void add(std::string_view name, hooks functions, const extension_options &how = {}) const {
        const detail::chosen_hooks which = functions.chosen();
        detail::add_extension(native(), &cryo_server_add_extension,
                              std::make_shared<detail::functions_extension>(name, std::move(functions)),
                              which, how);
    }
    // One whose tickets come out of a queue (event_kind::hook), which must live as long as the server.
    void add(std::string_view name, const queue &to, const extension_options &how = {},
             detail::chosen_hooks which = detail::all_hooks) const {
        detail::add_pulled(native(), &cryo_server_add_extension, name, to, which, how);
    }
    // Messages that come to it from now on pass by; tickets that are out still count. False: there is none.
    bool remove(std::string_view name) const {
        return detail::found(cryo_server_remove_extension(native(), detail::c_text(name, "A name").c_str()));
    }
    // The extension of that name, or nullptr; also for one that was not made with this header.
    template <std::convertible_to<std::string_view> Name>
    std::shared_ptr<extension> find(const Name &name) const {
        return detail::find_extension(native(), &cryo_server_find_extension, name);
    }

    cryo_server *native() const noexcept { return handle_.get(); }

  private:
    template <typename Post, typename F>
    bool post_by(Post post_it, F &&function) const {
        using called = std::decay_t<F>;
        const auto trampoline = [](cryo_server *, void *user) { std::invoke(*static_cast<called *>(user)); };
        auto object = std::make_unique<called>(std::forward<F>(function));
        const cryo_status status = post_it(native(), trampoline, object.get(), &detail::destroy<called>);
        if (status == CRYO_OK) static_cast<void>(object.release());
        return detail::check_open(status);
    }

    static void need(const validate_handler &validate) {
        if (!validate) throw error(CRYO_ERR_INVALID, "A server needs a validator.");
    }

    void create(cryo_server_options *options, const detail::events_handle &events) {
        detail::check(cryo_server_options_set_events(options, events.get()));
        cryo_server *handle = nullptr;
        detail::check(cryo_server_new(options, &handle));
        handle_.reset(handle);
    }

    detail::server_handlers &settable() {
        return detail::settable(handlers_, "The events of this server go to a queue.",
                                "Handlers are set before the server is started.");
    }

    std::shared_ptr<detail::server_handlers> handlers_ = std::make_shared<detail::server_handlers>();
    std::unique_ptr<cryo_server, detail::free_with<&cryo_server_free>> handle_;
};

inline std::vector<session> server::sessions() const {
    std::vector<cryo_session *> handles;
    std::size_t count = session_count();
    std::size_t filled = 0;
    do { // clients may come in between
        handles.resize(count + 16);
        detail::check(cryo_server_sessions(native(), handles.data(), handles.size(), &count));
        filled = std::min(count, handles.size());
        if (count > handles.size()) std::for_each_n(handles.begin(), filled, &cryo_session_release);
    } while (count > handles.size());

    std::vector<session> all;
    try {
        all.reserve(filled);
    } catch (...) {
        std::for_each_n(handles.begin(), filled, &cryo_session_release);
        throw;
    }
    for (std::size_t i = 0; i < filled; ++i)
        all.push_back(session::adopt(handles[i]));
    return all;
}

// -------- loop --------------------------------------------------------------------------------------------

// Runs any number of clients on a thread of your own. Move-only. It must be run, or its clients be destroyed,
// for anything to happen; it may be destroyed before them.
class loop {
  public:
    loop() {
        cryo_loop *handle = nullptr;
        detail::check(cryo_loop_new(&handle));
        handle_.reset(handle);
    }

    // Waits up to the time-out for something to do, and does what there is. One thread at a time. fd() is
    // readable when there is something to do, and timeout() says after how long to call run_once() in any
    // case (nullopt: whenever).
    void run_once(std::chrono::milliseconds timeout = forever) {
        detail::check(cryo_loop_run_once(native(), detail::to_timeout(timeout)));
    }
    // Ends the waiting of run_once(), or of the next one. From any thread, and in a signal handler.
    void wake() noexcept { static_cast<void>(cryo_loop_wake(native())); }
    int fd() const { return detail::to_fd(cryo_loop_fd(native())); }
    std::optional<std::chrono::milliseconds> timeout() const {
        return detail::from_timeout(cryo_loop_timeout_ms(native()));
    }

    cryo_loop *native() const noexcept { return handle_.get(); }

  private:
    std::unique_ptr<cryo_loop, detail::free_with<&cryo_loop_free>> handle_;
};

// -------- client ------------------------------------------------------------------------------------------

// Where a client connects, as whom, and what it does at a loss, for example {.url = "wss://host/", .token =
// "…"}. cryo.h says more about each, under cryo_client_options_set_*.
// In the order of what they are about.
struct client_options {             // NOLINT(clang-analyzer-optin.performance.Padding)
    std::string url{};              // "ws://host[:port][/path][?query]", or wss:// for TLS; needed
    std::string token{};            // the bearer token; needed, unless one of the next two is there
    token_handler token_provider{}; // gives the token of each attempt to connect, on a ticket
    bool token_from_queue = false;  // the same, by the queue that the events go to (event_kind::token)
    std::vector<std::pair<std::string, std::string>> parameters{};     // more of the query
    std::vector<std::pair<std::string, std::string>> headers{};        // more of each request's headers
    std::optional<std::array<std::uint8_t, 16>> session_id{};          // none: a random one
    bool cale = false;                                                 // as the server does
    std::chrono::milliseconds cale_timeout{10000};                     // for its handshake
    std::variant<std::monostate, ca_file, ca_memory> ca{};             // trusted besides the system's
    bool system_ca = true;                                             // trust those whom the system trusts
    std::variant<std::monostate, tls_files, tls_memory> certificate{}; // the client's own
    cryo::tls_version tls_min_version = cryo::tls_version::v1_2;

    std::string proxy{};                 // "http://user:password@host:port" to go through; empty: none
    bool proxy_from_environment = false; // where that is empty: https_proxy, http_proxy and no_proxy

    std::chrono::milliseconds connect_timeout{10000}; // for one attempt
    std::chrono::milliseconds reconnect_initial{500}; // the longest wait after the first failure
    std::chrono::milliseconds reconnect_max{30000};   // and after any number of them
    std::uint32_t reconnect_attempts = 4294967295;    // failures in a row after which it tries again
    bool resend =
        false; // at a loss: send again what was not acknowledged, instead of telling that it is lost

    std::chrono::milliseconds keepalive{15000};     // between pings, and between statistics
    std::chrono::milliseconds stall_timeout{60000}; // for a server that takes nothing; 0: for ever
    std::chrono::milliseconds ack_timeout{2500};    // after this a message counts as timed out
    std::chrono::milliseconds close_timeout{2000};  // for the peer's half of a close
    std::uint64_t max_message_bytes = 16777216;     // a longer message closes with 1009
    std::uint32_t max_violations = 16;              // one more malformed frame closes
    std::uint64_t high_water_mark = 16777216;       // bytes on their way, at which the queue is held
    std::uint64_t low_water_mark = 1048576;         // below this it flows again
    std::uint64_t max_queued_bytes = 8388608;       // that may wait in a held queue
    std::uint32_t max_queue_count = 1024;           // messages that may wait in a held queue
    cryo::drop_policy drop_policy = cryo::drop_policy::oldest; // what gives way when that is full
    std::uint32_t max_receipts = 65536;                        // that the session may owe
};

namespace detail {

using client_options_handle = std::unique_ptr<cryo_client_options, free_with<&cryo_client_options_free>>;

inline void set_trust(cryo_client_options *to, const client_options &from) {
    set_authorities(to, from.ca, &cryo_client_options_set_tls_ca_file,
                    &cryo_client_options_set_tls_ca_memory);
    check(cryo_client_options_set_tls_min_version(to, static_cast<std::int32_t>(from.tls_min_version)));
    check(cryo_client_options_set_tls_system_ca(to, from.system_ca ? 1 : 0));
    set_certificate(to, from.certificate, &cryo_client_options_set_tls_files,
                    &cryo_client_options_set_tls_memory);
}

inline void token_trampoline(cryo_token_request *ticket, void *user) {
    (*static_cast<token_handler *>(user))(token_request(ticket));
}

inline client_options_handle make_options(const client_options &from) {
    cryo_client_options *to = nullptr;
    check(cryo_client_options_new(&to));
    client_options_handle owner(to);
    check(cryo_client_options_set_url(to, c_text(from.url, "The URL").c_str()));
    if (from.token_provider)
        hand_over(std::make_unique<token_handler>(from.token_provider),
                  [&](void *user, cryo_finalizer finalizer) {
                      return cryo_client_options_set_token_provider(to, &token_trampoline, user, finalizer);
                  });
    else if (from.token_from_queue)
        check(cryo_client_options_set_token_provider(to, nullptr, nullptr, nullptr));
    if (!from.token.empty()) // else the URL has it
        check(cryo_client_options_set_token(to, c_text(from.token, "The token").c_str()));
    if (from.session_id) check(cryo_client_options_set_session_id(to, from.session_id->data()));
    for (const auto &[name, value] : from.parameters)
        check(cryo_client_options_add_parameter(to, c_text(name, "The name of a parameter").c_str(),
                                                c_text(value, "The value of a parameter").c_str()));
    for (const auto &[name, value] : from.headers)
        check(cryo_client_options_add_header(to, c_text(name, "The name of a header").c_str(),
                                             c_text(value, "The value of a header").c_str()));
    check(cryo_client_options_set_cale(to, from.cale ? 1 : 0));
    check(cryo_client_options_set_cale_timeout_ms(to, to_ms(from.cale_timeout, "cale_timeout")));
    set_trust(to, from);
    if (!from.proxy.empty())
        check(cryo_client_options_set_proxy(to, c_text(from.proxy, "The proxy").c_str()));
    check(cryo_client_options_use_proxy_from_environment(to, from.proxy_from_environment ? 1 : 0));
    check(cryo_client_options_set_connect_timeout_ms(to, to_ms(from.connect_timeout, "connect_timeout")));
    check(
        cryo_client_options_set_reconnect_initial_ms(to, to_ms(from.reconnect_initial, "reconnect_initial")));
    check(cryo_client_options_set_reconnect_max_ms(to, to_ms(from.reconnect_max, "reconnect_max")));
    check(cryo_client_options_set_reconnect_attempts(to, from.reconnect_attempts));
    check(cryo_client_options_set_resend(to, from.resend ? 1 : 0));
    check(cryo_client_options_set_keepalive_ms(to, to_ms(from.keepalive, "keepalive")));
    check(cryo_client_options_set_stall_timeout_ms(to, to_ms(from.stall_timeout, "stall_timeout")));
    check(cryo_client_options_set_ack_timeout_ms(to, to_ms(from.ack_timeout, "ack_timeout")));
    check(cryo_client_options_set_close_timeout_ms(to, to_ms(from.close_timeout, "close_timeout")));
    check(cryo_client_options_set_max_message_bytes(to, from.max_message_bytes));
    check(cryo_client_options_set_max_violations(to, from.max_violations));
    check(cryo_client_options_set_high_water_mark(to, from.high_water_mark));
    check(cryo_client_options_set_low_water_mark(to, from.low_water_mark));
    check(cryo_client_options_set_max_queued_bytes(to, from.max_queued_bytes));
    check(cryo_client_options_set_max_queue_count(to, from.max_queue_count));
    check(cryo_client_options_set_drop_policy(to, static_cast<std::int32_t>(from.drop_policy)));
    check(cryo_client_options_set_max_receipts(to, from.max_receipts));
    return owner;
}

inline void connected_trampoline(cryo_session *handle, void *user) {
    tell(handle, handlers_of(user).on_session);
}

inline events_handle make_client_events(const shared_handlers &handlers) {
    return make_events(handlers, &connected_trampoline);
}

} // namespace detail

namespace detail {

// A client that was never started tells of no end, at which its session's own handlers would be dropped.
struct free_client {
    void operator()(cryo_client *handle) const noexcept {
        const session last = session::retain(cryo_client_session(handle));
        const bool never_started = cryo_client_close(handle, CRYO_CLOSE_GRACEFUL, nullptr) == CRYO_ERR_STATE;
        cryo_client_free(handle);
        session_handlers *const own = handlers_of(last.native());
        if (never_started && own != nullptr) own->drop();
    }
};

} // namespace detail

inline session server::connect_peer(const client_options &options) const {
    const detail::client_options_handle to = detail::make_options(options);
    cryo_session *handle = nullptr;
    detail::check(cryo_server_connect_peer(native(), to.get(), &handle));
    session opened = session::adopt(handle);
    if (handlers_) detail::give_handlers_once(handle, *handlers_);
    return opened;
}

// One session from its side: it connects, and when the connection is lost, connects again. Move-only.
// Destroying it closes with 4000, waits for its callbacks, and frees it; inside a callback of the same thread
// it only begins to.
class client {
  public:
    // With handlers, on a thread of the library's that such clients share. Throws CRYO_ERR_INVALID for a URL
    // that is none and for options that do not fit.
    explicit client(const client_options &options) { create(options, nullptr); }

    // The same on a loop of yours.
    client(const client_options &options, const loop &on) { create(options, on.native()); }

    // Everything goes to the queue, which must live as long as the client.
    client(const client_options &options, const queue &events) { create(options, nullptr, events); }
    client(const client_options &options, const queue &events, const loop &on) {
        create(options, on.native(), events);
    }

    // To be set before start(), else CRYO_ERR_STATE; likewise where the events go to a queue.
    // Connected for the first time (with CALE: secure).
    void on_connected(session_handler to) { settable().on_session = std::move(to); }
    // The same by the name that it has in cryo.h and of a server.
    void on_session(session_handler to) { on_connected(std::move(to)); }
    void on_message(message_handler to) { settable().on_message = std::move(to); }
    // Over for good; also when it was never connected.
    void on_closed(closed_handler to) { settable().on_closed = std::move(to); }
    void on_stat(statistic_handler to) { settable().on_statistic = std::move(to); }
    // A message that was accepted, or broadcast, is dropped; the queue, which was held, flows again.
    void on_dropped(dropped_handler to) { settable().on_dropped = std::move(to); }
    void on_writable(session_handler to) { settable().on_writable = std::move(to); }
    // The connection is lost, and it tries again.
    void on_disconnected(closed_handler to) { settable().on_disconnected = std::move(to); }
    // Connected again: the same session id, with CALE new keys.
    void on_reconnected(session_handler to) { settable().on_reconnected = std::move(to); }
    void on_attempt_failed(attempt_failed_handler to) { settable().on_attempt_failed = std::move(to); }
    // At a loss, for each message that was sent and not acknowledged; not with resend.
    void on_lost(message_handler to) { settable().on_lost = std::move(to); }

    // Begins to connect, and returns at once. Throws CRYO_ERR_STATE (started before), _TLS_FILE,
    // _TLS_CERTIFICATE, _TLS_KEY, _TLS_MISMATCH, _TLS_EXPIRED, _SYSTEM, _CLOSED (its loop has gone); it can
    // be tried again then.
    void start() {
        if (handlers_) handlers_->started = true;
        const cryo_status status = cryo_client_start(native());
        if (status == CRYO_OK) return; // a handler may have destroyed this client by now
        if (handlers_ && status != CRYO_ERR_STATE) handlers_->started = false;
        detail::check(status);
    }

    // Its session, connected or not. The same one for the whole life of the client.
    cryo::session session() const noexcept { return cryo::session::retain(cryo_client_session(native())); }

    // Another token, from the next attempt to connect on. False: it has closed. Throws CRYO_ERR_INVALID for
    // what is no token, CRYO_ERR_STATE: it has a token provider.
    bool set_token(std::string_view token) const {
        const std::string c_token = detail::c_text(token, "The token");
        return detail::check_open(cryo_client_set_token(native(), c_token.c_str()));
    }

    // Closes for good, connected or not. False: closed or closing already. Throws CRYO_ERR_STATE: not
    // started.
    bool close(int code = CRYO_CLOSE_GRACEFUL, std::string_view reason = {}) const {
        const std::string c_reason = detail::c_text(reason, "The reason of a close");
        return detail::check_open(
            cryo_client_close(native(), code, reason.empty() ? nullptr : c_reason.c_str()));
    }

    // Wait until it has closed and its last callback has returned; false: it has not, in that time. Throws
    // CRYO_ERR_STATE: not started, on a loop of yours, or inside a callback.
    void wait() { detail::check(cryo_client_wait(native(), -1)); }
    bool wait_for(std::chrono::milliseconds timeout) {
        const cryo_status status = cryo_client_wait(native(), detail::to_timeout(timeout));
        if (status == CRYO_ERR_TIMEOUT) return false;
        detail::check(status);
        return true;
    }

    // Adds an extension behind those that are there, at any time; this client keeps it until it is removed.
    // `how` instead of what the extension asks for itself. Throws CRYO_ERR_EXISTS: one of that name is there.
    template <std::derived_from<extension> T>
    void add(const std::shared_ptr<T> &what) const {
        add(what, what ? what->options() : extension_options());
    }
    template <std::derived_from<extension> T>
    void add(const std::shared_ptr<T> &what, const extension_options &how) const {
        detail::add_extension(native(), &cryo_client_add_extension, what, detail::hooks_of(what), how);
    }
    // One that consists of functions: add("shout", {.before_send_utf8 = [](cryo::hook ticket) { … }}).
    void add(std::string_view name, hooks functions, const extension_options &how = {}) const {
        const detail::chosen_hooks which = functions.chosen();
        detail::add_extension(native(), &cryo_client_add_extension,
                              std::make_shared<detail::functions_extension>(name, std::move(functions)),
                              which, how);
    }
    // One whose tickets come out of a queue (event_kind::hook), which must live as long as the client.
    void add(std::string_view name, const queue &to, const extension_options &how = {},
             detail::chosen_hooks which = detail::all_hooks) const {
        detail::add_pulled(native(), &cryo_client_add_extension, name, to, which, how);
    }
    // Messages that come to it from now on pass by; tickets that are out still count. False: there is none.
    bool remove(std::string_view name) const {
        return detail::found(cryo_client_remove_extension(native(), detail::c_text(name, "A name").c_str()));
    }
    // The extension of that name, or nullptr; also for one that was not made with this header.
    template <std::convertible_to<std::string_view> Name>
    std::shared_ptr<extension> find(const Name &name) const {
        return detail::find_extension(native(), &cryo_client_find_extension, name);
    }

    cryo_client *native() const noexcept { return handle_.get(); }

  private:
    void create(const client_options &options, cryo_loop *on) {
        handlers_ = std::make_shared<detail::client_handlers>();
        create(options, on, detail::make_client_events(handlers_));
        // Here and not when it connects: what comes before that looks for them as well.
        detail::give_handlers(cryo_client_session(native()));
    }

    void create(const client_options &options, cryo_loop *on, const queue &events) {
        create(options, on, detail::make_events(events));
    }

    void create(const client_options &options, cryo_loop *on, const detail::events_handle &events) {
        const detail::client_options_handle to = detail::make_options(options);
        detail::check(cryo_client_options_set_events(to.get(), events.get()));
        detail::check(cryo_client_options_set_loop(to.get(), on));
        cryo_client *handle = nullptr;
        detail::check(cryo_client_new(to.get(), &handle));
        handle_.reset(handle);
    }

    detail::client_handlers &settable() {
        return detail::settable(handlers_, "The events of this client go to a queue.",
                                "Handlers are set before the client is started.");
    }

    std::shared_ptr<detail::client_handlers> handlers_;
    std::unique_ptr<cryo_client, detail::free_client> handle_;
};

} // namespace cryo

// Sessions as keys of unordered containers.
template <>
struct std::hash<cryo::session> {
    std::size_t operator()(const cryo::session &who) const noexcept {
        return std::hash<const cryo_session *>()(who.native());
    }
};

#endif // CRYO_HPP
