// JSON-RPC: answers now and later, calls and their ends, limits, and what peers may try.
#include "facade_support.hpp"

#include <cryo_rpc.hpp>

#include <thread>

using namespace cryo_test;
using cryo::rpc::failure;
using cryo::rpc::json;

namespace {

// Servers' side: an endpoint, and a client of no code of ours.
struct raw {
    explicit raw(cryo::rpc::options how = {}) : rpc(std::make_shared<cryo::rpc::endpoint>(std::move(how))) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.on_message([this](cryo::message what) { passed.put(std::string(what.text())); });
        server.add(rpc);
        server.start();
        client.connect(server.port(), {});
        session = sessions.get();
    }

    json ask(const std::string &text) {
        client.send_text(text);
        return json::parse(client.receive_text());
    }
    json ask(const std::string &method, const json &params, const json &id = 1) {
        return ask(json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}, {"id", id}}.dump());
    }

    mailbox<cryo::session> sessions;
    mailbox<std::string> passed;
    std::shared_ptr<cryo::rpc::endpoint> rpc;
    cryo::server server{any_port(), accept_all};
    foreign_client client;
    cryo::session session;
};

// Both sides ours.
struct both {
    explicit both(cryo::rpc::options how = {})
        : theirs(std::make_shared<cryo::rpc::endpoint>()),
          ours(std::make_shared<cryo::rpc::endpoint>(std::move(how))) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.add(theirs);
        server.start();
        client.emplace(connecting_to(server.port()));
        client->on_connected([this](cryo::session &) { connected.put(true); });
        client->on_disconnected([this](int, std::string_view) { events.put("disconnected"); });
        client->on_reconnected([this](cryo::session &) { events.put("reconnected"); });
        client->add(ours);
        client->start();
        connected.get();
        there = sessions.get();
        here = client->session();
    }

    mailbox<cryo::session> sessions;
    mailbox<bool> connected;
    mailbox<std::string> events;
    std::shared_ptr<cryo::rpc::endpoint> theirs;
    std::shared_ptr<cryo::rpc::endpoint> ours;
    cryo::server server{any_port(), accept_all};
    std::optional<cryo::client> client;
    cryo::session there;
    cryo::session here;
};

json error_of(int code, const std::string &message, const json &id) {
    return {{"jsonrpc", "2.0"}, {"error", {{"code", code}, {"message", message}}}, {"id", id}};
}

json result_of(const json &value, const json &id) {
    return {{"jsonrpc", "2.0"}, {"result", value}, {"id", id}};
}

// What a call ends with, as text.
cryo::rpc::result_handler teller(mailbox<std::string> &to) {
    return [&to](const cryo::rpc::result &ended) {
        if (ended) return to.put(ended.value().dump());
        const char *const names[] = {"peer", "timed out", "closed", "not sent"};
        to.put(std::string(names[static_cast<int>(ended.error()->why())]) + " " +
               std::to_string(ended.error()->code()) + " " + ended.error()->what());
    };
}

cryo::rpc::failure failure_of(std::future<json> &answer) {
    try {
        answer.get();
    } catch (const cryo::rpc::error &e) {
        return e.why();
    }
    throw std::runtime_error("it did not fail");
}

} // namespace

