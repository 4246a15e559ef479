// What is told when a peer is slower than it is sent to, and when it has caught up.
#include "facade_support.hpp"

#include <thread>

using namespace cryo_test;

namespace {

const std::vector<std::uint8_t> &block() {
    static const std::vector<std::uint8_t> bytes(32768, 'x');
    return bytes;
}

// A server, a client that does not read, and the server's side of it.
struct conversation {
    explicit conversation(cryo::server_options options) : server(options, accept_all) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.on_dropped([this](cryo::drop_reason why, cryo::message what) {
            ++dropped_count;
            dropped.put({why, std::string(what.text().substr(0, 20))});
        });
        server.on_writable([this](cryo::session &) { writable.put(true); });
        server.start();
        client.connect(server.port(), {});
        session = sessions.get();
    }

    // Until the system takes no more and the queue is held and full, and something has given way.
    void fill() {
        assert_true(filled_until([this] { return dropped_count != 0; }));
    }
    bool filled_until(const std::function<bool()> &enough) {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (!enough() && std::chrono::steady_clock::now() < deadline)
            // Also refused while the service thread has not yet come to what was sent.
            if (session.try_send(block()) == CRYO_ERR_FULL) std::this_thread::yield();
        return enough();
    }
    // The same with a policy for which it is the new one that is refused: by the send itself, or when it
    // reaches the queue. How much the system takes first, and when it takes more, is its own affair.
    bool refuses_a_new_one() {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (std::chrono::steady_clock::now() < deadline && refused_when_queued == 0) {
            const cryo_status status = status_of([this] {
                session.send(block(), [this](const cryo::receipt &receipt) {
                    if (receipt.by == "refused") ++refused_when_queued;
                });
            });
            if (status == CRYO_ERR_FULL) return true;
            if (status != CRYO_OK) return false;
        }
        return refused_when_queued != 0;
    }

    // The client reads, until the server has had enough.
    void read_until(const std::function<void()> &enough) {
        std::thread reader([this] {
            while (client.receive()) {
            }
        });
        enough();
        session.close();
        reader.join();
    }

    mailbox<cryo::session> sessions;
    mailbox<std::pair<cryo::drop_reason, std::string>> dropped;
    mailbox<bool> writable;
    std::atomic<int> dropped_count{0};
    std::atomic<int> refused_when_queued{0};
    cryo::server server;
    foreign_client client;
    cryo::session session;
};

cryo::server_options narrow(cryo::drop_policy policy) {
    return {.port = 0,
            .high_water_mark = 65536,
            .low_water_mark = 1024,
            .max_queued_bytes = 4 * 32768,
            .drop_policy = policy};
}

} // namespace

static void test_the_oldest_give_way(void **) {
    conversation talk(narrow(cryo::drop_policy::oldest));
    mailbox<cryo::drop_reason> own;
    talk.session.on_dropped([&](cryo::drop_reason why, cryo::message) { own.put(why); });
    talk.fill();
    const auto [why, what] = talk.dropped.get();
    assert_true(why == cryo::drop_reason::oldest);
    assert_string_equal(what.c_str(), std::string(20, 'x').c_str());
    assert_true(own.get() == cryo::drop_reason::oldest);
    // The system may take more at any time: it is filled until what is to be seen was.
    assert_true(talk.filled_until([&] {
        return talk.session.stat(cryo::statistic::queued_count).value() >= 1 &&
               talk.session.stat(cryo::statistic::queued_bytes).value() >= 32768;
    }));
    while (talk.writable.size() != 0) // while it was filled
        talk.writable.get();
    mailbox<bool> own_writable;
    talk.session.on_writable([&](cryo::session &who) { own_writable.put(who.is_open()); });
    talk.read_until([&] {
        assert_true(talk.filled_until([&] { return talk.writable.size() != 0 && own_writable.size() != 0; }));
        assert_true(talk.writable.get());
        assert_true(own_writable.get());
    });
}

