#include "commands.h"

#include "display_text.h"
#include "event_text.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <vector>

namespace cryo_tool {
namespace {

constexpr std::string_view help = R"(/ping                   send a ping beside those of the keep-alive
/stats                  what the session has counted
/binary FILE            send what is in the file
/close [CODE [REASON]]  close the session and leave; so does Control-D
/help                   this
//TEXT                  send a text that begins with a slash
Everything else is sent as it is.)";

// The first word, and what follows it.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::size_t rest = std::min(text.find_first_not_of(' ', end), text.size());
    return {text.substr(0, end), text.substr(rest)};
}

void show_all(std::string_view text, line_sink &show) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        show.line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

void send(cryo::kind as, std::string_view data, conversation &with, line_sink &show) {
    const cryo::bytes bytes(reinterpret_cast<const std::uint8_t *>(data.data()), data.size());
    if (!with.send(as, bytes)) show.line("not sent: " + with.why());
}

void send_file(const std::string &name, conversation &with, line_sink &show) {
    std::ifstream file(name, std::ios::binary);
    std::string data{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file || file.bad()) return show.line("not sent: cannot read " + display_text(name, 500));
    send(cryo::kind::binary, data, with, show);
}

void show_stats(const cryo::session &session, line_sink &show) {
    for (const cryo::statistic which :
         {cryo::statistic::rtt, cryo::statistic::bytes_rx, cryo::statistic::bytes_tx,
          cryo::statistic::ack_timeout, cryo::statistic::queued_bytes, cryo::statistic::queued_count}) {
        constexpr std::size_t width = 14;
        std::string text(name_of(which));
        text.resize(width, ' ');
        const std::optional<double> value = session.stat(which);
        show.line(text + (value ? value_of(which, *value) : "not measured yet"));
    }
}

void close(std::string_view rest, conversation &with, line_sink &show) {
    const auto [word, reason] = split(rest);
    int code = CRYO_CLOSE_GRACEFUL;
    const char *const end = word.data() + word.size();
    if (!word.empty() && std::from_chars(word.data(), end, code).ptr != end)
        return show.line("/close [CODE [REASON]]: " + display_text(word, 100) + " is no number");
    try {
        with.close(code, reason);
    } catch (const cryo::error &e) {
        show.line(e.what());
    }
}

} // namespace

void obey(const std::string &line, conversation &with, line_sink &show) {
    if (line.empty() || line.front() != '/') return send(cryo::kind::utf8, line, with, show);
    if (line.rfind("//", 0) == 0) return send(cryo::kind::utf8, line.substr(1), with, show);
    const auto [command, rest] = split(line);
    if (command == "/help") return show_all(help, show);
    if (command == "/stats") return show_stats(with.session(), show);
    if (command == "/close") return close(rest, with, show);
    if (command == "/binary" && !rest.empty()) return send_file(std::string(rest), with, show);
    if (command == "/ping") {
        if (!with.ping()) show.line("not sent: not connected");
        return;
    }
    show.line("there is no command " + display_text(line, 100) +
              "; /help lists them, and //TEXT sends /TEXT");
}

} // namespace cryo_tool
