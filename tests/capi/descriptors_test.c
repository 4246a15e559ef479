// A process that has few descriptors left, or has closed the standard ones. What is tried is tried in a
// child, which has made nothing of the library before.
#include "app.h"
#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char certificate[256], key[256];

static int status_of_child(void (*body)(int), int argument) {
    fflush(NULL);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        alarm(PEER_PATIENCE_MS / 1000); // a hang is an end by a signal
        body(argument);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

#ifndef CRYO_SANITIZER_NEEDS_DESCRIPTORS
// Leaves so many, and gives back what the others are.
static void leave(int count) {
    struct rlimit limit = {256, 256};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    int last = -1;
    for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;)
        last = fd;
    for (; count > 0; --count)
        close(last--);
}

#endif

static uint32_t threads;
static bool with_tls;

static cryo_server *make_server(void) {
    cryo_server_options *options = NULL;
    cryo_server *server = NULL;
    CHECK(cryo_server_options_new(&options) == CRYO_OK);
    CHECK(cryo_server_options_set_validator(options, accept_everybody, NULL, NULL) == CRYO_OK);
    CHECK(cryo_server_options_set_port(options, 0) == CRYO_OK);
    CHECK(cryo_server_options_set_threads(options, threads) == CRYO_OK);
    CHECK(cryo_server_options_set_transport(options, tested_transport()) == CRYO_OK);
    if (with_tls) CHECK(cryo_server_options_set_tls_files(options, certificate, key) == CRYO_OK);
    CHECK(cryo_server_new(options, &server) == CRYO_OK);
    cryo_server_options_free(options);
    return server;
}

#ifndef CRYO_SANITIZER_NEEDS_DESCRIPTORS
static bool tells_why(cryo_status status) {
    return status == CRYO_OK || (status < 0 && status != CRYO_ERR_INTERNAL && strlen(cryo_last_error()) > 10);
}

static void a_server(int left) {
    leave(left);
    cryo_server *const server = make_server();
    const cryo_status started = cryo_server_start(server);
    CHECK(tells_why(started));
    if (left == 0) CHECK(started != CRYO_OK);
    if (left >= 40) CHECK(started == CRYO_OK);
    if (started == CRYO_OK && threads == 0) CHECK(cryo_server_run_once(server, 0) == CRYO_OK);
    cryo_server_free(server);
}

static void a_client(int left) {
    leave(left);
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    CHECK(cryo_client_options_new(&options) == CRYO_OK);
    CHECK(cryo_client_options_set_url(options, with_tls ? "wss://localhost:1" : "ws://127.0.0.1:1") ==
          CRYO_OK);
    CHECK(cryo_client_options_set_token(options, "t") == CRYO_OK);
    const cryo_status made = cryo_client_new(options, &client);
    CHECK(tells_why(made));
    if (left == 0) CHECK(made == CRYO_ERR_SYSTEM);
    if (left >= 40) CHECK(made == CRYO_OK);
    if (made == CRYO_OK) CHECK(tells_why(cryo_client_start(client)));
    cryo_client_free(client);
    cryo_client_options_free(options);
    cryo_loop *loop = NULL;
    const cryo_status looped = cryo_loop_new(&loop);
    CHECK(tells_why(looped));
    if (looped == CRYO_OK) CHECK(cryo_loop_run_once(loop, 0) == CRYO_OK);
    cryo_loop_free(loop);
    cryo_queue *queue = NULL;
    CHECK(tells_why(cryo_queue_new(&queue)));
    cryo_queue_free(queue);
}

// There were enough at the start, and then the host takes all that are left.
static void an_end_without_any(int left) {
    cryo_server *const server = make_server();
    CHECK(cryo_server_start(server) == CRYO_OK);
    cryo_loop *loop = NULL;
    CHECK(cryo_loop_new(&loop) == CRYO_OK);
    leave(left);
    cryo_loop_free(loop);
    cryo_server_free(server);
}

static void with_each_number_left(void (*body)(int)) {
    for (int left = 0; left <= 44; ++left) {
        const int status = status_of_child(body, left);
        if (status != 0)
            fail_msg("with %d left, %u threads%s: %s %d", left, threads, with_tls ? ", TLS" : "",
                     WIFSIGNALED(status) ? "signal" : "status",
                     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
}

static void few_are_told(void **state) {
    (void)state;
    with_tls = false;
    for (threads = 0; threads <= 2; ++threads)
        with_each_number_left(a_server);
    with_each_number_left(a_client);
}

static void few_are_told_with_tls(void **state) {
    (void)state;
    with_tls = true;
    threads = 1;
    with_each_number_left(a_server);
    with_each_number_left(a_client);
}

static void none_is_needed_at_the_end(void **state) {
    (void)state;
    with_tls = false;
    for (threads = 0; threads <= 2; ++threads)
        for (int left = 0; left <= 8; ++left)
            assert_int_equal(status_of_child(an_end_without_any, left), 0);
}

#endif

// Which of the standard ones are closed: one bit for each.
static void close_some(int which) {
    for (int fd = 0; fd <= 2; ++fd)
        if ((which >> fd & 1) != 0) close(fd);
}

static bool is_open(int fd) {
    return fcntl(fd, F_GETFD) >= 0;
}

static void whole_life(int which) {
    threads = 1;
    close_some(which);
    cryo_queue *queue = NULL;
    CHECK(cryo_queue_new(&queue) == CRYO_OK);
    cryo_server *const server = make_server();
    CHECK(cryo_server_start(server) == CRYO_OK);
    char url[64];
    snprintf(url, sizeof url, "ws://127.0.0.1:%d", cryo_server_port(server));
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    CHECK(cryo_client_options_new(&options) == CRYO_OK);
    CHECK(cryo_client_options_set_url(options, url) == CRYO_OK);
    CHECK(cryo_client_options_set_token(options, "t") == CRYO_OK);
    CHECK(cryo_client_new(options, &client) == CRYO_OK);
    CHECK(cryo_client_start(client) == CRYO_OK);
    while (cryo_server_session_count(server) == 0)
        poll(NULL, 0, 1);
    // Nothing of the library's has such a number.
    for (int fd = 0; fd <= 2; ++fd)
        CHECK(is_open(fd) == ((which >> fd & 1) == 0));
    cryo_client_free(client);
    cryo_client_options_free(options);
    cryo_server_free(server);
    cryo_queue_free(queue);
}

static void the_standard_ones_are_left_alone(void **state) {
    (void)state;
    with_tls = false;
    for (int which = 1; which < 8; ++which)
        assert_int_equal(status_of_child(whole_life, which), 0);
}

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    char folder[] = "/tmp/cryo-descriptors-XXXXXX";
    if (mkdtemp(folder) == NULL) return 1;
    char command[512];
    snprintf(command, sizeof command, "%s %s", CRYO_MAKE_CERTIFICATES, folder);
    if (system(command) != 0) return 1;
    snprintf(certificate, sizeof certificate, "%s/ec.pem", folder);
    snprintf(key, sizeof key, "%s/ec.key", folder);
    const struct CMUnitTest tests[] = {
#ifndef CRYO_SANITIZER_NEEDS_DESCRIPTORS // UndefinedBehaviorSanitizer looks at memory through a pipe
        cmocka_unit_test(few_are_told),
        cmocka_unit_test(few_are_told_with_tls),
        cmocka_unit_test(none_is_needed_at_the_end),
#endif
        cmocka_unit_test(the_standard_ones_are_left_alone),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 ? 1 : failed;
}
