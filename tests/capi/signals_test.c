// The host's signals: the library's threads take none, its dispositions stay, handlers may stop and wake.
#include "client_app.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

// ---- threads ----

// What /proc says about a thread of this process; false: it has gone.
static bool of_thread(const char *id, char *name, size_t room, unsigned long long *blocked) {
    char path[512], line[256];
    snprintf(path, sizeof path, "/proc/self/task/%s/status", id);
    FILE *const file = fopen(path, "r");
    if (file == NULL) return false;
    name[0] = '\0';
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Name:\t", 6) == 0)
            snprintf(name, room, "%.*s", (int)strcspn(line + 6, "\n"), line + 6);
        if (strncmp(line, "SigBlk:\t", 8) == 0) *blocked = strtoull(line + 8, NULL, 16);
    }
    fclose(file);
    return true;
}

// How many threads have a name that begins so; the signals that must be are blocked in them, and no others.
static unsigned deaf_threads(const char *wanted) {
    DIR *const all = opendir("/proc/self/task");
    assert_non_null(all);
    unsigned found = 0;
    for (struct dirent *one; (one = readdir(all)) != NULL;) {
        char name[64];
        unsigned long long blocked = 0;
        if (one->d_name[0] == '.' || !of_thread(one->d_name, name, sizeof name, &blocked)) continue;
        if (strncmp(name, wanted, strlen(wanted)) != 0) continue;
        ++found;
        for (int number = 1; number < 32; ++number) {
            const bool is_blocked = (blocked >> (number - 1) & 1) != 0;
            const bool own_fault = number == SIGSEGV || number == SIGBUS || number == SIGFPE ||
                                   number == SIGILL || number == SIGTRAP || number == SIGSYS ||
                                   number == SIGABRT;
            if (number == SIGKILL || number == SIGSTOP) continue;
            if (is_blocked == own_fault)
                fail_msg("%s: signal %d is%s blocked", name, number, own_fault ? "" : " not");
        }
        for (int number = SIGRTMIN; number <= SIGRTMAX; ++number)
            if ((blocked >> (number - 1) & 1) == 0) fail_msg("%s: signal %d is not blocked", name, number);
    }
    closedir(all);
    return found;
}

static void none_goes_to_the_librarys_threads(void **state) {
    (void)state;
    assert_int_equal(deaf_threads("cryo-"), 0);
    cryo_server *const server = app_start(&(app){.threads = 3});
    diary d;
    diary_init(&d);
    cryo_client *const client = start_client(&d, cryo_server_port(server), NULL);
    tally_wait(&d.sessions, 1);
    assert_int_equal(deaf_threads("cryo-loop-0"), 1);
    assert_int_equal(deaf_threads("cryo-loop-1"), 1);
    assert_int_equal(deaf_threads("cryo-loop-2"), 1);
    assert_int_equal(deaf_threads("cryo-client"), 1);
    // The thread that made them is as it was.
    sigset_t mine;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &mine), 0);
    assert_int_equal(sigismember(&mine, SIGTERM), 0);
    cryo_client_free(client);
    cryo_server_free(server);
}

static void look_up(cryo_client_options *options) {
    expect_ok(cryo_client_options_set_url(options, "ws://localhost:1/"));
    expect_ok(cryo_client_options_set_reconnect_attempts(options, 1));
}

// A look-up may be over before it is seen: then there was no thread that could take a signal.
static void nor_to_those_for_names_and_keys(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    cryo_client *const client = start_client(&d, 1, look_up);
    deaf_threads("cryo-lookup");
    tally_wait(&d.failures, 1);
    cryo_client_free(client);
}

// ---- SIGPIPE ----

static void mine(int number) {
    (void)number;
}

static void expect_handler(void (*wanted)(int)) {
    struct sigaction is;
    assert_int_equal(sigaction(SIGPIPE, NULL, &is), 0);
    assert_ptr_equal(is.sa_handler, wanted);
}

static void set_handler(int number, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART; // which must not keep anything waiting
    sigemptyset(&action.sa_mask);
    assert_int_equal(sigaction(number, &action, NULL), 0);
}

