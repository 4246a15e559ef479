// JSON-RPC against each example of the specification's section 7, sent as it stands there, in both
// directions.
#include "facade_support.hpp"

#include <cryo_rpc.hpp>

using namespace cryo_test;
using cryo::rpc::json;

namespace {

std::shared_ptr<cryo::rpc::endpoint> make_endpoint(mailbox<std::string> &notified, cryo::rpc::options how) {
    auto rpc = std::make_shared<cryo::rpc::endpoint>(std::move(how));
    rpc->method("subtract", [](const json &params) {
        return cryo::rpc::argument<int>(params, 0, "minuend") -
               cryo::rpc::argument<int>(params, 1, "subtrahend");
    });
    rpc->method("sum", [](const json &params) {
        int sum = 0;
        for (const json &each : params)
            sum += each.get<int>();
        return sum;
    });
    rpc->method("get_data", [](const json &) { return json{"hello", 5}; });
    for (const char *const name : {"update", "notify_hello", "notify_sum"})
        rpc->method(name, [&notified, name](const json &params) { notified.put(name + params.dump()); });
    return rpc;
}

struct example {
    std::string sent;
    std::string answer; // "": none
};

// As the specification has them, with its spaces and line breaks.
const std::vector<example> &of_the_specification() {
    static const std::vector<example> all{
        // rpc call with positional parameters
        {R"({"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1})",
         R"({"jsonrpc": "2.0", "result": 19, "id": 1})"},
        {R"({"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2})",
         R"({"jsonrpc": "2.0", "result": -19, "id": 2})"},
        // rpc call with named parameters
        {R"({"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3})",
         R"({"jsonrpc": "2.0", "result": 19, "id": 3})"},
        {R"({"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4})",
         R"({"jsonrpc": "2.0", "result": 19, "id": 4})"},
        // a Notification
        {R"({"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]})", ""},
        {R"({"jsonrpc": "2.0", "method": "foobar"})", ""},
        // rpc call of non-existent method
        {R"({"jsonrpc": "2.0", "method": "foobar", "id": "1"})",
         R"({"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"})"},
        // rpc call with invalid JSON
        {R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])",
         R"({"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null})"},
        // rpc call with invalid Request object
        {R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})",
         R"({"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null})"},
        // rpc call Batch, invalid JSON
        {R"([
  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
  {"jsonrpc": "2.0", "method"
])",
         R"({"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null})"},
        // rpc call with an empty Array
        {"[]", R"({"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null})"},
        // rpc call with an invalid Batch (but not empty)
        {"[1]", R"([
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
])"},
        // rpc call with invalid Batch
        {"[1,2,3]", R"([
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
])"},
        // rpc call Batch
        {R"([
    {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
    {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
    {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
    {"foo": "boo"},
    {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
    {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
])",
         R"([
    {"jsonrpc": "2.0", "result": 7, "id": "1"},
    {"jsonrpc": "2.0", "result": 19, "id": "2"},
    {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
    {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
    {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}
])"},
        // rpc call Batch (all notifications)
        {R"([
    {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
    {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
])",
         ""},
    };
    return all;
}

// What can be told from ordinary text.
bool is_plainly_rpc(const std::string &text) {
    const json what = json::parse(text, nullptr, false);
    return !what.is_discarded() && cryo::rpc::detail::is_rpc(what);
}

void expect_notifications(mailbox<std::string> &notified) {
    for (const char *const expected :
         {"update[1,2,3,4,5]", "notify_hello[7]", "notify_sum[1,2,4]", "notify_hello[7]"})
        assert_string_equal(notified.get().c_str(), expected);
    assert_int_equal(notified.size(), 0);
}

const std::string last_question = R"({"jsonrpc":"2.0","method":"sum","params":[],"id":"last"})";
const json last_answer{{"jsonrpc", "2.0"}, {"result", 0}, {"id", "last"}};

} // namespace

static void test_a_server_answers(void **) {
    mailbox<std::string> notified;
    mailbox<std::string> passed;
    cryo::server server(any_port(), accept_all);
    server.on_message([&](cryo::message what) { passed.put(std::string(what.text())); });
    server.add(make_endpoint(notified, {.strict = true}));
    server.start();
    foreign_client client(server.port());
    for (const example &each : of_the_specification()) {
        client.send_text(each.sent);
        if (each.answer.empty()) continue; // the next answer is that of the next question
        assert_true(json::parse(client.receive_text()) == json::parse(each.answer));
    }
    client.send_text(last_question);
    assert_true(json::parse(client.receive_text()) == last_answer);
    expect_notifications(notified);
    assert_int_equal(passed.size(), 0);
}

static void test_a_client_answers(void **) {
    mailbox<std::string> notified;
    mailbox<std::string> answers;
    mailbox<cryo::session> sessions;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session who) { sessions.put(who); });
    server.on_message([&](cryo::message what) { answers.put(std::string(what.text())); });
    server.start();
    cryo::client client(connecting_to(server.port()));
    client.add(make_endpoint(notified, {.strict = true}));
    client.start();
    const cryo::session session = sessions.get();
    for (const example &each : of_the_specification()) {
        session.send(each.sent);
        if (each.answer.empty()) continue;
        assert_true(json::parse(answers.get()) == json::parse(each.answer));
    }
    session.send(last_question);
    assert_true(json::parse(answers.get()) == last_answer);
    expect_notifications(notified);
}

static void test_what_is_no_rpc_passes_unless_strict(void **) {
    mailbox<std::string> notified;
    mailbox<std::string> passed;
    cryo::server server(any_port(), accept_all);
    server.on_message([&](cryo::message what) { passed.put(std::string(what.text())); });
    server.add(make_endpoint(notified, {}));
    server.start();
    foreign_client client(server.port());
    for (const example &each : of_the_specification()) {
        client.send_text(each.sent);
        if (!is_plainly_rpc(each.sent))
            assert_string_equal(passed.get().c_str(), each.sent.c_str());
        else if (!each.answer.empty())
            assert_true(json::parse(client.receive_text()) == json::parse(each.answer));
    }
    expect_notifications(notified);
    for (const char *const text :
         {"", "hello", "{", "[1,2]", "{}", "null", "42", R"("jsonrpc")",
          R"({"jsonrpc":"1.0","method":"sum"})", R"({"jsonrpc":2.0,"method":"sum","id":1})",
          R"({"text":"\"jsonrpc\":\"2.0\""})", R"(["jsonrpc","2.0"])", R"({"inner":{"jsonrpc":"2.0"}})"}) {
        client.send_text(text);
        assert_string_equal(passed.get().c_str(), text);
    }
    client.send_binary(last_question);
    assert_string_equal(passed.get().c_str(), last_question.c_str());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_server_answers),
        cmocka_unit_test(test_a_client_answers),
        cmocka_unit_test(test_what_is_no_rpc_passes_unless_strict),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
