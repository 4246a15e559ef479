// A client's token: replaced, or asked for before each attempt; answered at once, later, twice, by many, too
// late, and never.
#include "client_app.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

// --- a server whose tokens expire
// ---------------------------------------------------------------------------

typedef struct gate {
    cryo_server *server;
    tally knocks;
    tally arrivals;
    unsigned turns;
    char valid[32]; // the only one; both written while nobody knocks
    char last[32];  // that came
} gate;

static void look_at(cryo_auth *auth, const char *token, size_t len, void *user) {
    gate *const g = user;
    snprintf(g->last, sizeof g->last, "%.*s", (int)len, token);
    if (strcmp(g->valid, g->last) == 0)
        cryo_auth_accept(auth);
    else
        cryo_auth_reject(auth, "It has expired.");
    tally_add(&g->knocks);
}

static void note(cryo_session *session, void *user) {
    (void)session;
    tally_add(&((gate *)user)->arrivals);
}

static void gate_open(gate *g, const char *valid) {
    static const tally none = TALLY_INIT;
    memset(g, 0, sizeof *g);
    g->knocks = g->arrivals = none;
    snprintf(g->valid, sizeof g->valid, "%s", valid);
    g->server = app_start(&(app){.threads = 1, .on_validate = look_at, .on_session = note, .user = g});
}

// Who has come since the last time is sent away, and the tokens of before are worth nothing any more.
static void gate_turn(gate *g, const char *valid) {
    cryo_session *all[4];
    size_t count = 0;
    tally_wait(&g->arrivals, ++g->turns); // which may be after the client was told
    snprintf(g->valid, sizeof g->valid, "%s", valid);
    expect_ok(cryo_server_sessions(g->server, all, 4, &count));
    for (size_t i = 0; i < count; ++i) {
        cryo_session_close(all[i], 1012, "");
        cryo_session_release(all[i]);
    }
}

// --- who is asked
// -------------------------------------------------------------------------------------------

typedef struct issuer {
    tally asked;
    tally finalized;
    _Atomic(cryo_token_request *) last;
    _Atomic(const char *) token;    // given at once; NULL: nothing is
    _Atomic(cryo_client *) to_free; // inside
} issuer;

static void ask(cryo_token_request *request, void *user) {
    issuer *const i = user;
    i->last = request;
    cryo_client_free(atomic_exchange(&i->to_free, NULL));
    const char *const token = i->token;
    if (token != NULL) cryo_token_give(request, token);
    tally_add(&i->asked);
}

static issuer the_issuer;

static void issuer_init(const char *token) {
    static const tally none = TALLY_INIT;
    the_issuer.asked = the_issuer.finalized = none;
    the_issuer.last = NULL;
    the_issuer.to_free = NULL;
    the_issuer.token = token;
}

static void with_provider(cryo_client_options *options) {
    expect_ok(cryo_client_options_set_token_provider(options, ask, &the_issuer, NULL));
}
static void impatient(cryo_client_options *options) {
    with_provider(options);
    expect_ok(cryo_client_options_set_connect_timeout_ms(options, 30));
}
static void once_only(cryo_client_options *options) {
    with_provider(options);
    expect_ok(cryo_client_options_set_reconnect_attempts(options, 0));
}

static void expect_stale(cryo_token_request *request) {
    expect_status(cryo_token_give(request, "late"), CRYO_ERR_STATE);
    assert_non_null(strstr(cryo_last_error(), "ticket"));
    expect_status(cryo_token_fail(request, "late"), CRYO_ERR_STATE);
    expect_status(cryo_token_fail(request, NULL), CRYO_ERR_STATE);
}

// --- another token
// ------------------------------------------------------------------------------------------