static void sigpipe_stays_the_hosts(void **state) {
    (void)state;
    void (*const all[])(int) = {SIG_DFL, mine, SIG_IGN};
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i) {
        set_handler(SIGPIPE, all[i]);
        cryo_server *const server = app_start(&(app){.threads = 1});
        expect_handler(all[i]);
        diary d;
        diary_init(&d);
        cryo_client *const client = start_client(&d, cryo_server_port(server), NULL);
        tally_wait(&d.sessions, 1);
        expect_handler(all[i]);
        cryo_client_free(client);
        cryo_server_free(server);
        cryo_loop *loop = NULL;
        expect_ok(cryo_loop_new(&loop));
        expect_ok(cryo_loop_run_once(loop, 0));
        cryo_loop_free(loop);
        expect_handler(all[i]);
    }
    set_handler(SIGPIPE, SIG_DFL);
}

// ---- handlers ----

static cryo_server *the_server;
static cryo_loop *the_loop;
static atomic_int came, answer;

static void stop_it(int number) {
    (void)number;
    const int errno_before = errno;
    errno = ENOTTY;
    answer = cryo_server_stop(the_server);
    if (errno != ENOTTY) answer = -1000;
    errno = errno_before; // of what was interrupted
    ++came;
}

static void wake_it(int number) {
    (void)number;
    answer = the_loop != NULL ? cryo_loop_wake(the_loop) : cryo_server_wake(the_server);
    ++came;
}

static void only_note_it(int number) {
    (void)number;
    ++came;
}

static void alarm_in_us(long us) {
    const struct itimerval when = {.it_interval = {0, 0}, .it_value = {us / 1000000, us % 1000000}};
    assert_int_equal(setitimer(ITIMER_REAL, &when, NULL), 0);
}

// Again and again: one that comes between two waits ends none. 0: no more.
static void alarm_every_us(long us) {
    const struct itimerval when = {.it_interval = {0, us}, .it_value = {0, us}};
    assert_int_equal(setitimer(ITIMER_REAL, &when, NULL), 0);
}

// Interrupts whatever the thread is in: calls that take the library's locks and memory, mostly.
static void a_handler_stops_it_whatever_it_interrupts(void **state) {
    (void)state;
    set_handler(SIGALRM, stop_it);
    for (int round = 0; round < 100; ++round) {
        the_server = app_start(&(app){.threads = 1 + (uint32_t)round % 2});
        came = 0;
        alarm_in_us(200 + round * 20);
        while (came == 0) {
            cryo_queue *queue = NULL;
            cryo_session *none = NULL;
            size_t count = 0;
            const uint8_t id[16] = {0};
            expect_ok(cryo_queue_new(&queue));
            cryo_queue_free(queue);
            cryo_server_find_session(the_server, id, &none);
            cryo_server_broadcast(the_server, CRYO_UTF8, id, 1, NULL, &count);
            cryo_server_stop(NULL); // has a text to say
        }
        assert_int_equal(answer, CRYO_OK);
        expect_ok(cryo_server_wait(the_server, PEER_PATIENCE_MS));
        cryo_server_free(the_server);
    }
}

static void a_stop_while_it_starts_counts(void **state) {
    (void)state;
    set_handler(SIGALRM, stop_it);
    int in_between = 0;
    for (int round = 0; round < 60; ++round) {
        the_server = app_new(&(app){.threads = 1});
        came = 0;
        alarm_in_us(50 + round * 100);
        expect_ok(cryo_server_start(the_server));
        while (came == 0)
            cryo_server_port(the_server);
        if (answer == CRYO_ERR_STATE) // it came before the start
            expect_ok(cryo_server_stop(the_server));
        else
            assert_int_equal(answer, CRYO_OK), ++in_between;
        expect_ok(cryo_server_wait(the_server, PEER_PATIENCE_MS));
        cryo_server_free(the_server);
    }
    assert_true(in_between > 0);
}

static void *stop_from_thread(void *nothing) {
    (void)nothing;
    expect_ok(cryo_server_stop(the_server));
    return NULL;
}

static void many_may_stop_it_at_once(void **state) {
    (void)state;
    for (int round = 0; round < 20; ++round) {
        the_server = app_start(&(app){.threads = 2});
        pthread_t all[4];
        for (int i = 0; i < 4; ++i)
            all[i] = run(stop_from_thread, NULL);
        for (int i = 0; i < 4; ++i)
            join(all[i]);
        expect_ok(cryo_server_wait(the_server, PEER_PATIENCE_MS));
        cryo_server_free(the_server);
    }
}

static void expect_end_of_wait(cryo_status (*wait)(void), int32_t wanted_answer) {
    const int64_t before = now_ms();
    came = 0;
    alarm_every_us(20000);
    while (came == 0) // something else may be there to do
        expect_ok(wait());
    alarm_every_us(0);
    assert_int_equal(answer, wanted_answer);
    assert_true(now_ms() - before < PEER_PATIENCE_MS);
}

