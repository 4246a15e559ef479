// An extension that writes a line about each message, in both directions:
//
//     server.add(std::make_shared<cryo::logger>(std::cerr));
//
//     8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a <- text, 5 bytes: "hello"
//     8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a -> binary, 3 bytes: 01 02 ff
//
// It shows what is in the messages, so think of who reads the log. It never shows a token.
//
// SPDX-License-Identifier: MIT
#ifndef CRYO_LOGGER_HPP
#define CRYO_LOGGER_HPP

#include "cryo.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace cryo {

struct logger_options {
    std::string name = "logger"; // of the extension
    std::size_t longest = 200;   // bytes of a message that are shown; "…" stands for the rest
};

class logger : public extension {
  public:
    // Gets each line without its end; from several threads at once when the server has several.
    using sink = std::function<void(std::string_view line)>;

    explicit logger(sink to, logger_options how = {}) : to_(std::move(to)), how_(std::move(how)) {}

    // The stream must live as long as this. Lines come whole.
    explicit logger(std::ostream &to, logger_options how = {})
        : logger(
              [&to, mutex = std::make_shared<std::mutex>()](std::string_view line) {
                  const std::lock_guard lock(*mutex);
                  to << line << std::endl;
              },
              std::move(how)) {}

    std::string name() const override { return how_.name; }
    // It only looks: a line that cannot be written stops no message.
    extension_options options() const override { return {.on_failure = verdict::pass}; }

    // The tickets are destroyed at the end, and so the messages pass.
    void before_send_utf8(session &to, hook ticket) override { write(to, "->", ticket.message()); }
    void before_send_binary(session &to, hook ticket) override { write(to, "->", ticket.message()); }
    void on_receive_utf8(session &from, hook ticket) override { write(from, "<-", ticket.message()); }
    void on_receive_binary(session &from, hook ticket) override { write(from, "<-", ticket.message()); }

  private:
    void write(const session &whose, std::string_view arrow, const message &what) const {
        std::string line = whose.id_text();
        line.append(" ").append(arrow).append(what.is_text() ? " text, " : " binary, ");
        line.append(std::to_string(what.size())).append(what.size() == 1 ? " byte: " : " bytes: ");
        if (what.is_text())
            add_text(line, what.text());
        else
            add_bytes(line, what.data());
        to_(line);
    }

    // In quotes, and on one line, whatever is in it: a peer must not be able to forge lines of the log, or to
    // command the terminal on which somebody reads it.
    void add_text(std::string &line, std::string_view text) const {
        std::size_t end = std::min(text.size(), how_.longest);
        if (end < text.size()) // not within a character
            while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
                --end;
        line += '"';
        for (std::size_t i = 0; i < end; ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            const bool begins_control = // U+0080 to U+009F
                byte == 0xc2 && i + 1 < end && static_cast<unsigned char>(text[i + 1]) < 0xa0;
            if (byte == '"' || byte == '\\')
                line.append({'\\', text[i]});
            else if (byte == '\n')
                line += "\\n";
            else if (byte < 0x20 || byte == 0x7f)
                add_hex(line += "\\x", byte);
            else if (begins_control)
                add_hex(line += "\\x", static_cast<unsigned char>(text[++i]));
            else
                line += text[i];
        }
        line += '"';
        if (end < text.size()) line += "\u2026";
    }

    void add_bytes(std::string &line, bytes data) const {
        for (const std::uint8_t byte : data.first(std::min(data.size(), how_.longest))) {
            add_hex(line, byte);
            line += ' ';
        }
        if (data.size() > how_.longest)
            line += "\u2026";
        else
            line.pop_back();
    }

    static void add_hex(std::string &line, unsigned char byte) {
        constexpr std::string_view digits = "0123456789abcdef";
        line.append({digits[byte >> 4], digits[byte & 0x0f]});
    }

    const sink to_;
    const logger_options how_;
};

} // namespace cryo

#endif // CRYO_LOGGER_HPP
