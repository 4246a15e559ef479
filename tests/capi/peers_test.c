// Sessions from a server to another one: heard in both directions, listed, lost and back, refused.
#include "client_app.h"

#include <stdio.h>
#include <string.h>

static void want_cale_server(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_cale(options, 1));
}
static void want_cale(cryo_client_options *options) {
    expect_ok(cryo_client_options_set_cale(options, 1));
}
static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}

static void note(cryo_session *session, void *user) {
    (void)session;
    tally_add(user);
}

// A server with peers, whose diary is kept, and a pump where it has no thread.
typedef struct home {
    diary told;
    cryo_server *server;
    pump turner;
    uint32_t threads;
} home;

static void home_start(home *h, uint32_t threads) {
    diary_init(&h->told);
    const app what = diary_app(&h->told, threads);
    h->threads = threads;
    h->server = app_start(&what);
    if (threads == 0) pump_start(&h->turner, h->server);
}
static void home_end(home *h) {
    if (h->threads == 0) {
        expect_ok(cryo_server_stop(h->server));
        pump_join(&h->turner);
    }
    cryo_server_free(h->server);
}

static cryo_session *connect_to(home *h, cryo_server *other, tuning tune) {
    cryo_client_options *const options = make_options(cryo_server_port(other), tune);
    cryo_session *link = NULL;
    expect_ok(cryo_server_connect_peer(h->server, options, &link));
    cryo_client_options_free(options);
    assert_non_null(link);
    return link;
}

static cryo_status say_to(cryo_session *session, const char *text) {
    return cryo_session_send(session, CRYO_UTF8, (const uint8_t *)text, strlen(text));
}

static void converse(uint32_t threads, bool cale) {
    home here;
    home_start(&here, threads);
    tally arrived = TALLY_INIT;
    cryo_server *const other = app_start(&(app){.threads = 1,
                                                .on_session = note,
                                                .on_message = echo,
                                                .user = &arrived,
                                                .tune = cale ? want_cale_server : NULL});
    cryo_session *const link = connect_to(&here, other, cale ? want_cale : NULL);
    tally_wait(&here.told.sessions, 1);
    tally_wait(&arrived, 1);
    assert_int_equal(cryo_session_is_peer(link), 1);
    assert_int_equal(cryo_session_is_open(link), 1);
    assert_int_equal(cryo_session_is_secure(link), cale);

    // It is one of the sessions of this server; there it is one like every other.
    uint8_t id[16];
    cryo_session *listed[2] = {NULL, NULL};
    size_t count = 0;
    expect_ok(cryo_session_id(link, id));
    assert_int_equal(cryo_server_session_count(here.server), 1);
    expect_ok(cryo_server_sessions(here.server, listed, 2, &count));
    assert_int_equal(count, 1);
    assert_ptr_equal(listed[0], link);
    cryo_session_release(listed[0]);
    expect_ok(cryo_server_find_session(here.server, id, &listed[0]));
    assert_ptr_equal(listed[0], link);
    cryo_session_release(listed[0]);
    cryo_session *there = NULL;
    expect_ok(cryo_server_find_session(other, id, &there));
    assert_int_equal(cryo_session_is_peer(there), 0);

    for (unsigned i = 1; i <= 200; ++i) {
        char text[32];
        snprintf(text, sizeof text, "message %u", i);
        expect_ok(say_to(link, text));
        tally_wait(&here.told.messages, i);
        assert_string_equal(here.told.message, text);
    }
    expect_ok(say_to(there, "from there"));
    tally_wait(&here.told.messages, 201);
    assert_string_equal(here.told.message, "from there");

    // What is broadcast goes to it, unless it is excepted.
    expect_ok(cryo_server_broadcast(here.server, CRYO_UTF8, (const uint8_t *)"not you", 7, link, &count));
    assert_int_equal(count, 0);
    expect_ok(cryo_server_broadcast(here.server, CRYO_UTF8, (const uint8_t *)"all", 3, NULL, &count));
    assert_int_equal(count, 1);
    tally_wait(&here.told.messages, 202);
    assert_string_equal(here.told.message, "all");

    expect_ok(cryo_session_close(link, 4321, "enough"));
    tally_wait(&here.told.closings, 1);
    assert_int_equal(here.told.code, 4321);
    assert_string_equal(here.told.reason, "enough");
    assert_int_equal(cryo_server_session_count(here.server), 0);
    expect_status(say_to(link, "late"), CRYO_ERR_CLOSED);
    assert_int_equal(tally_now(&here.told.disconnects) + tally_now(&here.told.failures), 0);
    cryo_session_release(there);
    cryo_session_release(link);
    cryo_server_free(other);
    home_end(&here);
}

