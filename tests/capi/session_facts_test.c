// What a session and a ticket know: the request's token, address, path and parameters, by the rules for
// buffers; and what a session counts.
#include "talk.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

// One way to ask for a text, of a session or of a ticket.
typedef cryo_status (*ask_fn)(void *handle, char *out, size_t capacity, size_t *len);

static cryo_status session_id_text(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_session_id_text(h, out, capacity, len);
}
static cryo_status session_token(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_session_token(h, out, capacity, len);
}
static cryo_status session_remote_address(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_session_remote_address(h, out, capacity, len);
}
static cryo_status session_path(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_session_path(h, out, capacity, len);
}
static cryo_status session_parameter(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_session_parameter(h, "room", out, capacity, len);
}
static cryo_status session_name_at(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_session_parameter_at(h, 0, out, capacity, len, NULL, 0, NULL);
}
static cryo_status session_value_at(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_session_parameter_at(h, 0, NULL, 0, NULL, out, capacity, len);
}
static cryo_status auth_token(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_auth_token(h, out, capacity, len);
}
static cryo_status auth_remote_address(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_auth_remote_address(h, out, capacity, len);
}
static cryo_status auth_path(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_auth_path(h, out, capacity, len);
}
static cryo_status auth_parameter(void *h, char *out, size_t capacity, size_t *len) {
    return cryo_auth_parameter(h, "room", out, capacity, len);
}

static void expect_text(ask_fn ask, void *handle, const char *wanted) {
    const size_t size = strlen(wanted);
    char text[256];
    size_t len = 99;
    expect_ok(ask(handle, NULL, 0, &len));
    assert_int_equal(len, size);
    expect_ok(ask(handle, NULL, 0, NULL));
    for (size_t capacity = 0; capacity <= size; ++capacity) {
        memset(text, '#', sizeof text);
        len = 99;
        expect_status(ask(handle, text, capacity, &len), CRYO_ERR_BUFFER);
        assert_int_equal(len, size);
        for (size_t i = 0; i < sizeof text; ++i)
            assert_int_equal(text[i], '#'); // out arguments are written on success only
        expect_status(ask(handle, text, capacity, NULL), CRYO_ERR_BUFFER);
    }
    expect_status(ask(handle, NULL, 1, &len), CRYO_ERR_INVALID);
    len = 99;
    expect_ok(ask(handle, text, size + 1, &len));
    assert_int_equal(len, size);
    assert_string_equal(text, wanted);
    assert_int_equal(text[size + 1], '#');
    expect_ok(ask(handle, text, sizeof text, NULL));
    assert_string_equal(text, wanted);
}

static void address_of(const peer *p, char *out, size_t size) {
    struct sockaddr_in name;
    socklen_t len = sizeof name;
    assert_int_equal(getsockname(p->fd, (struct sockaddr *)&name, &len), 0);
    snprintf(out, size, "127.0.0.1:%u", (unsigned)ntohs(name.sin_port));
}

// Of the ticket, looked at inside of the validator.
static cryo_status unknown_parameter;
static cryo_status asked_sid;
static char sid_asked[64];

static void look_at_ticket(cryo_auth *auth, const char *token, size_t len, void *user) {
    talk *const t = user;
    char address[64];
    char text[64];
    address_of(&t->client, address, sizeof address);
    assert_int_equal(len, strlen("t0k e/n"));
    assert_memory_equal(token, "t0k e/n", len);
    expect_text(auth_token, auth, "t0k e/n");
    expect_text(auth_path, auth, "/a/b");
    expect_text(auth_parameter, auth, "caf\xc3\xa9 & co");
    expect_text(auth_remote_address, auth, address);
    unknown_parameter = cryo_auth_parameter(auth, "authorization", text, sizeof text, NULL);
    asked_sid = cryo_auth_parameter(auth, "x-cryo-sid", sid_asked, sizeof sid_asked, NULL);
    expect_status(cryo_auth_parameter(auth, NULL, text, sizeof text, NULL), CRYO_ERR_INVALID);
    expect_ok(cryo_auth_accept(auth));
    expect_status(cryo_auth_token(auth, text, sizeof text, NULL), CRYO_ERR_STATE);
    expect_status(cryo_auth_path(auth, text, sizeof text, NULL), CRYO_ERR_STATE);
    expect_status(cryo_auth_remote_address(auth, text, sizeof text, NULL), CRYO_ERR_STATE);
    expect_status(cryo_auth_parameter(auth, "room", text, sizeof text, NULL), CRYO_ERR_STATE);
}

