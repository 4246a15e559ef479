// JSON-RPC 2.0 (https://www.jsonrpc.org/specification) over the text messages of Cryo, in both directions: an
// extension, for servers and clients alike. Needs nlohmann-json 3.10 or later.
//
//     auto rpc = std::make_shared<cryo::rpc::endpoint>();
//     rpc->method("subtract", [](const cryo::rpc::json &params) {
//         return cryo::rpc::argument<int>(params, 0, "minuend") - cryo::rpc::argument<int>(params, 1,
//         "subtrahend");
//     });
//     server.add(rpc);
//
//     rpc->call(session, "subtract", {42, 23}, [](const cryo::rpc::result &r) { use(r.value()); });
//
// What it takes    A text is taken, and goes no further, when it is a JSON object with "jsonrpc":"2.0", or an
// array with
//                  one in it. Every other text, and all that is binary, passes untouched, so that RPC and
//                  messages of the application's own can share a session. A request that is no JSON at all
//                  cannot be told from ordinary text then. With options::strict every text is RPC: what is
//                  none gets the error that the specification asks for, and nothing passes.
//
// Methods          run on the session's thread, one at a time for each session, at the same time for
// different ones. They
//                  return their result, or take a responder and answer with it later, from any thread.
//                  Throwing an error answers with it; anything else that is thrown answers with
//                  internal_error, without telling the peer more, and is logged.
//
// Calls            end once: with the peer's answer, or with an error of this side (failure), at the latest
// at their
//                  time-out. What is called then runs on the session's thread, or at a time-out on one of the
//                  endpoint's own (where what it throws is dropped); it must not wait there for anything.
//                  When a client loses its connection, its calls end, even when the client sends again what
//                  was lost.
//
// Everything may be called from any thread. Messages of the endpoint pass through the other extensions as all
// others do.
//
// SPDX-License-Identifier: MIT
#ifndef CRYO_RPC_HPP
#define CRYO_RPC_HPP

#include "cryo.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace cryo::rpc {

using json = nlohmann::json;

// -------- errors ------------------------------------------------------------------------------------------

// The codes of the specification, and one of those that it leaves to servers.
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
inline constexpr int busy = -32000; // the session has too many requests unanswered

// Who says that a call has failed.
enum class failure {
    peer,      // the other side: code() and data() are its own
    timed_out, // no answer came in time
    closed,    // the session closed, or the connection was lost, before the answer came
    not_sent   // it was dropped from a full queue, or an extension stopped it
};

// For methods to throw, and what a call ends with.
class error : public std::runtime_error {
  public:
    error(int code, const std::string &message, json data = nullptr)
        : error(failure::peer, code, message, std::move(data)) {}
    error(failure why, int code, const std::string &message, json data)
        : std::runtime_error(message), why_(why), code_(code),
          data_(std::make_shared<const json>(std::move(data))) {}

    failure why() const noexcept { return why_; }
    int code() const noexcept { return code_; }          // 0 unless it is the peer's
    const json &data() const noexcept { return *data_; } // null: none

  private:
    failure why_;
    int code_;
    std::shared_ptr<const json> data_; // exceptions are copied, which must not fail
};

// What a call ended with.
class result {
  public:
    explicit result(json value) : outcome_(std::move(value)) {}
    explicit result(rpc::error failed) : outcome_(std::move(failed)) {}

    bool ok() const noexcept { return outcome_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }
    // Throws the error, if it is one.
    const json &value() const {
        if (const auto *const failed = std::get_if<rpc::error>(&outcome_)) throw *failed;
        return std::get<json>(outcome_);
    }
    // nullptr: it is none.
    const rpc::error *error() const noexcept { return std::get_if<rpc::error>(&outcome_); }

  private:
    std::variant<json, rpc::error> outcome_;
};

using result_handler = handler<result>;

// The argument at this position of an array, or of this name in an object. Throws invalid_params when there
// is none, or one of another type.
template <typename T>
T argument(const json &params, std::size_t position, const char *name) {
    const json *found = nullptr;
    if (params.is_array() && position < params.size()) found = &params[position];
    if (params.is_object() && params.contains(name)) found = &params[name];
    if (found == nullptr) throw error(invalid_params, std::string("Invalid params: there is no ") + name);
    try {
        return found->get<T>();
    } catch (const json::exception &) {
        throw error(invalid_params, std::string("Invalid params: ") + name + " is of another type");
    }
}

