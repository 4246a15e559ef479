// Who comes in, by the head of the request alone or by the application's word: headers, origins, refusals of
// its choice, and addresses that try too often.
#include "talk.h"

#include <stdio.h>
#include <string.h>

typedef struct answers {
    char header[256];
    cryo_status found;
    const char *wanted; // the header's name
    int32_t refuse_with;
    const char *body;
    uint32_t retry_after_ms;
    tally asked;
} answers;

static void look_at_header(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len;
    answers *const a = user;
    a->found = cryo_auth_header(auth, a->wanted, a->header, sizeof a->header, NULL);
    tally_add(&a->asked);
    cryo_auth_accept(auth);
}

static void keep_two_headers(cryo_server_options *options) {
    expect_ok(cryo_server_options_add_session_header(options, "X-Tenant"));
    expect_ok(cryo_server_options_add_session_header(options, "x-tenant"));
    expect_ok(cryo_server_options_add_session_header(options, "User-Agent"));
    expect_status(cryo_server_options_add_session_header(options, "no header"), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_add_session_header(options, ""), CRYO_ERR_INVALID);
}

static void headers_are_readable(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"x-tenant", "X-Tenant:  acme \r\n", "acme"},
        {"X-TENANT", "x-tenant: a\r\nOther: b\r\nX-Tenant: c\r\n", "a, c"},
        {"cookie", "Cookie: a=1\r\nCookie: b=2\r\n", "a=1; b=2"},
        {"Empty", "Empty:\r\n", ""},
        {"Host", "", "localhost"},
        {"X-Bytes", "X-Bytes: \xff!\r\n", "\xef\xbf\xbd!"},
        {"X-Ten", "X-Tenant: acme\r\n", NULL},
        {"", "X-Tenant: acme\r\n", NULL},
    };
    answers a = {.asked = TALLY_INIT};
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_validate = look_at_header, .user = &a, .tune = keep_two_headers});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        peer p;
        peer_init(&p);
        a.wanted = rows[i][0];
        p.headers = rows[i][1];
        peer_dial_with(&p, cryo_server_port(server), TOKEN, "&x-tenant=other");
        assert_int_equal(peer_answer(&p), 101);
        if (rows[i][2] == NULL) {
            assert_int_equal(a.found, CRYO_ERR_NOT_FOUND);
        } else {
            assert_int_equal(a.found, CRYO_OK);
            assert_string_equal(a.header, rows[i][2]);
        }
        peer_hang_up(&p);
    }
    cryo_server_free(server);
}

static void sessions_keep_those_that_are_named(void **state) {
    (void)state;
    talk t;
    char text[64];
    size_t len = 0;
    talk_listen(&t, &(app){.tune = keep_two_headers});
    t.client.headers = "X-Tenant: acme\r\nX-Tenant: inc\r\nCookie: secret\r\n";
    peer_dial_with(&t.client, cryo_server_port(t.server), TOKEN, "&room=1");
    assert_int_equal(peer_answer(&t.client), 101);
    tally_wait(&t.sessions, 1);
    expect_ok(cryo_session_header(t.session, "x-TENANT", text, sizeof text, &len));
    assert_string_equal(text, "acme, inc");
    assert_int_equal(len, strlen(text));
    expect_status(cryo_session_header(t.session, "X-Tenant", text, 3, &len), CRYO_ERR_BUFFER);
    expect_status(cryo_session_header(t.session, "User-Agent", text, sizeof text, &len), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_header(t.session, "Cookie", text, sizeof text, &len), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_header(t.session, "room", text, sizeof text, &len), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_header(t.session, NULL, text, sizeof text, &len), CRYO_ERR_INVALID);
    expect_ok(cryo_session_parameter(t.session, "room", text, sizeof text, &len));
    expect_status(cryo_session_parameter(t.session, "X-Tenant", text, sizeof text, &len), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_parameter_at(t.session, 2, NULL, 0, NULL, NULL, 0, NULL), CRYO_ERR_NOT_FOUND);
    talk_end(&t);
}