static void a_token_is_replaced(void **state) {
    (void)state;
    diary d;
    gate g;
    diary_init(&d);
    gate_open(&g, "first");
    cryo_client *const client = make_client(&d, cryo_server_port(g.server), NULL, NULL);
    expect_ok(cryo_client_set_token(client, "first"));
    expect_status(cryo_client_set_token(client, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_client_set_token(client, ""), CRYO_ERR_INVALID);
    expect_status(cryo_client_set_token(client, "\xff"), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "UTF-8"));
    expect_ok(cryo_client_start(client));
    tally_wait(&d.sessions, 1);
    assert_string_equal(g.last, "first");
    for (unsigned i = 1; i <= 3; ++i) {
        char token[32];
        snprintf(token, sizeof token, "renewed %u", i);
        expect_ok(cryo_client_set_token(client, token));
        gate_turn(&g, token);
        tally_wait(&d.reconnects, i);
        assert_string_equal(g.last, token);
    }
    char text[64];
    expect_ok(cryo_session_token(cryo_client_session(client), text, sizeof text, NULL));
    assert_string_equal(text, TOKEN); // of its options
    expect_ok(cryo_client_close(client, 4000, ""));
    expect_ok(cryo_client_wait(client, PEER_PATIENCE_MS));
    expect_status(cryo_client_set_token(client, "late"), CRYO_ERR_CLOSED);
    assert_int_equal(tally_now(&d.failures), 0);
    cryo_client_free(client);
    cryo_server_free(g.server);
}

static void who_asks_takes_no_other(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    issuer_init("good");
    cryo_client *const client = make_client(&d, 9, with_provider, NULL);
    expect_status(cryo_client_set_token(client, "good"), CRYO_ERR_STATE);
    char text[8];
    expect_ok(cryo_session_token(cryo_client_session(client), text, sizeof text, NULL));
    assert_string_equal(text, "");
    cryo_client_free(client);
}

// --- a provider
// ---------------------------------------------------------------------------------------------

static void it_is_asked_before_each_attempt(void **state) {
    (void)state;
    diary d;
    gate g;
    diary_init(&d);
    issuer_init("a");
    gate_open(&g, "a");
    cryo_client *const client = start_client(&d, cryo_server_port(g.server), with_provider);
    tally_wait(&d.sessions, 1);
    assert_int_equal(tally_now(&the_issuer.asked), 1);
    static const char *const tokens[] = {"b", "c", "d e&f=g%",
                                         "Gr\xc3\xbc\xc3\x9f"
                                         "e"};
    for (unsigned i = 0; i < 4; ++i) {
        the_issuer.token = tokens[i];
        gate_turn(&g, tokens[i]);
        tally_wait(&d.reconnects, i + 1);
        assert_string_equal(g.last, tokens[i]);
        assert_int_equal(tally_now(&the_issuer.asked), i + 2);
        expect_stale(the_issuer.last);
    }
    assert_int_equal(tally_now(&d.failures), 0);
    cryo_client_free(client);
    cryo_server_free(g.server);
}

static void *give_it(void *argument) {
    expect_ok(cryo_token_give(argument, "good"));
    return NULL;
}