struct options {
    std::string name = "rpc"; // of the extension
    bool strict = false;      // every text is RPC
    std::chrono::milliseconds call_timeout{10000};

    // Against peers that never answer, and programs that do not notice: calls that a session may have
    // outstanding. One more throws CRYO_ERR_FULL.
    std::size_t max_calls = 1024;
    // Against peers that ask faster than methods with a responder answer: requests that a session may have
    // unanswered. One more is answered with `busy`.
    std::size_t max_requests = 1024;
    // Against answers that are many times as long as what is asked; for batches that are sent, too.
    std::size_t max_batch = 100;
    // Against texts that take many times their size of memory when they are parsed. A longer one is none of
    // RPC.
    std::size_t max_text = 1048576;
    // Against values so deeply nested that whoever walks through them runs out of stack. Deeper ones are no
    // JSON.
    std::size_t max_depth = 64;

    // Gets the answers that belong to no call: late ones, and errors without an id. None: they are forgotten.
    std::function<void(session &, const json &)> unmatched{};
};

// -------- inside ------------------------------------------------------------------------------------------

namespace detail {

using clock = std::chrono::steady_clock;

inline std::string error_text(const rpc::error &what, const json &id) {
    json body{{"code", what.code()}, {"message", what.what()}};
    if (!what.data().is_null()) body["data"] = what.data();
    constexpr auto replace = json::error_handler_t::replace;
    return R"({"jsonrpc":"2.0","error":)" + body.dump(-1, ' ', false, replace) + R"(,"id":)" +
           id.dump(-1, ' ', false, replace) + "}";
}

inline std::string result_text(const json &value, const json &id) {
    return R"({"jsonrpc":"2.0","result":)" + value.dump() + R"(,"id":)" + id.dump() + "}";
}

// `id` null: a notification.
inline std::string request_text(std::string_view method, const json &params, const json &id) {
    if (!params.is_null() && !params.is_structured())
        throw cryo::error(CRYO_ERR_INVALID, "The params of a call are an array or an object.");
    try {
        std::string text = R"({"jsonrpc":"2.0","method":)" + json(method).dump();
        if (!params.is_null()) text += R"(,"params":)" + params.dump();
        if (!id.is_null()) text += R"(,"id":)" + id.dump();
        return text + "}";
    } catch (const json::exception &e) { // text that is not UTF-8
        throw cryo::error(CRYO_ERR_INVALID, e.what());
    }
}

// An answer that finds no way is lost: its asker is slow, or has gone, and will see a time-out.
inline bool send_answer(const session &to, const std::string &text) noexcept {
    return to.try_send(text) == CRYO_OK;
}

// Whether arrays and objects are at most so deep in one another. Says nothing about whether it is JSON.
inline bool is_flat(std::string_view text, std::size_t max_depth) noexcept {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > max_depth) return false;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return true;
}

// Discarded: it is no JSON, or no text for us.
inline json parse(std::string_view text, const options &limits) {
    if (text.size() > limits.max_text || !is_flat(text, limits.max_depth))
        return json(json::value_t::discarded);
    return json::parse(text, nullptr, false);
}

