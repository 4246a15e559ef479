// A small Cryo client over a blocking socket, with time-outs: for tests that talk to a real server. It shares
// no code with the library, so that both cannot be wrong in the same way.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cryo_test {

// The types of Cryo frames, and the opcodes of WebSocket frames.
enum frame_type : std::uint8_t { ack = 0, error_frame = 1, ping_pong = 2, utf8_data = 3, binary_data = 4 };
enum opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close_frame = 8,
    ws_ping = 9,
    ws_pong = 10
};

struct cryo_frame {
    std::string sid; // 16 bytes
    std::uint32_t number = 0;
    std::uint8_t type = 0;
    std::string payload;
};

struct ws_frame {
    std::uint8_t opcode = 0;
    bool fin = true;
    std::string payload;
};

struct close_seen {
    int code = 1006; // as the protocol says: lost without a close
    std::string reason;
};

// A session id that no other client of this process has.
inline std::string fresh_sid() {
    static std::atomic<unsigned> next{1};
    std::array<char, 40> out{};
    std::snprintf(out.data(), out.size(), "%08x-0000-4000-8000-%012x", static_cast<unsigned>(getpid()),
                  next++);
    return out.data();
}

class foreign_client {
  public:
    struct request {
        std::string token = "secret"; // URL-encoded
        std::string sid = fresh_sid();
        std::string extra{}; // further query parameters: "&name=value"
        std::string path = "/";
        std::string host = "127.0.0.1"; // or "::1"
    };

    bool auto_pong = true; // answer WebSocket pings
    bool auto_ack = true;  // acknowledge data frames when they are received

    foreign_client() = default;
    explicit foreign_client(std::uint16_t port) { connect(port, {}); }
    foreign_client(std::uint16_t port, request what) { connect(port, std::move(what)); }
    foreign_client(const foreign_client &) = delete;
    foreign_client &operator=(const foreign_client &) = delete;
    ~foreign_client() { hang_up(); }

    // Returns the HTTP status: 101 when the client was let in, 0 when nobody answered.
    int connect(std::uint16_t port, request what) {
        request_ = std::move(what);
        open_socket(port);
        send_raw("GET " + request_.path + "?authorization=Bearer%20" + request_.token +
                 "&x-cryo-sid=" + request_.sid + request_.extra +
                 " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        std::size_t end = 0;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
            if (!read_more()) return status_ = 0;
        }
        head_ = received_.substr(0, end + 4);
        received_.erase(0, end + 4);
        if (head_.rfind("HTTP/1.1 ", 0) == 0) status_ = std::stoi(head_.substr(9, 3));
        if (status_ == 101 && auto_pong) answer_first_ping();
        return status_;
    }

    int status() const { return status_; }
    // The head of the answer, and what follows it until the server closes.
    const std::string &head() const { return head_; }
    std::string body() {
        while (read_more()) {
        }
        return received_;
    }
    const std::string &sid() const { return request_.sid; }

    // ---- WebSocket ----

