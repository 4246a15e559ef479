// One connection: reading, writing, pausing, and all the ways to end.
#include "cmocka.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"

#include <algorithm>
#include <ctime>
#include <numeric>
#include <stdexcept>

using namespace cryo_test;
using cryo_core::bytes_mut;

namespace {

std::string pattern(std::size_t size) {
    std::string data(size, '\0');
    std::uint32_t x = 12345;
    for (char &c : data) {
        x = x * 1664525 + 1013904223;
        c = static_cast<char>(x >> 24);
    }
    return data;
}

scripted_handler *make_echo(net::link &l) {
    auto *h = new scripted_handler(l);
    h->read = [](scripted_handler &self, bytes_mut data) {
        self.out += cryo_core::as_text(data);
        self.own.request_flush();
    };
    h->flush = [](scripted_handler &self) { self.write_out(); };
    return h;
}

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void echoes_and_names_its_peer(void **) {
    std::string name;
    signal gone;
    service s([&](net::link &l) {
        name = l.remote_address();
        auto *h = make_echo(l);
        h->gone = [&](scripted_handler &) { gone.raise(); };
        return h;
    });
    raw_peer peer(s.port());
    assert_true(peer.send("hello"));
    assert_string_equal(peer.receive(5).c_str(), "hello");
    assert_string_equal(name.c_str(), peer.local_address().c_str());
    peer.close();
    assert_true(gone.wait());
    std::size_t left = 1;
    assert_true(run_in(s.loop(), [&] { left = s.loop().link_count(); }));
    assert_int_equal(left, 0);
}

bool stays_connected(raw_peer &peer, int ms) {
    pollfd p{peer.fd(), 0, 0};
    return ::poll(&p, 1, ms) == 0;
}

// More than all buffers between the two hold, to a peer that does not read for a while: nothing is lost, the
// link goes on reading, and waiting costs no time.
void slow_reader(void **) {
    const std::string all = pattern(32 * 1024 * 1024);
    signal pinged;
    signal choked;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        h->out = all;
        h->read = [&](scripted_handler &self, bytes_mut) {
            pinged.raise();
            self.own.request_flush();
        };
        auto offset = std::make_shared<std::size_t>(0);
        h->flush = [&, offset](scripted_handler &self) {
            while (*offset < self.out.size()) {
                if (self.own.writable() == 0) {
                    choked.raise();
                    return;
                }
                const auto taken =
                    self.own.write(cryo_core::as_bytes(std::string_view(self.out).substr(*offset)));
                assert_true(taken.has_value());
                *offset += *taken;
            }
        };
        return h;
    });
    raw_peer peer(s.port(), 16 * 1024);
    assert_true(peer.send("1"));
    assert_true(choked.wait());
    const double before = cpu_seconds();
    for (int i = 2; i <= 20; ++i) {
        assert_true(peer.send("x"));
        assert_true(pinged.wait(i));
        assert_true(stays_connected(peer, 20)); // the time over which the processor's is measured
    }
    assert_true(cpu_seconds() - before < 0.2);
    const std::string got = peer.receive(all.size());
    assert_int_equal(got.size(), all.size());
    assert_true(got == all);
}

void pause_leaves_bytes_with_the_system(void **) {
    std::atomic<std::size_t> got{0};
    signal first;
    signal all_came;
    const std::size_t size = 16 * 1024 * 1024;
    scripted_handler *handler = nullptr;
    service s([&](net::link &l) {
        auto *h = handler = new scripted_handler(l);
        h->read = [&](scripted_handler &self, bytes_mut data) {
            if (got == 0) self.own.pause_read();
            got += data.size();
            first.raise();
            if (got == size) all_came.raise();
        };
        return h;
    });
    raw_peer peer(s.port());
    const std::string data = pattern(size);
    std::size_t sent = peer.send_some(data);
    assert_true(first.wait());
    const std::size_t after_pause = got;
    // The peer can fill the system's buffers and no more.
    for (pollfd p{peer.fd(), POLLOUT, 0}; ::poll(&p, 1, 200) == 1;)
        sent += peer.send_some(std::string_view(data).substr(sent));
    assert_true(sent < size);
    assert_int_equal(got, after_pause);
    const double before = cpu_seconds();
    assert_true(stays_connected(peer, 200));
    assert_true(cpu_seconds() - before < 0.05);
    assert_true(run_in(s.loop(), [&] { handler->own.resume_read(); }));
    assert_true(peer.send(std::string_view(data).substr(sent)));
    assert_true(all_came.wait());
}

