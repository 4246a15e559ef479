// threads = 0: everything happens inside run_once, on the thread that calls it.
#include "facade_support.hpp"

#include <poll.h>

#include <thread>

using namespace cryo_test;

namespace {

cryo::server_options no_threads() {
    return {.port = 0, .threads = 0};
}

} // namespace

static void test_all_runs_on_my_thread(void **) {
    std::atomic<bool> elsewhere{false};
    const std::thread::id mine = std::this_thread::get_id();
    const auto check = [&] {
        if (std::this_thread::get_id() != mine) elsewhere = true;
    };
    cryo::server server(no_threads(), [&](cryo::auth ticket) {
        check();
        ticket.accept();
    });
    server.on_message([&](cryo::session session, cryo::message message) {
        check();
        session.send(message);
    });
    server.on_closed([&](int, std::string_view) { check(); });
    server.start();
    assert_int_equal(status_of([&] { server.wait(); }), CRYO_ERR_STATE);

    std::string heard;
    std::thread person([&] {
        foreign_client client(server.port());
        client.send_text("echo");
        heard = client.receive_text();
        client.close(4000, "");
        server.stop();
    });
    while (server.run_once()) {
    }
    person.join();
    assert_string_equal(heard.c_str(), "echo");
    assert_false(elsewhere);
    assert_false(server.run_once());
}

static void test_it_fits_into_another_loop(void **) {
    cryo::server server(no_threads(), accept_all);
    server.on_message([](cryo::session session, cryo::message message) { session.send(message); });
    server.start();
    assert_true(server.run_once(std::chrono::milliseconds(0)));

    std::atomic<bool> over{false};
    std::string heard;
    std::thread person([&] {
        foreign_client client(server.port());
        client.send_text("echo");
        heard = client.receive_text();
        over = true;
        client.wait_for_close();
    });
    while (!over) {
        pollfd ready{server.fd(), POLLIN, 0};
        const std::optional<std::chrono::milliseconds> most = server.timeout();
        poll(&ready, 1, most ? static_cast<int>(std::min<std::int64_t>(most->count(), 100)) : 100);
        server.run_once(std::chrono::milliseconds(0));
    }
    assert_string_equal(heard.c_str(), "echo");
    // Destroying runs the farewell itself.
    { const cryo::server done(std::move(server)); }
    person.join();
}

static void test_a_server_with_threads_has_no_use_for_it(void **) {
    cryo::server server(any_port(), accept_all);
    server.start();
    assert_int_equal(status_of([&] { server.run_once(std::chrono::milliseconds(0)); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { server.fd(); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { server.timeout(); }), CRYO_ERR_STATE);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_all_runs_on_my_thread),
        cmocka_unit_test(test_it_fits_into_another_loop),
        cmocka_unit_test(test_a_server_with_threads_has_no_use_for_it),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
