// The defaults of the aggregate are those of the library, and those that cryo.h tells of.
#include "manual_defaults.hpp"

#include "facade_support.hpp"
#include "server/options.h"

using namespace cryo_test;

static void test_defaults_are_the_librarys(void **) {
    const cryo::server_options facade;
    const cryo_core::server_options core;
    const auto equal = [](std::chrono::milliseconds mine, cryo_core::time_us theirs) {
        return cryo_core::from_ms(mine.count()) == theirs;
    };
    assert_string_equal(facade.host.c_str(), core.host.c_str());
    assert_int_equal(facade.port, core.port);
    assert_int_equal(facade.threads, core.threads);
    assert_true(std::holds_alternative<std::monostate>(facade.tls) && !core.tls);
    assert_true(facade.more_tls.empty() && facade.tls_ocsp_files.empty() && core.tls.ocsp_files.empty());
    assert_true(std::holds_alternative<std::monostate>(facade.client_ca) && !core.tls.asks_clients());
    assert_int_equal(facade.require_client_certificate, core.tls.require_client_certificate);
    assert_true(facade.tls_min_version == cryo::tls_version::v1_2);
    assert_true(core.tls.min_version == cryo_core::net::tls_version::v1_2);
    assert_true(facade.tls_ticket_keys.empty() && core.tls.ticket_keys.empty());
    assert_int_equal(facade.reuse_port, core.reuse_port);
    assert_int_equal(facade.cale, core.session.cale.on);
    assert_true(equal(facade.cale_timeout, core.session.cale.timeout));
    assert_true(equal(facade.keepalive, core.session.keepalive));
    assert_true(equal(facade.stall_timeout, core.session.stall_timeout));
    assert_true(equal(facade.ack_timeout, core.session.ack_timeout));
    assert_true(equal(facade.head_timeout, core.head_timeout));
    assert_true(equal(facade.validation_timeout, core.validation_timeout));
    assert_true(equal(facade.hello_wait, core.session.hello_wait));
    assert_true(equal(facade.close_timeout, core.close_timeout));
    assert_true(equal(facade.message_timeout, core.message_timeout));
    assert_int_equal(facade.min_message_rate, core.min_message_rate);
    assert_int_equal(facade.max_message_bytes, core.max_message);
    assert_int_equal(facade.max_fragments, core.max_fragments);
    assert_int_equal(facade.max_violations, core.session.max_violations);
    assert_int_equal(facade.high_water_mark, core.session.high_water_mark);
    assert_int_equal(facade.low_water_mark, core.session.low_water_mark);
    assert_int_equal(facade.max_queued_bytes, core.session.max_queued_bytes);
    assert_int_equal(facade.max_queue_count, core.session.max_queue_count);
    assert_true(!facade.max_total_queued_bytes && !core.max_total_queued_bytes);
    assert_int_equal(facade.max_sessions, core.max_sessions);
    assert_int_equal(facade.max_sessions_per_address, core.max_sessions_per_address);
    assert_int_equal(facade.max_pending_validations, core.max_pending_validations);
    assert_int_equal(static_cast<int>(facade.duplicate_policy), static_cast<int>(core.duplicates));
    assert_true(equal(facade.probe_timeout, core.probe_timeout));
    assert_int_equal(facade.manual_ack, core.session.manual_ack);
    assert_int_equal(facade.max_unacknowledged, core.session.max_unacknowledged);
    assert_int_equal(facade.max_attempts_per_address, core.max_attempts_per_address);
    assert_int_equal(facade.max_failed_tokens_per_address, core.max_failed_tokens_per_address);
    assert_true(equal(facade.address_window, core.address_window));
    assert_true(facade.allowed_origins.empty() && core.allowed_origins.empty());
    assert_true(facade.session_headers.empty() && core.session_headers.empty());
    assert_true(equal(facade.resume_window, core.resume_window));
    assert_int_equal(facade.max_away_sessions, core.max_away_sessions);
    assert_int_equal(facade.health, core.health);
    assert_int_equal(facade.metrics, core.metrics);
    assert_string_equal(facade.metrics_token.c_str(), core.metrics_token.c_str());
    assert_int_equal(facade.socket_mode, core.socket_mode);
    assert_int_equal(facade.listen_fd, core.listen_fd);
    assert_int_equal(static_cast<int>(facade.transport), static_cast<int>(core.transport));
    assert_int_equal(facade.max_head_bytes, core.max_head);
    assert_int_equal(static_cast<int>(facade.forwarded_header), static_cast<int>(core.forwarded));
    assert_int_equal(facade.proxy_protocol, core.proxy_protocol);
    assert_true(facade.trusted_proxies.empty() && core.trusted_proxies.empty());
}

