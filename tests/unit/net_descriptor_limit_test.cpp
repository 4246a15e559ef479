// What libwebsockets is told of the limit of open files, and what becomes of descriptors that it has no place
// for. The limit is one that the test makes up: no machine lets a test have a thousand million.
#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"

#include "base/log.h"
#include "net/descriptor_limit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace cryo_test;
using namespace cryo_core;

namespace {

rlim_t made_up = 0; // 0: the system's
int times_set = 0;
long asked_for = 0; // what libwebsockets was told last

} // namespace

// In the places of the C library's. Sanitizers call them too, before they are able to look at what is called.
#if defined(__GNUC__) && !defined(__clang__)
#define INSTEAD __attribute__((visibility("default"), no_sanitize("thread", "address", "undefined")))
#else
#define INSTEAD __attribute__((visibility("default"), no_sanitize("all")))
#endif

extern "C" long __sysconf(int) noexcept; // NOLINT(bugprone-reserved-identifier): glibc's own name for it

extern "C" INSTEAD int getrlimit(__rlimit_resource_t which, rlimit *limit) noexcept {
    const long result = ::syscall(SYS_prlimit64, 0, which, nullptr, limit);
    if (which == RLIMIT_NOFILE && made_up != 0) limit->rlim_cur = made_up;
    return static_cast<int>(result);
}

extern "C" INSTEAD int setrlimit(__rlimit_resource_t which, const rlimit *limit) noexcept {
    if (which != RLIMIT_NOFILE || made_up == 0)
        return static_cast<int>(::syscall(SYS_prlimit64, 0, which, limit, nullptr));
    ++times_set;
    made_up = limit->rlim_cur;
    return 0;
}

extern "C" INSTEAD long sysconf(int what) noexcept {
    if (what == _SC_OPEN_MAX && made_up != 0) return asked_for = static_cast<long>(made_up);
    return __sysconf(what);
}

namespace {

class nobody final : public net::link_acceptor {
  public:
    net::link_handler *on_link(net::link &) override { return nullptr; }
};

// What libwebsockets hears for this limit and so many connections; afterwards the limit is as it was.
long told(rlim_t limit, std::uint32_t connections) {
    made_up = limit;
    nobody acceptor;
    failure why;
    net::loop_options options;
    options.connections = connections;
    options.transport = net::transport_kind::libwebsockets;
    const auto made = net::loop::create(options, acceptor, why);
    if (!made) fail_msg("%s", why.text.c_str());
    assert_int_equal(made_up, limit);
    return asked_for;
}

void a_modest_number_whatever_the_limit(void **) {
    assert_int_equal(told(1'073'741'816, 0), 131'072);
    assert_int_equal(told(1'048'576, 0), 131'072);
    assert_int_equal(told(1'048'576, 1000), 131'072);
    assert_int_equal(told(1'048'576, 200'000), 400'000);
    assert_int_equal(told(1'048'576, 4'000'000), 1'048'576);
    times_set = 0;
    assert_int_equal(told(1024, 0), 1024);
    assert_int_equal(told(131'072, 0), 131'072);
    assert_int_equal(times_set, 0);
}

void what_another_thread_sets_meanwhile_stays(void **) {
    made_up = 1'000'000;
    {
        const net::modest_descriptor_limit limit(0);
        assert_int_equal(limit.shown(), 131'072);
        made_up = 5000;
    }
    assert_int_equal(made_up, 5000);
}

class counting_sink final : public log_sink {
  public:
    explicit counting_sink(std::atomic<int> &of) noexcept : of_(of) {}
    void write(log_level, std::string_view text) noexcept override {
        if (text.find("max_sessions") != std::string_view::npos) ++of_;
    }

  private:
    std::atomic<int> &of_;
};

// A loop that was made when there might be fewer descriptors than there are now.
void a_descriptor_without_a_place_is_not_given_away(void **) {
    constexpr int few = 64;
    made_up = few;
    std::atomic<int> complaints{0};
    set_log(log_level::error, std::make_unique<counting_sink>(complaints));
    std::atomic<int> came{0};
    dial_recorder r;
    {
        const net::loop_options over{.transport = net::transport_kind::libwebsockets};
        const auto taken = [&](net::link &) -> net::link_handler * {
            ++came;
            return nullptr;
        };
        service s(taken, over);
        client_loop clients;
        std::vector<int> files;
        do
            files.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        while (files.back() < few);
        {
            raw_peer first(s.port()), second(s.port());
            assert_true(first.receive(1).empty());
            assert_true(second.receive(1).empty());
        }
        assert_int_equal(came, 0);
        assert_int_equal(complaints, 1);
        r.dial(clients, target_at(s.port())); // whose socket is ours, and may have any number
        assert_true(r.gone.wait());
        assert_true(r.why.reason.code == status::closed); // by the server, which has no place for it
        for (const int fd : files)
            ::close(fd);
        raw_peer third(s.port());
        assert_true(third.receive(1).empty()); // nobody takes it, but it was offered
        assert_int_equal(came, 1);
    }
    set_log(log_level::warning, nullptr);
}

int leave_alone(void **) {
    made_up = 0;
    return 0;
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_modest_number_whatever_the_limit, leave_alone),
        cmocka_unit_test_teardown(what_another_thread_sets_meanwhile_stays, leave_alone),
        cmocka_unit_test_teardown(a_descriptor_without_a_place_is_not_given_away, leave_alone),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
