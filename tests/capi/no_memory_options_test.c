// Options and what is made of them, with each allocation of each call failing once (see each_allocation.h).
#include "client_app.h"
#include "each_allocation.h"

#include <string.h>

#define LONG_TEXT "a text that is too long to need no memory"

static const uint8_t *bytes(const char *text) {
    return (const uint8_t *)text;
}

static void nothing_to_ask(cryo_token_request *request, void *user) {
    (void)user;
    cryo_token_give(request, TOKEN);
}

static cryo_status metrics(attempt *a) {
    return cryo_server_options_set_metrics(a->of, 1, LONG_TEXT);
}
static cryo_status origin(attempt *a) {
    return cryo_server_options_add_allowed_origin(a->of, "https://a.host.with.a.long.name.example");
}
static cryo_status session_header(attempt *a) {
    return cryo_server_options_add_session_header(a->of, "x-a-name-that-is-too-long-to-need-none");
}
static cryo_status proxy_network(attempt *a) {
    return cryo_server_options_add_trusted_proxy(a->of, "2001:db8:1234:5678:9abc::/80");
}
static cryo_status server_files(attempt *a) {
    return cryo_server_options_set_tls_files(a->of, LONG_TEXT, LONG_TEXT);
}
static cryo_status more_files(attempt *a) {
    return cryo_server_options_add_tls_files(a->of, LONG_TEXT, LONG_TEXT);
}
static cryo_status server_memory(attempt *a) {
    return cryo_server_options_set_tls_memory(a->of, bytes(LONG_TEXT), sizeof LONG_TEXT, bytes(LONG_TEXT),
                                              sizeof LONG_TEXT);
}
static cryo_status more_memory(attempt *a) {
    return cryo_server_options_add_tls_memory(a->of, bytes(LONG_TEXT), sizeof LONG_TEXT, bytes(LONG_TEXT),
                                              sizeof LONG_TEXT);
}
static cryo_status clients_file(attempt *a) {
    return cryo_server_options_set_tls_client_ca_file(a->of, LONG_TEXT);
}
static cryo_status clients_memory(attempt *a) {
    return cryo_server_options_set_tls_client_ca_memory(a->of, bytes(LONG_TEXT), sizeof LONG_TEXT);
}
static cryo_status ocsp(attempt *a) {
    return cryo_server_options_add_tls_ocsp_file(a->of, LONG_TEXT);
}
static cryo_status ticket_keys(attempt *a) {
    uint8_t keys[160];
    for (size_t i = 0; i < sizeof keys; ++i)
        keys[i] = (uint8_t)i;
    return cryo_server_options_set_tls_ticket_keys(a->of, keys, sizeof keys);
}

static void of_a_server(void **state) {
    (void)state;
    cryo_server_options *options = NULL;
    expect_ok(cryo_server_options_new(&options));
    attempt a = {.finalized = TALLY_INIT, .of = options};
    try_each_allocation(&a, "cryo_server_options_set_metrics", metrics, 0);
    try_each_allocation(&a, "cryo_server_options_add_allowed_origin", origin, 0);
    try_each_allocation(&a, "cryo_server_options_add_session_header", session_header, 0);
    try_each_allocation(&a, "cryo_server_options_add_trusted_proxy", proxy_network, 0);
    try_each_allocation(&a, "cryo_server_options_set_tls_files", server_files, 1);
    try_each_allocation(&a, "cryo_server_options_add_tls_files", more_files, 1);
    try_each_allocation(&a, "cryo_server_options_set_tls_memory", server_memory, 1);
    try_each_allocation(&a, "cryo_server_options_add_tls_memory", more_memory, 1);
    try_each_allocation(&a, "cryo_server_options_set_tls_client_ca_file", clients_file, 0);
    try_each_allocation(&a, "cryo_server_options_set_tls_client_ca_memory", clients_memory, 0);
    try_each_allocation(&a, "cryo_server_options_add_tls_ocsp_file", ocsp, 0);
    try_each_allocation(&a, "cryo_server_options_set_tls_ticket_keys", ticket_keys, 0);
    cryo_server_options_free(options);
}

