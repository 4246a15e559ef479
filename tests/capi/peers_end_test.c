// The end of a server that has peers: connected ones, one that is being connected, one that waits to try
// again.
#include "client_app.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Takes connections, and says nothing.
static int silent_listener(uint16_t *port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void connect_to(cryo_server *server, uint16_t port, cryo_session **out) {
    cryo_client_options *const options = make_options(port, NULL);
    expect_ok(cryo_server_connect_peer(server, options, out));
    cryo_client_options_free(options);
}

static void run_until(cryo_server *server, uint32_t threads, tally *what, unsigned count) {
    const int64_t until = now_ms() + PEER_PATIENCE_MS;
    while (threads == 0 && tally_now(what) < count && now_ms() < until)
        expect_ok(cryo_server_run_once(server, 100));
    tally_wait(what, count);
}

static void end_with(uint32_t threads, bool stop_first) {
    diary here, there;
    diary_init(&here);
    diary_init(&there);
    const app mine = diary_app(&here, threads);
    const app theirs = diary_app(&there, 1);
    cryo_server *const server = app_start(&mine);
    cryo_server *const other = app_start(&theirs);
    uint16_t silent_port = 0, dead_port = 0;
    const int silent = silent_listener(&silent_port);
    close(silent_listener(&dead_port));

    cryo_session *connected = NULL, *connecting = NULL;
    connect_to(server, cryo_server_port(other), &connected);
    run_until(server, threads, &here.sessions, 1);
    run_until(server, threads, &there.sessions, 1);
    connect_to(server, dead_port, NULL);
    run_until(server, threads, &here.failures, 1);
    connect_to(server, silent_port, &connecting);
    const int accepted = threads > 0 ? accept(silent, NULL, NULL) : -1; // 0: not even begun
    connect_to(server, silent_port, NULL);

    if (stop_first) {
        expect_ok(cryo_server_stop(server));
        if (threads > 0) expect_ok(cryo_server_wait(server, PEER_PATIENCE_MS));
    }
    cryo_server_free(server);
    assert_int_equal(tally_now(&here.closings), 4); // each has its end, and has it before the server's
    assert_int_equal(here.code, CRYO_CLOSE_GRACEFUL);
    assert_string_equal(here.reason, "Server shutdown.");
    assert_int_equal(tally_now(&here.sessions), 1);
    assert_int_equal(tally_now(&here.disconnects), 0);
    tally_wait(&there.closings, 1);
    assert_int_equal(there.code, CRYO_CLOSE_GRACEFUL);
    assert_string_equal(there.reason, "Server shutdown.");
    assert_int_equal(cryo_session_is_peer(connected), 1); // held, it goes on answering
    expect_status(cryo_session_close(connected, 4000, ""), CRYO_ERR_CLOSED);
    cryo_session_release(connected);
    cryo_session_release(connecting);
    if (accepted >= 0) close(accepted);
    close(silent);
    cryo_server_free(other);
}

static void a_server_ends_with_its_peers(void **state) {
    (void)state;
    for (uint32_t threads = 0; threads <= 2; ++threads) {
        end_with(threads, false);
        end_with(threads, true);
    }
}

static cryo_server *freed_inside;
static void free_the_server(cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                            void *user) {
    (void)session, (void)kind, (void)data, (void)len;
    cryo_server_free(freed_inside);
    tally_add(user);
}
static tally closings = TALLY_INIT;
static void note_the_end(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)reason, (void)user;
    assert_int_equal(code, CRYO_CLOSE_GRACEFUL);
    tally_add(&closings);
}
static void greet(cryo_session *session, void *user) {
    (void)user;
    expect_ok(cryo_session_send(session, CRYO_UTF8, (const uint8_t *)"hello", 5));
}

// In a callback of a peer.
static void free_inside(uint32_t threads) {
    tally freed = TALLY_INIT;
    tally_reset(&closings);
    cryo_server *const other = app_start(&(app){.threads = 1, .on_session = greet});
    freed_inside = app_start(
        &(app){.threads = threads, .on_message = free_the_server, .on_closed = note_the_end, .user = &freed});
    pump turner;
    if (threads == 0) pump_start(&turner, freed_inside);
    connect_to(freed_inside, cryo_server_port(other), NULL);
    tally_wait(&freed, 1);
    tally_wait(&closings, 1);
    if (threads == 0) pump_join(&turner);
    cryo_server_free(other);
}

static void freed_inside_a_callback(void **state) {
    (void)state;
    for (uint32_t threads = 0; threads <= 2; ++threads)
        free_inside(threads);
}

// Opened in a callback of the server, on whatever loop.
static uint16_t other_port;
static void open_one(cryo_session *session, void *user) {
    if (!cryo_session_is_peer(session)) connect_to(freed_inside, other_port, NULL);
    tally_add(user);
}

static void opened_inside_a_callback(void **state) {
    (void)state;
    tally sessions = TALLY_INIT;
    cryo_server *const other = app_start(&(app){.threads = 1});
    other_port = cryo_server_port(other);
    cryo_server *const server = app_start(&(app){.threads = 2, .on_session = open_one, .user = &sessions});
    freed_inside = server;
    peer guests[4];
    for (int i = 0; i < 4; ++i)
        assert_int_equal(peer_connect(&guests[i], cryo_server_port(server), TOKEN), 101);
    tally_wait(&sessions, 8);
    for (int i = 0; i < 4; ++i)
        peer_hang_up(&guests[i]);
    cryo_server_free(server);
    cryo_server_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_ends_with_its_peers),
        cmocka_unit_test(freed_inside_a_callback),
        cmocka_unit_test(opened_inside_a_callback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
