// What the tests of the facade have in common.
#pragma once

#include "cmocka.hpp"
#undef fail // a macro that would take the name from a member of ours
#include "foreign_client.hpp"
#include "mailbox.hpp"

#include <cryo.hpp>

#include <string>
#include <utility>

namespace cryo_test {

inline void accept_all(cryo::auth ticket) {
    ticket.accept();
}

// On a port that the system chooses.
inline cryo::server_options any_port() {
    return {.port = 0};
}

// To a server in this process; tries again at once.
inline cryo::client_options connecting_to(std::uint16_t port) {
    return {.url = "ws://127.0.0.1:" + std::to_string(port) + "/",
            .token = "secret",
            .reconnect_initial = std::chrono::milliseconds(1),
            .reconnect_max = std::chrono::milliseconds(20)};
}

inline std::string lower(std::string text) {
    for (char &c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

// The status with which `call` fails; CRYO_OK when it does not.
template <typename Call>
cryo_status status_of(Call call) {
    try {
        call();
    } catch (const cryo::error &e) {
        return e.status();
    }
    return CRYO_OK;
}

// What the log says while it lives.
class captured_log {
  public:
    explicit captured_log(cryo::log_level level = cryo::log_level::warning) {
        cryo::set_log(level,
                      [this](cryo::log_level, std::string_view line) { lines.put(std::string(line)); });
    }
    captured_log(const captured_log &) = delete;
    captured_log &operator=(const captured_log &) = delete;
    ~captured_log() { cryo::set_log(cryo::log_level::warning); }

    mailbox<std::string> lines;
};

// Counts how many of it live: for finding leaks and what is freed too late.
class counted {
  public:
    explicit counted(std::atomic<int> &count) : count_(&count) { ++*count_; }
    counted(const counted &other) : count_(other.count_) { ++*count_; }
    counted &operator=(const counted &) = delete;
    ~counted() { --*count_; }

  private:
    std::atomic<int> *count_;
};

} // namespace cryo_test
