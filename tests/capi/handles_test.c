// Every function with a handle that it must not take: NULL, one that was freed, one of another type, a number
// that is no handle. It is told, and nothing crashes.
#include "app.h"
#include "functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One live object of each kind, and one of each kind that is gone.
typedef struct world {
    void *live[HANDLE_KINDS];
    void *dead[HANDLE_KINDS];
    peer held;
    peer waiting;        // for its ticket
    cryo_client *asking; // for its token
} world;

static cryo_auth *next_ticket(cryo_queue *queue) {
    cryo_event *const event = next_event(queue, CRYO_EVENT_AUTH);
    cryo_auth *const ticket = cryo_event_auth(event);
    cryo_event_free(event);
    assert_non_null(ticket);
    return ticket;
}

static cryo_session *next_session(cryo_queue *queue, peer *p, uint16_t port, cryo_auth **ticket) {
    peer_init(p);
    peer_dial_with(p, port, TOKEN, "");
    *ticket = next_ticket(queue);
    expect_ok(cryo_auth_accept(*ticket));
    assert_int_equal(peer_answer(p), 101);
    cryo_event *const event = next_event(queue, CRYO_EVENT_SESSION);
    cryo_session *const session = cryo_session_retain(cryo_event_session(event));
    assert_ptr_equal(session, cryo_event_session(event));
    cryo_event_free(event);
    return session;
}

// A client that is not started, and what it needs.
static void add_client(void **all) {
    cryo_client_options *options = NULL;
    cryo_loop *loop = NULL;
    cryo_client *client = NULL;
    expect_ok(cryo_loop_new(&loop));
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, "ws://127.0.0.1:9"));
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_options_set_loop(options, loop));
    expect_ok(cryo_client_new(options, &client));
    all[TAKES_CLIENT_OPTIONS] = options;
    all[TAKES_CLIENT] = client;
    all[TAKES_LOOP] = loop;
}

static void free_client(void **all) {
    cryo_client_free(all[TAKES_CLIENT]);
    cryo_client_options_free(all[TAKES_CLIENT_OPTIONS]);
    cryo_loop_free(all[TAKES_LOOP]);
}

static void keep_ticket(cryo_hook *hook, cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                        void *user) {
    (void)session, (void)kind, (void)data, (void)len;
    *(cryo_hook **)user = hook;
}

// An extension of the server with the peer's message in its hands.
static void add_extension(void **all, cryo_server *server, cryo_queue *queue, peer *p) {
    static cryo_hook *ticket;
    cryo_extension *extension = NULL;
    expect_ok(cryo_extension_new("keeper", &ticket, NULL, &extension));
    expect_ok(cryo_extension_set_hook(extension, CRYO_ON_RECEIVE, CRYO_BINARY, keep_ticket));
    expect_ok(cryo_extension_set_timeout_ms(extension, PEER_PATIENCE_MS * 10));
    expect_ok(cryo_server_add_extension(server, extension));
    peer_send_binary(p, "kept", 4);
    peer_send_text(p, "asked by nobody"); // and told behind it
    assert_true(peer_receive_type(p, PEER_ACK));
    assert_true(peer_receive_type(p, PEER_ACK));
    cryo_event *none = NULL;
    expect_status(cryo_queue_next(queue, 0, &none), CRYO_ERR_TIMEOUT);
    all[TAKES_EXTENSION] = extension;
    all[TAKES_HOOK] = ticket;
}

static void keep_request(cryo_token_request *request, void *user) {
    *(cryo_token_request **)user = request;
}

// A client that waits for its token.
static cryo_client *add_request(void **all) {
    static cryo_token_request *request;
    cryo_loop *loop = NULL;
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    expect_ok(cryo_loop_new(&loop));
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, "ws://127.0.0.1:9"));
    expect_ok(cryo_client_options_set_token_provider(options, keep_request, &request, NULL));
    expect_ok(cryo_client_options_set_connect_timeout_ms(options, PEER_PATIENCE_MS * 10));
    expect_ok(cryo_client_options_set_loop(options, loop));
    expect_ok(cryo_client_new(options, &client));
    expect_ok(cryo_client_start(client));
    for (request = NULL; request == NULL;)
        expect_ok(cryo_loop_run_once(loop, -1));
    cryo_client_options_free(options);
    cryo_loop_free(loop);
    all[TAKES_TOKEN_REQUEST] = request;
    return client;
}

