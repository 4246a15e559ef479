// A program that has libuv, OpenSSL and mbedTLS in itself, of other versions, and offers them to all that it
// loads. libcryo is told what it runs on, and says so; libcryo-deep finds its own libraries. What is tried is
// tried in a child, which loads one of them.
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <lws_config.h>
#include <mbedtls/version.h>
#include <openssl/opensslv.h>
#include <uv/version.h>

#include <cryo.h>

#pragma GCC diagnostic ignored "-Wpedantic" // dlsym() gives functions as data

// ---- what the program has ----

static unsigned int libuv = 0, mbedtls = 0;
static unsigned long openssl = 0;
static const char *websockets = NULL;
static int strangers_called;

unsigned int uv_version(void);
unsigned long OpenSSL_version_num(void);
const char *lws_get_library_version(void);
int uv_loop_init(void *loop);
int mbedtls_x509_crt_parse(void *chain, const unsigned char *data, size_t size);
void *SSL_new(void *context);

// What the library was compiled against, unless a test has said otherwise.
unsigned int uv_version(void) {
    return libuv != 0 ? libuv : UV_VERSION_HEX;
}
#ifndef CRYO_WITHOUT_ITS_VERSION
unsigned int mbedtls_version_get_number(void) {
    return mbedtls != 0 ? mbedtls : MBEDTLS_VERSION_NUMBER;
}
#endif
unsigned long OpenSSL_version_num(void) {
    return openssl != 0 ? openssl : OPENSSL_VERSION_NUMBER;
}
const char *lws_get_library_version(void) {
    return websockets != NULL ? websockets : LWS_LIBRARY_VERSION;
}

static void *called(const char *name) {
    fprintf(stderr, "%s of the program was called\n", name);
    ++strangers_called;
    abort();
}
int uv_loop_init(void *loop) {
    return called(__func__) == loop;
}
int mbedtls_x509_crt_parse(void *chain, const unsigned char *data, size_t size) {
    return called(__func__) == chain && data != NULL && size == 0;
}
void *SSL_new(void *context) {
    (void)context;
    return called(__func__);
}

// ---- what is tried ----

static void accept_everybody(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len;
    ((cryo_status(*)(cryo_auth *))user)(auth);
}

#define FROM(library, name) __typeof__(&name) const p_##name = (__typeof__(&name))dlsym(library, #name)
#define CHECK(what)                                                                                          \
    do {                                                                                                     \
        if (!(what)) {                                                                                       \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what);                               \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)

static char certificate[256], key[256];

// The status of starting a server with TLS, and what was said about it.
static cryo_status start(void *library, char *said, size_t room) {
    FROM(library, cryo_server_options_new);
    FROM(library, cryo_server_options_set_validator);
    FROM(library, cryo_server_options_set_port);
    FROM(library, cryo_server_options_set_tls_files);
    FROM(library, cryo_server_options_free);
    FROM(library, cryo_server_new);
    FROM(library, cryo_server_start);
    FROM(library, cryo_server_free);
    FROM(library, cryo_auth_accept);
    FROM(library, cryo_last_error);
    cryo_server_options *options = NULL;
    cryo_server *server = NULL;
    CHECK(p_cryo_server_options_new(&options) == CRYO_OK);
    p_cryo_server_options_set_validator(options, accept_everybody, (void *)p_cryo_auth_accept, NULL);
    p_cryo_server_options_set_port(options, 0);
    CHECK(p_cryo_server_options_set_tls_files(options, certificate, key) == CRYO_OK);
    CHECK(p_cryo_server_new(options, &server) == CRYO_OK);
    const cryo_status status = p_cryo_server_start(server);
    snprintf(said, room, "%s", p_cryo_last_error());
    p_cryo_server_free(server);
    p_cryo_server_options_free(options);
    return status;
}