static void test_all_kinds_of_methods(void **) {
    raw talk;
    mailbox<cryo::rpc::responder> later;
    talk.rpc->method("value", [](const json &params) { return params; });
    talk.rpc->method("nothing", [](const json &) {});
    talk.rpc->method("who", [&](cryo::session &from, const json &) { return from.id_text(); });
    talk.rpc->method("at once",
                     [](const json &, const cryo::rpc::responder &answer) { answer.result("now"); });
    talk.rpc->method("later", [&](const cryo::session &from, const json &, cryo::rpc::responder answer) {
        assert_true(from == talk.session);
        later.put(std::move(answer));
    });
    assert_true(talk.ask("value", {1, "two", nullptr}) == result_of({1, "two", nullptr}, 1));
    assert_true(talk.ask("value", json::object()) == result_of(json::object(), 1));
    assert_true(talk.ask(R"({"jsonrpc":"2.0","method":"value","id":0})") == result_of(nullptr, 0));
    assert_true(talk.ask("nothing", json::array()) == result_of(nullptr, 1));
    assert_true(talk.ask("who", json::array()) == result_of(talk.session.id_text(), 1));
    assert_true(talk.ask("at once", json::array()) == result_of("now", 1));
    talk.client.send_text(R"({"jsonrpc":"2.0","method":"later","id":"first"})");
    talk.client.send_text(R"({"jsonrpc":"2.0","method":"later","id":"second"})");
    const cryo::rpc::responder first = later.get();
    const cryo::rpc::responder second = later.get();
    std::thread([&] { assert_true(second.result(2)); }).join();
    assert_true(json::parse(talk.client.receive_text()) == result_of(2, "second"));
    assert_true(first.error(7, "no", {{"why", "so"}}));
    assert_true(json::parse(talk.client.receive_text()) ==
                json({{"jsonrpc", "2.0"},
                      {"error", {{"code", 7}, {"message", "no"}, {"data", {{"why", "so"}}}}},
                      {"id", "first"}}));
    assert_false(first.result(1) || second.result(1));

    talk.rpc->method("value", [](const json &) { return "replaced"; });
    assert_true(talk.ask("value", {1}) == result_of("replaced", 1));
    assert_true(talk.rpc->remove_method("value"));
    assert_false(talk.rpc->remove_method("value"));
    assert_true(talk.ask("value", {1}) == error_of(-32601, "Method not found", 1));
    assert_int_equal(status_of([&] { talk.rpc->method("rpc.list", [](const json &) {}); }), CRYO_ERR_INVALID);
}

static void test_all_kinds_of_ids(void **) {
    raw talk;
    talk.rpc->method("m", [](const json &) { return true; });
    for (const json &id : {json("text"), json(""), json(0), json(-1), json(18446744073709551615u), json(1.5),
                           json(nullptr), json("\u00fc\"")})
        assert_true(talk.ask("m", json::array(), id) == result_of(true, id));
    for (const json &id : {json::array({1}), json::object(), json(true)})
        assert_true(talk.ask("m", json::array(), id) == error_of(-32600, "Invalid Request", nullptr));
    // An id that is good is told in an answer to a request that is not.
    assert_true(talk.ask(R"({"jsonrpc":"2.0","method":5,"id":5})") == error_of(-32600, "Invalid Request", 5));
    assert_true(talk.ask(R"({"jsonrpc":"2.0","method":"m","params":5,"id":5})") ==
                error_of(-32600, "Invalid Request", 5));
    assert_true(talk.ask(R"({"jsonrpc":"2.0"})") == error_of(-32600, "Invalid Request", nullptr));
}

static void test_methods_that_fail(void **) {
    captured_log log;
    raw talk({.name = "calculator"});
    talk.rpc->method("argument", [](const json &params) { return cryo::rpc::argument<int>(params, 0, "n"); });
    talk.rpc->method("own", [](const json &) -> json { throw cryo::rpc::error(1234, "own", {1}); });
    talk.rpc->method("exception", [](const json &) { throw std::runtime_error("inside knowledge"); });
    talk.rpc->method("42", [](const json &) { throw 42; });
    talk.rpc->method("no utf-8", [](const json &) { return "\xff"; });
    talk.rpc->method("forgets", [](const json &, cryo::rpc::responder) {});
    talk.rpc->method("throws later form",
                     [](const json &, cryo::rpc::responder) { throw cryo::rpc::error(5, "five"); });
    assert_true(talk.ask("argument", {7}) == result_of(7, 1));
    assert_true(talk.ask("argument", {{"n", 8}}) == result_of(8, 1));
    assert_true(talk.ask("argument", json::array()) == error_of(-32602, "Invalid params: there is no n", 1));
    assert_true(talk.ask("argument", {"seven"}) ==
                error_of(-32602, "Invalid params: n is of another type", 1));
    assert_true(talk.ask("own", json::array())["error"] ==
                json({{"code", 1234}, {"message", "own"}, {"data", {1}}}));
    for (const char *const method : {"exception", "42", "no utf-8", "forgets"})
        assert_true(talk.ask(method, json::array()) == error_of(-32603, "Internal error", 1));
    assert_true(talk.ask("throws later form", json::array()) == error_of(5, "five", 1));
    const auto logged = [&](const char *text) {
        for (;;) {
            const std::string line = log.lines.get();
            if (line.find("calculator") != std::string::npos && line.find(text) != std::string::npos) return;
        }
    };
    logged("inside knowledge");
    logged("no std::exception");
    assert_int_equal(talk.passed.size(), 0);
}

