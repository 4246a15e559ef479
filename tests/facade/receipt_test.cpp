// Receipts: each message that was sent with one ends in exactly one way, and the sender learns which.
#include "facade_support.hpp"

#include <thread>

using namespace cryo_test;

namespace {

const char *name_of(cryo::outcome outcome) {
    switch (outcome) {
    case cryo::outcome::acknowledged:
        return "acknowledged";
    case cryo::outcome::timed_out:
        return "timed out";
    case cryo::outcome::dropped:
        return "dropped";
    case cryo::outcome::vetoed:
        return "vetoed";
    case cryo::outcome::closed:
        return "closed";
    case cryo::outcome::refused:
        return "refused";
    }
    return "?";
}

std::string text_of(const cryo::receipt &receipt) {
    std::string text = name_of(receipt.outcome);
    if (!receipt.by.empty()) text += " by " + std::string(receipt.by);
    return text;
}

// A server, a client that was let in, and the server's side of it.
struct conversation {
    explicit conversation(cryo::server_options options = any_port()) : server(options, accept_all) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.on_closed([this](int, std::string_view) { told.put("closed event"); });
        server.on_message([this](cryo::message what) { told.put(std::string(what.text())); });
        server.start();
        client.connect(server.port(), {});
        session = sessions.get();
    }

    auto teller() {
        return [this](const cryo::receipt &receipt) { told.put(text_of(receipt)); };
    }

    mailbox<cryo::session> sessions;
    mailbox<std::string> told;
    cryo::server server;
    foreign_client client;
    cryo::session session;
};

constexpr std::chrono::milliseconds no_time_soon{600'000};

} // namespace

static void test_an_acknowledgement_comes_with_its_round_trip(void **) {
    conversation talk;
    mailbox<double> round_trips;
    const auto keep = [&](const cryo::session &who, const cryo::receipt &receipt) {
        assert_true(who == talk.session);
        assert_true(receipt.arrived() && receipt.by.empty());
        round_trips.put(receipt.rtt.value().count());
    };
    const std::vector<std::uint8_t> data{1, 2, 3};
    assert_true(talk.session.send("text", keep));
    assert_true(talk.session.send(u8"\u00fc", {.done = keep}));
    assert_true(talk.session.send(data, {.key = "k", .done = keep}));
    assert_true(talk.session.send(cryo::kind::binary, data, {.done = keep}));
    assert_true(talk.session.send(cryo::message(cryo::kind::utf8, {}), {.done = keep}));
    assert_int_equal(talk.session.try_send(std::string("tried"), {.done = keep}), CRYO_OK);
    for (int i = 0; i < 6; ++i)
        talk.client.receive();
    for (int i = 0; i < 6; ++i)
        assert_true(round_trips.get() > 0);
}

static void test_what_is_not_acknowledged_in_time(void **) {
    conversation talk({.port = 0, .ack_timeout = std::chrono::milliseconds(20)});
    talk.client.auto_ack = false;
    mailbox<bool> has_rtt;
    talk.session.send("x", [&](const cryo::receipt &receipt) {
        has_rtt.put(receipt.rtt.has_value());
        talk.told.put(text_of(receipt));
    });
    assert_string_equal(talk.client.receive_text().c_str(), "x");
    assert_string_equal(talk.told.get().c_str(), "timed out");
    assert_false(has_rtt.get());
}

static void test_a_session_that_ends_settles_them_before_it_is_told(void **) {
    conversation talk({.port = 0, .ack_timeout = no_time_soon});
    talk.client.auto_ack = false;
    talk.session.send("one", talk.teller());
    talk.session.send("two", talk.teller());
    talk.client.receive_text();
    talk.client.reset();
    for (const char *const expected : {"closed", "closed", "closed event"})
        assert_string_equal(talk.told.get().c_str(), expected);
}

static void test_a_veto_names_the_extension(void **) {
    conversation talk;
    talk.server.add("censor", {.before_send_utf8 = [](cryo::hook ticket) { ticket.stop(); }});
    assert_true(talk.session.send("secret", talk.teller()));
    assert_string_equal(talk.told.get().c_str(), "vetoed by censor");
}

