// Which callbacks run inside of a call that the application makes on the session's own thread, and which do
// not: whoever holds a lock while he calls wants to know. One service thread, two clients; the first one's
// message makes all the calls.
#include "talk.h"

#include <stdatomic.h>
#include <string.h>

enum { DROPPED, RECEIPT, HOOK, SESSION, CLOSED, MESSAGE, WRITABLE, STAT, VALIDATE, EXTENSION, KINDS };
static const char *const names[KINDS] = {"dropped", "receipt",  "hook", "session",  "closed",
                                         "message", "writable", "stat", "validate", "extension"};

static bool inside; // of the service thread alone, like what follows
static unsigned seen_inside[KINDS];
static tally seen[KINDS];

static void note(int kind) {
    if (inside) ++seen_inside[kind];
    tally_add(&seen[kind]);
}

static void only(int first, int second, int third) {
    for (int kind = 0; kind < KINDS; ++kind)
        if (seen_inside[kind] != 0 && kind != first && kind != second && kind != third)
            fail_msg("%s ran inside of a call", names[kind]);
}

static void on_dropped(cryo_session *s, int32_t reason, int32_t kind, const uint8_t *data, size_t len,
                       void *u) {
    (void)s, (void)reason, (void)kind, (void)data, (void)len, (void)u;
    note(DROPPED);
}
static void on_receipt(cryo_session *s, uint64_t receipt, int32_t outcome, double rtt, const char *by,
                       void *u) {
    (void)s, (void)receipt, (void)outcome, (void)rtt, (void)by, (void)u;
    note(RECEIPT);
}
static void on_writable(cryo_session *s, void *u) {
    (void)s, (void)u;
    note(WRITABLE);
}
static void on_stat(cryo_session *s, int32_t stat, double value, void *u) {
    (void)s, (void)stat, (void)value, (void)u;
    note(STAT);
}

static cryo_auth *kept_ticket;

static void on_validate(cryo_auth *auth, const char *token, size_t len, void *u) {
    (void)u;
    note(VALIDATE);
    if (len == strlen("later") && memcmp(token, "later", len) == 0)
        kept_ticket = auth;
    else
        cryo_auth_accept(auth);
}

static cryo_session *sessions[3];
static unsigned session_count;

static void on_session(cryo_session *s, void *u) {
    (void)u;
    sessions[session_count++] = s; // they outlive the test of them
    note(SESSION);
}
static void on_closed(cryo_session *s, int32_t code, const char *reason, void *u) {
    (void)s, (void)code, (void)reason, (void)u;
    note(CLOSED);
}

static void (*what)(cryo_session *);
static tally done;

static void on_message(cryo_session *s, int32_t kind, const uint8_t *data, size_t len, void *u) {
    (void)kind, (void)data, (void)len, (void)u;
    note(MESSAGE);
    if (what == NULL) return;
    inside = true;
    what(s);
    inside = false;
    what = NULL;
    tally_add(&done);
}

static void narrow(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_high_water_mark(options, 64 * 1024));
    expect_ok(cryo_server_options_set_low_water_mark(options, 1024));
    expect_ok(cryo_server_options_set_max_queued_bytes(options, 64 * 1024));
    expect_ok(cryo_server_options_set_drop_policy(options, CRYO_DROP_OLDEST));
}

static cryo_server *the_server;
static peer first, second;

static void begin(void) {
    static const tally fresh = TALLY_INIT;
    inside = false;
    session_count = 0;
    memset(seen_inside, 0, sizeof seen_inside);
    for (int i = 0; i < KINDS; ++i)
        seen[i] = fresh;
    done = fresh;
    the_server = app_start(&(app){.threads = 1,
                                  .on_validate = on_validate,
                                  .on_session = on_session,
                                  .on_message = on_message,
                                  .on_closed = on_closed,
                                  .on_stat = on_stat,
                                  .on_dropped = on_dropped,
                                  .on_writable = on_writable,
                                  .on_receipt = on_receipt,
                                  .tune = narrow});
    assert_int_equal(peer_connect(&first, cryo_server_port(the_server), TOKEN), 101);
    tally_wait(&seen[SESSION], 1);
    assert_int_equal(peer_connect(&second, cryo_server_port(the_server), TOKEN), 101);
    tally_wait(&seen[SESSION], 2);
}