static void a_conversation(void **state) {
    (void)state;
    for (uint32_t threads = 0; threads <= 2; ++threads) {
        converse(threads, false);
        converse(threads, true);
    }
}

// More of them than threads: they are spread.
static void several(void **state) {
    (void)state;
    home here;
    home_start(&here, 2);
    cryo_server *const other = app_start(&(app){.threads = 1, .on_message = echo});
    cryo_session *peers[8];
    for (int i = 0; i < 8; ++i)
        peers[i] = connect_to(&here, other, NULL);
    tally_wait(&here.told.sessions, 8);
    size_t count = 0;
    expect_ok(cryo_server_broadcast(here.server, CRYO_UTF8, (const uint8_t *)"all", 3, NULL, &count));
    assert_int_equal(count, 8);
    tally_wait(&here.told.messages, 8);
    for (int i = 0; i < 8; ++i)
        cryo_session_release(peers[i]);
    home_end(&here);
    assert_int_equal(tally_now(&here.told.closings), 8);
    cryo_server_free(other);
}

static uint16_t same_port;
static void on_the_same_port(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_port(options, same_port));
}

static void lost_and_back(uint32_t threads, bool cale) {
    home here;
    home_start(&here, threads);
    cryo_server *other =
        app_start(&(app){.threads = 1, .on_message = echo, .tune = cale ? want_cale_server : NULL});
    same_port = cryo_server_port(other);
    cryo_session *const link = connect_to(&here, other, cale ? want_cale : NULL);
    tally_wait(&here.told.sessions, 1);

    cryo_server_free(other); // closes it with 4000 `Server shutdown.`
    tally_wait(&here.told.disconnects, 1);
    tally_wait(&here.told.failures, 1);
    assert_int_equal(cryo_server_session_count(here.server), 0);
    expect_status(say_to(link, "to nobody"), CRYO_ERR_STATE);
    size_t count = 1;
    expect_ok(cryo_server_broadcast(here.server, CRYO_UTF8, (const uint8_t *)"all", 3, NULL, &count));
    assert_int_equal(count, 0);

    cryo_server_options *const options =
        app_options(&(app){.threads = 1, .on_message = echo, .tune = on_the_same_port});
    if (cale) want_cale_server(options);
    expect_ok(cryo_server_new(options, &other));
    cryo_server_options_free(options);
    expect_ok(cryo_server_start(other));
    tally_wait(&here.told.reconnects, 1);
    assert_int_equal(cryo_server_session_count(here.server), 1);
    assert_int_equal(cryo_session_is_secure(link), cale);
    expect_ok(say_to(link, "again"));
    tally_wait(&here.told.messages, 1);
    assert_string_equal(here.told.message, "again");
    assert_int_equal(tally_now(&here.told.sessions), 1);
    cryo_session_release(link);
    home_end(&here);
    assert_int_equal(tally_now(&here.told.closings), 1);
    cryo_server_free(other);
}

static void it_comes_back(void **state) {
    (void)state;
    for (uint32_t threads = 0; threads <= 1; ++threads) {
        lost_and_back(threads, false);
        lost_and_back(threads, true);
    }
}

static void not_you(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    cryo_auth_reject(auth, "Not you.");
}

