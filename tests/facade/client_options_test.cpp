// The defaults of a client's aggregate are those of the library, and those that cryo.h tells of.
#include "manual_defaults.hpp"

#include "client/options.h"
#include "facade_support.hpp"

using namespace cryo_test;

namespace {

std::uint64_t ms(std::chrono::milliseconds value) {
    return static_cast<std::uint64_t>(value.count());
}

} // namespace

static void test_defaults_are_those_of_the_manual(void **) {
    const manual manual;
    const cryo::client_options o;
    const std::vector<std::pair<std::string, std::uint64_t>> own{
        {"cale_timeout_ms", ms(o.cale_timeout)},      {"connect_timeout_ms", ms(o.connect_timeout)},
        {"reconnect_attempts", o.reconnect_attempts}, {"high_water_mark", o.high_water_mark},
        {"max_queued_bytes", o.max_queued_bytes},
    };
    const std::vector<std::pair<std::string, std::uint64_t>> as_for_a_server{
        {"keepalive_ms", ms(o.keepalive)},         {"ack_timeout_ms", ms(o.ack_timeout)},
        {"close_timeout_ms", ms(o.close_timeout)}, {"max_message_bytes", o.max_message_bytes},
        {"max_violations", o.max_violations},      {"max_receipts", o.max_receipts},
        {"low_water_mark", o.low_water_mark},      {"stall_timeout_ms", ms(o.stall_timeout)},
        {"max_queue_count", o.max_queue_count},
    };
    for (const auto &[name, value] : own) {
        const std::optional<std::uint64_t> said = manual.default_of("cryo_client_options_set_" + name);
        if (said != value) print_error("%s: cryo.h says something else\n", name.c_str());
        assert_true(said == value);
    }
    for (const auto &[name, value] : as_for_a_server) {
        const std::string comment = manual.comment_above("cryo_client_options_set_" + name);
        assert_non_null(std::strstr(comment.c_str(), "As for a server"));
        const std::optional<std::uint64_t> said = manual.default_of("cryo_server_options_set_" + name);
        if (said != value) print_error("%s: cryo.h says something else\n", name.c_str());
        assert_true(said == value);
    }
    const std::string waits = manual.comment_above("cryo_client_options_set_reconnect_initial_ms");
    const std::string both =
        "Defaults " + std::to_string(ms(o.reconnect_initial)) + " and " + std::to_string(ms(o.reconnect_max));
    assert_non_null(std::strstr(waits.c_str(), both.c_str()));
    // None is forgotten: the two waits are told of in one sentence.
    assert_int_equal(own.size() + as_for_a_server.size() + 2, manual.number_setters("cryo_client_options"));

    assert_true(o.drop_policy == cryo::drop_policy::oldest);
    assert_false(o.cale);
    assert_non_null(
        std::strstr(manual.comment_above("cryo_client_options_set_cale").c_str(), "0, the default"));
    assert_false(o.resend);
    assert_non_null(
        std::strstr(manual.comment_above("cryo_client_options_set_resend").c_str(), "0, the default"));
    assert_true(o.system_ca);
    assert_true(manual.default_of("cryo_client_options_set_tls_system_ca") == 1u);
    assert_true(o.tls_min_version == cryo::tls_version::v1_2);
}

