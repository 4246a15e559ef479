// Why a server cannot be made or started: options that do not fit, addresses, permissions, certificates. Each
// failure has its status and a text, and can be tried again.
#include "app.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void expect_no_server(cryo_server_options *options, const char *because) {
    cryo_server *server = NULL;
    expect_status(cryo_server_new(options, &server), CRYO_ERR_INVALID);
    assert_null(server);
    assert_non_null(strstr(cryo_last_error(), because));
}

static void options_must_fit(void **state) {
    (void)state;
    cryo_server_options *options = NULL;
    cryo_server *server = NULL;
    expect_status(cryo_server_options_new(NULL), CRYO_ERR_INVALID);
    expect_status(cryo_events_new(NULL, NULL, NULL), CRYO_ERR_INVALID);
    expect_ok(cryo_server_options_new(&options));
    expect_no_server(options, "validator");
    expect_ok(cryo_server_options_set_validator(options, accept_everybody, NULL, NULL));
    expect_status(cryo_server_new(options, NULL), CRYO_ERR_INVALID);
    expect_ok(cryo_server_options_set_high_water_mark(options, 1000));
    expect_ok(cryo_server_options_set_low_water_mark(options, 1001));
    expect_no_server(options, "low-water mark");
    expect_ok(cryo_server_options_set_low_water_mark(options, 1000));
    expect_ok(cryo_server_new(options, &server));
    cryo_server_free(server);
    expect_ok(cryo_server_options_set_validator(options, NULL, NULL, NULL));
    expect_no_server(options, "validator");
    cryo_server_options_free(options);
}

// Both bounds are taken; what lies beside them is refused.
#define TAKES(setter, low, high)                                                                             \
    expect_ok(setter(options, low));                                                                         \
    expect_ok(setter(options, high))
#define REFUSES(setter, value) expect_status(setter(options, value), CRYO_ERR_INVALID)

