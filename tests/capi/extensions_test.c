// Extensions as an application in C writes them: what their hooks may answer, and when.
#include "client_app.h"
#include "talk.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static tally registered, unregistered, finalized, asked;
static cryo_hook *_Atomic kept;

static void reset(void) {
    static const tally fresh = TALLY_INIT;
    registered = unregistered = finalized = asked = fresh;
    atomic_store(&kept, NULL);
}

static void on_register(const char *name, void *user) {
    assert_string_equal(name, "under test");
    assert_string_equal(user, "mine");
    tally_add(&registered);
}
static void on_unregister(const char *name, void *user) {
    assert_string_equal(name, "under test");
    assert_string_equal(user, "mine");
    tally_add(&unregistered);
}
static void on_finalize(void *user) {
    assert_string_equal(user, "mine");
    tally_add(&finalized);
}

// "stop" is stopped, "late" waits for somebody else, the rest is turned round.
static void hook(cryo_hook *ticket, cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                 void *user) {
    assert_string_equal(user, "mine");
    size_t size = 0;
    assert_ptr_equal(cryo_hook_session(ticket), session);
    assert_int_equal(cryo_hook_kind(ticket), kind);
    assert_in_range(cryo_hook_direction(ticket), CRYO_BEFORE_SEND, CRYO_ON_RECEIVE);
    assert_ptr_equal(cryo_hook_data(ticket, &size), data);
    assert_int_equal(size, len);
    if (len == 4 && memcmp(data, "stop", 4) == 0) {
        expect_ok(cryo_hook_stop(ticket));
        expect_status(cryo_hook_pass(ticket), CRYO_ERR_STATE);
        assert_null(cryo_hook_data(ticket, &size));
        assert_int_equal(size, 0);
    } else if (len == 4 && memcmp(data, "late", 4) == 0) {
        atomic_store(&kept, ticket);
    } else if (kind == CRYO_BINARY) {
        expect_ok(cryo_hook_pass(ticket));
    } else {
        uint8_t turned[64];
        for (size_t i = 0; i < len; ++i)
            turned[i] = data[len - 1 - i];
        expect_status(cryo_hook_replace(ticket, (const uint8_t *)"\xff", 1), CRYO_ERR_INVALID);
        expect_ok(cryo_hook_replace(ticket, turned, len));
    }
    tally_add(&asked);
}

static cryo_extension *make_extension(void) {
    cryo_extension *made = NULL;
    expect_ok(cryo_extension_new("under test", (void *)"mine", on_finalize, &made)); // NOLINT
    for (int32_t direction = CRYO_BEFORE_SEND; direction <= CRYO_ON_RECEIVE; ++direction)
        for (int32_t kind = CRYO_UTF8; kind <= CRYO_BINARY; ++kind)
            expect_ok(cryo_extension_set_hook(made, direction, kind, hook));
    expect_ok(cryo_extension_set_timeout_ms(made, 10 * PEER_PATIENCE_MS));
    expect_ok(cryo_extension_on_register(made, on_register));
    expect_ok(cryo_extension_on_unregister(made, on_unregister));
    return made;
}

static void start_with_extension(talk *t, uint32_t threads) {
    reset();
    talk_start(t, &(app){.threads = threads});
    cryo_extension *const extension = make_extension();
    expect_ok(cryo_server_add_extension(t->server, extension)); // while a session lives
    assert_int_equal(tally_now(&registered), 1);
    cryo_extension_free(extension);
}

static void end_with_extension(talk *t) {
    talk_end(t);
    assert_int_equal(tally_now(&unregistered), 1);
    assert_int_equal(tally_now(&finalized), 1);
}

static void messages_are_looked_at_both_ways(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        talk t;
        start_with_extension(&t, threads);
        expect_ok(send_text(t.session, "stop"));
        expect_ok(send_text(t.session, "abc"));
        assert_true(peer_hears(&t.client, "cba"));
        assert_int_equal(t.client.number, 0); // what was stopped took no number
        peer_send_text(&t.client, "stop");
        peer_send_text(&t.client, "xyz");
        tally_wait(&t.messages, 1);
        assert_string_equal(t.last_message, "zyx");
        for (uint32_t i = 0; i < 2; ++i) { // both were acknowledged
            assert_true(peer_receive_type(&t.client, PEER_ACK));
            assert_int_equal(t.client.number, i);
        }
        peer_send_binary(&t.client, "binary", 6);
        tally_wait(&t.messages, 2);
        assert_string_equal(t.last_message, "binary");
        end_with_extension(&t);
    }
}

