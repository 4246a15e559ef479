// Files of sockets: made, found stale, left to whoever listens, and removed.
#include "cmocka.hpp"
#include "net_service.hpp"

#include "net/unix_socket.h"

#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace cryo_core;
using namespace cryo_core::net;

namespace {

struct folder {
    folder() {
        char name[] = "/tmp/cryo_unix_XXXXXX";
        if (mkdtemp(name) == nullptr) std::abort();
        path = name;
    }
    ~folder() {
        unlink(at("s").c_str());
        rmdir(path.c_str());
    }
    std::string at(const char *name) const { return path + "/" + name; }
    std::string path;
};

std::unique_ptr<listener> open_at(const std::string &path, failure &why, std::uint32_t mode = 0) {
    return listener::open({.host = "unix:" + path, .mode = mode}, 16, why);
}

bool is_there(const std::string &path) {
    struct stat found {};
    return lstat(path.c_str(), &found) == 0;
}

bool connects(const std::string &path) {
    int error = 0;
    return static_cast<bool>(connect_to_path(path, error));
}

void says_where_it_listens(void **) {
    const folder at;
    failure why;
    const std::string path = at.at("s");
    auto l = open_at(path, why, 0600);
    assert_non_null(l.get());
    assert_string_equal(l->host().c_str(), ("unix:" + path).c_str());
    assert_int_equal(l->port(), 0);
    struct stat found {};
    assert_int_equal(stat(path.c_str(), &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_true(connects(path));
    l->close();
    assert_false(is_there(path));
}

void what_is_left_behind_gives_way(void **) {
    const folder at;
    const std::string path = at.at("s");
    failure why;
    {
        socket_file file;
        const net::socket left = listen_at_path(path, 0, 1, file, why);
        assert_true(static_cast<bool>(left));
        assert_int_equal(rename(path.c_str(), at.at("t").c_str()), 0); // so that it is not removed with it
    }
    assert_int_equal(rename(at.at("t").c_str(), path.c_str()), 0);
    assert_true(is_there(path) && !connects(path));
    auto l = open_at(path, why);
    assert_non_null(l.get());
    assert_true(connects(path));
    // Whoever listens keeps it.
    assert_null(open_at(path, why).get());
    assert_true(why.code == status::address_in_use);
    assert_true(connects(path));
}

void what_is_no_socket_stays(void **) {
    const folder at;
    const std::string path = at.at("s");
    close(open(path.c_str(), O_CREAT | O_WRONLY, 0600));
    failure why;
    assert_null(open_at(path, why).get());
    assert_true(why.code == status::address_in_use);
    assert_true(is_there(path));
}

void another_ones_file_stays(void **) {
    const folder at;
    const std::string path = at.at("s");
    failure why;
    auto first = open_at(path, why);
    assert_int_equal(unlink(path.c_str()), 0);
    auto second = open_at(path, why); // a restart before the first one has ended
    assert_non_null(second.get());
    first->close();
    assert_true(connects(path));
    second.reset();
    assert_false(is_there(path));
}

void places_that_are_none(void **) {
    const folder at;
    failure why;
    for (const std::string &path :
         {std::string(), std::string("@"), std::string(108, 'x'), at.at("no/such/folder")}) {
        why = {};
        assert_null(open_at(path, why).get());
        assert_true(why.code == status::address);
    }
    int error = 0;
    assert_false(static_cast<bool>(connect_to_path(std::string(200, 'x'), error)));
    assert_int_equal(error, ENAMETOOLONG);
    assert_false(static_cast<bool>(connect_to_path(at.at("s"), error)));
    assert_int_equal(error, ENOENT);
    if (geteuid() != 0) {
        assert_null(open_at("/cryo.sock", why).get());
        assert_true(why.code == status::permission);
    }
}

void without_a_file(void **) {
#ifdef __linux__
    failure why;
    const std::string name = "@cryo_unix_test_" + std::to_string(getpid());
    auto l = open_at(name, why);
    assert_non_null(l.get());
    assert_string_equal(l->host().c_str(), ("unix:" + name).c_str());
    assert_true(connects(name));
    assert_null(open_at(name, why).get());
    assert_true(why.code == status::address_in_use);
    l.reset();
    assert_false(connects(name));
#endif
}

void inherited(void **) {
    const folder at;
    const std::string path = at.at("s");
    failure why;
    socket_file file;
    const net::socket own = listen_at_path(path, 0, 4, file, why);
    auto l = listener::open({.fd = own.get()}, 16, why);
    assert_non_null(l.get());
    assert_string_equal(l->host().c_str(), ("unix:" + path).c_str());
    l.reset();
    assert_true(connects(path)); // it is the caller's
    auto tcp = listener::open("127.0.0.1", 0, 4, why);
    int pair[2];
    assert_int_equal(pipe(pair), 0);
    assert_null(listener::open({.fd = pair[0]}, 16, why).get());
    assert_true(why.code == status::address);
    assert_null(listener::open({.fd = 1 << 20}, 16, why).get());
    const net::socket not_listening = open_stream(false);
    assert_null(listener::open({.fd = not_listening.get()}, 16, why).get());
    assert_true(why.text.find("no stream socket that listens") != std::string::npos);
    close(pair[0]);
    close(pair[1]);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(says_where_it_listens),
        cmocka_unit_test(what_is_left_behind_gives_way),
        cmocka_unit_test(what_is_no_socket_stays),
        cmocka_unit_test(another_ones_file_stays),
        cmocka_unit_test(places_that_are_none),
        cmocka_unit_test(without_a_file),
        cmocka_unit_test(inherited),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