static void test_a_batch_is_answered_when_all_of_it_is(void **) {
    raw talk;
    mailbox<cryo::rpc::responder> later;
    talk.rpc->method("now", [](const json &) { return "now"; });
    talk.rpc->method("later",
                     [&](const json &, cryo::rpc::responder answer) { later.put(std::move(answer)); });
    talk.client.send_text(
        R"([{"jsonrpc":"2.0","method":"later","id":1},{"jsonrpc":"2.0","method":"now","id":2},
        {"jsonrpc":"2.0","method":"later"},{"jsonrpc":"2.0","method":"later","id":3}])");
    const cryo::rpc::responder first = later.get();
    const cryo::rpc::responder notified = later.get();
    assert_true(talk.ask("now", json::array()) == result_of("now", 1)); // nothing came before
    {
        const cryo::rpc::responder third = later.get();
        assert_false(notified.result("goes nowhere"));
        assert_true(first.result("first"));
    }
    assert_true(
        json::parse(talk.client.receive_text()) ==
        json::array({result_of("first", 1), result_of("now", 2), error_of(-32603, "Internal error", 3)}));
}

static void test_limits_of_what_is_asked(void **) {
    raw talk({.strict = true, .max_requests = 2, .max_batch = 3, .max_text = 1000, .max_depth = 8});
    mailbox<cryo::rpc::responder> later;
    talk.rpc->method("now", [](const json &) { return "now"; });
    talk.rpc->method("later",
                     [&](const json &, cryo::rpc::responder answer) { later.put(std::move(answer)); });
    json batch = json::array();
    for (int i = 0; i < 3; ++i)
        batch.push_back({{"jsonrpc", "2.0"}, {"method", "now"}, {"id", i}});
    assert_int_equal(talk.ask(batch.dump()).size(), 3);
    batch.push_back(batch.front());
    assert_true(talk.ask(batch.dump())["error"]["code"] == -32600);

    assert_true(talk.ask(std::string(8, '[') + std::string(8, ']'))[0]["error"]["code"] == -32600);
    assert_true(talk.ask(std::string(9, '[') + std::string(9, ']'))["error"]["code"] == -32700);
    assert_true(talk.ask("[\"" + std::string(100, '[') + "\\\"\"]")[0]["error"]["code"] == -32600);
    assert_true(talk.ask("[" + std::string(999, ' ') + "]")["error"]["code"] == -32700);

    for (int i = 0; i < 2; ++i)
        talk.client.send_text(R"({"jsonrpc":"2.0","method":"later","id":1})");
    const cryo::rpc::responder first = later.get();
    assert_true(talk.ask("now", json::array()) ==
                error_of(cryo::rpc::busy, "Too many requests are unanswered", 1));
    first.result(1);
    assert_true(json::parse(talk.client.receive_text()) == result_of(1, 1));
    assert_true(talk.ask("now", json::array()) == result_of("now", 1));
    later.get();
}