static void *pass_it(void *unused) {
    (void)unused;
    expect_ok(cryo_hook_pass(atomic_load(&kept)));
    return NULL;
}

static void an_answer_from_another_thread(void **state) {
    (void)state;
    talk t;
    start_with_extension(&t, 2);
    expect_ok(send_text(t.session, "late"));
    expect_ok(send_text(t.session, "abc")); // waits behind it
    peer_send_text(&t.client, "other way"); // does not
    tally_wait(&t.messages, 1);
    tally_wait(&asked, 2);
    join(run(pass_it, NULL));
    assert_true(peer_hears(&t.client, "late"));
    assert_true(peer_hears(&t.client, "cba"));
    expect_status(cryo_hook_pass(atomic_load(&kept)), CRYO_ERR_STATE);
    end_with_extension(&t);
}

static void a_ticket_after_the_close(void **state) {
    (void)state;
    talk t;
    start_with_extension(&t, 1);
    peer_send_text(&t.client, "late");
    tally_wait(&asked, 1);
    assert_int_equal(peer_close(&t.client, CRYO_CLOSE_GRACEFUL, ""), CRYO_CLOSE_GRACEFUL);
    tally_wait(&t.closings, 1);
    expect_status(cryo_hook_pass(atomic_load(&kept)), CRYO_ERR_STATE);
    assert_int_equal(tally_now(&t.messages), 0);
    end_with_extension(&t);
}

static void removed_while_a_ticket_is_out(void **state) {
    (void)state;
    talk t;
    start_with_extension(&t, 1);
    expect_ok(send_text(t.session, "late"));
    tally_wait(&asked, 1);
    expect_ok(cryo_server_remove_extension(t.server, "under test"));
    expect_status(cryo_server_remove_extension(t.server, "under test"), CRYO_ERR_NOT_FOUND);
    expect_ok(send_text(t.session, "abc"));
    assert_int_equal(tally_now(&unregistered), 0); // it has a message in its hands
    expect_ok(cryo_hook_replace(atomic_load(&kept), (const uint8_t *)"its last word", 13));
    assert_true(peer_hears(&t.client, "its last word"));
    assert_true(peer_hears(&t.client, "abc"));
    tally_wait(&unregistered, 1);
    tally_wait(&finalized, 1);
    cryo_extension *const again = make_extension(); // the name is free
    expect_ok(cryo_server_add_extension(t.server, again));
    cryo_extension_free(again);
    talk_end(&t);
}

static void names_are_unique_and_found(void **state) {
    (void)state;
    talk t;
    start_with_extension(&t, 1);
    cryo_extension *const other = make_extension();
    expect_status(cryo_server_add_extension(t.server, other), CRYO_ERR_EXISTS);
    assert_non_null(strstr(cryo_last_error(), "under test"));
    assert_int_equal(tally_now(&registered), 1);
    cryo_extension_free(other);
    assert_int_equal(tally_now(&finalized), 1);
    assert_int_equal(tally_now(&unregistered), 0);

    cryo_extension *found = NULL;
    expect_status(cryo_server_find_extension(t.server, "nobody", &found), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_server_find_extension(t.server, "", &found), CRYO_ERR_INVALID);
    expect_status(cryo_server_find_extension(t.server, "nobody", NULL), CRYO_ERR_INVALID);
    expect_ok(cryo_server_find_extension(t.server, "under test", &found));
    char name[32];
    size_t len = 0;
    expect_ok(cryo_extension_name(found, name, sizeof name, &len));
    assert_string_equal(name, "under test");
    assert_string_equal(cryo_extension_user(found), "mine");
    cryo_extension_free(found);
    talk_end(&t);
    assert_int_equal(tally_now(&finalized), 2);
}