    void send_raw(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return; // the server has closed: what is received next tells
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    void send_ws(std::uint8_t op, std::string_view payload, bool fin = true) {
        constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};
        std::string out;
        out += static_cast<char>((fin ? 0x80 : 0) | op);
        if (payload.size() < 126) {
            out += static_cast<char>(0x80 | payload.size());
        } else {
            const bool wide = payload.size() > 0xffff;
            out += static_cast<char>(0x80 | (wide ? 127 : 126));
            for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8)
                out += static_cast<char>((static_cast<std::uint64_t>(payload.size()) >> shift) & 0xff);
        }
        for (const unsigned char byte : mask)
            out += static_cast<char>(byte);
        for (std::size_t i = 0; i < payload.size(); ++i)
            out += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask.at(i % 4));
        send_raw(out);
    }

    // The next WebSocket frame; pings are answered and passed over when auto_pong is set. nullopt: the
    // connection has ended. Throws when nothing comes.
    std::optional<ws_frame> receive_ws() {
        for (;;) {
            std::optional<ws_frame> frame = next_ws();
            if (!frame || !auto_pong || frame->opcode != ws_ping) return frame;
            send_ws(ws_pong, frame->payload);
        }
    }

    // ---- Cryo ----

    void send_frame(std::uint8_t type, std::uint32_t number, std::string_view payload) {
        send_ws(binary, frame_bytes(type, number, payload));
    }
    // Return the number of the frame.
    std::uint32_t send_text(std::string_view payload) { return send_data(utf8_data, payload); }
    std::uint32_t send_binary(std::string_view payload) { return send_data(binary_data, payload); }

    std::string frame_bytes(std::uint8_t type, std::uint32_t number, std::string_view payload) const {
        std::string out = sid_bytes();
        for (int shift = 24; shift >= 0; shift -= 8)
            out += static_cast<char>((number >> shift) & 0xff);
        out += static_cast<char>(type);
        return out.append(payload);
    }

    // The next Cryo frame. nullopt: the server has closed; see closed(). Throws when nothing comes.
    std::optional<cryo_frame> receive() {
        const std::optional<ws_frame> ws = receive_ws();
        if (!ws) return std::nullopt;
        if (ws->opcode == close_frame) {
            note_close(ws->payload);
            return std::nullopt;
        }
        if (ws->opcode != binary || ws->payload.size() < 21) throw std::runtime_error("not a Cryo frame");
        cryo_frame frame;
        frame.sid = ws->payload.substr(0, 16);
        for (std::size_t i = 16; i < 20; ++i)
            frame.number = frame.number << 8 | static_cast<unsigned char>(ws->payload[i]);
        frame.type = static_cast<std::uint8_t>(ws->payload[20]);
        frame.payload = ws->payload.substr(21);
        if (auto_ack && (frame.type == utf8_data || frame.type == binary_data))
            send_frame(ack, frame.number, "");
        return frame;
    }

    // The next frame of this type, whatever comes before it. Throws when the server closes first.
    cryo_frame receive(std::uint8_t type) {
        for (;;) {
            std::optional<cryo_frame> frame = receive();
            if (!frame) throw std::runtime_error("the server has closed: " + std::to_string(closed_.code));
            if (frame->type == type) return *frame;
        }
    }
    std::string receive_text() { return receive(utf8_data).payload; }
    std::string receive_binary() { return receive(binary_data).payload; }

    // ---- the end ----

    // Closes and waits for the answer.
    close_seen close(int code, std::string_view reason) {
        std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
        send_ws(close_frame, payload.append(reason));
        close_sent_ = true;
        return wait_for_close();
    }

    // Reads until the server closes, answers that, and reads to the end.
    close_seen wait_for_close() {
        while (receive()) {
        }
        if (!close_sent_ && close_received_) {
            close_sent_ = true;
            send_ws(close_frame, close_payload_);
        }
        while (next_ws()) {
        }
        return closed_;
    }

    // Ends the connection without a word: with FIN, or with RST.
    void hang_up() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        hang_up();
    }

    std::string sid_bytes() const {
        std::string digits;
        for (const char c : request_.sid) {
            if (c != '-') digits += c;
        }
        std::string out;
        for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
            out += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
        return out;
    }

  private:
    static constexpr int patience_ms = 20'000;

    void open_socket(std::uint16_t port) {
        hang_up();
        received_.clear();
        sockaddr_in6 six{};
        sockaddr_in four{};
        const bool is_six = request_.host.find(':') != std::string::npos;
        six.sin6_family = AF_INET6;
        four.sin_family = AF_INET;
        six.sin6_port = four.sin_port = htons(port);
        ::inet_pton(AF_INET6, request_.host.c_str(), &six.sin6_addr);
        ::inet_pton(AF_INET, request_.host.c_str(), &four.sin_addr);
        fd_ = ::socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
        const int refused = is_six ? ::connect(fd_, reinterpret_cast<sockaddr *>(&six), sizeof six)
                                   : ::connect(fd_, reinterpret_cast<sockaddr *>(&four), sizeof four);
        if (refused != 0) hang_up();
    }

    // False: the connection has ended. Throws when nothing comes.
    bool read_more() {
        if (fd_ < 0) return false;
        pollfd ready{fd_, POLLIN, 0};
        if (::poll(&ready, 1, patience_ms) == 0) throw std::runtime_error("the server says nothing");
        std::array<char, 65536> some{};
        const ssize_t got = ::recv(fd_, some.data(), some.size(), 0);
        if (got <= 0) return false;
        received_.append(some.data(), static_cast<std::size_t>(got));
        return true;
    }

    // The server's ping behind the 101: the session begins when it is answered.
    void answer_first_ping() {
        const std::optional<ws_frame> ping = next_ws();
        if (!ping || ping->opcode != ws_ping) throw std::runtime_error("no ping behind the upgrade");
        send_ws(ws_pong, ping->payload);
    }

    bool have(std::size_t size) {
        while (received_.size() < size) {
            if (!read_more()) return false;
        }
        return true;
    }

    std::optional<ws_frame> next_ws() {
        if (!have(2)) return std::nullopt;
        const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(received_[i]); };
        ws_frame frame;
        frame.fin = (byte(0) & 0x80) != 0;
        frame.opcode = byte(0) & 0x0f;
        if ((byte(1) & 0x80) != 0) throw std::runtime_error("a server must not mask");
        std::uint64_t length = byte(1) & 0x7f;
        std::size_t head = 2;
        if (length >= 126) {
            head = length == 126 ? 4 : 10;
            if (!have(head)) return std::nullopt;
            length = 0;
            for (std::size_t i = 2; i < head; ++i)
                length = length << 8 | byte(i);
        }
        if (!have(head + length)) return std::nullopt;
        frame.payload = received_.substr(head, length);
        received_.erase(0, head + length);
        return frame;
    }

    std::uint32_t send_data(std::uint8_t type, std::string_view payload) {
        send_frame(type, next_number_, payload);
        return next_number_++;
    }

    void note_close(const std::string &payload) {
        close_received_ = true;
        close_payload_ = payload;
        closed_.code = 1005;
        if (payload.size() < 2) return;
        closed_.code = static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
        closed_.reason = payload.substr(2);
    }

    int fd_ = -1;
    int status_ = 0;
    request request_;
    std::string head_;
    std::string received_;
    std::uint32_t next_number_ = 0;
    bool close_sent_ = false;
    bool close_received_ = false;
    std::string close_payload_;
    close_seen closed_;
};

} // namespace cryo_test
