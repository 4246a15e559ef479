// A session's store: values of any type, from any thread.
#include "facade_support.hpp"

#include <map>
#include <thread>

using namespace cryo_test;

namespace {

struct with_session {
    with_session() : server(any_port(), accept_all) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.start();
        client.connect(server.port(), {});
        session = sessions.get();
    }
    mailbox<cryo::session> sessions;
    cryo::server server;
    foreign_client client;
    cryo::session session;
};

} // namespace

static void test_values_of_any_type(void **) {
    with_session talk;
    const cryo::session &session = talk.session;
    session.set("int", 42);
    session.set("literal", "text");
    session.set("view", std::string_view("viewed"));
    session.set("map", std::map<std::string, int>{{"a", 1}});
    session.set("unique", std::make_unique<int>(5));
    assert_int_equal(session.get<int>("int").value(), 42);
    assert_string_equal(session.get<std::string>("literal").value().c_str(), "text");
    assert_string_equal(session.get<std::string>("view").value().c_str(), "viewed");
    assert_int_equal((session.get<std::map<std::string, int>>("map").value().at("a")), 1);
    int seen = 0;
    assert_true(
        session.visit<std::unique_ptr<int>>("unique", [&](const std::unique_ptr<int> &p) { seen = *p; }));
    assert_int_equal(seen, 5);
}

static void test_what_is_not_there(void **) {
    with_session talk;
    const cryo::session &session = talk.session;
    session.set("int", 42);
    assert_false(session.get<int>("other").has_value());
    assert_false(session.get<long>("int").has_value());
    assert_false(session.visit<std::string>("int", [](std::string &) {}));
    session.erase("int");
    assert_false(session.get<int>("int").has_value());
    session.erase("int");
    assert_int_equal(status_of([&] { session.set("", 1); }), CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { session.set(std::string(256, 'k'), 1); }), CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { session.set(std::string_view("a\0b", 3), 1); }), CRYO_ERR_INVALID);
    session.set(std::string(255, 'k'), 1);
    assert_int_equal(session.get<int>(std::string(255, 'k')).value(), 1);
}

static void test_values_go_when_they_should(void **) {
    std::atomic<int> alive{0};
    {
        with_session talk;
        talk.session.set("key", counted(alive));
        assert_int_equal(alive, 1);
        talk.session.set("key", counted(alive));
        assert_int_equal(alive, 1);
        talk.session.set("key", 1);
        assert_int_equal(alive, 0);
        talk.session.set("key", counted(alive));
        talk.session.erase("key");
        assert_int_equal(alive, 0);
        assert_int_equal(status_of([&] { talk.session.set("", counted(alive)); }), CRYO_ERR_INVALID);
        assert_int_equal(alive, 0);
        talk.session.set("key", counted(alive));
        assert_int_equal(alive, 1);
    }
    assert_int_equal(alive, 0);
}

static void test_exceptions_come_through(void **) {
    with_session talk;
    talk.session.set("key", 1);
    bool thrown = false;
    try {
        talk.session.visit<int>("key", [](int &value) {
            value = 2;
            throw std::out_of_range("from the visitor");
        });
    } catch (const std::out_of_range &) {
        thrown = true;
    }
    assert_true(thrown);
    assert_int_equal(talk.session.get<int>("key").value(), 2);
}

static void test_threads_count_together(void **) {
    with_session talk;
    talk.session.set("count", 0);
    talk.session.set("name", std::string(100, 'a'));
    std::vector<std::thread> threads;
    std::atomic<int> torn{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&torn, i, session = talk.session] {
            for (int n = 0; n < 500; ++n) {
                session.visit<int>("count", [](int &count) { ++count; });
                session.set("name", std::string(100, static_cast<char>('a' + i)));
                const std::string name = session.get<std::string>("name").value();
                if (name != std::string(100, name.front())) ++torn;
            }
        });
    for (std::thread &thread : threads)
        thread.join();
    assert_int_equal(talk.session.get<int>("count").value(), 2000);
    assert_int_equal(torn, 0);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_values_of_any_type),         cmocka_unit_test(test_what_is_not_there),
        cmocka_unit_test(test_values_go_when_they_should), cmocka_unit_test(test_exceptions_come_through),
        cmocka_unit_test(test_threads_count_together),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