// Without parsing: most texts of an application's own are none.
inline bool may_be_rpc(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[') &&
           text.find("\"jsonrpc\"") != std::string_view::npos;
}

inline bool has_version(const json &what) {
    if (!what.is_object()) return false;
    const auto version = what.find("jsonrpc");
    return version != what.end() && version->is_string() && *version == "2.0";
}

inline bool is_rpc(const json &what) {
    return has_version(what) ||
           (what.is_array() &&
            std::any_of(what.begin(), what.end(), [](const json &each) { return has_version(each); }));
}

// The answers to the requests of a batch, sent when the last one is there.
class batch_answer {
  public:
    explicit batch_answer(session to) : to_(std::move(to)) {}

    // Called while the batch is read: the place of an answer.
    std::size_t expect() {
        const std::lock_guard lock(mutex_);
        ++missing_;
        texts_.emplace_back();
        return texts_.size() - 1;
    }
    // False: all are there, and could not be sent.
    bool fill(std::size_t place, std::string text) {
        const std::lock_guard lock(mutex_);
        texts_[place] = std::move(text);
        --missing_;
        return send_if_complete();
    }
    // All of it was read.
    void end() {
        const std::lock_guard lock(mutex_);
        read_ = true;
        send_if_complete();
    }

  private:
    bool send_if_complete() {
        if (!read_ || missing_ > 0 || texts_.empty()) return true;
        std::string all = "[";
        for (const std::string &text : texts_)
            all.append(all.size() > 1 ? "," : "").append(text);
        return send_answer(to_, all + "]");
    }

    const session to_;
    std::mutex mutex_;
    std::vector<std::string> texts_;
    std::size_t missing_ = 0;
    bool read_ = false;
};

// What an endpoint knows of a session; kept with the session, without a reference to it.
struct session_state {
    std::set<std::uint64_t> calls; // under the lock of the endpoint's core
    bool watched = false;          // as well
    std::atomic<std::size_t> unanswered{0};
};

// A request that was not answered yet. Destroyed unanswered, it says that it failed.
class request {
  public:
    // `id` discarded: a notification, which is never answered.
    request(session from, json id, std::shared_ptr<batch_answer> batch, std::shared_ptr<session_state> state)
        : from_(std::move(from)), id_(std::move(id)), batch_(std::move(batch)), state_(std::move(state)) {
        if (batch_ && !id_.is_discarded()) place_ = batch_->expect();
        ++state_->unanswered;
    }
    request(const request &) = delete;
    request &operator=(const request &) = delete;
    ~request() {
        try {
            fail({internal_error, "Internal error"});
        } catch (...) {
            // No memory: it will see a time-out.
        }
    }

    bool answer(const json &value) {
        return settle([&] { return result_text(value, id_); });
    }
    bool fail(const rpc::error &what) {
        return settle([&] { return error_text(what, id_); });
    }

  private:
    template <typename Write>
    bool settle(Write write) {
        if (settled_) return false;
        std::string text; // made first: a result may be none that can be written
        if (!id_.is_discarded()) text = write();
        if (settled_.exchange(true)) return false;
        --state_->unanswered;
        if (id_.is_discarded()) return false;
        return batch_ ? batch_->fill(place_, std::move(text)) : send_answer(from_, text);
    }

    const session from_;
    const json id_;
    const std::shared_ptr<batch_answer> batch_;
    const std::shared_ptr<session_state> state_;
    std::size_t place_ = 0;
    std::atomic<bool> settled_{false};
};

} // namespace detail

// -------- methods -----------------------------------------------------------------------------------------

// Answers one request, now or later, from any thread; copies mean the same request. When the last one goes
// without having answered, the peer gets internal_error. What it says to a notification goes nowhere.
class responder {
  public:
    explicit responder(std::shared_ptr<detail::request> to) : to_(std::move(to)) {}

    // False: it was answered before, the session has gone, or there was no room for the answer. Throws
    // json::type_error for texts that are not UTF-8; it is not answered then.
    bool result(const json &value) const { return to_->answer(value); }
    bool error(const rpc::error &what) const { return to_->fail(what); }
    bool error(int code, const std::string &message, json data = nullptr) const {
        return error(rpc::error(code, message, std::move(data)));
    }

  private:
    std::shared_ptr<detail::request> to_;
};

using method_handler = handler<session &, const json &, responder>; // ([session,] params, responder)

// -------- calls -------------------------------------------------------------------------------------------

namespace detail {

struct call {
    result_handler then;
    cryo_session *who;
    std::shared_ptr<session_state> state;
    clock::time_point deadline;
};

// What outlives the endpoint as long as somebody is inside: calls that wait, and the thread for their
// time-outs.
class core : public std::enable_shared_from_this<core> {
  public:
    explicit core(rpc::options wanted) : how(std::move(wanted)) {
        static std::atomic<std::uint64_t> next{0};
        key_ = "cryo.rpc " + std::to_string(++next);
    }

    // The endpoint goes, and the thread with it.
    void end() {
        std::vector<call> left;
        std::thread timer;
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
            for (auto &[id, waiting] : calls_) {
                waiting.state->calls.erase(id);
                left.push_back(std::move(waiting));
            }
            calls_.clear();
            deadlines_.clear();
            timer.swap(timer_);
        }
        sooner_.notify_all();
        if (timer.joinable() && timer.get_id() != std::this_thread::get_id())
            timer.join();
        else if (timer.joinable())
            timer.detach(); // it is the one that lets the endpoint go
        for (const call &each : left)
            static_cast<void>(tell(each, {failure::closed, 0, "the endpoint has gone", nullptr}));
    }