// The number behind "Default" in the comment above each setter with a number.
static void test_defaults_are_those_of_the_manual(void **) {
    const manual manual;
    const cryo::server_options o;
    const auto ms = [](std::chrono::milliseconds value) { return static_cast<std::uint64_t>(value.count()); };
    const std::vector<std::pair<std::string, std::uint64_t>> defaults{
        {"port", o.port},
        {"threads", o.threads},
        {"cale_timeout_ms", ms(o.cale_timeout)},
        {"keepalive_ms", ms(o.keepalive)},
        {"stall_timeout_ms", ms(o.stall_timeout)},
        {"ack_timeout_ms", ms(o.ack_timeout)},
        {"head_timeout_ms", ms(o.head_timeout)},
        {"validation_timeout_ms", ms(o.validation_timeout)},
        {"hello_wait_ms", ms(o.hello_wait)},
        {"close_timeout_ms", ms(o.close_timeout)},
        {"message_timeout_ms", ms(o.message_timeout)},
        {"min_message_rate", o.min_message_rate},
        {"max_message_bytes", o.max_message_bytes},
        {"max_fragments", o.max_fragments},
        {"max_violations", o.max_violations},
        {"high_water_mark", o.high_water_mark},
        {"low_water_mark", o.low_water_mark},
        {"max_queued_bytes", o.max_queued_bytes},
        {"max_queue_count", o.max_queue_count},
        {"max_receipts", o.max_receipts},
        {"max_sessions", o.max_sessions},
        {"max_sessions_per_address", o.max_sessions_per_address},
        {"max_pending_validations", o.max_pending_validations},
        {"probe_timeout_ms", ms(o.probe_timeout)},
        {"max_unacknowledged", o.max_unacknowledged},
        {"max_attempts_per_address", o.max_attempts_per_address},
        {"max_failed_tokens_per_address", o.max_failed_tokens_per_address},
        {"address_window_ms", ms(o.address_window)},
        {"resume_window_ms", ms(o.resume_window)},
        {"max_away_sessions", o.max_away_sessions},
        {"socket_mode", o.socket_mode},
        {"max_head_bytes", o.max_head_bytes},
    };
    assert_int_equal(defaults.size() + 1, manual.number_setters("cryo_server_options")); // none is forgotten

    for (const auto &[name, value] : defaults) {
        const std::optional<std::uint64_t> said = manual.default_of("cryo_server_options_set_" + name);
        if (said != value) print_error("%s: cryo.h says something else\n", name.c_str());
        assert_true(said == value);
    }
    assert_false(o.max_total_queued_bytes.has_value()); // the one that depends on the machine
    assert_non_null(
        std::strstr(manual.comment_above("cryo_server_options_set_max_total_queued_bytes").c_str(),
                    "Default: a quarter"));
    assert_true(o.drop_policy == cryo::drop_policy::oldest);
    assert_non_null(std::strstr(manual.comment_above("cryo_server_options_set_drop_policy").c_str(),
                                "CRYO_DROP_OLDEST, the default"));
    assert_true(o.duplicate_policy == cryo::duplicate_policy::probe);
    assert_non_null(std::strstr(manual.comment_above("cryo_server_options_set_duplicate_policy").c_str(),
                                "CRYO_DUPLICATE_PROBE, the default"));
    assert_true(o.transport == cryo::transport::automatic);
    assert_non_null(std::strstr(manual.comment_above("cryo_server_options_set_transport").c_str(),
                                "Default CRYO_TRANSPORT_AUTO"));
    assert_non_null(std::strstr(manual.comment_above("cryo_server_options_set_tls_min_version").c_str(),
                                "CRYO_TLS_1_2, the default"));
    assert_non_null(std::strstr(manual.text().c_str(), ("Default \"" + o.host + "\"").c_str()));
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_the_librarys),
        cmocka_unit_test(test_defaults_are_those_of_the_manual),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