static cryo_status url(attempt *a) {
    return cryo_client_options_set_url(
        a->of, "ws://a.host.with.a.long.name.example:8080/and/a/path?and=a&query=too");
}
static cryo_status token(attempt *a) {
    return cryo_client_options_set_token(a->of, LONG_TEXT);
}
static cryo_status provider(attempt *a) {
    return cryo_client_options_set_token_provider(a->of, nothing_to_ask, &a->finalized, tally_finalizer);
}
static cryo_status parameter(attempt *a) {
    return cryo_client_options_add_parameter(a->of, LONG_TEXT, LONG_TEXT);
}
static cryo_status header(attempt *a) {
    return cryo_client_options_add_header(a->of, "x-a-name-that-is-too-long-to-need-none", LONG_TEXT);
}
static cryo_status authorities_file(attempt *a) {
    return cryo_client_options_set_tls_ca_file(a->of, LONG_TEXT);
}
static cryo_status authorities_memory(attempt *a) {
    return cryo_client_options_set_tls_ca_memory(a->of, bytes(LONG_TEXT), sizeof LONG_TEXT);
}
static cryo_status client_files(attempt *a) {
    return cryo_client_options_set_tls_files(a->of, LONG_TEXT, LONG_TEXT);
}
static cryo_status client_memory(attempt *a) {
    return cryo_client_options_set_tls_memory(a->of, bytes(LONG_TEXT), sizeof LONG_TEXT, bytes(LONG_TEXT),
                                              sizeof LONG_TEXT);
}
static cryo_status proxy(attempt *a) {
    return cryo_client_options_set_proxy(a->of, "http://user:password@a.host.with.a.long.name.example:3128");
}
static cryo_status new_client_options(attempt *a) {
    return cryo_client_options_new((cryo_client_options **)&a->made);
}
static void nowhere(int32_t level, const char *line, void *user) {
    (void)level, (void)line, (void)user;
}
static cryo_status set_log(attempt *a) {
    return cryo_set_log(CRYO_LOG_ERROR, nowhere, &a->finalized, tally_finalizer);
}
static cryo_status new_client(attempt *a) {
    return cryo_client_new(a->of, (cryo_client **)&a->made);
}
static cryo_status another_token(attempt *a) {
    return cryo_client_set_token(a->of, LONG_TEXT);
}
static cryo_status start_client_of(attempt *a) {
    return cryo_client_start(a->of);
}
static cryo_status new_loop(attempt *a) {
    return cryo_loop_new((cryo_loop **)&a->made);
}

static void of_a_client(void **state) {
    (void)state;
    attempt a = ATTEMPT_INIT;
    try_each_allocation(&a, "cryo_client_options_new", new_client_options, 0);
    cryo_client_options *const options = made(&a);
    a.of = options;
    try_each_allocation(&a, "cryo_client_options_set_url", url, 1);
    try_each_allocation(&a, "cryo_client_options_set_token", token, 0);
    try_each_allocation(&a, "cryo_client_options_set_token_provider", provider, 0);
    try_each_allocation(&a, "cryo_client_options_add_parameter", parameter, 0);
    try_each_allocation(&a, "cryo_client_options_add_header", header, 0);
    try_each_allocation(&a, "cryo_client_options_set_tls_ca_file", authorities_file, 0);
    try_each_allocation(&a, "cryo_client_options_set_tls_ca_memory", authorities_memory, 0);
    try_each_allocation(&a, "cryo_client_options_set_tls_files", client_files, 1);
    try_each_allocation(&a, "cryo_client_options_set_tls_memory", client_memory, 1);
    try_each_allocation(&a, "cryo_client_options_set_proxy", proxy, 1);
    cryo_client_options_free(options);
    assert_int_equal(tally_now(&a.finalized), 1);
}

static void what_is_made_of_them(void **state) {
    (void)state;
    attempt a = ATTEMPT_INIT;
    try_each_allocation(&a, "cryo_loop_new", new_loop, 0);
    cryo_loop *const loop = made(&a);
    cryo_client_options *const options = make_options(1, NULL);
    expect_ok(cryo_client_options_set_loop(options, loop));
    a.of = options;
    try_each_allocation(&a, "cryo_client_new", new_client, 5);
    cryo_client *const client = made(&a);
    a.of = client;
    try_each_allocation(&a, "cryo_client_set_token", another_token, 0);
    try_each_allocation(&a, "cryo_client_start", start_client_of, 0);
    cryo_client_free(client);
    cryo_client_options_free(options);
    cryo_loop_free(loop);
}

static void where_the_log_goes(void **state) {
    (void)state;
    attempt a = ATTEMPT_INIT;
    try_each_allocation(&a, "cryo_set_log", set_log, 0);
    expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL));
    assert_int_equal(tally_now(&a.finalized), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_server),
        cmocka_unit_test(of_a_client),
        cmocka_unit_test(what_is_made_of_them),
        cmocka_unit_test(where_the_log_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