static void settings_are_looked_at(void **state) {
    (void)state;
    reset();
    cryo_extension *made = NULL;
    char long_name[257];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[256] = 0;
    expect_status(cryo_extension_new(NULL, NULL, NULL, &made), CRYO_ERR_INVALID);
    expect_status(cryo_extension_new("", NULL, NULL, &made), CRYO_ERR_INVALID);
    expect_status(cryo_extension_new(long_name, NULL, NULL, &made), CRYO_ERR_INVALID);
    expect_status(cryo_extension_new("name", NULL, NULL, NULL), CRYO_ERR_INVALID);
    expect_ok(cryo_extension_new(long_name + 1, NULL, NULL, &made));
    expect_status(cryo_extension_set_hook(made, 0, CRYO_UTF8, hook), CRYO_ERR_INVALID);
    expect_status(cryo_extension_set_hook(made, 3, CRYO_UTF8, hook), CRYO_ERR_INVALID);
    expect_status(cryo_extension_set_hook(made, CRYO_ON_RECEIVE, 0, hook), CRYO_ERR_INVALID);
    expect_status(cryo_extension_set_queue(made, CRYO_ON_RECEIVE, 3, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_extension_set_timeout_ms(made, 0), CRYO_ERR_INVALID);
    expect_status(cryo_extension_set_on_failure(made, 0), CRYO_ERR_INVALID);
    expect_status(cryo_extension_set_on_failure(made, 3), CRYO_ERR_INVALID);
    cryo_extension_free(made);
}

// ---- pulled ----

static void tickets_out_of_a_queue(void **state) {
    (void)state;
    reset();
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    talk t;
    talk_start(&t, &(app){0});
    cryo_extension *extension = NULL;
    expect_ok(cryo_extension_new("pulled", NULL, NULL, &extension));
    expect_ok(cryo_extension_set_queue(extension, CRYO_ON_RECEIVE, CRYO_UTF8, queue));
    expect_ok(cryo_extension_set_on_failure(extension, CRYO_HOOK_STOP));
    expect_ok(cryo_server_add_extension(t.server, extension));
    cryo_extension_free(extension);

    peer_send_text(&t.client, "first");
    cryo_event *const event = next_event(queue, CRYO_EVENT_HOOK);
    size_t len = 0;
    assert_memory_equal(cryo_event_data(event, &len), "first", 5);
    assert_int_equal(len, 5);
    assert_int_equal(cryo_event_code(event), CRYO_ON_RECEIVE);
    assert_int_equal(cryo_event_message_kind(event), CRYO_UTF8);
    assert_string_equal(cryo_event_text(event), "pulled");
    assert_ptr_equal(cryo_event_session(event), t.session);
    cryo_hook *const ticket = cryo_event_hook(event);
    cryo_event_free(event);
    expect_ok(cryo_hook_replace(ticket, (const uint8_t *)"second", 6)); // it outlives its event
    tally_wait(&t.messages, 1);
    assert_string_equal(t.last_message, "second");

    peer_send_text(&t.client, "nobody looks at it");
    assert_true(peer_receive_type(&t.client, PEER_ACK));
    assert_true(peer_receive_type(&t.client, PEER_ACK));
    cryo_queue_free(queue); // and so it fails, which stops it here
    peer_send_binary(&t.client, "behind it", 9);
    tally_wait(&t.messages, 2);
    assert_string_equal(t.last_message, "behind it");
    talk_end(&t);
}

// ---- who fails ----

static void leave_alone(cryo_hook *ticket, cryo_session *session, int32_t kind, const uint8_t *data,
                        size_t len, void *user) {
    (void)ticket, (void)session, (void)kind, (void)data, (void)len, (void)user;
    tally_add(&asked);
}
static void fail_at_once(cryo_hook *ticket, cryo_session *session, int32_t kind, const uint8_t *data,
                         size_t len, void *user) {
    (void)session, (void)kind, (void)data, (void)len, (void)user;
    expect_ok(cryo_hook_fail(ticket, "it has no luck"));
}

static char last_log[512];
static tally logged;

static void on_log(int32_t level, const char *message, void *user) {
    (void)level, (void)user;
    snprintf(last_log, sizeof last_log, "%s", message);
    tally_add(&logged);
}

static void a_hook_that_fails(void **state) {
    (void)state;
    for (int way = 0; way < 4; ++way) {
        static const tally fresh = TALLY_INIT;
        const bool stops = (way & 1) != 0;
        reset();
        logged = fresh;
        expect_ok(cryo_set_log(CRYO_LOG_WARNING, on_log, NULL, NULL));
        talk t;
        talk_start(&t, &(app){0});
        cryo_extension *extension = NULL;
        expect_ok(cryo_extension_new("unlucky", NULL, NULL, &extension));
        expect_ok(cryo_extension_set_hook(extension, CRYO_ON_RECEIVE, CRYO_UTF8,
                                          way < 2 ? fail_at_once : leave_alone));
        expect_ok(cryo_extension_set_timeout_ms(extension, 20));
        if (!stops)
            expect_ok(cryo_extension_set_on_failure(extension, CRYO_HOOK_PASS)); // which is no default
        expect_ok(cryo_server_add_extension(t.server, extension));
        cryo_extension_free(extension);
        peer_send_text(&t.client, "text");
        peer_send_binary(&t.client, "binary", 6);
        tally_wait(&t.messages, stops ? 1 : 2);
        assert_string_equal(t.last_message, "binary");
        tally_wait(&logged, 1);
        assert_non_null(strstr(last_log, "\"unlucky\" failed"));
        assert_non_null(strstr(last_log, way < 2 ? "it has no luck" : "did not answer in time"));
        talk_end(&t);
        expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL));
    }
}