static cryo_status wait_on_server(void) {
    return cryo_server_run_once(the_server, -1);
}
static cryo_status wait_on_loop(void) {
    return cryo_loop_run_once(the_loop, -1);
}

static void a_signal_ends_the_wait(void **state) {
    (void)state;
    set_handler(SIGALRM, only_note_it);
    answer = 0;
    the_server = app_start(&(app){.threads = 0});
    expect_end_of_wait(wait_on_server, 0);
    expect_ok(cryo_loop_new(&the_loop));
    expect_end_of_wait(wait_on_loop, 0);
    set_handler(SIGALRM, wake_it);
    expect_end_of_wait(wait_on_loop, CRYO_OK);
    cryo_loop_free(the_loop);
    the_loop = NULL;
    expect_end_of_wait(wait_on_server, CRYO_OK);
    cryo_server_free(the_server);
}

static void a_handler_stops_a_server_without_threads(void **state) {
    (void)state;
    set_handler(SIGALRM, stop_it);
    for (int round = 0; round < 20; ++round) {
        the_server = app_start(&(app){.threads = 0});
        came = 0;
        alarm_in_us(200 + round * 500);
        cryo_status status = CRYO_OK;
        while (status == CRYO_OK)
            status = cryo_server_run_once(the_server, -1);
        expect_status(status, CRYO_ERR_CLOSED);
        assert_int_equal(came, 1);
        expect_ok(cryo_server_stop(the_server));
        cryo_server_free(the_server);
    }
}

static void a_wake_is_not_lost(void **state) {
    (void)state;
    the_server = app_start(&(app){.threads = 0});
    expect_ok(cryo_loop_new(&the_loop));
    while (cryo_server_run_once(the_server, 50) == CRYO_OK && cryo_server_port(the_server) == 0) {
    }
    for (int i = 0; i < 100; ++i) { // before the wait: that ends at once
        expect_ok(cryo_server_wake(the_server));
        expect_ok(cryo_server_run_once(the_server, -1));
        expect_ok(cryo_loop_wake(the_loop));
        expect_ok(cryo_loop_wake(the_loop));
        expect_ok(cryo_loop_run_once(the_loop, -1));
    }
    cryo_loop_free(the_loop);
    the_loop = NULL;
    expect_status(cryo_loop_wake(the_loop), CRYO_ERR_HANDLE);
    expect_ok(cryo_server_stop(the_server));
    while (cryo_server_run_once(the_server, -1) == CRYO_OK) {
    }
    expect_ok(cryo_server_wake(the_server)); // nobody waits, nothing happens
    cryo_server_free(the_server);
    expect_status(cryo_server_wake(the_server), CRYO_ERR_HANDLE);
    assert_non_null(strstr(cryo_last_error(), "cryo_server_wake"));
    the_server = app_new(&(app){.threads = 0});
    expect_status(cryo_server_wake(the_server), CRYO_ERR_STATE);
    cryo_server_free(the_server);
    the_server = app_start(&(app){.threads = 1});
    expect_status(cryo_server_wake(the_server), CRYO_ERR_STATE);
    cryo_server_free(the_server);
}

static atomic_bool enough;

static void *wake_all_the_time(void *nothing) {
    (void)nothing;
    while (!enough)
        expect_ok(cryo_server_wake(the_server));
    return NULL;
}

static void others_may_wake_it_meanwhile(void **state) {
    (void)state;
    the_server = app_start(&(app){.threads = 0});
    enough = false;
    const pthread_t waker = run(wake_all_the_time, NULL);
    for (int i = 0; i < 1000; ++i)
        expect_ok(cryo_server_run_once(the_server, -1));
    enough = true;
    join(waker);
    cryo_server_free(the_server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_goes_to_the_librarys_threads),
        cmocka_unit_test(nor_to_those_for_names_and_keys),
        cmocka_unit_test(sigpipe_stays_the_hosts),
        cmocka_unit_test(a_handler_stops_it_whatever_it_interrupts),
        cmocka_unit_test(a_stop_while_it_starts_counts),
        cmocka_unit_test(many_may_stop_it_at_once),
        cmocka_unit_test(a_signal_ends_the_wait),
        cmocka_unit_test(a_handler_stops_a_server_without_threads),
        cmocka_unit_test(a_wake_is_not_lost),
        cmocka_unit_test(others_may_wake_it_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