static void test_calls_in_both_directions(void **) {
    both talk;
    talk.theirs->method("double", [](const json &params) { return 2 * params.at(0).get<int>(); });
    talk.ours->method("greet", [](const json &params) {
        return "Hello, " + cryo::rpc::argument<std::string>(params, 0, "name");
    });
    mailbox<std::string> told;
    talk.ours->call(talk.here, "double", {21}, teller(told));
    assert_string_equal(told.get().c_str(), "42");
    talk.theirs->call(talk.there, "greet", {{"name", "Ada"}}, teller(told));
    assert_string_equal(told.get().c_str(), "\"Hello, Ada\"");
    assert_true(talk.ours->call(talk.here, "double", {4}).get() == 8);
    talk.ours->call(talk.here, "nothing", nullptr, teller(told));
    assert_string_equal(told.get().c_str(), "peer -32601 Method not found");
    std::future<json> failed = talk.ours->call(talk.here, "nothing");
    assert_true(failure_of(failed) == failure::peer);

    talk.theirs->method("note", [&](const json &params) { told.put("noted " + params.dump()); });
    assert_true(talk.ours->notify(talk.here, "note", {1}));
    assert_string_equal(told.get().c_str(), "noted [1]");
    talk.ours->method("news", [&](const json &params) { told.put("news " + params.dump()); });
    assert_int_equal(talk.server.broadcast(cryo::rpc::endpoint::notification("news")), 1);
    assert_string_equal(told.get().c_str(), "news null");

    // From within a method, and many at once.
    talk.theirs->method(
        "ask back", [&](cryo::session &from, const json &params, cryo::rpc::responder answer) {
            talk.theirs->call(from, "greet", params,
                              [answer](const cryo::rpc::result &r) { answer.result(r.value()); });
        });
    std::vector<std::future<json>> answers;
    for (int i = 0; i < 200; ++i)
        answers.push_back(talk.ours->call(talk.here, "ask back", {std::to_string(i)}));
    for (int i = 0; i < 200; ++i)
        assert_true(answers.at(static_cast<std::size_t>(i)).get() == "Hello, " + std::to_string(i));
}

static void test_batches_go_as_well(void **) {
    both talk({.max_batch = 4});
    mailbox<std::string> told;
    talk.theirs->method("double", [](const json &params) { return 2 * params.at(0).get<int>(); });
    talk.theirs->method("note", [&](const json &) { told.put("noted"); });
    cryo::rpc::batch batch;
    batch.call("double", {1}, teller(told))
        .notify("note")
        .call("none", nullptr, teller(told))
        .call("double", {2}, teller(told));
    talk.ours->send(talk.here, std::move(batch));
    for (const char *const expected : {"noted", "2", "peer -32601 Method not found", "4"})
        assert_string_equal(told.get().c_str(), expected);
    cryo::rpc::batch notes;
    notes.notify("note");
    talk.ours->send(talk.here, notes);
    assert_string_equal(told.get().c_str(), "noted");

    cryo::rpc::batch too_many;
    assert_int_equal(status_of([&] { talk.ours->send(talk.here, too_many); }), CRYO_ERR_INVALID);
    for (int i = 0; i < 5; ++i)
        too_many.call("double", {1}, teller(told));
    assert_int_equal(status_of([&] { talk.ours->send(talk.here, too_many); }), CRYO_ERR_INVALID);
    assert_int_equal(told.size(), 0);
}

static void test_a_call_that_is_not_answered_ends_in_time(void **) {
    raw talk({.call_timeout = std::chrono::milliseconds(30)});
    mailbox<std::string> told;
    talk.rpc->call(talk.session, "slow", nullptr, teller(told), std::chrono::milliseconds(60));
    talk.rpc->call(talk.session, "fast", nullptr, teller(told), std::chrono::milliseconds(10));
    talk.rpc->call(talk.session, "default", nullptr, teller(told));
    for (int i = 0; i < 3; ++i)
        assert_string_equal(told.get().c_str(), "timed out 0 no answer came in time");
    std::future<json> never = talk.rpc->call(talk.session, "never", nullptr, std::chrono::milliseconds(1));
    assert_true(failure_of(never) == failure::timed_out);
    talk.rpc->call(talk.session, "thrown", nullptr, [&](const cryo::rpc::result &) {
        told.put("thrown");
        throw std::runtime_error("into the void");
    });
    assert_string_equal(told.get().c_str(), "thrown");
    std::future<json> still = talk.rpc->call(talk.session, "never");
    assert_true(failure_of(still) == failure::timed_out);
}