// Also one that was never announced has its closed event.
static void a_refused_one(void **state) {
    (void)state;
    home here;
    home_start(&here, 1);
    cryo_server *const other = app_start(&(app){.threads = 1, .on_validate = not_you});
    cryo_session_release(connect_to(&here, other, NULL));
    tally_wait(&here.told.closings, 1);
    assert_int_equal(tally_now(&here.told.failures), 1);
    assert_int_equal(here.told.http_status, 401);
    assert_int_equal(tally_now(&here.told.sessions), 0);
    cryo_server_free(other);
    home_end(&here);
    assert_int_equal(tally_now(&here.told.closings), 1);
}

static void its_events_are_pulled(void **state) {
    (void)state;
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_validate = accept_everybody, .queue = queue});
    cryo_server *const other = app_start(&(app){.threads = 1, .on_message = echo});
    cryo_client_options *const options = make_options(cryo_server_port(other), NULL);
    cryo_session *link = NULL;
    expect_ok(cryo_server_connect_peer(server, options, &link));
    cryo_event *event = next_event(queue, CRYO_EVENT_SESSION);
    assert_ptr_equal(cryo_event_session(event), link);
    cryo_event_free(event);
    expect_ok(say_to(link, "hello"));
    event = next_event(queue, CRYO_EVENT_MESSAGE);
    size_t size = 0;
    assert_memory_equal(cryo_event_data(event, &size), "hello", 5);
    cryo_event_free(event);
    cryo_server_free(other);
    event = next_event(queue, CRYO_EVENT_DISCONNECTED);
    assert_int_equal(cryo_event_code(event), 4000);
    cryo_event_free(event);
    cryo_event_free(next_event(queue, CRYO_EVENT_ATTEMPT_FAILED));
    expect_ok(cryo_session_close(link, 4000, "enough"));
    event = next_event(queue, CRYO_EVENT_CLOSED);
    assert_string_equal(cryo_event_text(event), "enough");
    cryo_event_free(event);
    cryo_session_release(link);
    cryo_client_options_free(options);
    cryo_server_free(server);
    cryo_queue_free(queue);
}

static void flood(cryo_session *session, void *user) {
    (void)user;
    for (unsigned i = 0; i < 500; ++i)
        expect_ok(cryo_session_send(session, CRYO_BINARY, (const uint8_t *)&i, sizeof i));
}

// While the application does not pull, a peer is not read from; then it goes on.
static void a_full_queue_holds_it_up(void **state) {
    (void)state;
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    expect_ok(cryo_queue_set_capacity(queue, 4, 1 << 20));
    cryo_server *const server =
        app_start(&(app){.threads = 2, .on_validate = accept_everybody, .queue = queue});
    cryo_server *const other = app_start(&(app){.threads = 1, .on_session = flood});
    cryo_client_options *const options = make_options(cryo_server_port(other), NULL);
    expect_ok(cryo_server_connect_peer(server, options, NULL));
    for (unsigned i = 0; i < 500; ++i) {
        cryo_event *const event = next_event(queue, CRYO_EVENT_MESSAGE);
        size_t size = 0;
        assert_memory_equal(cryo_event_data(event, &size), &i, sizeof i);
        cryo_event_free(event);
    }
    cryo_client_options_free(options);
    cryo_server_free(server);
    cryo_server_free(other);
    cryo_queue_free(queue);
}

// In both directions; and one that was added after the peer has come.
static void shout(cryo_hook *hook, cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                  void *user) {
    (void)kind, (void)user;
    char text[64];
    const bool goes_out = cryo_hook_direction(hook) == CRYO_BEFORE_SEND;
    assert_int_equal(cryo_session_is_peer(session), 1);
    const int size =
        snprintf(text, sizeof text, "%.*s %s", (int)len, (const char *)data, goes_out ? "out" : "in");
    expect_ok(cryo_hook_replace(hook, (const uint8_t *)text, (size_t)size));
}