    std::shared_ptr<session_state> state_of(const session &of) {
        const std::lock_guard lock(mutex_);
        if (auto known = of.get<std::shared_ptr<session_state>>(key_)) return *known;
        auto made = std::make_shared<session_state>();
        of.set(key_, made);
        return made;
    }

    // Before the call is sent, as its answer may be here at once. Throws CRYO_ERR_FULL.
    std::uint64_t add(const session &to, result_handler then, std::chrono::milliseconds timeout) {
        const std::shared_ptr<session_state> state = state_of(to);
        watch(to, state);
        const clock::time_point deadline = clock::now() + (timeout.count() > 0 ? timeout : how.call_timeout);
        bool first = false;
        std::uint64_t id = 0;
        {
            const std::lock_guard lock(mutex_);
            if (state->calls.size() >= how.max_calls)
                throw cryo::error(CRYO_ERR_FULL, "The session has as many calls outstanding as it may.");
            id = ++last_id_;
            if (!timer_.joinable() && !over_)
                timer_ = std::thread([self = shared_from_this()]() mutable { run(std::move(self)); });
            calls_.emplace(id, call{std::move(then), to.native(), state, deadline});
            state->calls.insert(id);
            const auto place = deadlines_.emplace(deadline, id).first;
            first = place == deadlines_.begin();
        }
        if (first) sooner_.notify_all();
        return id;
    }

    // The call with this id of this session, which is over for the others now.
    std::optional<call> take(std::uint64_t id, cryo_session *who) {
        const std::lock_guard lock(mutex_);
        const auto found = calls_.find(id);
        if (found == calls_.end() || found->second.who != who) return std::nullopt;
        return remove(found);
    }

    void fail(std::uint64_t id, cryo_session *who, rpc::error why) {
        const std::optional<call> ended = take(id, who);
        if (!ended) return;
        if (const std::exception_ptr thrown = tell(*ended, std::move(why))) std::rethrow_exception(thrown);
    }

    // The session has closed, or lost its connection.
    void lost(session_state &state) {
        std::vector<call> left;
        {
            const std::lock_guard lock(mutex_);
            state.watched = false;
            while (!state.calls.empty())
                left.push_back(remove(calls_.find(*state.calls.begin())));
        }
        std::exception_ptr first;
        for (const call &each : left) {
            const std::exception_ptr thrown =
                tell(each, {failure::closed, 0, "the connection was lost before the answer came", nullptr});
            if (!first) first = thrown;
        }
        if (first) std::rethrow_exception(first);
    }

    const rpc::options how;

  private:
    using map = std::unordered_map<std::uint64_t, call>;

    // With the lock held.
    call remove(map::iterator which) {
        call taken = std::move(which->second);
        taken.state->calls.erase(which->first);
        deadlines_.erase({taken.deadline, which->first});
        calls_.erase(which);
        return taken;
    }

    // Answers with what was thrown there, if anything: others wait for their turn.
    static std::exception_ptr tell(const call &whom, rpc::error why) noexcept {
        try {
            if (whom.then) whom.then(result(std::move(why)));
        } catch (...) {
            return std::current_exception();
        }
        return nullptr;
    }

    void watch(const session &whom, const std::shared_ptr<session_state> &state) {
        if (!whom.has_handlers()) return; // its owner tells us: endpoint::lost
        {
            const std::lock_guard lock(mutex_);
            if (std::exchange(state->watched, true)) return;
        }
        const bool live = whom.at_loss([self = weak_from_this(), watched = std::weak_ptr(state)] {
            const auto here = self.lock();
            const auto there = watched.lock();
            if (here && there) here->lost(*there);
        });
        if (!live) throw cryo::error(CRYO_ERR_CLOSED, "The session is closed.");
    }

    static void run(std::shared_ptr<core> self) {
        std::unique_lock lock(self->mutex_);
        while (!self->over_) {
            if (self->deadlines_.empty()) {
                self->sooner_.wait(lock);
                continue;
            }
            const auto [deadline, id] = *self->deadlines_.begin();
            if (clock::now() < deadline) {
                self->sooner_.wait_until(lock, deadline);
                continue;
            }
            const call late = self->remove(self->calls_.find(id));
            lock.unlock();
            // What is thrown there has nobody to go to.
            static_cast<void>(tell(late, {failure::timed_out, 0, "no answer came in time", nullptr}));
            lock.lock();
        }
    }