static void make_and_free(world *w) {
    cryo_server_options *options = NULL;
    cryo_events *events = NULL;
    cryo_queue *queue = NULL;
    peer p;
    expect_ok(cryo_queue_new(&queue));
    options = app_options(&(app){.threads = 1, .queue = queue});
    expect_ok(cryo_events_new(NULL, NULL, &events));
    cryo_server *server = NULL;
    expect_ok(cryo_server_new(options, &server));
    expect_ok(cryo_server_start(server));
    cryo_auth *ticket = NULL;
    cryo_session *const session = next_session(queue, &p, cryo_server_port(server), &ticket);
    void *extended[HANDLE_KINDS] = {0};
    add_extension(extended, server, queue, &p);
    assert_int_equal(peer_close(&p, CRYO_CLOSE_GRACEFUL, "bye"), CRYO_CLOSE_GRACEFUL);
    peer_hang_up(&p);
    cryo_extension_free(extended[TAKES_EXTENSION]);
    cryo_event *const event = next_event(queue, CRYO_EVENT_CLOSED);
    cryo_server_free(server);
    cryo_event_free(event);
    cryo_session_release(session);
    cryo_queue_free(queue);
    cryo_events_free(events);
    cryo_server_options_free(options);
    void *const all[HANDLE_KINDS] = {options, events, server, session, ticket, queue, event};
    memcpy(w->dead, all, sizeof all);
    add_client(w->dead);
    free_client(w->dead);
    w->dead[TAKES_EXTENSION] = extended[TAKES_EXTENSION];
    w->dead[TAKES_HOOK] = extended[TAKES_HOOK];
    cryo_client_free(add_request(w->dead));
}

static void make(world *w) {
    cryo_queue *queue = NULL;
    cryo_events *events = NULL;
    expect_ok(cryo_queue_new(&queue));
    expect_ok(cryo_events_new(NULL, NULL, &events));
    cryo_server_options *const options = app_options(&(app){.threads = 1, .queue = queue});
    cryo_server *server = NULL;
    expect_ok(cryo_server_new(options, &server));
    expect_ok(cryo_server_start(server));
    cryo_event *const event = next_event(queue, CRYO_EVENT_LISTENING);
    cryo_auth *ticket = NULL;
    cryo_session *const session = next_session(queue, &w->held, cryo_server_port(server), &ticket);
    peer_init(&w->waiting);
    peer_dial_with(&w->waiting, cryo_server_port(server), TOKEN, "");
    ticket = next_ticket(queue);
    void *const all[HANDLE_KINDS] = {options, events, server, session, ticket, queue, event};
    memcpy(w->live, all, sizeof all);
    add_client(w->live);
    add_extension(w->live, server, queue, &w->held);
    w->asking = add_request(w->live);
}

static int make_world(void **state) {
    world *const w = calloc(1, sizeof *w);
    assert_non_null(w);
    make_and_free(w);
    make(w);
    *state = w;
    return 0;
}

// Whatever the tests did, nothing of this was harmed.
static int check_and_free_world(void **state) {
    world *const w = *state;
    cryo_session *const session = w->live[TAKES_SESSION];
    expect_ok(cryo_session_send(session, CRYO_UTF8, (const uint8_t *)"well", 4));
    assert_true(peer_hears(&w->held, "well"));
    expect_ok(cryo_auth_accept(w->live[TAKES_AUTH]));
    assert_int_equal(peer_answer(&w->waiting), 101);
    assert_int_equal(cryo_event_kind(w->live[TAKES_EVENT]), CRYO_EVENT_LISTENING);
    assert_int_equal(cryo_event_code(w->live[TAKES_EVENT]), cryo_server_port(w->live[TAKES_SERVER]));
    expect_ok(cryo_hook_pass(w->live[TAKES_HOOK]));
    expect_ok(cryo_token_fail(w->live[TAKES_TOKEN_REQUEST], NULL));
    cryo_client_free(w->asking);
    cryo_event *const passed = next_event(w->live[TAKES_QUEUE], CRYO_EVENT_MESSAGE);
    assert_int_equal(cryo_event_message_kind(passed), CRYO_BINARY);
    cryo_event_free(passed);
    cryo_extension_free(w->live[TAKES_EXTENSION]);
    peer_hang_up(&w->held);
    peer_hang_up(&w->waiting);
    cryo_event_free(w->live[TAKES_EVENT]);
    expect_status(cryo_client_wait(w->live[TAKES_CLIENT], 0), CRYO_ERR_STATE);
    free_client(w->live);
    cryo_session_release(session);
    cryo_server_free(w->live[TAKES_SERVER]);
    cryo_queue_free(w->live[TAKES_QUEUE]);
    cryo_events_free(w->live[TAKES_EVENTS]);
    cryo_server_options_free(w->live[TAKES_OPTIONS]);
    free(w);
    return 0;
}