static void the_server_s_extensions_see_its_messages(void **state) {
    (void)state;
    for (uint32_t threads = 0; threads <= 2; ++threads) {
        home here;
        home_start(&here, threads);
        cryo_server *const other = app_start(&(app){.threads = 1, .on_message = echo});
        cryo_session *const link = connect_to(&here, other, NULL);
        tally_wait(&here.told.sessions, 1);
        cryo_extension *extension = NULL;
        expect_ok(cryo_extension_new("shout", NULL, NULL, &extension));
        expect_ok(cryo_extension_set_hook(extension, CRYO_BEFORE_SEND, CRYO_UTF8, shout));
        expect_ok(cryo_extension_set_hook(extension, CRYO_ON_RECEIVE, CRYO_UTF8, shout));
        expect_ok(cryo_server_add_extension(here.server, extension));
        cryo_extension_free(extension);
        expect_ok(say_to(link, "there"));
        tally_wait(&here.told.messages, 1);
        assert_string_equal(here.told.message, "there out in");
        cryo_session_release(link);
        home_end(&here);
        cryo_server_free(other);
    }
}

static void what_is_refused(void **state) {
    (void)state;
    home here;
    home_start(&here, 1);
    cryo_server *const other = app_start(&(app){.threads = 1});
    cryo_client_options *options = make_options(cryo_server_port(other), NULL);
    cryo_session *untouched = (cryo_session *)&here;
    cryo_session *const before = untouched;

    cryo_events *events = NULL;
    expect_ok(cryo_events_new(NULL, NULL, &events));
    expect_ok(cryo_client_options_set_events(options, events));
    expect_status(cryo_server_connect_peer(here.server, options, &untouched), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "those of its server"));
    expect_ok(cryo_client_options_set_events(options, NULL));
    cryo_loop *loop = NULL;
    expect_ok(cryo_loop_new(&loop));
    expect_ok(cryo_client_options_set_loop(options, loop));
    expect_status(cryo_server_connect_peer(here.server, options, &untouched), CRYO_ERR_INVALID);
    cryo_loop_free(loop);
    cryo_events_free(events);
    cryo_client_options_free(options);

    expect_ok(cryo_client_options_new(&options));
    expect_status(cryo_server_connect_peer(here.server, options, &untouched), CRYO_ERR_INVALID); // no URL
    cryo_client_options_free(options);
    expect_status(cryo_server_connect_peer(here.server, NULL, &untouched), CRYO_ERR_HANDLE);

    options = make_options(cryo_server_port(other), NULL);
    expect_ok(cryo_client_options_set_url(options, "wss://localhost:1/"));
    expect_ok(cryo_client_options_set_tls_ca_file(options, "/no/such/file"));
    expect_status(cryo_server_connect_peer(here.server, options, &untouched), CRYO_ERR_TLS_FILE);
    cryo_client_options_free(options);

    options = make_options(cryo_server_port(other), NULL);
    const app what = diary_app(&here.told, 1);
    cryo_server *const fresh = app_new(&what);
    expect_status(cryo_server_connect_peer(fresh, options, &untouched), CRYO_ERR_STATE);
    cryo_server_free(fresh);
    expect_ok(cryo_server_stop(here.server));
    expect_status(cryo_server_connect_peer(here.server, options, &untouched), CRYO_ERR_CLOSED);
    assert_ptr_equal(untouched, before);
    cryo_client_options_free(options);
    cryo_server_free(other);
    home_end(&here);
    assert_int_equal(tally_now(&here.told.closings) + tally_now(&here.told.failures), 0);
}

static void with_its_id(peer *client, uint16_t port) {
    char target[128];
    snprintf(target, sizeof target, "/?authorization=Bearer%%20%s&x-cryo-sid=%s", TOKEN, client->sid);
    peer_dial(client, port, target);
}