    std::string key_;
    std::mutex mutex_;
    std::condition_variable sooner_;
    map calls_;
    std::set<std::pair<clock::time_point, std::uint64_t>> deadlines_;
    std::uint64_t last_id_ = 0;
    bool over_ = false;
    std::thread timer_; // from the first call on
};

} // namespace detail

// Several calls and notifications that go, and are answered, in one message.
class batch {
  public:
    batch &call(std::string method, json params, result_handler then) {
        all_.push_back({std::move(method), std::move(params), std::move(then), true});
        return *this;
    }
    batch &notify(std::string method, json params = nullptr) {
        all_.push_back({std::move(method), std::move(params), nullptr, false});
        return *this;
    }
    std::size_t size() const noexcept { return all_.size(); }

  private:
    friend class endpoint;
    struct entry {
        std::string method;
        json params;
        result_handler then;
        bool is_call;
    };
    std::vector<entry> all_;
};

// -------- endpoint ----------------------------------------------------------------------------------------

// Answers the requests of the sessions of all servers and clients to which it is added, and sends requests to
// them. When the last reference goes, its calls end with failure::closed.
class endpoint : public extension {
  public:
    explicit endpoint(rpc::options how = {}) : core_(std::make_shared<detail::core>(std::move(how))) {}
    ~endpoint() override { core_->end(); }

    // Registers a method, or replaces it: a callable with ([session &,] const json &params) that returns the
    // result (or nothing, which is null), or with ([session &,] const json &params, responder). `params` is
    // an array, an object, or null where there are none. Throws CRYO_ERR_INVALID for a name that begins with
    // "rpc.", which the specification keeps for itself.
    template <typename F>
    void method(const std::string &name, F &&does) {
        if (name.rfind("rpc.", 0) == 0)
            throw cryo::error(CRYO_ERR_INVALID, "The names of methods do not begin with rpc.");
        method_handler made = to_method(std::forward<F>(does));
        const std::unique_lock lock(methods_mutex_);
        std::swap(methods_[name], made); // the old one is destroyed after the lock has gone
    }
    // False: there is none.
    bool remove_method(const std::string &name) {
        const std::unique_lock lock(methods_mutex_);
        return methods_.erase(name) != 0;
    }

    // Calls a method of the peer. `params`: an array, an object, or null for none. Throws as session::send,
    // and CRYO_ERR_CLOSED where that answers false, CRYO_ERR_FULL also for one call too many: `then` is not
    // called then. timeout 0: that of the options.
    void call(const session &to, std::string_view method, const json &params, result_handler then,
              std::chrono::milliseconds timeout = {}) const {
        // Looked at first, as an id should not be taken in vain.
        static_cast<void>(detail::request_text(method, params, nullptr));
        const std::uint64_t id = core_->add(to, std::move(then), timeout);
        send_calls(to, detail::request_text(method, params, id), {id});
    }

    // The same for threads that may wait: get() gives the result, or throws rpc::error. Not to be waited for
    // in a handler or a method.
    std::future<json> call(const session &to, std::string_view method, const json &params = nullptr,
                           std::chrono::milliseconds timeout = {}) const {
        auto promise = std::make_shared<std::promise<json>>();
        std::future<json> answer = promise->get_future();
        call(
            to, method, params,
            [promise](const result &ended) {
                if (const rpc::error *const failed = ended.error())
                    promise->set_exception(std::make_exception_ptr(*failed));
                else
                    promise->set_value(ended.value());
            },
            timeout);
        return answer;
    }

    // Tells the peer, which does not answer. As session::send.
    bool notify(const session &to, std::string_view method, const json &params = nullptr) const {
        return to.send(notification(method, params));
    }

    // The text of a notification, for server::broadcast.
    static std::string notification(std::string_view method, const json &params = nullptr) {
        return detail::request_text(method, params, nullptr);
    }