static void test_the_newest_is_refused(void **) {
    conversation talk(narrow(cryo::drop_policy::newest));
    assert_true(talk.refuses_a_new_one());
    assert_true(talk.session.is_open());
    talk.read_until([&] { assert_true(talk.writable.get()); });
}

static void test_a_newer_one_with_the_same_key_takes_its_place(void **) {
    conversation talk(narrow(cryo::drop_policy::dedupe_latest));
    mailbox<std::string> ends;
    const auto done = [&](const cryo::receipt &receipt) {
        ends.put(receipt.arrived() ? "acknowledged" : std::string(receipt.by));
    };
    // Nothing leaves meanwhile: held, and not full.
    talk.session.on_message([&](const cryo::session &session, cryo::message) {
        for (int i = 0; i < 3; ++i)
            session.send(block());
        session.send("position 1", {.key = "position", .done = done});
        session.send("another", {.key = "another"});
        session.send("position 2", {.key = "position", .done = done});
    });
    talk.client.send_text("go");
    assert_string_equal(ends.get().c_str(), "replaced");
    assert_string_equal(talk.client.receive_text().c_str(), "position 2"); // in the place of the first
    assert_string_equal(talk.client.receive_text().c_str(), "another");
    assert_string_equal(ends.get().c_str(), "acknowledged");
}

static void test_all_sessions_together(void **) {
    cryo::server_options options = narrow(cryo::drop_policy::newest);
    options.max_queued_bytes = 1 << 30;
    options.max_total_queued_bytes = 4 * 32768;
    conversation talk(options);
    // The system takes some first, and more whenever it likes.
    const auto refused_by = [&](const auto &send) {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        cryo_status status = CRYO_OK;
        while (status != CRYO_ERR_TOTAL_FULL && std::chrono::steady_clock::now() < deadline)
            status = send();
        return status;
    };
    assert_int_equal(refused_by([&] { return talk.session.try_send(block()); }), CRYO_ERR_TOTAL_FULL);
    assert_int_equal(refused_by([&] { return status_of([&] { talk.session.send(block()); }); }),
                     CRYO_ERR_TOTAL_FULL);
}

static void test_it_comes_out_of_a_queue(void **) {
    cryo::queue queue;
    cryo::server server(narrow(cryo::drop_policy::oldest), accept_all, queue);
    server.start();
    foreign_client client(server.port());
    const auto next = [&](cryo::event_kind kind) {
        for (;;) {
            std::optional<cryo::event> event = queue.next(patience);
            if (!event) throw std::runtime_error("no event came");
            if (event->kind() == kind) return std::move(*event);
        }
    };
    const cryo::session session = next(cryo::event_kind::session).session();
    std::optional<cryo::event> dropped;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!dropped && std::chrono::steady_clock::now() < deadline) {
        // Also refused while the service thread has not yet come to what was sent.
        const bool refused = session.try_send(block()) == CRYO_ERR_FULL;
        std::optional<cryo::event> event = queue.next(std::chrono::milliseconds(refused ? 1 : 0));
        if (event && event->kind() == cryo::event_kind::dropped) dropped.emplace(std::move(*event));
    }
    assert_true(dropped.has_value());
    assert_true(dropped->session() == session);
    assert_true(dropped->drop_reason() == cryo::drop_reason::oldest);
    assert_int_equal(dropped->message().size(), block().size());
    std::thread reader([&] {
        while (client.receive()) {
        }
    });
    assert_true(next(cryo::event_kind::writable).session() == session);
    session.close();
    reader.join();
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_the_oldest_give_way),
        cmocka_unit_test(test_the_newest_is_refused),
        cmocka_unit_test(test_a_newer_one_with_the_same_key_takes_its_place),
        cmocka_unit_test(test_all_sessions_together),
        cmocka_unit_test(test_it_comes_out_of_a_queue),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
