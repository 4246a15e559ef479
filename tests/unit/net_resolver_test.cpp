// Looking names up: on threads of the resolver's own, shared, bounded, and never waited for. The system's
// resolver is one of the test's here.
#include "net/resolver.h"

#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "raw_peer.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <dlfcn.h>
#include <fstream>
#include <map>
#include <netdb.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cryo_test;
using cryo_core::from_ms;
using cryo_core::status;

namespace {

// Names that begin with "hang" wait until they are let go.
struct resolver_stub {
    std::mutex mutex;
    std::condition_variable changed;
    bool hangs = true;
    std::map<std::string, int> asked;
    int waiting = 0;
    bool blocks_signals = true;

    void hang() {
        std::unique_lock lock(mutex);
        ++waiting;
        changed.notify_all();
        changed.wait(lock, [&] { return !hangs; });
        --waiting;
        changed.notify_all();
    }
    bool await_waiting(int count) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(10), [&] { return waiting == count; });
    }
    void let_go() {
        std::unique_lock lock(mutex);
        hangs = false;
        changed.notify_all();
        changed.wait_for(lock, std::chrono::seconds(10), [&] { return waiting == 0; });
        hangs = true;
    }
    int times(const std::string &name) {
        const std::lock_guard lock(mutex);
        return asked[name];
    }
};

resolver_stub &stub() {
    static auto *const one = new resolver_stub; // threads may be in it at the end
    return *one;
}

int resolve(const char *node, const char *service, const addrinfo *hints, addrinfo **found) {
    using function = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
    static const auto real = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    const std::string name = node != nullptr ? node : "";
    {
        sigset_t blocked;
        pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
        const std::lock_guard lock(stub().mutex);
        ++stub().asked[name];
        if (sigismember(&blocked, SIGTERM) != 1 || sigismember(&blocked, SIGUSR1) != 1)
            stub().blocks_signals = false;
    }
    if (name.starts_with("hang")) {
        stub().hang();
        return EAI_AGAIN;
    }
    if (name == "broken.test") {
        errno = EMFILE;
        return EAI_SYSTEM;
    }
    if (name == "missing.test") return EAI_NONAME;
    if (name == "two.test") { // nobody is at the first
        const int error = real("255.255.255.255", service, hints, found);
        return error != 0 ? error : real("127.0.0.1", service, hints, &(*found)->ai_next);
    }
    return real("127.0.0.1", service, hints, found);
}

} // namespace

extern "C" int getaddrinfo(const char *node, const char *service, const addrinfo *hints, addrinfo **found) {
    return resolve(node, service, hints, found);
}