static void numbers_have_bounds(void **state) {
    (void)state;
    cryo_server_options *options = NULL;
    expect_ok(cryo_server_options_new(&options));
    TAKES(cryo_server_options_set_threads, 0, 256);
    REFUSES(cryo_server_options_set_threads, 257);
    assert_non_null(strstr(cryo_last_error(), "256"));
    TAKES(cryo_server_options_set_port, 0, 65535);
    TAKES(cryo_server_options_set_reuse_port, 0, 1);
    REFUSES(cryo_server_options_set_reuse_port, 2);
    TAKES(cryo_server_options_set_cale, 0, 1);
    REFUSES(cryo_server_options_set_cale, 2);
    REFUSES(cryo_server_options_set_cale, -1);
    TAKES(cryo_server_options_set_cale_timeout_ms, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_cale_timeout_ms, 0);
    TAKES(cryo_server_options_set_keepalive_ms, 10, UINT32_MAX);
    REFUSES(cryo_server_options_set_keepalive_ms, 9);
    TAKES(cryo_server_options_set_ack_timeout_ms, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_ack_timeout_ms, 0);
    TAKES(cryo_server_options_set_head_timeout_ms, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_head_timeout_ms, 0);
    TAKES(cryo_server_options_set_validation_timeout_ms, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_validation_timeout_ms, 0);
    TAKES(cryo_server_options_set_hello_wait_ms, 0, UINT32_MAX);
    TAKES(cryo_server_options_set_close_timeout_ms, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_close_timeout_ms, 0);
    TAKES(cryo_server_options_set_message_timeout_ms, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_message_timeout_ms, 0);
    TAKES(cryo_server_options_set_stall_timeout_ms, 0, UINT32_MAX);
    TAKES(cryo_server_options_set_min_message_rate, 0, UINT32_MAX);
    TAKES(cryo_server_options_set_max_message_bytes, 125, 1073741824);
    REFUSES(cryo_server_options_set_max_message_bytes, 124);
    REFUSES(cryo_server_options_set_max_message_bytes, 1073741825);
    TAKES(cryo_server_options_set_max_fragments, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_max_fragments, 0);
    TAKES(cryo_server_options_set_max_violations, 0, UINT32_MAX);
    TAKES(cryo_server_options_set_max_sessions, 0, UINT32_MAX);
    TAKES(cryo_server_options_set_max_sessions_per_address, 0, UINT32_MAX);
    TAKES(cryo_server_options_set_max_pending_validations, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_max_pending_validations, 0);
    TAKES(cryo_server_options_set_max_queue_count, 0, UINT32_MAX);
    TAKES(cryo_server_options_set_max_queued_bytes, 0, 1 << 30);
    TAKES(cryo_server_options_set_max_total_queued_bytes, 0, 1 << 30);
    TAKES(cryo_server_options_set_max_receipts, 1, UINT32_MAX);
    REFUSES(cryo_server_options_set_max_receipts, 0);
    TAKES(cryo_server_options_set_drop_policy, CRYO_DROP_OLDEST, CRYO_DEDUPE_LATEST);
    REFUSES(cryo_server_options_set_drop_policy, 0);
    REFUSES(cryo_server_options_set_drop_policy, 4);
    TAKES(cryo_server_options_set_high_water_mark, 1, 1 << 30);
    REFUSES(cryo_server_options_set_high_water_mark, 0);
    TAKES(cryo_server_options_set_low_water_mark, 0, 1 << 30);
    TAKES(cryo_server_options_set_socket_mode, 0, 0777);
    REFUSES(cryo_server_options_set_socket_mode, 01000);
    TAKES(cryo_server_options_set_listen_fd, -1, 3);
    REFUSES(cryo_server_options_set_listen_fd, -2);
    TAKES(cryo_server_options_set_max_head_bytes, 1024, 65536);
    REFUSES(cryo_server_options_set_max_head_bytes, 1023);
    REFUSES(cryo_server_options_set_max_head_bytes, 65537);
    TAKES(cryo_server_options_set_forwarded_header, CRYO_FORWARDED_NONE, CRYO_FORWARDED_RFC7239);
    REFUSES(cryo_server_options_set_forwarded_header, -1);
    REFUSES(cryo_server_options_set_forwarded_header, 4);
    TAKES(cryo_server_options_set_transport, CRYO_TRANSPORT_AUTO, CRYO_TRANSPORT_POLL);
    REFUSES(cryo_server_options_set_transport, -1);
    REFUSES(cryo_server_options_set_transport, 3);
    TAKES(cryo_server_options_set_proxy_protocol, 0, 1);
    REFUSES(cryo_server_options_set_proxy_protocol, 2);
    TAKES(cryo_server_options_add_trusted_proxy, "192.0.2.7", "2001:db8::/32");
    REFUSES(cryo_server_options_add_trusted_proxy, NULL);
    REFUSES(cryo_server_options_add_trusted_proxy, "localhost");
    expect_status(cryo_server_options_set_high_water_mark(options, UINT64_MAX), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_host(options, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_host(options, ""), CRYO_ERR_INVALID);
    const uint8_t byte = 0;
    expect_status(cryo_server_options_set_tls_files(options, "a", NULL), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_files(options, NULL, "a"), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_files(options, "", "a"), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_memory(options, &byte, 1, NULL, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_memory(options, NULL, 0, &byte, 1), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_memory(options, &byte, 0, &byte, 1), CRYO_ERR_INVALID);
    expect_ok(cryo_server_options_set_tls_files(options, NULL, NULL));
    expect_ok(cryo_server_options_set_tls_memory(options, NULL, 0, NULL, 0));
    cryo_server_options_free(options);
}

static void tls_options_have_bounds(void **state) {
    (void)state;
    cryo_server_options *options = NULL;
    expect_ok(cryo_server_options_new(&options));
    uint8_t keys[17 * 80];
    for (size_t i = 0; i < sizeof keys; ++i)
        keys[i] = (uint8_t)(i + i / 80);
    expect_status(cryo_server_options_add_tls_files(options, NULL, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_tls_files(options, "a", NULL), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_tls_files(options, "a", ""), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_tls_memory(options, NULL, 0, NULL, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_tls_memory(options, keys, 1, NULL, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_tls_memory(options, keys, 1, keys, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_min_version(options, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_min_version(options, 11), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_min_version(options, 14), CRYO_ERR_INVALID);
    expect_ok(cryo_server_options_set_tls_min_version(options, CRYO_TLS_1_3));
    expect_ok(cryo_server_options_set_tls_min_version(options, CRYO_TLS_1_2));
    expect_status(cryo_server_options_set_tls_client_ca_file(options, ""), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_client_ca_memory(options, keys, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_require_client_certificate(options, 2), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_require_client_certificate(options, -1), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_tls_ocsp_file(options, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_tls_ocsp_file(options, ""), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_ticket_keys(options, NULL, 80), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_ticket_keys(options, keys, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_ticket_keys(options, keys, 79), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_tls_ticket_keys(options, keys, 17 * 80), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "16 at most"));
    expect_ok(cryo_server_options_set_tls_ticket_keys(options, keys, 16 * 80));
    expect_ok(cryo_server_options_set_tls_ticket_keys(options, keys, 80));
    expect_ok(cryo_server_options_set_tls_ticket_keys(options, NULL, 0));
    cryo_server_options_free(options);
}

static void client_certificates_need_tls_and_an_authority(void **state) {
    (void)state;
    cryo_server *server = NULL;
    cryo_server_options *const options = app_options(&(app){.threads = 1});
    expect_ok(cryo_server_options_set_tls_client_ca_file(options, "ca.pem"));
    expect_status(cryo_server_new(options, &server), CRYO_ERR_INVALID);
    expect_ok(cryo_server_options_set_tls_client_ca_file(options, NULL));
    expect_ok(cryo_server_options_set_tls_files(options, "a.pem", "a.key"));
    expect_ok(cryo_server_options_set_tls_require_client_certificate(options, 1));
    expect_status(cryo_server_new(options, &server), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "certify"));
    expect_ok(cryo_server_options_set_tls_client_ca_memory(options, (const uint8_t *)"pem", 3));
    expect_ok(cryo_server_new(options, &server));
    cryo_server_free(server);
    cryo_server_options_free(options);
}

static cryo_server_options *plain_options(const char *host, uint16_t port) {
    cryo_server_options *const options = app_options(&(app){.threads = 2});
    expect_ok(cryo_server_options_set_host(options, host));
    expect_ok(cryo_server_options_set_port(options, port));
    return options;
}

static cryo_server *unstarted(cryo_server_options *options) {
    cryo_server *server = NULL;
    expect_ok(cryo_server_new(options, &server));
    cryo_server_options_free(options);
    return server;
}

static void expect_no_start(cryo_server *server, cryo_status status, const char *about) {
    expect_status(cryo_server_start(server), status);
    if (strstr(cryo_last_error(), about) == NULL) fail_msg("no word of %s: %s", about, cryo_last_error());
    assert_int_equal(cryo_server_port(server), 0);
    expect_status(cryo_server_stop(server), CRYO_ERR_STATE);
}

static void a_port_is_in_use_and_then_it_is_not(void **state) {
    (void)state;
    const int taken = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in name;
    memset(&name, 0, sizeof name);
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t len = sizeof name;
    assert_int_equal(bind(taken, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(taken, 1), 0);
    assert_int_equal(getsockname(taken, (struct sockaddr *)&name, &len), 0);
    const uint16_t port = ntohs(name.sin_port);
    char said[16];
    snprintf(said, sizeof said, ":%u", (unsigned)port);
    cryo_server *const server = unstarted(plain_options("127.0.0.1", port));
    for (int i = 0; i < 3; ++i)
        expect_no_start(server, CRYO_ERR_ADDRESS_IN_USE, said);
    close(taken);
    expect_ok(cryo_server_start(server)); // the same server
    assert_int_equal(cryo_server_port(server), port);
    peer p;
    assert_int_equal(peer_connect(&p, port, TOKEN), 101);
    peer_hang_up(&p);
    cryo_server_free(server);
}

static void a_host_must_be_of_this_machine(void **state) {
    (void)state;
    static const char *const hosts[] = {"192.0.2.1", "no.such.host.invalid", "1.2.3.4.5", "not an address"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; ++i) {
        cryo_server *const server = unstarted(plain_options(hosts[i], 0));
        expect_no_start(server, CRYO_ERR_ADDRESS, hosts[i]);
        cryo_server_free(server);
    }
    cryo_server *const server = unstarted(plain_options("localhost", 0));
    expect_ok(cryo_server_start(server));
    cryo_server_free(server);
}

// ---- certificates ----

static char folder[] = "/tmp/cryo-capi-XXXXXX";

static int make_files(void **state) {
    (void)state;
    char command[1024];
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(command, sizeof command, "%s %s", CRYO_MAKE_CERTIFICATES, folder);
    return system(command); // NOLINT: both are ours
}

static int remove_files(void **state) {
    (void)state;
    char command[1024];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command); // NOLINT: as above
}

static char *in_folder(char *out, size_t size, const char *name) {
    snprintf(out, size, "%s/%s", folder, name);
    return out;
}

static cryo_server *with_files(const char *certificate, const char *key) {
    char one[256];
    char two[256];
    cryo_server_options *const options = app_options(&(app){.threads = 1});
    expect_ok(cryo_server_options_set_tls_files(options, in_folder(one, sizeof one, certificate),
                                                in_folder(two, sizeof two, key)));
    memset(one, 0, sizeof one); // copied
    memset(two, 0, sizeof two);
    return unstarted(options);
}

static size_t read_file(const char *name, uint8_t *out, size_t capacity) {
    char path[256];
    FILE *const file = fopen(in_folder(path, sizeof path, name), "rb");
    assert_non_null(file);
    const size_t size = fread(out, 1, capacity, file);
    fclose(file);
    return size;
}

static void a_certificate_is_checked_at_start(void **state) {
    (void)state;
    static const struct {
        const char *certificate;
        const char *key;
        cryo_status status;
        const char *about;
    } cases[] = {
        {"none.pem", "ec.key", CRYO_ERR_TLS_FILE, "none.pem"},
        {"ec.pem", "none.key", CRYO_ERR_TLS_FILE, "none.key"},
        {".", "ec.key", CRYO_ERR_TLS_FILE, "cannot read"},
        {"ec.key", "ec.key", CRYO_ERR_TLS_CERTIFICATE, "ec.key"},
        {"ec.pem", "ec.pem", CRYO_ERR_TLS_KEY, "ec.pem"},
        {"ec.pem", "rsa.key", CRYO_ERR_TLS_MISMATCH, "rsa.key"},
        {"expired.pem", "ec.key", CRYO_ERR_TLS_EXPIRED, "expired.pem"},
        {"future.pem", "ec.key", CRYO_ERR_TLS_EXPIRED, "future.pem"},
        {"weak.pem", "weak.key", CRYO_ERR_TLS, "too small (RSA, 1024 bits)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        cryo_server *const server = with_files(cases[i].certificate, cases[i].key);
        expect_no_start(server, cases[i].status, cases[i].about);
        expect_no_start(server, cases[i].status, cases[i].about);
        cryo_server_free(server);
        if (strcmp(cases[i].certificate, "none.pem") == 0 || strcmp(cases[i].key, "none.key") == 0 ||
            cases[i].certificate[0] == '.')
            continue;
        uint8_t certificate[8192];
        uint8_t key[8192];
        const size_t certificate_len = read_file(cases[i].certificate, certificate, sizeof certificate);
        const size_t key_len = read_file(cases[i].key, key, sizeof key);
        cryo_server_options *const options = app_options(&(app){.threads = 1});
        expect_ok(cryo_server_options_set_tls_memory(options, certificate, certificate_len, key, key_len));
        cryo_server *const from_memory = unstarted(options);
        expect_no_start(from_memory, cases[i].status, "");
        cryo_server_free(from_memory);
    }
    static const char *const good[][2] = {
        {"ec.pem", "ec.key"}, {"rsa.pem", "rsa.key"}, {"chain.pem", "chain.key"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; ++i) {
        cryo_server *const server = with_files(good[i][0], good[i][1]);
        expect_ok(cryo_server_start(server));
        cryo_server_free(server);
    }
}

static void expect_exchange(cryo_server *server, cryo_status status, const char *certificate,
                            const char *key) {
    char one[256];
    char two[256];
    cryo_server_options *options = NULL;
    expect_ok(cryo_server_options_new(&options));
    expect_ok(cryo_server_options_add_tls_files(options, in_folder(one, sizeof one, certificate),
                                                in_folder(two, sizeof two, key)));
    expect_status(cryo_server_set_tls(server, options), status);
    cryo_server_options_free(options);
}

static void what_is_exchanged_is_checked(void **state) {
    (void)state;
    uint8_t keys[80];
    for (size_t i = 0; i < sizeof keys; ++i)
        keys[i] = (uint8_t)i;
    cryo_server *const server = with_files("ec.pem", "ec.key");
    expect_status(cryo_server_set_tls(server, NULL), CRYO_ERR_STATE);
    expect_status(cryo_server_set_tls_ticket_keys(server, NULL, 0), CRYO_ERR_STATE);
    expect_exchange(server, CRYO_ERR_STATE, "rsa.pem", "rsa.key");
    expect_ok(cryo_server_start(server));
    expect_ok(cryo_server_set_tls(server, NULL));
    expect_exchange(server, CRYO_OK, "rsa.pem", "rsa.key");
    expect_exchange(server, CRYO_OK, "chain.pem", "chain.key");
    expect_exchange(server, CRYO_ERR_TLS_FILE, "none.pem", "ec.key");
    expect_exchange(server, CRYO_ERR_TLS_CERTIFICATE, "ec.key", "ec.key");
    expect_exchange(server, CRYO_ERR_TLS_KEY, "ec.pem", "ec.pem");
    expect_exchange(server, CRYO_ERR_TLS_MISMATCH, "ec.pem", "rsa.key");
    expect_exchange(server, CRYO_ERR_TLS_EXPIRED, "expired.pem", "ec.key");
    expect_exchange(server, CRYO_ERR_TLS, "weak.pem", "weak.key");
    cryo_server_options *options = NULL;
    expect_ok(cryo_server_options_new(&options));
    expect_status(cryo_server_set_tls(server, options), CRYO_ERR_INVALID);
    cryo_server_options_free(options);
    expect_status(cryo_server_set_tls(server, options), CRYO_ERR_HANDLE);
    expect_ok(cryo_server_set_tls_ticket_keys(server, keys, sizeof keys));
    expect_status(cryo_server_set_tls_ticket_keys(server, keys, 79), CRYO_ERR_INVALID);
    expect_status(cryo_server_set_tls_ticket_keys(server, NULL, 80), CRYO_ERR_INVALID);
    expect_ok(cryo_server_set_tls_ticket_keys(server, NULL, 0));
    expect_ok(cryo_server_stop(server));
    expect_status(cryo_server_set_tls(server, NULL), CRYO_ERR_CLOSED);
    cryo_server_free(server);

    cryo_server *const plain = unstarted(plain_options("127.0.0.1", 0));
    expect_ok(cryo_server_start(plain));
    expect_exchange(plain, CRYO_ERR_STATE, "ec.pem", "ec.key");
    expect_status(cryo_server_set_tls(plain, NULL), CRYO_ERR_STATE);
    expect_status(cryo_server_set_tls_ticket_keys(plain, NULL, 0), CRYO_ERR_STATE);
    cryo_server_free(plain);
}

// What the options leave to the library is known from the beginning; the other one can be had, but not with
// TLS.
static void what_carries_the_connections(void **state) {
    (void)state;
    static const int32_t asked_and_got[][2] = {
        {CRYO_TRANSPORT_AUTO, CRYO_TRANSPORT_POLL},
        {CRYO_TRANSPORT_POLL, CRYO_TRANSPORT_POLL},
        {CRYO_TRANSPORT_LIBWEBSOCKETS, CRYO_TRANSPORT_LIBWEBSOCKETS},
    };
    char certificate[256];
    char key[256];
    for (size_t i = 0; i < 2 * sizeof asked_and_got / sizeof asked_and_got[0]; ++i) {
        const int32_t *const pair = asked_and_got[i / 2];
        cryo_server_options *const options = plain_options("127.0.0.1", 0);
        expect_ok(cryo_server_options_set_transport(options, pair[0]));
        if (i % 2 == 1)
            expect_ok(cryo_server_options_set_tls_files(options,
                                                        in_folder(certificate, sizeof certificate, "ec.pem"),
                                                        in_folder(key, sizeof key, "ec.key")));
        cryo_server *const server = unstarted(options);
        assert_int_equal(cryo_server_transport(server), pair[1]);
        expect_ok(cryo_server_start(server));
        assert_int_equal(cryo_server_transport(server), pair[1]);
        cryo_server_free(server);
        assert_int_equal(cryo_server_transport(server), CRYO_TRANSPORT_AUTO);
    }
}

static void a_file_that_comes_later_is_found(void **state) {
    (void)state;
    char from[256];
    char to[256];
    cryo_server *const server = with_files("late.pem", "ec.key");
    expect_no_start(server, CRYO_ERR_TLS_FILE, "late.pem");
    assert_int_equal(link(in_folder(from, sizeof from, "ec.pem"), in_folder(to, sizeof to, "late.pem")), 0);
    expect_ok(cryo_server_start(server));
    cryo_server_free(server);
}

static void a_file_must_be_readable(void **state) {
    (void)state;
    char path[256];
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chmod(in_folder(path, sizeof path, "ec.key"), 0), 0);
    assert_int_equal(chmod(in_folder(path, sizeof path, "ec.pem"), 0644), 0);
    cryo_server *const server = with_files("ec.pem", "ec.key");
    const bool was_root = geteuid() == 0;
    if (was_root) assert_int_equal(seteuid(65534), 0); // root may read everything
    const cryo_status status = cryo_server_start(server);
    const bool says = strstr(cryo_last_error(), "ec.key") != NULL;
    if (was_root) assert_int_equal(seteuid(0), 0);
    expect_status(status, CRYO_ERR_PERMISSION);
    assert_true(says);
    assert_int_equal(chmod(in_folder(path, sizeof path, "ec.key"), 0600), 0);
    expect_ok(cryo_server_start(server));
    cryo_server_free(server);
}

// ---- descriptors ----

static void without_descriptors_it_says_so(void **state) {
    (void)state;
#ifdef CRYO_SANITIZER_NEEDS_DESCRIPTORS
    print_message("UndefinedBehaviorSanitizer looks at memory through a pipe, so it needs descriptors\n");
    skip();
#endif
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    cryo_server *const server = unstarted(plain_options("127.0.0.1", 0));
    cryo_queue *queue = NULL;
    int next = dup(0);
    assert_true(next >= 0);
    close(next);
    const struct rlimit none = {(rlim_t)next, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    const cryo_status made = cryo_queue_new(&queue);
    const int32_t fd = cryo_queue_fd(queue);
    cryo_event *event = NULL;
    const cryo_status pulled = cryo_queue_next(queue, 0, &event);
    const cryo_status started = cryo_server_start(server);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    expect_status(made, CRYO_OK);
    expect_status(fd, CRYO_ERR_UNSUPPORTED);
    expect_status(pulled, CRYO_ERR_TIMEOUT);
    expect_status(started, CRYO_ERR_SYSTEM);
    expect_ok(cryo_server_start(server));
    cryo_server_free(server);
    cryo_queue_free(queue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_must_fit),
        cmocka_unit_test(numbers_have_bounds),
        cmocka_unit_test(a_port_is_in_use_and_then_it_is_not),
        cmocka_unit_test(a_host_must_be_of_this_machine),
        cmocka_unit_test(a_certificate_is_checked_at_start),
        cmocka_unit_test(what_is_exchanged_is_checked),
        cmocka_unit_test(tls_options_have_bounds),
        cmocka_unit_test(client_certificates_need_tls_and_an_authority),
        cmocka_unit_test(what_carries_the_connections),
        cmocka_unit_test(a_file_that_comes_later_is_found),
        cmocka_unit_test(a_file_must_be_readable),
        cmocka_unit_test(without_descriptors_it_says_so),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