// An id belongs to one session, whoever opened it; one that is only asked for belongs to nobody yet.
static void an_id_belongs_to_one(void **state) {
    (void)state;
    home here;
    home_start(&here, 1);
    cryo_server *const other = app_start(&(app){.threads = 1});
    peer guest;
    peer_init(&guest);
    cryo_client_options *const options = make_options(cryo_server_port(other), NULL);
    expect_ok(cryo_client_options_set_session_id(options, guest.id));
    with_its_id(&guest, cryo_server_port(here.server));
    assert_int_equal(peer_answer(&guest), 101);
    tally_wait(&here.told.sessions, 1);
    expect_status(cryo_server_connect_peer(here.server, options, NULL), CRYO_ERR_STATE);
    peer_close(&guest, 4000, "");
    peer_hang_up(&guest);
    tally_wait(&here.told.closings, 1);

    expect_ok(cryo_server_connect_peer(here.server, options, NULL));
    expect_status(cryo_server_connect_peer(here.server, options, NULL), CRYO_ERR_STATE);
    tally_wait(&here.told.sessions, 2);
    peer second;
    peer_init(&second);
    memcpy(second.sid, guest.sid, sizeof second.sid);
    with_its_id(&second, cryo_server_port(here.server));
    assert_int_equal(peer_answer(&second), 409);
    peer_hang_up(&second);
    cryo_client_options_free(options);
    home_end(&here);
    cryo_server_free(other);
}

static cryo_auth *pending;
static tally pending_now = TALLY_INIT;
static void later(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    pending = auth;
    tally_add(&pending_now);
}

static void a_token_that_is_not_accepted_yet_keeps_no_id(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    app what = diary_app(&d, 1);
    what.on_validate = later;
    cryo_server *const server = app_start(&what);
    cryo_server *const other = app_start(&(app){.threads = 1});
    peer guest;
    peer_init(&guest);
    with_its_id(&guest, cryo_server_port(server));
    tally_wait(&pending_now, 1);
    cryo_client_options *const options = make_options(cryo_server_port(other), NULL);
    expect_ok(cryo_client_options_set_session_id(options, guest.id));
    expect_ok(cryo_server_connect_peer(server, options, NULL));
    tally_wait(&d.sessions, 1);
    expect_ok(cryo_auth_accept(pending));
    assert_int_equal(peer_answer(&guest), 409);
    peer_hang_up(&guest);
    cryo_client_options_free(options);
    cryo_server_free(server);
    cryo_server_free(other);
}

static void one_at_most(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_sessions(options, 1));
}

static void the_limit_is_for_those_who_come(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    app what = diary_app(&d, 1);
    what.tune = one_at_most;
    cryo_server *const server = app_start(&what);
    cryo_server *const other = app_start(&(app){.threads = 1});
    cryo_client_options *const options = make_options(cryo_server_port(other), NULL);
    expect_ok(cryo_server_connect_peer(server, options, NULL));
    tally_wait(&d.sessions, 1);
    peer first, second;
    assert_int_equal(peer_connect(&first, cryo_server_port(server), TOKEN), 101);
    tally_wait(&d.sessions, 2);
    assert_int_equal(peer_connect(&second, cryo_server_port(server), TOKEN), 503);
    expect_ok(cryo_server_connect_peer(server, options, NULL));
    tally_wait(&d.sessions, 3);
    assert_int_equal(cryo_server_session_count(server), 3);
    peer_hang_up(&second);
    peer_hang_up(&first);
    cryo_client_options_free(options);
    cryo_server_free(server);
    cryo_server_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation),
        cmocka_unit_test(several),
        cmocka_unit_test(it_comes_back),
        cmocka_unit_test(a_refused_one),
        cmocka_unit_test(its_events_are_pulled),
        cmocka_unit_test(a_full_queue_holds_it_up),
        cmocka_unit_test(the_server_s_extensions_see_its_messages),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(an_id_belongs_to_one),
        cmocka_unit_test(a_token_that_is_not_accepted_yet_keeps_no_id),
        cmocka_unit_test(the_limit_is_for_those_who_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