static void a_request_is_told_by_the_rules_for_buffers(void **state) {
    (void)state;
    talk t;
    talk_listen(&t, &(app){.on_validate = look_at_ticket});
    char target[512];
    snprintf(
        target, sizeof target,
        "/a/"
        "b?room=caf%%C3%%A9+%%26%%20co&authorization=Bearer+t0k%%20e%%2Fn&x-cryo-sid=%s&room=second&empty=",
        t.client.sid);
    peer_dial(&t.client, cryo_server_port(t.server), target);
    assert_int_equal(peer_answer(&t.client), 101);
    tally_wait(&t.sessions, 1);
    assert_int_equal(unknown_parameter, CRYO_ERR_NOT_FOUND);
    assert_int_equal(asked_sid, CRYO_OK);
    assert_string_equal(sid_asked, t.client.sid);

    char address[64];
    address_of(&t.client, address, sizeof address);
    expect_text(session_id_text, t.session, t.client.sid);
    expect_text(session_token, t.session, "t0k e/n");
    expect_text(session_path, t.session, "/a/b");
    expect_text(session_remote_address, t.session, address);
    expect_text(session_parameter, t.session, "caf\xc3\xa9 & co");
    expect_text(session_name_at, t.session, "room");
    expect_text(session_value_at, t.session, "caf\xc3\xa9 & co");
    uint8_t id[16];
    expect_ok(cryo_session_id(t.session, id));
    assert_memory_equal(id, t.client.id, sizeof id);
    expect_status(cryo_session_id(t.session, NULL), CRYO_ERR_INVALID);
    char text[8];
    expect_status(cryo_session_parameter(t.session, "nobody", text, sizeof text, NULL), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_parameter(t.session, "authorization", text, sizeof text, NULL),
                  CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_parameter(t.session, NULL, text, sizeof text, NULL), CRYO_ERR_INVALID);
    talk_end(&t);
}

static void parameters_come_in_their_order(void **state) {
    (void)state;
    talk t;
    talk_listen(&t, &(app){0});
    char target[512];
    snprintf(target, sizeof target, "/?b=1&authorization=Bearer%%20x&a=2&x-cryo-sid=%s&b=3&flag",
             t.client.sid);
    peer_dial(&t.client, cryo_server_port(t.server), target);
    assert_int_equal(peer_answer(&t.client), 101);
    tally_wait(&t.sessions, 1);
    const char *const wanted[][2] = {
        {"b", "1"}, {"a", "2"}, {"x-cryo-sid", t.client.sid}, {"b", "3"}, {"flag", ""}};
    char name[64];
    char value[64];
    size_t count = 0;
    while (cryo_session_parameter_at(t.session, count, name, sizeof name, NULL, value, sizeof value, NULL) ==
           CRYO_OK) {
        assert_in_range(count, 0, 4);
        assert_string_equal(name, wanted[count][0]);
        assert_string_equal(value, wanted[count][1]);
        ++count;
    }
    assert_int_equal(count, 5);
    expect_status(cryo_session_parameter_at(t.session, count, NULL, 0, NULL, NULL, 0, NULL),
                  CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_parameter_at(t.session, SIZE_MAX, NULL, 0, NULL, NULL, 0, NULL),
                  CRYO_ERR_NOT_FOUND);
    // Where one of the two buffers is too small, neither is written, and both lengths are told.
    size_t name_len = 0;
    size_t value_len = 0;
    strcpy(name, "#");
    expect_status(cryo_session_parameter_at(t.session, 2, name, sizeof name, &name_len, value, 3, &value_len),
                  CRYO_ERR_BUFFER);
    assert_string_equal(name, "#");
    assert_int_equal(name_len, 10);
    assert_int_equal(value_len, 36);
    strcpy(value, "#");
    expect_status(
        cryo_session_parameter_at(t.session, 2, name, 3, &name_len, value, sizeof value, &value_len),
        CRYO_ERR_BUFFER);
    assert_string_equal(value, "#");
    talk_end(&t);
}

// ---- statistics ----