static void it_answers_later_from_another_thread(void **state) {
    (void)state;
    diary d;
    gate g;
    diary_init(&d);
    issuer_init(NULL);
    gate_open(&g, "good");
    cryo_client *const client = start_client(&d, cryo_server_port(g.server), with_provider);
    tally_wait(&the_issuer.asked, 1);
    assert_int_equal(tally_now(&g.knocks), 0);
    expect_status(cryo_client_wait(client, 0), CRYO_ERR_TIMEOUT);
    // What is no token leaves the ticket as it was.
    expect_status(cryo_token_give(the_issuer.last, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_token_give(the_issuer.last, ""), CRYO_ERR_INVALID);
    expect_status(cryo_token_give(the_issuer.last, "\xc3\x28"), CRYO_ERR_INVALID);
    join(run(give_it, the_issuer.last));
    expect_stale(the_issuer.last);
    tally_wait(&d.sessions, 1);
    cryo_client_free(client);
    cryo_server_free(g.server);
}

enum { RIVALS = 8 };
static pthread_barrier_t start_line;
static atomic_uint winners;

static void *race(void *argument) {
    pthread_barrier_wait(&start_line);
    const cryo_status status = cryo_token_give(argument, "good");
    if (status == CRYO_OK)
        atomic_fetch_add(&winners, 1);
    else
        expect_status(status, CRYO_ERR_STATE);
    return NULL;
}

static void of_many_one_answers(void **state) {
    (void)state;
    diary d;
    gate g;
    diary_init(&d);
    issuer_init(NULL);
    gate_open(&g, "good");
    cryo_client *const client = start_client(&d, cryo_server_port(g.server), with_provider);
    for (unsigned round = 1; round <= 25; ++round) {
        tally_wait(&the_issuer.asked, round);
        pthread_barrier_init(&start_line, NULL, RIVALS);
        atomic_store(&winners, 0);
        pthread_t rivals[RIVALS];
        for (int i = 0; i < RIVALS; ++i)
            rivals[i] = run(race, the_issuer.last);
        for (int i = 0; i < RIVALS; ++i)
            join(rivals[i]);
        pthread_barrier_destroy(&start_line);
        assert_int_equal(atomic_load(&winners), 1);
        tally_wait(round == 1 ? &d.sessions : &d.reconnects, round == 1 ? 1 : round - 1);
        gate_turn(&g, "good");
    }
    cryo_client_free(client);
    cryo_server_free(g.server);
}

static void a_failure_is_a_failed_attempt(void **state) {
    (void)state;
    diary d;
    gate g;
    diary_init(&d);
    issuer_init(NULL);
    gate_open(&g, "good");
    cryo_client *const client = start_client(&d, cryo_server_port(g.server), with_provider);
    static const char *const reasons[][2] = {{"the vault is locked", "the vault is locked"},
                                             {NULL, "its provider failed"},
                                             {"", "its provider failed"}};
    for (unsigned i = 0; i < 3; ++i) {
        tally_wait(&the_issuer.asked, i + 1);
        expect_ok(cryo_token_fail(the_issuer.last, reasons[i][0]));
        tally_wait(&d.failures, i + 1);
        assert_int_equal(d.status, CRYO_ERR_TOKEN);
        assert_int_equal(d.http_status, 0);
        assert_true(d.retry_ms >= 0);
        assert_non_null(strstr(d.reason, reasons[i][1]));
    }
    tally_wait(&the_issuer.asked, 4);
    expect_ok(cryo_token_give(the_issuer.last, "good"));
    tally_wait(&d.sessions, 1);
    assert_int_equal(tally_now(&g.knocks), 1);
    cryo_client_free(client);

    issuer_init(NULL); // used up
    diary_init(&d);
    cryo_client *const once = start_client(&d, cryo_server_port(g.server), once_only);
    tally_wait(&the_issuer.asked, 1);
    expect_ok(cryo_token_fail(the_issuer.last, "for good"));
    expect_ok(cryo_client_wait(once, PEER_PATIENCE_MS));
    assert_int_equal(tally_now(&d.failures), 1);
    assert_int_equal(d.retry_ms, -1);
    assert_int_equal(d.code, CRYO_CLOSE_ABNORMAL);
    assert_non_null(strstr(d.reason, "for good"));
    cryo_client_free(once);
    cryo_server_free(g.server);
}

static void a_ticket_left_alone_times_out(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    issuer_init(NULL);
    cryo_client *const client = start_client(&d, 9, impatient);
    for (unsigned i = 1; i <= 3; ++i) {
        tally_wait(&the_issuer.asked, i);
        cryo_token_request *const request = the_issuer.last;
        tally_wait(&d.failures, i);
        assert_int_equal(d.status, CRYO_ERR_TIMEOUT);
        assert_non_null(strstr(d.reason, "token"));
        expect_stale(request);
    }
    cryo_client_free(client);
    assert_int_equal(tally_now(&d.closings), 1);
}

static void meanwhile_it_can_go(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    issuer_init(NULL);
    cryo_client *const client = start_client(&d, 9, with_provider);
    tally_wait(&the_issuer.asked, 1);
    expect_ok(cryo_client_close(client, 4321, "enough"));
    expect_ok(cryo_client_wait(client, PEER_PATIENCE_MS));
    expect_stale(the_issuer.last);
    assert_int_equal(tally_now(&d.closings), 1);
    assert_int_equal(tally_now(&d.failures), 0);
    assert_int_equal(d.code, 4321);
    assert_string_equal(d.reason, "enough");
    cryo_client_free(client);
    expect_stale(the_issuer.last);

    diary_init(&d);
    issuer_init(NULL);
    cryo_client *const freed = start_client(&d, 9, with_provider);
    tally_wait(&the_issuer.asked, 1);
    cryo_client_free(freed);
    assert_int_equal(tally_now(&d.closings), 1);
    expect_stale(the_issuer.last);
}

static void it_can_be_freed_inside(void **state) {
    (void)state;
    static const char *const tokens[] = {NULL, "given by one that is gone"};
    for (int i = 0; i < 2; ++i) {
        diary d;
        diary_init(&d);
        issuer_init(tokens[i]);
        cryo_client *const client = make_client(&d, 9, with_provider, NULL);
        cryo_session *const session = cryo_session_retain(cryo_client_session(client));
        the_issuer.to_free = client;
        expect_ok(cryo_client_start(client));
        tally_wait(&d.closings, 1);
        expect_stale(the_issuer.last);
        assert_int_equal(tally_now(&the_issuer.asked), 1);
        cryo_session_release(session);
    }
}

static void *give_in_time(void *argument) {
    tally_wait(&the_issuer.asked, 1);
    return give_it(*(cryo_token_request * _Atomic *)argument);
}

static void in_a_loop_of_the_application_s(void **state) {
    (void)state;
    gate g;
    cryo_loop *loop = NULL;
    expect_ok(cryo_loop_new(&loop));
    gate_open(&g, "good");
    for (int i = 0; i < 3; ++i) { // at once, from another thread, and not before it is freed
        diary d;
        diary_init(&d);
        issuer_init(i == 0 ? "good" : NULL);
        cryo_client *const client = make_client(&d, cryo_server_port(g.server), with_provider, loop);
        expect_ok(cryo_client_start(client));
        pthread_t helper = pthread_self();
        if (i == 1) helper = run(give_in_time, &the_issuer.last);
        while (tally_now(i == 2 ? &the_issuer.asked : &d.sessions) == 0)
            expect_ok(cryo_loop_run_once(loop, -1));
        if (i == 1) join(helper);
        cryo_client_free(client);
        assert_int_equal(tally_now(&d.closings), 1);
        expect_stale(the_issuer.last);
    }
    cryo_loop_free(loop);
    cryo_server_free(g.server);
}

// --- refused
// ------------------------------------------------------------------------------------------------

static void a_token_that_expired_on_its_way(void **state) {
    (void)state;
    diary d;
    gate g;
    diary_init(&d);
    issuer_init(NULL);
    gate_open(&g, "good");
    cryo_client *const client = start_client(&d, cryo_server_port(g.server), with_provider);
    for (unsigned round = 0; round < 2; ++round) { // a connection makes up for it
        tally_wait(&the_issuer.asked, 2 * round + 1);
        expect_ok(cryo_token_give(the_issuer.last, "old"));
        tally_wait(&d.failures, round + 1);
        assert_int_equal(d.http_status, 401);
        assert_true(d.retry_ms >= 0);
        tally_wait(&the_issuer.asked, 2 * round + 2);
        expect_ok(cryo_token_give(the_issuer.last, "good"));
        tally_wait(round == 0 ? &d.sessions : &d.reconnects, 1);
        gate_turn(&g, "good");
    }
    tally_wait(&the_issuer.asked, 5);
    expect_ok(cryo_token_give(the_issuer.last, "old"));
    tally_wait(&the_issuer.asked, 6);
    expect_ok(cryo_token_fail(the_issuer.last, "not now")); // is no token that was refused
    tally_wait(&the_issuer.asked, 7);
    expect_ok(cryo_token_give(the_issuer.last, "older"));
    expect_ok(cryo_client_wait(client, PEER_PATIENCE_MS));
    assert_int_equal(d.http_status, 401);
    assert_int_equal(d.retry_ms, -1);
    assert_int_equal(tally_now(&the_issuer.asked), 7);
    cryo_client_free(client);
    cryo_server_free(g.server);
}

// --- pulled
// -------------------------------------------------------------------------------------------------

// Requests, and what else a client tells, in a queue.
static cryo_client *pulled_client(cryo_queue *queue, uint16_t port) {
    cryo_events *events = NULL;
    cryo_client *client = NULL;
    cryo_client_options *const options = make_options(port, NULL);
    expect_ok(cryo_client_options_set_token_provider(options, NULL, NULL, NULL));
    expect_status(cryo_client_new(options, &client), CRYO_ERR_INVALID); // no events
    expect_ok(cryo_events_new(NULL, NULL, &events));
    expect_ok(cryo_client_options_set_events(options, events));
    expect_status(cryo_client_new(options, &client), CRYO_ERR_INVALID); // no queue
    assert_non_null(strstr(cryo_last_error(), "queue"));
    expect_ok(cryo_events_use_queue(events, queue));
    expect_ok(cryo_client_new(options, &client));
    cryo_client_options_free(options);
    cryo_events_free(events);
    expect_ok(cryo_client_start(client));
    return client;
}

static void requests_are_pulled(void **state) {
    (void)state;
    gate g;
    cryo_queue *queue = NULL;
    gate_open(&g, "good");
    expect_ok(cryo_queue_new(&queue));
    cryo_client *const client = pulled_client(queue, cryo_server_port(g.server));
    cryo_event *event = next_event(queue, CRYO_EVENT_TOKEN);
    cryo_token_request *request = cryo_event_token_request(event);
    assert_ptr_equal(cryo_event_session(event), cryo_client_session(client));
    assert_null(cryo_event_auth(event));
    assert_null(cryo_event_hook(event));
    assert_null(cryo_event_data(event, NULL));
    expect_ok(cryo_token_fail(request, "not yet"));
    expect_stale(request);
    cryo_event_free(event);
    event = next_event(queue, CRYO_EVENT_ATTEMPT_FAILED);
    assert_int_equal(cryo_event_code(event), CRYO_ERR_TOKEN);
    assert_non_null(strstr(cryo_event_text(event), "not yet"));
    assert_null(cryo_event_token_request(event));
    cryo_event_free(event);
    event = next_event(queue, CRYO_EVENT_TOKEN);
    request = cryo_event_token_request(event);
    cryo_event_free(event); // the ticket outlives it
    expect_ok(cryo_token_give(request, "good"));
    cryo_event_free(next_event(queue, CRYO_EVENT_SESSION));
    cryo_client_free(client);
    cryo_queue_free(queue);
    cryo_server_free(g.server);
}

// Of what nobody pulls, and of what cannot be pulled any more, an attempt fails and nothing else.
static void a_queue_that_goes(void **state) {
    (void)state;
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    cryo_client *const client = pulled_client(queue, 9);
    cryo_event_free(next_event(queue, CRYO_EVENT_TOKEN)); // taken, and left alone
    cryo_queue_free(queue);
    cryo_client_free(client);

    expect_ok(cryo_queue_new(&queue));
    cryo_client *const unheard = pulled_client(queue, 9);
    cryo_queue_free(queue); // with the request in it, or before it comes
    cryo_client_free(unheard);
}

// --- peers
// --------------------------------------------------------------------------------------------------

static void peers_ask_too(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        diary d;
        gate g;
        diary_init(&d);
        issuer_init("a");
        gate_open(&g, "a");
        const app what = diary_app(&d, threads);
        cryo_server *const here = app_start(&what);
        cryo_client_options *const options = make_options(cryo_server_port(g.server), with_provider);
        cryo_session *link = NULL;
        expect_ok(cryo_server_connect_peer(here, options, &link));
        tally_wait(&d.sessions, 1);
        the_issuer.token = "b";
        gate_turn(&g, "b");
        tally_wait(&d.reconnects, 1);
        assert_string_equal(g.last, "b");
        const unsigned asked = tally_now(&the_issuer.asked);
        the_issuer.token = NULL; // it thinks when the server stops
        gate_turn(&g, "c");
        tally_wait(&the_issuer.asked, asked + 1);
        cryo_session_release(link);
        cryo_server_free(here);
        expect_stale(the_issuer.last);
        assert_int_equal(tally_now(&d.closings), 1);
        cryo_client_options_free(options);
        cryo_server_free(g.server);
    }
}