static void test_answers_that_belong_to_no_call(void **) {
    mailbox<std::string> unmatched;
    raw talk({.unmatched = [&](cryo::session &, const json &what) { unmatched.put(what.dump()); }});
    mailbox<std::string> told;
    foreign_client other(talk.server.port());
    const cryo::session others = talk.sessions.get();
    talk.rpc->call(talk.session, "question", {1}, teller(told));
    const json question = json::parse(talk.client.receive_text());
    assert_true(question["method"] == "question" && question["params"] == json({1}));
    const json id = question["id"];

    // Another session's answer does not count, nor does one with another id, or for the second time.
    other.send_text(result_of("forged", id).dump());
    assert_true(json::parse(unmatched.get())["result"] == "forged");
    for (const json &wrong : {json("1"), json(nullptr), json(-1), json(0), json(1.5), json::array()}) {
        talk.client.send_text(result_of("wrong", wrong).dump());
        assert_true(json::parse(unmatched.get())["result"] == "wrong");
    }
    talk.client.send_text(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null})");
    assert_true(json::parse(unmatched.get())["error"]["code"] == -32700);
    assert_int_equal(told.size(), 0);
    talk.client.send_text(result_of("right", id).dump());
    assert_string_equal(told.get().c_str(), "\"right\"");
    talk.client.send_text(result_of("twice", id).dump());
    assert_true(json::parse(unmatched.get())["result"] == "twice");

    // Errors of all shapes are errors.
    for (const char *const error : {"null", "5", "{}", R"({"code":"x","message":5})", R"({"code":1e300})"}) {
        talk.rpc->call(talk.session, "question", nullptr, teller(told));
        const json asked = json::parse(talk.client.receive_text());
        talk.client.send_text(R"({"jsonrpc":"2.0","id":)" + asked["id"].dump() + R"(,"error":)" + error +
                              "}");
        assert_int_equal(told.get().rfind("peer ", 0), 0);
    }
    assert_int_equal(talk.passed.size(), 0);
}

static void test_calls_end_with_their_session(void **) {
    raw talk;
    mailbox<std::string> told;
    for (int i = 0; i < 3; ++i)
        talk.rpc->call(talk.session, "never answered", nullptr, teller(told));
    foreign_client other(talk.server.port());
    const cryo::session others = talk.sessions.get();
    std::future<json> stays = talk.rpc->call(others, "answered");
    talk.client.reset();
    for (int i = 0; i < 3; ++i)
        assert_string_equal(told.get().c_str(), "closed 0 the connection was lost before the answer came");
    const json asked = json::parse(other.receive_text());
    other.send_text(result_of("yes", asked["id"]).dump());
    assert_true(stays.get() == "yes");
    assert_int_equal(status_of([&] { talk.rpc->call(talk.session, "x", nullptr, teller(told)); }),
                     CRYO_ERR_CLOSED);
    assert_int_equal(told.size(), 0);
}

static void test_a_client_that_loses_its_connection(void **) {
    both talk;
    mailbox<std::string> told;
    mailbox<cryo::rpc::responder> never;
    talk.theirs->method("never",
                        [&](const json &, cryo::rpc::responder answer) { never.put(std::move(answer)); });
    talk.theirs->method("one", [](const json &) { return 1; });
    talk.ours->call(talk.here, "never", nullptr, teller(told));
    const cryo::rpc::responder first = never.get();
    talk.there.close(3000, "away"); // after which it comes back
    assert_string_equal(told.get().c_str(), "closed 0 the connection was lost before the answer came");
    assert_string_equal(talk.events.get().c_str(), "disconnected");
    assert_string_equal(talk.events.get().c_str(), "reconnected");
    assert_true(talk.ours->call(talk.here, "one").get() == 1);
    // And once more, as the session is watched again.
    talk.ours->call(talk.here, "never", nullptr, teller(told));
    const cryo::rpc::responder second = never.get();
    talk.sessions.get().close(3000, "away");
    assert_string_equal(told.get().c_str(), "closed 0 the connection was lost before the answer came");
}