    // Sends a batch, as call(). CRYO_ERR_INVALID for one that is empty, or longer than options::max_batch.
    void send(const session &to, batch what, std::chrono::milliseconds timeout = {}) const {
        if (what.size() == 0 || what.size() > core_->how.max_batch)
            throw cryo::error(CRYO_ERR_INVALID, "A batch has at least one entry, and at most max_batch.");
        for (const batch::entry &each : what.all_)
            static_cast<void>(detail::request_text(each.method, each.params, nullptr));
        std::vector<std::uint64_t> ids;
        std::string text = "[";
        try {
            for (batch::entry &each : what.all_) {
                json id;
                if (each.is_call) id = ids.emplace_back(core_->add(to, std::move(each.then), timeout));
                text.append(text.size() > 1 ? "," : "")
                    .append(detail::request_text(each.method, each.params, id));
            }
        } catch (...) {
            take_back(to, ids);
            throw;
        }
        send_calls(to, text + "]", std::move(ids));
    }

    // Where the events go to a queue: to be called when the session has closed or is disconnected, so that
    // its calls end at once and not at their time-out.
    void lost(const session &whom) const { core_->lost(*core_->state_of(whom)); }

    // ---- extension

    std::string name() const override { return core_->how.name; }
    // A hook that has failed has done its work all the same, and is only logged.
    extension_options options() const override { return {.on_failure = verdict::stop}; }

    void on_receive_utf8(session &from, hook ticket) override {
        const std::string_view text = ticket.text();
        const bool strict = core_->how.strict;
        if (!strict && !detail::may_be_rpc(text)) return; // the ticket lets it pass
        const json what = detail::parse(text, core_->how);
        if (!strict && !detail::is_rpc(what)) return;
        std::string failures;
        if (what.is_discarded())
            detail::send_answer(from, detail::error_text({parse_error, "Parse error"}, nullptr));
        else if (what.is_array())
            take_batch(from, what, failures);
        else
            take_one(from, what, nullptr, failures);
        if (failures.empty())
            ticket.stop();
        else
            ticket.fail(failures);
    }

  private:
    // -------- requests that come

    void take_batch(session &from, const json &all, std::string &failures) {
        if (all.empty() || all.size() > core_->how.max_batch) {
            const json why = all.empty() ? json() : json("too many requests in a batch");
            detail::send_answer(from, detail::error_text({invalid_request, "Invalid Request", why}, nullptr));
            return;
        }
        const auto answers = std::make_shared<detail::batch_answer>(from);
        for (const json &each : all)
            take_one(from, each, answers, failures);
        answers->end();
    }

    void take_one(session &from, const json &what, const std::shared_ptr<detail::batch_answer> &batch,
                  std::string &failures) {
        if (is_response(what)) return take_response(from, what, failures);
        const std::shared_ptr<detail::session_state> state = core_->state_of(from);
        const bool valid = is_request(what);
        json id = json(json::value_t::discarded); // a notification
        if (what.is_object() && what.contains("id") && is_id(what["id"]))
            id = what["id"];
        else if (!valid)
            id = nullptr;
        const auto request = std::make_shared<detail::request>(from, std::move(id), batch, state);
        if (!valid) {
            request->fail({invalid_request, "Invalid Request"});
        } else if (state->unanswered > core_->how.max_requests) {
            request->fail({busy, "Too many requests are unanswered"});
        } else if (const method_handler method = find(what["method"].get_ref<const std::string &>())) {
            run(method, from, what, request, failures);
        } else {
            request->fail({method_not_found, "Method not found"});
        }
    }

    static void run(const method_handler &method, session &from, const json &what,
                    const std::shared_ptr<detail::request> &request, std::string &failures) {
        const auto params = what.find("params");
        const auto failed = [&](const char *why) {
            request->fail({internal_error, "Internal error"});
            if (!failures.empty()) failures += "; ";
            failures += "the method " + what["method"].dump() + " failed: " + why;
        };
        try {
            method(from, params == what.end() ? json() : *params, responder(request));
        } catch (const rpc::error &e) {
            request->fail(e);
        } catch (const std::exception &e) {
            failed(e.what());
        } catch (...) {
            failed("something that is no std::exception");
        }
    }

    method_handler find(const std::string &name) const {
        const std::shared_lock lock(methods_mutex_);
        const auto found = methods_.find(name);
        return found == methods_.end() ? method_handler() : found->second;
    }

    static bool is_id(const json &id) { return id.is_string() || id.is_number() || id.is_null(); }