void finish_delivers_everything_and_waits_for_the_peer(void **) {
    signal gone;
    signal after;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        h->read = [&](scripted_handler &self, bytes_mut) {
            if (after.count() > 0) std::abort();
            self.out = "goodbye";
            self.write_out();
            self.own.finish();
            self.own.request_flush();
            after.raise();
        };
        h->flush = [](scripted_handler &) { std::abort(); };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        return h;
    });
    raw_peer peer(s.port());
    assert_true(peer.send("one"));
    assert_string_equal(peer.receive_all().c_str(), "goodbye");
    assert_true(peer.at_end());
    assert_true(peer.send("bytes that nobody reads any more"));
    assert_int_equal(gone.count(), 0);
    peer.close();
    assert_true(gone.wait(1, 500));
}

void finish_gives_a_stubborn_peer_one_second(void **) {
    signal gone;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        h->read = [](scripted_handler &self, bytes_mut) { self.own.finish(); };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        return h;
    });
    raw_peer a(s.port());
    raw_peer b(s.port());
    const auto begin = cryo_core::monotonic_now();
    assert_true(a.send("x") && b.send("x"));
    assert_true(gone.wait(2));
    const auto took = cryo_core::monotonic_now() - begin;
    assert_true(took >= 950'000 && took < 3'000'000);
}

void abort_is_over_at_once_and_reports_later(void **) {
    signal gone;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        h->read = [&](scripted_handler &self, bytes_mut) {
            self.own.abort();
            self.own.abort();
            self.own.finish();
            if (gone.count() != 0 || self.own.writable() != 0) std::abort();
            if (self.own.write(cryo_core::as_bytes("x"))) std::abort();
        };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        return h;
    });
    raw_peer peer(s.port());
    assert_true(peer.send("x"));
    assert_true(gone.wait());
    assert_true(peer.receive_some().empty());
}

void null_and_exceptions_drop_the_link(void **) {
    signal gone;
    int count = 0;
    service s([&](net::link &l) -> net::link_handler * {
        ++count;
        if (count == 1) return nullptr;
        if (count == 2) throw std::runtime_error("no");
        auto *h = new scripted_handler(l);
        h->gone = [&](scripted_handler &) { gone.raise(); };
        if (count == 3) {
            h->read = [](scripted_handler &, bytes_mut) { throw std::bad_alloc(); };
        } else {
            h->read = [](scripted_handler &self, bytes_mut) { self.own.request_flush(); };
            h->flush = [](scripted_handler &) { throw 1; };
        }
        return h;
    });
    for (int i = 0; i < 4; ++i) {
        raw_peer peer(s.port());
        peer.send("x");
        assert_true(peer.receive_some().empty());
    }
    assert_true(gone.wait(2));
}

void reset_and_end_by_the_peer(void **) {
    signal gone;
    signal read;
    service s([&](net::link &l) {
        auto *h = make_echo(l);
        h->read = [&](scripted_handler &, bytes_mut) { read.raise(); };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        return h;
    });
    raw_peer a(s.port());
    a.send("x");
    assert_true(read.wait());
    a.reset();
    assert_true(gone.wait(1));
    raw_peer b(s.port());
    b.finish_sending();
    assert_true(gone.wait(2));
}