static void test_limits_of_what_is_called(void **) {
    mailbox<std::string> told; // lives longer than the calls that are never answered
    raw talk({.max_calls = 2});
    const auto call = [&] { talk.rpc->call(talk.session, "x", nullptr, teller(told)); };
    call();
    call();
    assert_int_equal(status_of(call), CRYO_ERR_FULL);
    const json asked = json::parse(talk.client.receive_text());
    talk.client.send_text(result_of(1, asked["id"]).dump());
    assert_string_equal(told.get().c_str(), "1");
    call();
    assert_int_equal(status_of([&] { talk.rpc->call(talk.session, "x", 5, teller(told)); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { talk.rpc->call(talk.session, "\xff", nullptr, teller(told)); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { talk.rpc->notify(talk.session, "x", "text"); }), CRYO_ERR_INVALID);
    assert_int_equal(told.size(), 0);
}

static void test_a_call_that_does_not_leave(void **) {
    raw talk;
    mailbox<std::string> told;
    talk.server.add("censor", {.before_send_utf8 = [](cryo::hook ticket) { ticket.stop(); }});
    talk.rpc->call(talk.session, "x", nullptr, teller(told));
    assert_string_equal(told.get().c_str(), "not sent 0 not sent: censor");
    cryo::rpc::batch batch;
    batch.call("a", nullptr, teller(told)).call("b", nullptr, teller(told));
    talk.rpc->send(talk.session, batch);
    for (int i = 0; i < 2; ++i)
        assert_string_equal(told.get().c_str(), "not sent 0 not sent: censor");
}

static void test_an_endpoint_that_goes(void **) {
    std::atomic<int> alive{0};
    mailbox<std::string> told;
    {
        raw talk;
        talk.rpc->method("kept", [keep = counted(alive)](const json &) {});
        for (int i = 0; i < 3; ++i)
            talk.rpc->call(
                talk.session, "x", nullptr,
                [&, keep = counted(alive)](const cryo::rpc::result &r) { told.put(r.error()->what()); });
        talk.server.remove("rpc");
        talk.rpc.reset();
        for (int i = 0; i < 3; ++i)
            assert_string_equal(told.get().c_str(), "the endpoint has gone");
        talk.client.send_text(R"({"jsonrpc":"2.0","method":"kept","id":1})");
        assert_string_equal(talk.passed.get().c_str(), R"({"jsonrpc":"2.0","method":"kept","id":1})");
    }
    assert_int_equal(alive, 0);

    // By its own thread.
    raw talk;
    mailbox<bool> called; // it is not to go while it is being used
    talk.server.remove("rpc");
    talk.rpc->call(
        talk.session, "x", nullptr,
        [&](const cryo::rpc::result &) {
            called.get();
            talk.rpc.reset();
            told.put("gone");
        },
        std::chrono::milliseconds(20));
    called.put(true);
    assert_string_equal(told.get().c_str(), "gone");
}

static void test_where_events_are_pulled(void **) {
    cryo::queue queue;
    cryo::server server(any_port(), accept_all, queue);
    const auto rpc = std::make_shared<cryo::rpc::endpoint>();
    rpc->method("one", [](const json &) { return 1; });
    server.add(rpc);
    server.start();
    const auto next = [&](cryo::event_kind kind) {
        for (;;) {
            std::optional<cryo::event> event = queue.next(patience);
            if (!event) throw std::runtime_error("no event came");
            if (event->kind() == kind) return std::move(*event);
        }
    };
    foreign_client client(server.port());
    const cryo::session session = next(cryo::event_kind::session).session();
    client.send_text(R"({"jsonrpc":"2.0","method":"one","id":1})");
    assert_true(json::parse(client.receive_text()) == result_of(1, 1));
    std::future<json> answer = rpc->call(session, "two");
    const json asked = json::parse(client.receive_text());
    client.send_text(result_of(2, asked["id"]).dump());
    assert_true(answer.get() == 2);
    std::future<json> lost = rpc->call(session, "three");
    client.reset();
    rpc->lost(next(cryo::event_kind::closed).session());
    assert_true(failure_of(lost) == failure::closed);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_all_kinds_of_methods),
        cmocka_unit_test(test_all_kinds_of_ids),
        cmocka_unit_test(test_methods_that_fail),
        cmocka_unit_test(test_a_batch_is_answered_when_all_of_it_is),
        cmocka_unit_test(test_limits_of_what_is_asked),
        cmocka_unit_test(test_calls_in_both_directions),
        cmocka_unit_test(test_batches_go_as_well),
        cmocka_unit_test(test_a_call_that_is_not_answered_ends_in_time),
        cmocka_unit_test(test_answers_that_belong_to_no_call),
        cmocka_unit_test(test_calls_end_with_their_session),
        cmocka_unit_test(test_a_client_that_loses_its_connection),
        cmocka_unit_test(test_limits_of_what_is_called),
        cmocka_unit_test(test_a_call_that_does_not_leave),
        cmocka_unit_test(test_an_endpoint_that_goes),
        cmocka_unit_test(test_where_events_are_pulled),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