// ---- receipts say who stopped a message ----

static tally vetoed;

static void on_receipt(cryo_session *session, uint64_t receipt, int32_t outcome, double rtt_ms,
                       const char *by, void *user) {
    (void)session, (void)rtt_ms, (void)user;
    assert_int_equal(receipt, 7);
    assert_int_equal(outcome, CRYO_RECEIPT_VETOED);
    assert_string_equal(by, "under test");
    tally_add(&vetoed);
}

static void a_veto_is_a_receipt(void **state) {
    (void)state;
    reset();
    talk t;
    talk_start(&t, &(app){.on_receipt = on_receipt});
    cryo_extension *const extension = make_extension();
    expect_ok(cryo_server_add_extension(t.server, extension));
    cryo_extension_free(extension);
    expect_ok(cryo_session_send_with(t.session, CRYO_UTF8, (const uint8_t *)"stop", 4, NULL, 7));
    tally_wait(&vetoed, 1);
    talk_end(&t);
}

// ---- clients have them too ----

static void on_a_client(void **state) {
    (void)state;
    reset();
    talk t;
    talk_listen(&t, &(app){0});
    diary d;
    diary_init(&d);
    cryo_client *const client = make_client(&d, cryo_server_port(t.server), NULL, NULL);
    cryo_extension *const extension = make_extension();
    expect_ok(cryo_client_add_extension(client, extension));
    expect_status(cryo_client_add_extension(client, extension), CRYO_ERR_EXISTS);
    cryo_extension_free(extension);
    expect_ok(cryo_client_start(client));
    tally_wait(&d.sessions, 1);
    expect_ok(say(client, "abc"));
    tally_wait(&t.messages, 1);
    assert_string_equal(t.last_message, "cba");
    expect_ok(send_text(t.session, "xyz"));
    tally_wait(&d.messages, 1);
    assert_string_equal(d.message, "zyx");
    cryo_extension *found = NULL;
    expect_ok(cryo_client_find_extension(client, "under test", &found));
    cryo_extension_free(found);
    expect_ok(cryo_client_remove_extension(client, "under test"));
    expect_status(cryo_client_find_extension(client, "under test", &found), CRYO_ERR_NOT_FOUND);
    expect_ok(say(client, "abc"));
    tally_wait(&t.messages, 2);
    assert_string_equal(t.last_message, "abc");
    cryo_client_free(client);
    assert_int_equal(tally_now(&unregistered), 1);
    assert_int_equal(tally_now(&finalized), 1);
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_looked_at_both_ways),
        cmocka_unit_test(an_answer_from_another_thread),
        cmocka_unit_test(a_ticket_after_the_close),
        cmocka_unit_test(removed_while_a_ticket_is_out),
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(settings_are_looked_at),
        cmocka_unit_test(tickets_out_of_a_queue),
        cmocka_unit_test(a_hook_that_fails),
        cmocka_unit_test(a_veto_is_a_receipt),
        cmocka_unit_test(on_a_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