static double stat_of(cryo_session *session, int32_t stat) {
    double value = -1;
    expect_ok(cryo_session_stat(session, stat, &value));
    return value;
}

static void statistics_are_plausible_and_grow(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    double value = -1;
    expect_status(cryo_session_stat(t.session, CRYO_STAT_RTT, &value), CRYO_ERR_NOT_FOUND);
    assert_true(value == -1);
    expect_status(cryo_session_stat(t.session, CRYO_STAT_BYTES_RX, NULL), CRYO_ERR_INVALID);
    for (int32_t none = -2; none < 10; ++none)
        if (none < CRYO_STAT_RTT || none > CRYO_STAT_QUEUED_COUNT)
            expect_status(cryo_session_stat(t.session, none, &value), CRYO_ERR_INVALID);

    double before_rx = stat_of(t.session, CRYO_STAT_BYTES_RX);
    double before_tx = stat_of(t.session, CRYO_STAT_BYTES_TX);
    for (int i = 0; i < 10; ++i) {
        peer_send_text(&t.client, "0123456789");
        tally_wait(&t.messages, (unsigned)i + 1);
        assert_true(peer_receive_type(&t.client, PEER_ACK));
        const double rx = stat_of(t.session, CRYO_STAT_BYTES_RX);
        // A Cryo frame is 21 bytes and its payload; the acknowledgement of the round before has come too.
        assert_true(rx == before_rx + 31 + (i > 0 ? 21 : 0));
        before_rx = rx;
        expect_ok(send_text(t.session, "abc"));
        assert_true(peer_hears(&t.client, "abc"));
        const double tx = stat_of(t.session, CRYO_STAT_BYTES_TX);
        assert_true(tx >= before_tx + 24); // and the acknowledgement
        before_tx = tx;
    }
    // The client's last acknowledgement has come when what it sent after it has come.
    peer_send_text(&t.client, "last");
    tally_wait(&t.messages, 11);
    assert_true(stat_of(t.session, CRYO_STAT_RTT) >= 0 &&
                stat_of(t.session, CRYO_STAT_RTT) < PEER_PATIENCE_MS);
    assert_true(stat_of(t.session, CRYO_STAT_ACK_TIMEOUT) == 0);
    assert_true(stat_of(t.session, CRYO_STAT_QUEUED_BYTES) == 0);
    const double held = stat_of(t.session, CRYO_STAT_BYTES_TX);
    talk_end(&(talk){.server = t.server, .client = t.client});
    assert_true(stat_of(t.session, CRYO_STAT_BYTES_TX) >= held);
    cryo_session_release(t.session);
}

static void short_ack_time(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_ack_timeout_ms(options, 1));
}

static void statistics_are_announced_at_each_tick(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.keepalive_ms = 250, .tune = short_ack_time});
    t.client.auto_ack = false;
    expect_ok(send_text(t.session, "nobody acknowledges this"));
    // RX, TX and the time-outs; no round trip was measured.
    while (tally_now(&t.stats) < 9) {
        assert_true(peer_receive_type(&t.client, PEER_PING_PONG));
        peer_send_frame(&t.client, PEER_PING_PONG, t.client.number, "pong", 4);
    }
    assert_true(talk_stat(&t, CRYO_STAT_BYTES_TX) >= 24 + 21);
    assert_true(stat_of(t.session, CRYO_STAT_ACK_TIMEOUT) == 1); // once, since the session began
    double value = 0;
    expect_status(cryo_session_stat(t.session, CRYO_STAT_RTT, &value), CRYO_ERR_NOT_FOUND);
    talk_end(&t);
}

static void a_ping_is_sent_now(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0}); // the keep-alive pings after 15 s, which is longer than this test may take
    for (int i = 0; i < 3; ++i) {
        expect_ok(cryo_session_ping(t.session));
        assert_true(peer_receive_type(&t.client, PEER_PING_PONG));
        assert_memory_equal(t.client.data, "ping", 4);
        peer_send_frame(&t.client, PEER_PING_PONG, t.client.number, "pong", 4);
    }
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_told_by_the_rules_for_buffers),
        cmocka_unit_test(parameters_come_in_their_order),
        cmocka_unit_test(statistics_are_plausible_and_grow),
        cmocka_unit_test(statistics_are_announced_at_each_tick),
        cmocka_unit_test(a_ping_is_sent_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
