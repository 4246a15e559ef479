// Clients on a loop of one's own: everything happens inside run_once, on the thread that calls it.
#include "facade_support.hpp"

#include <poll.h>

#include <thread>

using namespace cryo_test;

namespace {

constexpr int chatter = 20;

// Says "0", "1", … and waits for each to come back.
class talker {
  public:
    talker(std::uint16_t port, const cryo::loop &on) : client_(connecting_to(port), on) {
        client_.on_connected([this](const cryo::session &session) {
            check_thread();
            session.send("0");
        });
        client_.on_message([this](const cryo::session &session, cryo::message message) {
            check_thread();
            heard_ += std::string(message.text()) + " ";
            if (++count_ == chatter)
                session.close(4000, "said it all");
            else
                session.send(std::to_string(count_));
        });
        client_.on_closed([this](int code, std::string_view) {
            check_thread();
            code_ = code;
        });
        client_.start();
    }

    bool over() const { return code_ != 0; }
    void check() const {
        std::string expected;
        for (int i = 0; i < chatter; ++i)
            expected += std::to_string(i) + " ";
        assert_string_equal(heard_.c_str(), expected.c_str());
        assert_int_equal(code_, 4000);
        assert_false(elsewhere_);
    }

  private:
    void check_thread() {
        if (std::this_thread::get_id() != mine_) elsewhere_ = true;
    }

    const std::thread::id mine_ = std::this_thread::get_id();
    bool elsewhere_ = false;
    std::string heard_;
    int count_ = 0;
    int code_ = 0;
    cryo::client client_; // last: it uses the others
};

class echoing {
  public:
    echoing() : server(any_port(), accept_all) {
        server.on_message([](cryo::session session, cryo::message message) { session.send(message); });
        server.start();
    }
    cryo::server server;
};

} // namespace

static void test_two_clients_on_one_loop(void **) {
    const echoing there;
    cryo::loop loop;
    loop.run_once(std::chrono::milliseconds(0)); // nobody there yet
    talker one(there.server.port(), loop);
    talker two(there.server.port(), loop);
    while (!one.over() || !two.over())
        loop.run_once(patience);
    one.check();
    two.check();
    loop.run_once(std::chrono::milliseconds(0)); // nobody left
}

static void test_it_fits_into_another_loop(void **) {
    const echoing there;
    cryo::loop loop;
    talker one(there.server.port(), loop);
    while (!one.over()) {
        pollfd ready{loop.fd(), POLLIN, 0};
        const std::optional<std::chrono::milliseconds> most = loop.timeout();
        poll(&ready, 1, most ? static_cast<int>(std::min<std::int64_t>(most->count(), 100)) : 100);
        loop.run_once(std::chrono::milliseconds(0));
    }
    one.check();
}

static void test_what_does_not_go_together(void **) {
    const echoing there;
    cryo::loop loop;
    cryo::client client(connecting_to(there.server.port()), loop);
    cryo_status inside = CRYO_OK;
    bool connected = false;
    client.on_connected([&](cryo::session &) {
        inside = status_of([&] { loop.run_once(std::chrono::milliseconds(0)); });
        connected = true;
    });
    client.start();
    assert_int_equal(status_of([&] { client.wait(); }), CRYO_ERR_STATE);
    while (!connected)
        loop.run_once(patience);
    assert_int_equal(inside, CRYO_ERR_STATE);
}

static void test_a_loop_may_go_before_its_clients(void **) {
    const echoing there;
    std::optional<cryo::loop> loop(std::in_place);
    bool connected = false;
    int code = 0;
    {
        cryo::client client(connecting_to(there.server.port()), *loop);
        client.on_connected([&](cryo::session &) { connected = true; });
        client.on_closed([&](int with, std::string_view) { code = with; });
        client.start();
        while (!connected)
            loop->run_once(patience);
        loop.reset();
    } // runs what is left of it
    assert_int_equal(code, 4000);
}

static void test_pulled_on_my_own_thread(void **) {
    const echoing there;
    cryo::loop loop;
    cryo::queue queue;
    cryo::client client(connecting_to(there.server.port()), queue, loop);
    client.start();
    std::optional<cryo::event> event;
    while (!(event = queue.next(std::chrono::milliseconds(0))))
        loop.run_once(patience);
    assert_true(event->kind() == cryo::event_kind::session);
    assert_true(event->session() == client.session());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_two_clients_on_one_loop),
        cmocka_unit_test(test_it_fits_into_another_loop),
        cmocka_unit_test(test_what_does_not_go_together),
        cmocka_unit_test(test_a_loop_may_go_before_its_clients),
        cmocka_unit_test(test_pulled_on_my_own_thread),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