static void one_origin(cryo_server_options *options) {
    static const char *const none[] = {"",           "example.com",           "https://",     "https://a/",
                                       "https://a?", "https://*.example.com", "https://a:b",  "https://a:",
                                       "://a",       "https://a b",           "https://[::1", "*"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; ++i)
        expect_status(cryo_server_options_add_allowed_origin(options, none[i]), CRYO_ERR_INVALID);
    expect_ok(cryo_server_options_add_allowed_origin(options, "https://App.example.com"));
    expect_ok(cryo_server_options_add_allowed_origin(options, "HTTP://localhost:3000"));
}

static void pages_of_other_origins_stay_out(void **state) {
    (void)state;
    static const struct {
        const char *headers;
        int status;
    } rows[] = {
        {NULL, 101}, // no browser
        {"Origin: https://app.example.com\r\n", 101},
        {"Origin: https://APP.example.com:443\r\n", 101},
        {"Origin: http://localhost:3000\r\n", 101},
        {"Origin: http://app.example.com\r\n", 403},
        {"Origin: https://app.example.com:8443\r\n", 403},
        {"Origin: https://app.example.com.evil.example\r\n", 403},
        {"Origin: https://evil.example\r\n", 403},
        {"Origin: http://localhost\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Origin: https://app.example.com https://evil.example\r\n", 403},
        {"Origin: rubbish\r\n", 403},
    };
    answers a = {.wanted = "Origin", .asked = TALLY_INIT};
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_validate = look_at_header, .user = &a, .tune = one_origin});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        peer p;
        peer_init(&p);
        p.headers = rows[i].headers;
        const unsigned before = tally_now(&a.asked);
        peer_dial_with(&p, cryo_server_port(server), TOKEN, "");
        assert_int_equal(peer_answer(&p), rows[i].status);
        assert_int_equal(tally_now(&a.asked), before + (rows[i].status == 101));
        if (rows[i].status == 403) assert_non_null(strstr(peer_body(&p), "origin"));
        peer_hang_up(&p);
    }
    cryo_server_free(server);
}

static void refuse_as_told(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len;
    answers *const a = user;
    static char long_body[4098];
    memset(long_body, 'x', 4097);
    expect_status(cryo_auth_refuse(auth, 399, NULL, 0), CRYO_ERR_INVALID);
    expect_status(cryo_auth_refuse(auth, 600, NULL, 0), CRYO_ERR_INVALID);
    expect_status(cryo_auth_refuse(auth, 403, "\xff", 0), CRYO_ERR_INVALID);
    expect_status(cryo_auth_refuse(auth, 403, long_body, 0), CRYO_ERR_TOO_BIG);
    expect_ok(cryo_auth_refuse(auth, a->refuse_with, a->body, a->retry_after_ms));
    tally_add(&a->asked);
}

static void an_application_refuses_as_it_likes(void **state) {
    (void)state;
    static const struct {
        int32_t status;
        const char *body;
        uint32_t retry_after_ms;
        const char *head;   // a part of it
        const char *not_in; // it
    } rows[] = {
        {402, "Pay first.", 0, "HTTP/1.1 402 ", "Retry-After"},
        {403, NULL, 0, "HTTP/1.1 403 Forbidden\r\n", "Retry-After"},
        {401, "Two\r\nlines", 0, "\r\nWWW-Authenticate: Bearer\r\n", "Retry-After"},
        {429, "Slow down.", 1, "\r\nRetry-After: 1\r\n", "WWW-"},
        {503, "Maintenance.", 60001, "\r\nRetry-After: 61\r\n", "WWW-"},
        {503, "Nobody knows.", 0, "HTTP/1.1 503 ", "Retry-After"},
        {599, "?", UINT32_MAX, "\r\nRetry-After: 4294968\r\n", "WWW-"},
        {426, "Newer, please.", 0, "\r\nUpgrade: websocket\r\n", "Retry-After"},
    };
    answers a = {.asked = TALLY_INIT};
    cryo_server *const server = app_start(&(app){.threads = 1, .on_validate = refuse_as_told, .user = &a});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        peer p;
        a.refuse_with = rows[i].status;
        a.body = rows[i].body;
        a.retry_after_ms = rows[i].retry_after_ms;
        assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), rows[i].status);
        assert_non_null(strstr(p.head, rows[i].head));
        assert_null(strstr(p.head, rows[i].not_in));
        assert_non_null(
            strstr(peer_body(&p), rows[i].body == NULL ? "The client was refused." : rows[i].body));
        peer_hang_up(&p);
    }
    cryo_server_free(server);
}