static void test_defaults_are_the_librarys(void **) {
    const cryo::client_options facade;
    const cryo_core::client_options core;
    const auto equal = [](std::chrono::milliseconds mine, cryo_core::time_us theirs) {
        return cryo_core::from_ms(mine.count()) == theirs;
    };
    assert_true(!facade.session_id && !core.sid);
    assert_true(facade.parameters.empty() && core.parameters.empty());
    assert_true(facade.headers.empty() && core.headers.empty());
    assert_true(facade.proxy.empty() && !core.proxy);
    assert_int_equal(facade.proxy_from_environment, core.proxy_from_environment);
    assert_int_equal(facade.cale, core.session.cale.on);
    assert_true(equal(facade.cale_timeout, core.session.cale.timeout));
    assert_true(equal(facade.connect_timeout, core.connect_timeout));
    assert_true(equal(facade.reconnect_initial, core.reconnect_initial));
    assert_true(equal(facade.reconnect_max, core.reconnect_max));
    assert_int_equal(facade.reconnect_attempts, core.reconnect_attempts);
    assert_int_equal(facade.resend, core.resend);
    assert_true(equal(facade.keepalive, core.session.keepalive));
    assert_true(equal(facade.stall_timeout, core.session.stall_timeout));
    assert_true(equal(facade.ack_timeout, core.session.ack_timeout));
    assert_true(equal(facade.close_timeout, core.close_timeout));
    assert_int_equal(facade.max_message_bytes, core.max_message);
    assert_int_equal(facade.max_violations, core.session.max_violations);
    assert_int_equal(facade.high_water_mark, core.session.high_water_mark);
    assert_int_equal(facade.low_water_mark, core.session.low_water_mark);
    assert_int_equal(facade.max_queued_bytes, core.session.max_queued_bytes);
    assert_int_equal(facade.max_queue_count, core.session.max_queue_count);
}

static void test_what_is_left_out_is_none(void **) {
    const cryo::client_options o;
    assert_true(o.url.empty() && o.token.empty());
    assert_false(o.session_id.has_value());
    assert_true(o.parameters.empty() && o.headers.empty());
    assert_true(std::holds_alternative<std::monostate>(o.ca));
    assert_true(std::holds_alternative<std::monostate>(o.certificate));
}

static void test_mistakes_are_told_at_once(void **) {
    const auto made_with = [](const cryo::client_options &options) {
        return status_of([&] { const cryo::client client(options); });
    };
    assert_int_equal(made_with({.url = "ws://127.0.0.1:1/", .token = "t"}), CRYO_OK);
    assert_int_equal(made_with({}), CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://127.0.0.1:1/"}), CRYO_ERR_INVALID);
    assert_int_equal(made_with({.token = "t"}), CRYO_ERR_INVALID);
    for (const char *const url : {"", "127.0.0.1:1", "http://127.0.0.1:1/", "ws://", "ws://host:port/"})
        assert_int_equal(made_with({.url = url, .token = "t"}), CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = std::string("ws://a/\0b", 9), .token = "t"}), CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://a/", .token = "t", .headers = {{"Origin", "x"}, {"x", ""}}}),
                     CRYO_OK);
    for (const char *const name : {"", "a b", "Host", "sec-websocket-key", "a\r\nb", "a:"})
        assert_int_equal(made_with({.url = "ws://a/", .token = "t", .headers = {{name, "x"}}}),
                         CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://a/", .token = "t", .headers = {{"a", "x\r\ny: z"}}}),
                     CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://a/", .token = "t", .headers = {{"a", std::string(8192, 'x')}}}),
                     CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://a/", .token = "t", .proxy = "http://u:p%40@proxy:1/"}), CRYO_OK);
    for (const char *const proxy :
         {"https://proxy", "socks5://proxy", "http://", "proxy/path", "a%@proxy", "proxy:x"})
        assert_int_equal(made_with({.url = "ws://a/", .token = "t", .proxy = proxy}), CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://a/", .token = "t", .keepalive = std::chrono::milliseconds(-1)}),
                     CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://a/", .token = "t", .max_message_bytes = 1}), CRYO_ERR_INVALID);
    assert_int_equal(made_with({.url = "ws://a/", .token = "t", .high_water_mark = 1, .low_water_mark = 2}),
                     CRYO_ERR_INVALID);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_those_of_the_manual),
        cmocka_unit_test(test_defaults_are_the_librarys),
        cmocka_unit_test(test_what_is_left_out_is_none),
        cmocka_unit_test(test_mistakes_are_told_at_once),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