static void test_a_refused_message_has_none(void **) {
    std::atomic<int> alive{0};
    std::atomic<int> called{0};
    conversation talk({.port = 0, .ack_timeout = no_time_soon, .max_receipts = 1});
    talk.client.auto_ack = false;
    const auto fresh = [&] { return [&called, keep = counted(alive)](cryo::receipt) { ++called; }; };
    assert_int_equal(status_of([&] { talk.session.send("\xff", fresh()); }), CRYO_ERR_INVALID);
    const std::string too_long(256, 'k');
    assert_int_equal(status_of([&] { talk.session.send("x", {.key = too_long, .done = fresh()}); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(
        status_of([&] { talk.session.send("x", {.key = std::string_view("a\0b", 3), .done = fresh()}); }),
        CRYO_ERR_INVALID);
    assert_int_equal(alive, 0);

    assert_true(talk.session.send("owed", fresh()));
    assert_int_equal(alive, 1);
    assert_int_equal(status_of([&] { talk.session.send("one more", fresh()); }), CRYO_ERR_RECEIPTS_FULL);
    assert_int_equal(talk.session.try_send("one more", {.done = fresh()}), CRYO_ERR_RECEIPTS_FULL);
    assert_true(talk.session.send("without"));
    assert_int_equal(alive, 1);
    assert_int_equal(called, 0);

    talk.client.reset();
    while (talk.told.get() != "closed event") {
    }
    assert_int_equal(called, 1);
    assert_false(talk.session.send("too late", fresh()));
    assert_int_equal(called, 1);
    assert_int_equal(alive, 0);
}

// Under everything that can become of a message: none is forgotten, none is told of twice.
static void keep_the_ledger(bool lose_the_connection) {
    constexpr int each = 500;
    constexpr int read_before_it_is_lost = 20;
    std::atomic<int> alive{0};
    std::array<std::atomic<int>, each * 4> times{};
    std::atomic<int> accepted{0};
    {
        conversation talk({.port = 0,
                           .ack_timeout = std::chrono::milliseconds(5),
                           .high_water_mark = 4096,
                           .low_water_mark = 1024,
                           .max_queued_bytes = 16384});
        const auto vetoed = std::make_shared<std::atomic<int>>(0);
        talk.server.add("some", {.before_send_utf8 = [vetoed](cryo::hook ticket) {
                            if (++*vetoed % 7 == 0) ticket.stop();
                        }});
        std::thread reader([&] {
            for (int i = 0; !lose_the_connection || i < read_before_it_is_lost; ++i) {
                talk.client.auto_ack = i % 3 != 0;
                if (!talk.client.receive()) return;
            }
            talk.client.reset();
        });
        std::vector<std::thread> senders;
        for (int thread = 0; thread < 4; ++thread)
            senders.emplace_back([&, thread] {
                const std::string text(700, 'x');
                for (int i = 0; i < each; ++i) {
                    auto &count = times.at(static_cast<std::size_t>(thread * each + i));
                    const cryo_status status = talk.session.try_send(
                        text, {.done = [&count, keep = counted(alive)](cryo::receipt) { ++count; }});
                    if (status == CRYO_OK) ++accepted;
                }
            });
        for (std::thread &sender : senders)
            sender.join();
        if (!lose_the_connection) talk.session.close();
        reader.join();
    }
    assert_true(accepted > 0);
    int told = 0;
    for (const std::atomic<int> &count : times) {
        assert_true(count <= 1);
        told += count;
    }
    assert_int_equal(told, accepted);
    assert_int_equal(alive, 0);
}

static void test_the_ledger(void **) {
    keep_the_ledger(false);
}

static void test_the_ledger_of_a_connection_that_is_lost(void **) {
    keep_the_ledger(true);
}

static void test_what_a_receipt_throws_is_logged(void **) {
    captured_log log;
    conversation talk;
    talk.session.send("x", [](cryo::receipt) { throw std::runtime_error("thrown by a receipt"); });
    talk.client.receive_text();
    while (log.lines.get().find("thrown by a receipt") == std::string::npos) {
    }
    assert_true(talk.session.send("y", talk.teller()));
    talk.client.receive_text();
    assert_string_equal(talk.told.get().c_str(), "acknowledged");
}

static void test_a_clients_receipts(void **) {
    mailbox<std::string> told;
    std::optional<conversation> talk;
    talk.emplace();
    cryo::client_options options = connecting_to(talk->server.port());
    options.ack_timeout = no_time_soon;
    cryo::client client(options);
    mailbox<bool> connected;
    client.on_connected([&](cryo::session &) { connected.put(true); });
    client.on_disconnected([&](int, std::string_view) { told.put("disconnected event"); });
    const auto teller = [&](const cryo::receipt &receipt) { told.put(text_of(receipt)); };
    assert_int_equal(status_of([&] { client.session().send("early", teller); }), CRYO_ERR_STATE);
    client.start();
    connected.get();
    const cryo::session there = talk->sessions.get();
    client.session().send("hello", teller);
    assert_string_equal(told.get().c_str(), "acknowledged");
    assert_string_equal(talk->told.get().c_str(), "hello");
}

static void test_pulled_receipts_are_numbers(void **) {
    cryo::queue queue;
    cryo::server server(any_port(), accept_all, queue);
    server.start();
    const auto next = [&](cryo::event_kind kind) {
        for (;;) {
            std::optional<cryo::event> event = queue.next(patience);
            if (!event) throw std::runtime_error("no event came");
            if (event->kind() == kind) return std::move(*event);
        }
    };
    foreign_client client(server.port());
    const cryo::session session = next(cryo::event_kind::session).session();
    assert_false(session.has_handlers());
    assert_int_equal(status_of([&] { session.send("x", [](cryo::receipt) {}); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { session.at_loss([] {}); }), CRYO_ERR_STATE);
    assert_true(session.send("x", {.number = 0xfedcba9876543210}));
    client.receive_text();
    const cryo::event receipt = next(cryo::event_kind::receipt);
    assert_true(receipt.session() == session);
    assert_true(receipt.number() == 0xfedcba9876543210);
    assert_true(receipt.receipt().arrived());
    assert_true(receipt.receipt().rtt.value().count() > 0);

    server.add("no", {.before_send_utf8 = [](cryo::hook ticket) { ticket.stop(); }});
    assert_true(session.send("y", {.number = 7}));
    const cryo::event vetoed = next(cryo::event_kind::receipt);
    assert_int_equal(vetoed.number(), 7);
    assert_string_equal(text_of(vetoed.receipt()).c_str(), "vetoed by no");
    assert_false(vetoed.receipt().rtt.has_value());

    conversation talk;
    assert_true(talk.session.has_handlers());
    assert_int_equal(status_of([&] { talk.session.send("x", {.number = 7}); }), CRYO_ERR_STATE);
}

static void test_a_loss_is_told_to_all_who_want_to_know(void **) {
    captured_log log;
    conversation talk;
    assert_true(talk.session.at_loss([&] { talk.told.put("first"); }));
    assert_true(talk.session.at_loss([] { throw std::runtime_error("thrown at a loss"); }));
    assert_true(talk.session.at_loss([&] { talk.told.put("third"); }));
    talk.session.on_closed([&](int, std::string_view) { talk.told.put("own closed"); });
    talk.client.reset();
    for (const char *const expected : {"first", "third", "own closed", "closed event"})
        assert_string_equal(talk.told.get().c_str(), expected);
    while (log.lines.get().find("thrown at a loss") == std::string::npos) {
    }
    talk.server.stop();
    talk.server.wait();
    assert_false(talk.session.at_loss([] {}));
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_an_acknowledgement_comes_with_its_round_trip),
        cmocka_unit_test(test_what_is_not_acknowledged_in_time),
        cmocka_unit_test(test_a_session_that_ends_settles_them_before_it_is_told),
        cmocka_unit_test(test_a_veto_names_the_extension),
        cmocka_unit_test(test_a_refused_message_has_none),
        cmocka_unit_test(test_the_ledger),
        cmocka_unit_test(test_the_ledger_of_a_connection_that_is_lost),
        cmocka_unit_test(test_what_a_receipt_throws_is_logged),
        cmocka_unit_test(test_a_clients_receipts),
        cmocka_unit_test(test_pulled_receipts_are_numbers),
        cmocka_unit_test(test_a_loss_is_told_to_all_who_want_to_know),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
