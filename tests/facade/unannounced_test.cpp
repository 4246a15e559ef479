// Those who never became a session leave a line in the log, and no token in it.
#include "facade_support.hpp"

using namespace cryo_test;

namespace {

constexpr const char *token = "the-token-that-nobody-may-log";

} // namespace

static void test_one_that_cannot_do_cale(void **) {
    captured_log log(cryo::log_level::info);
    std::atomic<int> told{0};
    {
        cryo::server server({.port = 0, .cale = true}, accept_all);
        server.on_session([&](cryo::session) { ++told; });
        server.on_closed([&](int, std::string_view) { ++told; });
        server.start();
        foreign_client one(server.port(), {.token = token});
        one.send_text("in the clear");
        assert_int_equal(one.wait_for_close().code, 4010);
        const std::string line = log.lines.get();
        assert_non_null(std::strstr(line.c_str(), "127.0.0.1:"));
        assert_non_null(std::strstr(line.c_str(), "before its session was announced, with 4010: "));
        assert_null(std::strstr(line.c_str(), token));
    }
    assert_int_equal(log.lines.size(), 0);
    assert_int_equal(told, 0);
}

static void test_one_that_takes_too_long(void **) {
    captured_log log(cryo::log_level::info);
    cryo::server server({.port = 0, .cale = true, .cale_timeout = std::chrono::milliseconds(50)}, accept_all);
    server.start();
    foreign_client one(server.port(), {.token = token});
    assert_int_equal(one.wait_for_close().code, 4011);
    assert_non_null(std::strstr(log.lines.get().c_str(), "announced, with 4011: "));
}

static void test_one_that_will_not_have_us(void **) {
    captured_log log(cryo::log_level::info);
    cryo::server server({.port = 0, .cale = true}, accept_all);
    server.start();
    foreign_client one(server.port(), {.token = token});
    one.close(4010, "No\nCALE here.");
    const std::string line = log.lines.get();
    assert_non_null(std::strstr(line.c_str(), "closed before its session was announced, with 4010: "));
    assert_null(std::strchr(line.c_str(), '\n'));
}

// Who just leaves, or is told to go, is no news.
static void test_one_that_leaves(void **) {
    captured_log log(cryo::log_level::info);
    {
        cryo::server server({.port = 0, .cale = true}, accept_all);
        server.start();
        foreign_client one(server.port(), {.token = token});
        one.close(1000, "");
        foreign_client other(server.port(), {.token = token});
    }
    assert_int_equal(log.lines.size(), 0);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_one_that_cannot_do_cale),
        cmocka_unit_test(test_one_that_takes_too_long),
        cmocka_unit_test(test_one_that_will_not_have_us),
        cmocka_unit_test(test_one_that_leaves),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
