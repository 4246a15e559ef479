// One attempt to connect: the name, the race of its addresses, TLS, and the upgrade. All of it has one
// time-out. Only src/net includes this.
#pragma once

#include "net/client_stream.h"
#include "net/connector.h"
#include "net/dialer.h"
#include "net/resolver.h"
#include "upgrade/response_body.h"

#include <exception>
#include <optional>

namespace cryo_core::net {

class attempt_watcher {
  public:
    // One of these, once, perhaps before begin() has returned. The attempt is to be destroyed in it.
    // Connected to `remote`; `behind` came with the answer, and may be modified.
    virtual void on_upgraded(std::unique_ptr<client_stream> stream, std::string remote, std::string wanted,
                             bytes_mut behind) noexcept = 0;
    virtual void on_attempt_failed(dial_failure &&why) noexcept = 0;

  protected:
    ~attempt_watcher() = default;
};

class attempt final : private timer, private lookup_asker, private connector_watcher, private socket_watcher {
  public:
    attempt(loop_core &core, const dial_target &to, attempt_watcher &who) noexcept;
    ~attempt() override;

    void begin() noexcept;

  private:
    enum class stage : std::uint8_t { lookup, tcp, proxy, tls, upgrade, body };

    void on_deadline(time_us now) override;
    void on_looked_up(const lookup_result *result) noexcept override;
    void on_tcp(watched_socket &&connected, const address &to) noexcept override;
    void on_no_tcp() noexcept override;
    void on_ready(bool readable, bool writable) noexcept override;

    // What the library's own code may throw: memory, or random bytes, have run out.
    template <typename Function>
    void guarded(Function function) noexcept {
        try {
            function();
        } catch (const std::bad_alloc &) {
            fail({status::no_memory, {}});
        } catch (const std::exception &e) {
            fail({status::system, e.what()});
        }
    }
    void look_up();
    void connect_to_socket();
    void race(std::vector<address> addresses);
    void ask_proxy();
    bool proxy_answered(bool more_came);
    void secure();
    void shake_hands();
    void ask();
    bool read();
    bool answered(bytes_mut behind);
    bool await_body(bytes_mut begun);
    void refused();
    void lost();
    void fail(failure why) noexcept;
    void give_up(dial_failure &&why) noexcept;
    failure time_out() const;

    // Whom it connects to itself.
    const std::string &near_host() const noexcept {
        return target_.through ? target_.through->host : target_.host;
    }
    std::uint16_t near_port() const noexcept {
        return target_.through ? target_.through->port : target_.port;
    }
    std::string near_name() const { return (target_.through ? "the proxy " : "") + near_host(); }

    loop_core &core_;
    const dial_target &target_;
    attempt_watcher &who_;
    name_lookup lookup_;
    std::unique_ptr<connector> connector_;
    std::unique_ptr<client_stream> stream_;
    std::string remote_;
    std::string key_; // Sec-WebSocket-Key
    upgrade::response_parser head_;
    upgrade::response answer_;
    std::optional<upgrade::response_body> body_;
    time_us give_up_at_ = never;
    stage stage_ = stage::lookup;
    bool numeric_ = false;  // near_host() is an address
    bool by_proxy_ = false; // the answer is the proxy's
};

} // namespace cryo_core::net