// So that the text that is looked at is of the call that is looked at.
static void say_something_else(void) {
    expect_status(cryo_set_log(99, NULL, NULL, NULL), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "cryo_set_log"));
}

// One that is gone is a settled one.
static bool is_ticket(const struct function *f) {
    return f->takes == TAKES_AUTH || f->takes == TAKES_HOOK || f->takes == TAKES_TOKEN_REQUEST;
}

static void expect_refused(const struct function *f, void *handle, cryo_status wanted, const char *because) {
    say_something_else();
    const int64_t answer = f->call(handle);
    if (f->gives == GIVES_NOTHING && handle == NULL) {
        assert_non_null(strstr(cryo_last_error(), "cryo_set_log"));
        return;
    }
    if (answer != (f->gives == GIVES_STATUS ? wanted : 0)) fail_msg("%s answers %d", f->name, (int)answer);
    const char *const said = cryo_last_error();
    if (strstr(said, f->name) == NULL || strstr(said, because) == NULL ||
        strstr(said, is_ticket(f) ? "ticket" : handle_name(f->takes)) == NULL)
        fail_msg("%s with a handle that %s says: %s", f->name, because, said);
}

static void null_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < function_count; ++i)
        if (functions[i].call != NULL) expect_refused(&functions[i], NULL, CRYO_ERR_HANDLE, "NULL");
}

static void a_freed_handle_is_told(void **state) {
    const world *const w = *state;
    for (size_t i = 0; i < function_count; ++i) {
        const struct function *const f = &functions[i];
        if (f->call == NULL) continue;
        if (is_ticket(f))
            expect_refused(f, w->dead[f->takes], CRYO_ERR_STATE, "settled before");
        else
            expect_refused(f, w->dead[f->takes], CRYO_ERR_HANDLE, "was freed or released before");
    }
}

static void a_handle_of_another_type_is_told(void **state) {
    const world *const w = *state;
    for (size_t i = 0; i < function_count; ++i) {
        for (enum takes other = 0; functions[i].call != NULL && other < HANDLE_KINDS; ++other) {
            if (other == functions[i].takes) continue;
            char because[64];
            snprintf(because, sizeof because, "of another type (%s)", handle_name(other));
            expect_refused(&functions[i], w->live[other], CRYO_ERR_HANDLE, because);
            expect_refused(&functions[i], w->dead[other], CRYO_ERR_HANDLE, because);
        }
    }
}

static void an_address_is_no_handle(void **state) {
    (void)state;
    int local = 0;
    void *const heap = malloc(64);
    // No slot of the table has such a number yet, or the lowest bits are not those of a handle.
    void *const made_up[] = {(void *)(uintptr_t)1, (void *)~(uintptr_t)0, (void *)(uintptr_t)0xfff7, // NOLINT
                             (void *)((uintptr_t)heap | 1), (void *)((uintptr_t)&local | 2)};        // NOLINT
    for (size_t i = 0; i < function_count; ++i)
        for (size_t k = 0; functions[i].call != NULL && k < sizeof made_up / sizeof made_up[0]; ++k)
            expect_refused(&functions[i], made_up[k], CRYO_ERR_HANDLE, "is no handle of this library");
    // What these look like is not known; that they are none is.
    void *const real[] = {heap, &local, (void *)(uintptr_t)0x1000, (void *)(uintptr_t)functions}; // NOLINT
    for (size_t i = 0; i < function_count; ++i)
        for (size_t k = 0; functions[i].call != NULL && k < sizeof real / sizeof real[0]; ++k) {
            const int64_t answer = functions[i].call(real[k]);
            const bool told = functions[i].gives != GIVES_STATUS ? answer == 0
                              : is_ticket(&functions[i])
                                  ? answer == CRYO_ERR_HANDLE || answer == CRYO_ERR_STATE
                                  : answer == CRYO_ERR_HANDLE;
            if (!told) fail_msg("%s takes an address for a handle", functions[i].name);
        }
    free(heap);
}