static void end(void) {
    cryo_server_free(the_server);
    peer_hang_up(&first);
    peer_hang_up(&second);
}

static void have_done(void (*calls)(cryo_session *)) {
    what = calls;
    peer_send_text(&first, "now");
    tally_wait(&done, 1);
}

static uint8_t large[32 * 1024];

static void send_too_much(cryo_session *s) {
    for (uint64_t i = 1; i <= 1000 && seen_inside[DROPPED] == 0; ++i) {
        cryo_session_send_with(s, CRYO_BINARY, large, sizeof large, NULL, i);
        cryo_session_send_with(sessions[1], CRYO_BINARY, large, sizeof large, NULL, i);
    }
}

static void sending_tells_what_is_dropped(void **state) {
    (void)state;
    begin();
    have_done(send_too_much);
    assert_true(seen_inside[DROPPED] > 0);
    assert_true(seen_inside[RECEIPT] > 0);
    only(DROPPED, RECEIPT, RECEIPT);
    end();
}

static void broadcast_too_much(cryo_session *s) {
    (void)s;
    for (int i = 0; i < 1000 && seen_inside[DROPPED] == 0; ++i)
        expect_ok(cryo_server_broadcast(the_server, CRYO_BINARY, large, sizeof large, NULL, NULL));
}

static void broadcasting_too(void **state) {
    (void)state;
    begin();
    have_done(broadcast_too_much);
    assert_true(seen_inside[DROPPED] > 0);
    only(DROPPED, DROPPED, DROPPED);
    end();
}

static void veto(cryo_hook *hook, cryo_session *s, int32_t kind, const uint8_t *data, size_t len, void *u) {
    (void)s, (void)kind, (void)data, (void)len, (void)u;
    note(HOOK);
    cryo_hook_stop(hook);
}

static void send_with_receipt(cryo_session *s) {
    expect_ok(cryo_session_send_with(s, CRYO_UTF8, (const uint8_t *)"hello", 5, NULL, 7));
}

static void sending_asks_the_extensions(void **state) {
    (void)state;
    begin();
    cryo_extension *extension = NULL;
    expect_ok(cryo_extension_new("veto", NULL, NULL, &extension));
    expect_ok(cryo_extension_set_hook(extension, CRYO_BEFORE_SEND, CRYO_UTF8, veto));
    expect_ok(cryo_server_add_extension(the_server, extension));
    cryo_extension_free(extension);
    have_done(send_with_receipt);
    assert_int_equal(seen_inside[HOOK], 1);
    assert_int_equal(seen_inside[RECEIPT], 1);
    only(HOOK, RECEIPT, RECEIPT);
    end();
}

static void close_both(cryo_session *s) {
    cryo_session_send_with(s, CRYO_UTF8, (const uint8_t *)"a", 1, NULL, 8);
    cryo_session_send_with(sessions[1], CRYO_UTF8, (const uint8_t *)"a", 1, NULL, 8);
    expect_ok(cryo_session_ping(s));
    expect_ok(cryo_session_close(s, 4000, "Bye."));
    expect_ok(cryo_session_close(sessions[1], 4000, "Bye."));
    assert_int_not_equal(cryo_session_send(s, CRYO_UTF8, (const uint8_t *)"b", 1), CRYO_OK);
    expect_ok(cryo_server_stop(the_server));
}

static void closing_and_stopping_tell_later(void **state) {
    (void)state;
    begin();
    have_done(close_both);
    tally_wait(&seen[CLOSED], 2);
    only(-1, -1, -1);
    end();
}

static void accept_the_other(cryo_session *s) {
    (void)s;
    expect_ok(cryo_auth_accept(kept_ticket));
}

static void accepting_tells_of_the_session_later(void **state) {
    (void)state;
    begin();
    peer third;
    peer_init(&third);
    peer_dial_with(&third, cryo_server_port(the_server), "later", "");
    tally_wait(&seen[VALIDATE], 3);
    have_done(accept_the_other);
    assert_int_equal(peer_answer(&third), 101);
    tally_wait(&seen[SESSION], 3);
    only(-1, -1, -1);
    end();
    peer_hang_up(&third);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sending_tells_what_is_dropped),
        cmocka_unit_test(broadcasting_too),
        cmocka_unit_test(sending_asks_the_extensions),
        cmocka_unit_test(closing_and_stopping_tell_later),
        cmocka_unit_test(accepting_tells_of_the_session_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