static int in_child(void (*body)(void)) {
    fflush(NULL);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        alarm(60);
        body();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void expect_words(const char *first, const char *second) {
    char said[1024];
    void *const library = dlopen(CRYO_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    CHECK(start(library, said, sizeof said) == CRYO_ERR_UNSUPPORTED);
    if (strstr(said, first) == NULL || strstr(said, second) == NULL || strstr(said, "strangers") == NULL) {
        fprintf(stderr, "%s\n", said);
        _exit(1);
    }
    FROM(library, cryo_loop_new);
    cryo_loop *loop = NULL;
    CHECK(p_cryo_loop_new(&loop) == CRYO_ERR_UNSUPPORTED);
}

static void an_old_libuv(void) {
    libuv = 0x010100;
    expect_words("libuv 1.1.0", "compiled against 1.");
}
static void another_libuv(void) {
    libuv = 0x020000;
    expect_words("libuv 2.0.0", "libcryo-deep");
}
static void another_libwebsockets(void) {
    websockets = "4.9.1-debian";
    expect_words("libwebsockets 4.9.1", "compiled against 4.");
}
static void another_mbedtls(void) {
#ifdef CRYO_WITHOUT_ITS_VERSION
    expect_words("parts of mbedTLS", "not known");
#else
    mbedtls = 0x03090400;
    expect_words("mbedTLS 3.9.4", "compiled against");
#endif
}
#ifndef CRYO_WITHOUT_ITS_VERSION
static void an_old_openssl(void) {
    openssl = 0x1010117fUL;
    expect_words("OpenSSL 1.1.", "compiled against");
}
#endif

static void others_are_told(void **state) {
    (void)state;
    void (*const all[])(void) = {
        an_old_libuv,   another_libuv, another_libwebsockets, another_mbedtls,
#ifndef CRYO_WITHOUT_ITS_VERSION // the first that is wrong is told
        an_old_openssl,
#endif
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
        assert_int_equal(in_child(all[i]), 0);
}

#ifdef CRYO_DEEP_LIBRARY
static void with_all_of_them(void) {
    char said[1024];
    libuv = 0x020000;
    mbedtls = 0x04000000;
    openssl = 0x90000000UL;
    websockets = "9.9.9";
    void *const library = dlopen(CRYO_DEEP_LIBRARY, RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) fprintf(stderr, "%s\n", dlerror());
    CHECK(library != NULL);
    const cryo_status status = start(library, said, sizeof said);
    if (status != CRYO_OK) fprintf(stderr, "%s\n", said);
    CHECK(status == CRYO_OK);
    CHECK(strangers_called == 0);
    FROM(library, cryo_build_info);
    CHECK(strstr(p_cryo_build_info(), "libwebsockets 4.") != NULL);
}

static void deep_down_it_finds_its_own(void **state) {
    (void)state;
    assert_int_equal(in_child(with_all_of_them), 0);
}

// As runtimes do on their own, when nobody has the handle any more.
static void unload_it(void) {
    void *const library = dlopen(CRYO_DEEP_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    FROM(library, cryo_loop_new);
    FROM(library, cryo_loop_run_once);
    FROM(library, cryo_loop_free);
    FROM(library, cryo_client_options_new);
    FROM(library, cryo_client_options_set_url);
    FROM(library, cryo_client_options_set_token);
    FROM(library, cryo_client_new);
    FROM(library, cryo_client_start);
    FROM(library, cryo_client_free);
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    CHECK(p_cryo_client_options_new(&options) == CRYO_OK);
    CHECK(p_cryo_client_options_set_url(options, "ws://127.0.0.1:1") == CRYO_OK);
    CHECK(p_cryo_client_options_set_token(options, "t") == CRYO_OK);
    CHECK(p_cryo_client_new(options, &client) == CRYO_OK); // which has a thread
    CHECK(p_cryo_client_start(client) == CRYO_OK);
    CHECK(dlclose(library) == 0);
    cryo_loop *loop = NULL;
    CHECK(p_cryo_loop_new(&loop) == CRYO_OK);
    CHECK(p_cryo_loop_run_once(loop, 0) == CRYO_OK);
    p_cryo_loop_free(loop);
    p_cryo_client_free(client);
}

static void it_is_not_unloaded(void **state) {
    (void)state;
    assert_int_equal(in_child(unload_it), 0);
}

static void alone(void) {
    char command[1024], path[64], said[1024];
    snprintf(path, sizeof path, "/tmp/cryo-alone-%d.so", (int)getpid());
    snprintf(command, sizeof command, "cp %s %s", CRYO_DEEP_LIBRARY, path);
    CHECK(system(command) == 0);
    void *const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    unlink(path);
    CHECK(library != NULL);
    FROM(library, cryo_server_options_new);
    FROM(library, cryo_last_error);
    cryo_server_options *options = NULL;
    if (p_cryo_server_options_new(&options) == CRYO_OK) return; // libcryo is installed where the loader looks
    snprintf(said, sizeof said, "%s", p_cryo_last_error());
    CHECK(strstr(said, "libcryo could not be loaded: libcryo.so.1") != NULL);
}

static void without_libcryo_it_says_so(void **state) {
    (void)state;
    assert_int_equal(in_child(alone), 0);
}
#endif

int main(void) {
    char folder[] = "/tmp/cryo-strangers-XXXXXX";
    char command[512];
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(command, sizeof command, "%s %s", CRYO_MAKE_CERTIFICATES, folder);
    if (system(command) != 0) return 1;
    snprintf(certificate, sizeof certificate, "%s/ec.pem", folder);
    snprintf(key, sizeof key, "%s/ec.key", folder);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_are_told),
#ifdef CRYO_DEEP_LIBRARY
        cmocka_unit_test(deep_down_it_finds_its_own),
        cmocka_unit_test(it_is_not_unloaded),
        cmocka_unit_test(without_libcryo_it_says_so),
#endif
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 ? 1 : failed;
}