    static bool is_request(const json &what) {
        if (!detail::has_version(what)) return false;
        const auto method = what.find("method");
        const auto params = what.find("params");
        const auto id = what.find("id");
        return method != what.end() && method->is_string() &&
               (params == what.end() || params->is_structured()) && (id == what.end() || is_id(*id));
    }

    // Of two peers that misunderstand each other, none must answer the other's errors.
    static bool is_response(const json &what) {
        return what.is_object() && !what.contains("method") &&
               (what.contains("result") || what.contains("error"));
    }

    template <typename F>
    static method_handler to_method(F &&does) {
        using function = std::decay_t<F>;
        if constexpr (cryo::detail::handles<function, session &, const json &, responder>) {
            return method_handler(std::forward<F>(does));
        } else {
            static_assert(cryo::detail::handles<function, session &, const json &>,
                          "A method takes ([session &,] const json &params [, responder]).");
            return method_handler([does = function(std::forward<F>(does))](session &from, const json &params,
                                                                           const responder &answer) mutable {
                if constexpr (std::invocable<function &, session &, const json &>)
                    finish(answer, does, from, params);
                else
                    finish(answer, does, params);
            });
        }
    }

    template <typename F, typename... Args>
    static void finish(const responder &answer, F &does, Args &...args) {
        if constexpr (std::is_void_v<std::invoke_result_t<F &, Args &...>>) {
            std::invoke(does, args...);
            answer.result(nullptr);
        } else {
            answer.result(std::invoke(does, args...));
        }
    }

    // -------- calls that go

    void take_response(session &from, const json &what, std::string &failures) {
        const auto id = what.find("id");
        std::optional<detail::call> ended;
        if (detail::has_version(what) && id != what.end() && id->is_number_unsigned())
            ended = core_->take(id->get<std::uint64_t>(), from.native());
        try {
            if (!ended && core_->how.unmatched)
                core_->how.unmatched(from, what);
            else if (ended && ended->then)
                ended->then(to_result(what));
        } catch (const std::exception &e) {
            failures += std::string("what an answer was given to failed: ") + e.what();
        } catch (...) {
            failures += "what an answer was given to failed";
        }
    }

    static result to_result(const json &what) {
        const auto failed = what.find("error");
        if (failed == what.end()) return result(what["result"]);
        int code = 0;
        std::string message;
        json data;
        if (failed->is_object()) {
            if (const auto it = failed->find("code"); it != failed->end() && it->is_number_integer())
                code = it->get<int>();
            if (const auto it = failed->find("message"); it != failed->end() && it->is_string())
                message = it->get<std::string>();
            if (const auto it = failed->find("data"); it != failed->end()) data = *it;
        }
        return result(rpc::error(code, message, std::move(data)));
    }

    // Those of them that did not end meanwhile.
    bool take_back(const session &to, const std::vector<std::uint64_t> &ids) const {
        bool any = false;
        for (const std::uint64_t id : ids)
            any = core_->take(id, to.native()).has_value() || any;
        return any;
    }

    void send_calls(const session &to, const std::string &text, std::vector<std::uint64_t> ids) const {
        try {
            if (to.has_handlers() ? to.send(text, early_end(to, ids)) : to.send(text)) return;
        } catch (...) {
            if (take_back(to, ids) || ids.empty()) throw;
            return; // what they are given to has been told
        }
        if (take_back(to, ids) || ids.empty()) throw cryo::error(CRYO_ERR_CLOSED, "The session is closed.");
    }

    // No answer comes to what does not leave.
    send_options early_end(const session &to, std::vector<std::uint64_t> ids) const {
        return {.done = [core = std::weak_ptr(core_), who = to.native(),
                         ids = std::move(ids)](const receipt &fate) {
            if (fate.outcome != outcome::dropped && fate.outcome != outcome::vetoed) return;
            const auto here = core.lock();
            for (const std::uint64_t id : ids)
                if (here)
                    here->fail(id, who, {failure::not_sent, 0, "not sent: " + std::string(fate.by), nullptr});
        }};
    }

    const std::shared_ptr<detail::core> core_;
    mutable std::shared_mutex methods_mutex_;
    std::map<std::string, method_handler> methods_;
};

} // namespace cryo::rpc

#endif // CRYO_RPC_HPP
