// The logger: a line for each message, one line, and not more of it than was asked for.
#include "facade_support.hpp"

#include <cryo_logger.hpp>

#include <sstream>

using namespace cryo_test;

namespace {

struct conversation {
    explicit conversation(const std::shared_ptr<cryo::logger> &log) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.on_message([this](cryo::message what) { heard.put(std::string(what.text())); });
        server.add(log);
        server.start();
        client.connect(server.port(), {.token = "s3cret"});
        session = sessions.get();
        id = session.id_text() + " ";
    }

    mailbox<cryo::session> sessions;
    mailbox<std::string> heard;
    cryo::server server{any_port(), accept_all};
    foreign_client client;
    cryo::session session;
    std::string id;
};

} // namespace

static void test_each_message_is_a_line(void **) {
    mailbox<std::string> lines;
    const auto put = [&](std::string_view line) { lines.put(std::string(line)); };
    conversation talk(std::make_shared<cryo::logger>(put));
    const std::vector<std::uint8_t> data{0, 0x7f, 0xff};
    const auto logged = [&](const std::string &expected) {
        assert_string_equal(lines.get().c_str(), (talk.id + expected).c_str());
    };
    talk.session.send("hello");
    assert_string_equal(talk.client.receive_text().c_str(), "hello");
    logged("-> text, 5 bytes: \"hello\"");
    talk.session.send(data);
    assert_int_equal(talk.client.receive_binary().size(), 3);
    logged("-> binary, 3 bytes: 00 7f ff");
    talk.client.send_text("");
    talk.client.send_binary("a");
    assert_string_equal(talk.heard.get().c_str(), "");
    assert_string_equal(talk.heard.get().c_str(), "a");
    logged("<- text, 0 bytes: \"\"");
    logged("<- binary, 1 byte: 61");
}

static void test_a_peer_forges_no_lines(void **) {
    mailbox<std::string> lines;
    conversation talk(
        std::make_shared<cryo::logger>([&](std::string_view line) { lines.put(std::string(line)); }));
    talk.client.send_text("a\nb\r\x1b[2J\"\\\x7f\xc2\x9b"
                          "31m \xc3\xbc\xe2\x98\x83");
    talk.heard.get();
    const std::string expected =
        "<- text, 22 bytes: \"a\\nb\\x0d\\x1b[2J\\\"\\\\\\x7f\\x9b31m \xc3\xbc\xe2\x98\x83\"";
    assert_string_equal(lines.get().c_str(), (talk.id + expected).c_str());
}

static void test_long_messages_are_cut_between_characters(void **) {
    mailbox<std::string> lines;
    conversation talk(std::make_shared<cryo::logger>(
        [&](std::string_view line) { lines.put(std::string(line)); }, cryo::logger_options{.longest = 4}));
    const auto logged = [&](const std::string &expected) {
        assert_string_equal(lines.get().c_str(), (talk.id + expected).c_str());
    };
    talk.client.send_text("abcd");
    logged("<- text, 4 bytes: \"abcd\"");
    talk.client.send_text("abcde");
    logged("<- text, 5 bytes: \"abcd\"\u2026");
    talk.client.send_text("ab\xe2\x98\x83");
    logged("<- text, 5 bytes: \"ab\"\u2026");
    talk.client.send_text("\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
    logged("<- text, 8 bytes: \"\xf0\x9f\x98\x80\"\u2026");
    talk.client.send_binary("abcde");
    logged("<- binary, 5 bytes: 61 62 63 64 \u2026");
}

static void test_streams_get_whole_lines(void **) {
    std::ostringstream out;
    {
        conversation talk(std::make_shared<cryo::logger>(out, cryo::logger_options{.name = "to a stream"}));
        assert_non_null(talk.server.find("to a stream").get());
        talk.client.send_text("one");
        talk.client.send_text("two");
        talk.heard.get();
        talk.heard.get();
    }
    const std::string text = out.str();
    assert_int_equal(std::count(text.begin(), text.end(), '\n'), 2);
    assert_true(text.back() == '\n');
    assert_int_equal(text.find("s3cret"), std::string::npos);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_each_message_is_a_line),
        cmocka_unit_test(test_a_peer_forges_no_lines),
        cmocka_unit_test(test_long_messages_are_cut_between_characters),
        cmocka_unit_test(test_streams_get_whole_lines),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