void one_handler_may_abort_another(void **) {
    signal gone;
    signal ready;
    std::vector<net::link *> links;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        links.push_back(&l);
        h->read = [&](scripted_handler &, bytes_mut) {
            for (net::link *each : links)
                each->abort();
        };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        ready.raise();
        return h;
    });
    raw_peer a(s.port()), b(s.port()), c(s.port());
    assert_true(ready.wait(3));
    assert_true(b.send("x"));
    assert_true(gone.wait(3));
}

class counted_mail final : public net::mail {
  public:
    explicit counted_mail(int &ends) noexcept : ends_(ends) {}
    ~counted_mail() override { ++ends_; }
    void deliver() noexcept override { std::abort(); }

  private:
    int &ends_;
};

void ending_the_loop_ends_its_links(void **) {
    signal gone;
    signal ready;
    service s([&](net::link &l) {
        auto *h = make_echo(l);
        h->gone = [&](scripted_handler &) { gone.raise(); };
        ready.raise();
        return h;
    });
    raw_peer a(s.port()), b(s.port());
    assert_true(ready.wait(2));
    s.stop();
    assert_int_equal(gone.count(), 2);
    assert_true(a.receive_some().empty());
    int ends = 0;
    assert_false(s.shared_loop()->post(std::make_unique<counted_mail>(ends)));
    assert_int_equal(ends, 1);
}

// What a peer has not read stays with its system, as far as that has room, and waits with ours beyond that.
void delivery_tells_what_the_peer_takes(void **) {
    const std::string all = pattern(1024 * 1024);
    signal filled;
    net::link *the_link = nullptr;
    service s([&](net::link &l) {
        the_link = &l;
        auto *h = new scripted_handler(l);
        h->out = all;
        h->flush = [&](scripted_handler &self) {
            self.write_out();
            filled.raise();
        };
        l.request_flush();
        return h;
    });
    const auto now = [&] {
        net::delivery told;
        assert_true(run_in(s.loop(), [&] { told = the_link->delivery(); }));
        return told;
    };
    raw_peer peer(s.port(), 4096);
    assert_true(filled.wait());
    const net::delivery before = now();
    assert_true(before.taken < all.size());
    assert_true(before.waiting > 0);
    assert_int_equal(peer.receive(all.size()).size(), all.size());
    net::delivery after = now();
    for (int tries = 0; after.waiting > 0 && tries < 1000; ++tries) { // the last acknowledgement may be late
        poll(nullptr, 0, 10);
        after = now();
    }
    assert_int_equal(after.waiting, 0);
    assert_true(after.taken > before.taken && after.taken >= all.size());
}

// Over at once for the loop, and what was written arrives nevertheless, and the end behind it.
void leave_lets_the_system_send_on(void **) {
    const std::string all = pattern(10'000);
    signal gone;
    service s([&](net::link &l) {
        auto *h = new scripted_handler(l);
        h->out = all;
        h->flush = [](scripted_handler &self) {
            self.write_out();
            self.own.leave();
            self.own.leave(); // which does nothing
        };
        h->gone = [&](scripted_handler &) { gone.raise(); };
        l.request_flush();
        return h;
    });
    raw_peer peer(s.port());
    assert_true(gone.wait()); // the peer has read nothing and keeps its side open
    assert_true(peer.receive_all() == all);
    assert_true(peer.at_end());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(echoes_and_names_its_peer),
        cmocka_unit_test(slow_reader),
        cmocka_unit_test(pause_leaves_bytes_with_the_system),
        cmocka_unit_test(finish_delivers_everything_and_waits_for_the_peer),
        cmocka_unit_test(finish_gives_a_stubborn_peer_one_second),
        cmocka_unit_test(abort_is_over_at_once_and_reports_later),
        cmocka_unit_test(null_and_exceptions_drop_the_link),
        cmocka_unit_test(reset_and_end_by_the_peer),
        cmocka_unit_test(one_handler_may_abort_another),
        cmocka_unit_test(ending_the_loop_ends_its_links),
        cmocka_unit_test(delivery_tells_what_the_peer_takes),
        cmocka_unit_test(leave_lets_the_system_send_on),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
