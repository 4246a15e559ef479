#include "net/memory_limit.h"

#include "cmocka.hpp"
#include "server/total_bound.h"

#include <filesystem>
#include <fstream>
#include <string>

using namespace cryo_core;
using namespace cryo_core::net;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t mega = 1024 * 1024;
constexpr std::uint64_t giga = 1024 * mega;

// The files of control groups, made up.
class groups {
  public:
    groups() {
        char name[] = "/tmp/cryo-memory-XXXXXX";
        root_ = ::mkdtemp(name);
    }
    ~groups() { fs::remove_all(root_); }
    groups &write(const std::string &path, const std::string &text) {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path) << text;
        return *this;
    }
    // Of a machine with 64 GiB.
    std::uint64_t limit() const {
        memory_facts facts;
        facts.physical = 64 * giga;
        facts.cgroups = (root_ / "mount").string();
        facts.own_cgroups = (root_ / "own").string();
        return memory_limit(facts);
    }

  private:
    fs::path root_;
};

void test_version_2(void **) {
    groups plain;
    plain.write("own", "0::/\n");
    assert_int_equal(plain.limit(), 64 * giga);
    plain.write("mount/memory.max", "max\n");
    assert_int_equal(plain.limit(), 64 * giga);
    plain.write("mount/memory.max", "536870912\n"); // as inside of a container
    assert_int_equal(plain.limit(), 512 * mega);

    groups deep;
    deep.write("own", "0::/system.slice/chat.service\n").write("mount/system.slice/memory.max", "max\n");
    assert_int_equal(deep.limit(), 64 * giga);
    deep.write("mount/system.slice/chat.service/memory.max", "268435456\n");
    assert_int_equal(deep.limit(), 256 * mega);
    deep.write("mount/system.slice/memory.max", "134217728\n"); // one above it has less
    assert_int_equal(deep.limit(), 128 * mega);

    groups outside; // the path is the host's, and not to be seen from here
    outside.write("own", "0::/../../other\n").write("mount/memory.max", "1073741824\n");
    assert_int_equal(outside.limit(), giga);
    groups elsewhere;
    elsewhere.write("own", "0::/docker/0123456789\n").write("mount/memory.max", "1073741824\n");
    assert_int_equal(elsewhere.limit(), giga);
}

void test_version_1(void **) {
    groups at;
    at.write("own", "12:cpu,cpuacct:/a\n5:memory:/a/b\n1:name=systemd:/c\n");
    assert_int_equal(at.limit(), 64 * giga);
    at.write("mount/memory/memory.limit_in_bytes", "9223372036854771712\n"); // none
    assert_int_equal(at.limit(), 64 * giga);
    at.write("mount/memory/a/b/memory.limit_in_bytes", "1073741824\n");
    assert_int_equal(at.limit(), giga);
    at.write("mount/memory/a/memory.limit_in_bytes", "536870912\n");
    assert_int_equal(at.limit(), 512 * mega);

    groups together; // with another controller, and beside version 2
    together.write("own", "4:blkio,memory,pids:/x\n0::/y\n")
        .write("mount/memory/x/memory.limit_in_bytes", "1073741824\n");
    assert_int_equal(together.limit(), giga);
}

void test_what_cannot_be_understood(void **) {
    for (const char *own : {"", "\n", "nonsense", "0:", "0::", "::", "0::/x", ":memory:", "5:memorys:/x\n",
                            "5:,,:/x\n", "5:memory:\n"}) {
        groups at;
        at.write("own", own).write("mount/x/memory.max", "many").write("mount/memory.max", "");
        assert_int_equal(at.limit(), 64 * giga);
    }
    for (const char *text : {"0", "-1", " 5", "99999999999999999999999999", "max", "\0"}) {
        groups at;
        at.write("own", "0::/\n").write("mount/memory.max", text);
        assert_int_equal(at.limit(), 64 * giga);
    }
    groups nothing;
    assert_int_equal(nothing.limit(), 64 * giga);
    assert_true(memory_limit({}) == SIZE_MAX);
}

void test_the_least_counts(void **) {
    memory_facts facts;
    facts.physical = giga;
    facts.address_space = 100 * mega;
    assert_int_equal(memory_limit(facts), 100 * mega);
    std::swap(facts.physical, facts.address_space);
    assert_int_equal(memory_limit(facts), 100 * mega);
}

void test_this_machine(void **) {
    const std::uint64_t limit = memory_limit(memory_facts_here());
    assert_true(limit > mega && limit < UINT64_MAX / 2);
    assert_int_equal(default_total_bound(), limit / 4);
    assert_int_equal(default_total_bound(), default_total_bound());
}

void test_the_share(void **) {
    assert_int_equal(share_of_memory(512 * mega), 128 * mega);
    assert_int_equal(share_of_memory(4 * mega), mega);
    assert_int_equal(share_of_memory(100), mega); // less would be of no use
    assert_true(share_of_memory(UINT64_MAX) < UINT64_MAX / 2);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_version_2),
        cmocka_unit_test(test_version_1),
        cmocka_unit_test(test_what_cannot_be_understood),
        cmocka_unit_test(test_the_least_counts),
        cmocka_unit_test(test_this_machine),
        cmocka_unit_test(test_the_share),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