static void a_peer_s_requests_are_pulled(void **state) {
    (void)state;
    gate g;
    cryo_queue *queue = NULL;
    diary d;
    diary_init(&d);
    gate_open(&g, "good");
    expect_ok(cryo_queue_new(&queue));
    cryo_client_options *const options = make_options(cryo_server_port(g.server), NULL);
    expect_ok(cryo_client_options_set_token_provider(options, NULL, NULL, NULL));
    const app what = diary_app(&d, 1);
    cryo_server *const without = app_start(&what);
    expect_status(cryo_server_connect_peer(without, options, NULL), CRYO_ERR_INVALID);
    cryo_server_free(without);
    cryo_server *const here = app_start(&(app){.threads = 1, .queue = queue});
    expect_ok(cryo_server_connect_peer(here, options, NULL));
    cryo_event *const event = next_event(queue, CRYO_EVENT_TOKEN);
    assert_int_equal(cryo_session_is_peer(cryo_event_session(event)), 1);
    expect_ok(cryo_token_give(cryo_event_token_request(event), "good"));
    cryo_event_free(event);
    cryo_event_free(next_event(queue, CRYO_EVENT_SESSION));
    cryo_client_options_free(options);
    cryo_server_free(here);
    cryo_queue_free(queue);
    cryo_server_free(g.server);
}