static bool is_live(const world *w, const void *handle) {
    for (int i = 0; i < HANDLE_KINDS; ++i)
        if (w->live[i] == handle) return true;
    return false;
}

// A handle with one bit wrong is another one, and not that of another object.
static void a_bit_makes_another_handle(void **state) {
    const world *const w = *state;
    for (size_t i = 0; i < function_count; ++i) {
        const struct function *const f = &functions[i];
        if (f->call == NULL || f->gives == GIVES_NOTHING) continue;
        for (unsigned bit = 0; bit < sizeof(void *) * 8; ++bit) {
            void *const handle = (void *)((uintptr_t)w->live[f->takes] ^ (uintptr_t)1 << bit); // NOLINT
            if (is_live(w, handle)) continue;
            const int64_t answer = f->call(handle);
            const bool told = f->gives == GIVES_VALUE                    ? answer == 0
                              : is_ticket(f) && answer == CRYO_ERR_STATE ? true
                                                                         : answer == CRYO_ERR_HANDLE;
            if (!told) fail_msg("%s takes the handle with bit %u wrong", f->name, bit);
        }
    }
}

// Handles that stand in the second place.
static void a_second_handle_is_looked_at_too(void **state) {
    const world *const w = *state;
    void *const wrong[] = {w->dead[TAKES_SERVER], w->live[TAKES_OPTIONS], (void *)(uintptr_t)1}; // NOLINT
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        expect_status(cryo_server_options_set_events(w->live[TAKES_OPTIONS], wrong[i]), CRYO_ERR_HANDLE);
        assert_non_null(strstr(cryo_last_error(), "event set"));
        expect_status(cryo_events_use_queue(w->live[TAKES_EVENTS], wrong[i]), CRYO_ERR_HANDLE);
        assert_non_null(strstr(cryo_last_error(), "queue"));
        expect_status(cryo_server_broadcast(w->live[TAKES_SERVER], CRYO_UTF8, NULL, 0, wrong[i], NULL),
                      CRYO_ERR_HANDLE);
        assert_non_null(strstr(cryo_last_error(), "session"));
    }
    expect_status(cryo_server_options_set_events(w->live[TAKES_OPTIONS], w->dead[TAKES_EVENTS]),
                  CRYO_ERR_HANDLE);
    expect_status(cryo_events_use_queue(w->live[TAKES_EVENTS], w->dead[TAKES_QUEUE]), CRYO_ERR_HANDLE);
    expect_status(
        cryo_server_broadcast(w->live[TAKES_SERVER], CRYO_UTF8, NULL, 0, w->dead[TAKES_SESSION], NULL),
        CRYO_ERR_HANDLE);
}

static void the_table_names_every_function(void **state) {
    (void)state;
    FILE *const list = fopen(CRYO_SYMBOLS, "r");
    assert_non_null(list);
    char line[256];
    char name[128];
    size_t next = 0;
    while (fgets(line, sizeof line, list) != NULL) {
        if (line[0] == '#' || sscanf(line, "%127s", name) != 1) continue;
        assert_true(next < function_count);
        assert_string_equal(functions[next++].name, name);
    }
    fclose(list);
    assert_int_equal(next, function_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_names_every_function),
        cmocka_unit_test_setup_teardown(null_is_told, make_world, check_and_free_world),
        cmocka_unit_test_setup_teardown(a_freed_handle_is_told, make_world, check_and_free_world),
        cmocka_unit_test_setup_teardown(a_handle_of_another_type_is_told, make_world, check_and_free_world),
        cmocka_unit_test_setup_teardown(an_address_is_no_handle, make_world, check_and_free_world),
        cmocka_unit_test_setup_teardown(a_bit_makes_another_handle, make_world, check_and_free_world),
        cmocka_unit_test_setup_teardown(a_second_handle_is_looked_at_too, make_world, check_and_free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