static void judge(cryo_auth *auth, const char *token, size_t len, void *user) {
    answers *const a = user;
    tally_add(&a->asked);
    if (len == strlen(TOKEN) && memcmp(token, TOKEN, len) == 0)
        cryo_auth_accept(auth);
    else
        cryo_auth_reject(auth, NULL);
}

static void three_attempts(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_attempts_per_address(options, 3));
    expect_ok(cryo_server_options_set_address_window_ms(options, 3600 * 1000));
    expect_status(cryo_server_options_set_address_window_ms(options, 0), CRYO_ERR_INVALID);
}

static void attempts_of_an_address_are_limited(void **state) {
    (void)state;
    answers a = {.asked = TALLY_INIT};
    cryo_server *const server =
        app_start(&(app){.threads = 2, .on_validate = judge, .user = &a, .tune = three_attempts});
    for (unsigned i = 0; i < 5; ++i) {
        peer p;
        assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), i < 3 ? 101 : 429);
        if (i >= 3) {
            const char *const wait = strstr(p.head, "\r\nRetry-After: ");
            assert_non_null(wait);
            int seconds = 0;
            assert_int_equal(sscanf(wait, "\r\nRetry-After: %d", &seconds), 1);
            assert_in_range(seconds, 1100, 1200); // a third of the window, and some of it may be over
        }
        peer_hang_up(&p);
    }
    assert_int_equal(tally_now(&a.asked), 3);
    cryo_server_free(server);
}

static void two_failures(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_failed_tokens_per_address(options, 2));
    expect_ok(cryo_server_options_set_address_window_ms(options, 3600 * 1000));
}

static void who_tries_tokens_out_is_kept_out(void **state) {
    (void)state;
    static const struct {
        const char *token;
        int status;
    } rows[] = {{TOKEN, 101}, {"wrong", 401}, {TOKEN, 101}, {"worse", 401}, {TOKEN, 429}, {"bad", 429}};
    answers a = {.asked = TALLY_INIT};
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_validate = judge, .user = &a, .tune = two_failures});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        peer p;
        assert_int_equal(peer_connect(&p, cryo_server_port(server), rows[i].token), rows[i].status);
        peer_hang_up(&p);
    }
    assert_int_equal(tally_now(&a.asked), 4);
    cryo_server_free(server);
}

static void a_short_window(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_attempts_per_address(options, 1));
    expect_ok(cryo_server_options_set_address_window_ms(options, 50));
}

static void and_let_in_again(void **state) {
    (void)state;
    answers a = {.asked = TALLY_INIT};
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_validate = judge, .user = &a, .tune = a_short_window});
    for (unsigned let_in = 0; let_in < 3;) {
        peer p;
        const int status = peer_connect(&p, cryo_server_port(server), TOKEN);
        assert_true(status == 101 || status == 429);
        let_in += status == 101;
        peer_hang_up(&p);
    }
    cryo_server_free(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_readable),
        cmocka_unit_test(sessions_keep_those_that_are_named),
        cmocka_unit_test(pages_of_other_origins_stay_out),
        cmocka_unit_test(an_application_refuses_as_it_likes),
        cmocka_unit_test(attempts_of_an_address_are_limited),
        cmocka_unit_test(who_tries_tokens_out_is_kept_out),
        cmocka_unit_test(and_let_in_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