namespace {

void expect_failure(dial_recorder &r, status code, const char *words) {
    assert_true(r.gone.wait());
    assert_int_equal(r.failed.count(), 1);
    if (r.why.reason.code != code || r.why.reason.text.find(words) == std::string::npos)
        fail_msg("%d: %s", static_cast<int>(r.why.reason.code), r.why.reason.text.c_str());
}

// Connects to a server of the test's, which tells when.
void expect_connection(client_loop &loop, const std::string &host) {
    dial_recorder r;
    raw_listener server;
    r.dial(loop, target_at(server.port(), host));
    raw_peer peer = server.accept();
    assert_true(peer.receive(14) == "GET / HTTP/1.1");
    assert_true(run_in(loop.get(), [&] { r.own->abort(); }));
    assert_true(r.gone.wait());
}

void begin(client_loop &loop, dial_recorder &r, const std::string &host, std::int64_t timeout_ms = 60'000) {
    auto to = target_at(1, host);
    to.timeout = from_ms(timeout_ms);
    r.dial(loop, std::move(to));
}

void failures_in_words(void **) {
    client_loop loop;
    dial_recorder missing, broken;
    begin(loop, missing, "missing.test");
    expect_failure(missing, status::resolve, "no such host: missing.test");
    begin(loop, broken, "broken.test");
    expect_failure(broken, status::resolve, "cannot look up broken.test: too many open files");
}

void names_that_hang_delay_nobody_else(void **) {
    dial_recorder hanging[8];
    client_loop loop;
    for (int i = 0; i < 8; ++i)
        begin(loop, hanging[i], "hang" + std::to_string(i));
    assert_true(stub().await_waiting(8));
    expect_connection(loop, "127.0.0.1");
    assert_int_equal(stub().times("127.0.0.1"), 0); // a number needs no look-up
    expect_connection(loop, "localhost");
    expect_connection(loop, "two.test"); // the second address, at once
    loop.stop();                         // waits for none of them
    for (dial_recorder &r : hanging)
        assert_int_equal(r.gone.count(), 1);
    stub().let_go();
}

void a_time_out_and_an_abort_do_not_wait(void **) {
    dial_recorder late, aborted;
    client_loop loop;
    begin(loop, late, "hang.late", 50);
    begin(loop, aborted, "hang.aborted");
    assert_true(stub().await_waiting(2));
    expect_failure(late, status::timeout, "within 50 ms: nobody has told its address");
    assert_true(run_in(loop.get(), [&] { aborted.own->abort(); }));
    assert_true(aborted.gone.wait());
    assert_int_equal(aborted.failed.count(), 0);
    stub().let_go();
}

void one_look_up_serves_all_who_ask(void **) {
    dial_recorder first, second, other;
    client_loop loop, elsewhere;
    begin(loop, first, "hang.shared");
    assert_true(stub().await_waiting(1));
    begin(loop, second, "hang.shared");
    begin(elsewhere, other, "hang.shared");
    assert_true(run_in(loop.get(), [&] { first.own->abort(); }));
    assert_true(first.gone.wait());
    stub().let_go();
    expect_failure(second, status::resolve, "cannot look up hang.shared");
    expect_failure(other, status::resolve, "cannot look up hang.shared");
    assert_int_equal(stub().times("hang.shared"), 1);
    assert_int_equal(first.failed.count(), 0);
}

void no_more_than_so_many_at_once(void **) {
    std::vector<std::unique_ptr<dial_recorder>> all;
    dial_recorder late, patient;
    client_loop loop;
    for (std::size_t i = 0; i < net::max_lookups; ++i) {
        all.push_back(std::make_unique<dial_recorder>());
        begin(loop, *all.back(), "hang.many" + std::to_string(i));
    }
    assert_true(stub().await_waiting(static_cast<int>(net::max_lookups)));
    begin(loop, patient, "missing.patient.test", 60'000);
    begin(loop, late, "hang.late.test", 50);
    expect_failure(late, status::timeout, "waits behind 65 other names");
    expect_connection(loop, "127.0.0.1");
    raw_listener server;
    assert_int_equal(patient.gone.count(), 0);
    assert_int_equal(stub().times("missing.patient.test"), 0);
    stub().let_go();
    for (const auto &r : all)
        expect_failure(*r, status::resolve, "cannot look up");
    assert_true(patient.gone.wait()); // it is 127.0.0.1, where nobody listens at port 1
    assert_int_equal(patient.why.reason.code, status::connect);
    assert_int_equal(stub().times("hang.late.test"), 0); // nobody wanted it any more
}

std::vector<std::string> thread_names() {
    std::vector<std::string> names;
    DIR *const tasks = ::opendir("/proc/self/task");
    for (const dirent *each = nullptr; (each = ::readdir(tasks)) != nullptr;) {
        std::ifstream file(std::string("/proc/self/task/") + each->d_name + "/comm");
        std::string name;
        if (std::getline(file, name)) names.push_back(name);
    }
    ::closedir(tasks);
    return names;
}

void the_threads_are_named_and_take_no_signals(void **) {
    dial_recorder r;
    client_loop loop;
    begin(loop, r, "hang.named");
    assert_true(stub().await_waiting(1));
    const auto names = thread_names();
    assert_true(std::find(names.begin(), names.end(), "cryo-lookup") != names.end());
    assert_true(stub().blocks_signals);
    loop.stop();
    stub().let_go();
}

// In a child of its own each; what it returns with.
template <typename F>
void expect_child(F f) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(20);
        std::exit(f());
    }
    int how = 0;
    assert_int_equal(::waitpid(child, &how, 0), child);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) fail_msg("it ended with %d", how);
}

void the_process_ends_beside_a_name_that_hangs(void **) {
    expect_child([] {
        dial_recorder r;
        client_loop loop;
        begin(loop, r, "hang.exit");
        const bool hung = stub().await_waiting(1);
        loop.stop();
        return hung ? 0 : 1;
    });
}

// The threads stay behind in the parent, and perhaps a mutex that one of them held.
void a_fork_begins_anew(void **) {
#ifdef __SANITIZE_THREAD__
    skip(); // ThreadSanitizer ends a child that begins threads
#endif
    dial_recorder r;
    client_loop loop;
    begin(loop, r, "hang.parent");
    assert_true(stub().await_waiting(1));
    expect_child([] {
        dial_recorder again;
        client_loop own;
        raw_listener server;
        again.dial(own, target_at(server.port(), "localhost"));
        raw_peer peer = server.accept();
        const bool came = peer.receive(3) == "GET";
        own.stop();
        return came ? 0 : 1;
    });
    loop.stop();
    stub().let_go();
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(failures_in_words),
        cmocka_unit_test(names_that_hang_delay_nobody_else),
        cmocka_unit_test(a_time_out_and_an_abort_do_not_wait),
        cmocka_unit_test(one_look_up_serves_all_who_ask),
        cmocka_unit_test(no_more_than_so_many_at_once),
        cmocka_unit_test(the_threads_are_named_and_take_no_signals),
        cmocka_unit_test(the_process_ends_beside_a_name_that_hangs),
        cmocka_unit_test(a_fork_begins_anew),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
