// A client's token in C++: replaced, asked for before each attempt, and pulled.
#include "facade_support.hpp"

#include <atomic>
#include <thread>

using namespace cryo_test;

static_assert(!std::is_copy_constructible_v<cryo::token_request> &&
              std::is_move_constructible_v<cryo::token_request>);

namespace {

// Lets each token in once.
class turnstile {
  public:
    turnstile()
        : server(any_port(), [this](cryo::auth ticket) {
              const bool fresh = ticket.token() != last_;
              last_ = ticket.token();
              fresh ? ticket.accept() : ticket.reject("It was used before.");
          }) {
        server.on_session([this](cryo::session session) { sessions.put(std::move(session)); });
        server.start();
    }

    // Who was let in, and is sent away.
    std::string turn() {
        const cryo::session who = sessions.get();
        const std::string token = who.token();
        who.close(1012);
        return token;
    }

    mailbox<cryo::session> sessions;

  private:
    std::string last_;

  public:
    cryo::server server; // last: it uses the others
};

cryo::client_options asking(std::uint16_t port, cryo::token_handler provider) {
    cryo::client_options options = connecting_to(port);
    options.token.clear();
    options.token_provider = std::move(provider);
    return options;
}

} // namespace

static void test_another_token(void **) {
    turnstile there;
    cryo::client client(connecting_to(there.server.port()));
    assert_int_equal(status_of([&] { client.set_token(""); }), CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { client.set_token(std::string_view("a\0b", 3)); }), CRYO_ERR_INVALID);
    client.start();
    for (const char *const token : {"second", "third", "fourth"}) {
        const cryo::session who = there.sessions.get();
        assert_true(client.set_token(token));
        who.close(1012);
    }
    assert_string_equal(there.turn().c_str(), "fourth");
    client.close();
    client.wait();
    assert_false(client.set_token("late"));
}

static void test_a_provider_that_answers_at_once(void **) {
    turnstile there;
    int number = 0;
    cryo::client client(asking(there.server.port(), [&number](cryo::token_request request) {
        assert_non_null(request.native());
        assert_true(request.give(std::to_string(++number)));
        assert_null(request.native());
        assert_false(request.give("twice"));
        assert_false(request.fail());
    }));
    assert_int_equal(status_of([&] { client.set_token("no"); }), CRYO_ERR_STATE);
    client.start();
    for (int i = 1; i <= 5; ++i)
        assert_string_equal(there.turn().c_str(), std::to_string(i).c_str());
}

static void test_a_provider_that_answers_later(void **) {
    turnstile there;
    mailbox<cryo::token_request> requests;
    mailbox<std::string> failures;
    cryo::client client(
        asking(there.server.port(), [&](cryo::token_request request) { requests.put(std::move(request)); }));
    client.on_attempt_failed([&](cryo::failed_attempt failure) {
        failures.put(std::string(cryo_status_name(failure.status)) + " " + std::string(failure.text));
    });
    client.start();
    {
        cryo::token_request request = requests.get();
        assert_int_equal(status_of([&] { request.give(""); }), CRYO_ERR_INVALID);
        assert_int_equal(status_of([&] { request.give("\xff"); }), CRYO_ERR_INVALID);
        assert_true(request.fail(std::string("not now")));
        assert_string_equal(failures.get().c_str(), "CRYO_ERR_TOKEN There is no token: not now");
    }
    requests.get(); // destroyed
    assert_string_equal(failures.get().c_str(), "CRYO_ERR_TOKEN There is no token: its provider failed.");
    cryo::token_request request = requests.get();
    std::thread([&] { assert_true(request.give("here it is")); }).join();
    assert_string_equal(there.turn().c_str(), "here it is");
    cryo::token_request last = requests.get();
    client.close();
    client.wait();
    assert_false(last.give("late"));
}

static void test_a_provider_that_throws(void **) {
    captured_log log;
    turnstile there;
    mailbox<std::string> failures;
    int asked = 0;
    cryo::client client(asking(there.server.port(), [&asked](cryo::token_request request) {
        if (++asked == 1) throw std::runtime_error("the vault is locked");
        request.give("the second one's");
    }));
    client.on_attempt_failed([&](cryo::failed_attempt failure) { failures.put(std::string(failure.text)); });
    client.start();
    assert_non_null(std::strstr(failures.get().c_str(), "There is no token"));
    assert_string_equal(there.turn().c_str(), "the second one's");
    assert_non_null(std::strstr(log.lines.get().c_str(), "the vault is locked"));
}

static void test_a_provider_goes_with_its_client(void **) {
    std::atomic<int> live{0};
    {
        turnstile there;
        cryo::client_options options =
            asking(there.server.port(),
                   [guest = counted(live)](cryo::token_request request) { request.give("a token"); });
        cryo::client never_started(options);
        cryo::client client(options);
        options.token_provider = {};
        assert_int_equal(live, 1); // shared
        client.start();
        there.turn();
    }
    assert_int_equal(live, 0);
}

static void test_requests_are_pulled(void **) {
    turnstile there;
    cryo::queue queue;
    cryo::client_options options = connecting_to(there.server.port());
    options.token.clear();
    assert_int_equal(status_of([&] { cryo::client(options, queue); }), CRYO_ERR_INVALID);
    options.token_from_queue = true;
    assert_int_equal(status_of([&] { const cryo::client without(options); }), CRYO_ERR_INVALID);
    cryo::client client(options, queue);
    client.start();
    std::optional<cryo::event> event = queue.next();
    assert_true(event && event->kind() == cryo::event_kind::token);
    assert_true(event->session() == client.session());
    event->token_request().give("pulled");
    event = queue.next();
    assert_true(event && event->kind() == cryo::event_kind::session);
    assert_int_equal(status_of([&] { event->token_request(); }), CRYO_ERR_NOT_FOUND);
    assert_string_equal(there.turn().c_str(), "pulled");
}

static void test_a_peer_s_provider(void **) {
    turnstile there;
    cryo::server here(any_port(), &accept_all);
    here.start();
    int number = 0;
    here.connect_peer(asking(there.server.port(), [&number](cryo::token_request request) {
        request.give(std::to_string(++number));
    }));
    for (int i = 1; i <= 3; ++i)
        assert_string_equal(there.turn().c_str(), std::to_string(i).c_str());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_another_token),
        cmocka_unit_test(test_a_provider_that_answers_at_once),
        cmocka_unit_test(test_a_provider_that_answers_later),
        cmocka_unit_test(test_a_provider_that_throws),
        cmocka_unit_test(test_a_provider_goes_with_its_client),
        cmocka_unit_test(test_requests_are_pulled),
        cmocka_unit_test(test_a_peer_s_provider),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