static void the_finalizer_runs_once(void **state) {
    (void)state;
    tally one = TALLY_INIT;
    tally two = TALLY_INIT;
    diary d;
    diary_init(&d);
    issuer_init(NULL);
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    expect_status(cryo_client_options_set_token_provider(NULL, ask, &one, tally_finalizer), CRYO_ERR_HANDLE);
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, "ws://127.0.0.1:9"));
    expect_ok(cryo_client_options_set_token_provider(options, ask, &one, tally_finalizer));
    expect_ok(cryo_client_new(options, &client)); // without a token
    expect_ok(cryo_client_options_set_token_provider(options, ask, &two, tally_finalizer));
    assert_int_equal(tally_now(&one), 0); // the client has it
    cryo_client_options_free(options);
    assert_int_equal(tally_now(&two), 1);
    cryo_client_free(client);
    assert_int_equal(tally_now(&one), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_replaced),
        cmocka_unit_test(who_asks_takes_no_other),
        cmocka_unit_test(it_is_asked_before_each_attempt),
        cmocka_unit_test(it_answers_later_from_another_thread),
        cmocka_unit_test(of_many_one_answers),
        cmocka_unit_test(a_failure_is_a_failed_attempt),
        cmocka_unit_test(a_ticket_left_alone_times_out),
        cmocka_unit_test(meanwhile_it_can_go),
        cmocka_unit_test(it_can_be_freed_inside),
        cmocka_unit_test(in_a_loop_of_the_application_s),
        cmocka_unit_test(a_token_that_expired_on_its_way),
        cmocka_unit_test(requests_are_pulled),
        cmocka_unit_test(a_queue_that_goes),
        cmocka_unit_test(peers_ask_too),
        cmocka_unit_test(a_peer_s_requests_are_pulled),
        cmocka_unit_test(the_finalizer_runs_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
