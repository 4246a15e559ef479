// One WebSocket to a server, from the attempt to connect it to its end. Everything here happens on the thread
// of its loop.
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "net/delivery.h"

#include <string>
#include <string_view>

namespace cryo_core::net {

class loop;

// Why there is no connection. `reason.code` is one of resolve, connect, timeout, the tls ones, http (the
// server's answer was no upgrade), closed (it hung up instead of answering), system, or no_memory.
struct dial_failure {
    failure reason;
    int http_status = 0;     // what the server answered, if it did
    std::string retry_after; // its Retry-After, as it stands there
    std::string body;        // its own words, a few KiB at most
};

// Any method of any link may be called inside these. What they throw is logged and aborts the link.
class ws_link_handler {
  public:
    virtual ~ws_link_handler() = default;

    // Either of these, once, and neither when the link was aborted before or its loop ended.
    virtual void on_connected() = 0;
    virtual void on_failed(const dial_failure &why) = 0;

    // Whole messages, put together from their fragments. The bytes may be modified.
    virtual void on_binary(bytes_mut message) = 0;
    virtual void on_text(bytes_mut message) = 0; // UTF-8

    // The server begins a message that is longer than the target's max_message. No message comes any more:
    // close with 1009.
    virtual void on_too_big() = 0;

    // The server breaks a rule of RFC 6455, or sends text that is not UTF-8. No message comes any more: close
    // with this code, 1002 or 1007 mostly.
    virtual void on_violation(std::uint16_t code, std::string_view what) = 0;

    // A sign of life that is no message yet: a piece of one, or a pong.
    virtual void on_activity() {}

    // Write now what there is to write. Comes when request_flush() asked for it, and when a choked link can
    // take more.
    virtual void on_flush() = 0;

    // The server's close frame, by its own code and a reason that is UTF-8; code 1005: it had none. What is
    // written in this call is the last: the connection ends behind it.
    virtual void on_peer_close(std::uint16_t code, std::string_view reason) = 0;

    // The connection, or the attempt, is over, whatever the cause. The last call: the link is destroyed when
    // it returns, and the handler may delete itself in it. Never comes inside a method of the link or another
    // call of the handler.
    virtual void on_gone() noexcept = 0;
};

class ws_link {
  public:
    // How many bytes write() takes now; 0: on_flush comes when it can take more, or it is not connected yet.
    virtual std::size_t writable() noexcept = 0;

    // Whole frames, masked: pongs may go out between two calls. At most writable() bytes, or a single frame
    // that is longer, while writable() is not 0; what the system does not take of that is copied. false: the
    // link is broken, and on_gone will come, behind what the server has sent before.
    virtual bool write(bytes_view frames) noexcept = 0;

    // What has become of what was written. Asks the system.
    virtual struct delivery delivery() const noexcept = 0;

    // on_flush comes once, in this iteration of the loop.
    virtual void request_flush() noexcept = 0;

    // What the server sends meanwhile stays in the system's buffers, but for what has been read.
    virtual void pause_read() noexcept = 0;
    virtual void resume_read() noexcept = 0;

    // Our close frame was written: waits for the server's, or its end, and for no longer than
    // finish_timeout_ms. Messages still come until then, but no on_flush and no on_peer_close.
    virtual void finish() noexcept = 0;

    // Over now, for us: what was written the system still sends, if the server takes it. Only on_gone comes
    // any more.
    virtual void leave() noexcept = 0;

    // Over now, connected or not; what is not sent yet may be lost. Only on_gone comes any more.
    virtual void abort() noexcept = 0;

    // "192.0.2.7:443", "[2001:db8::1]:443": where it is connected to; empty before that.
    virtual const std::string &remote_address() const noexcept = 0;

    // The value of the header of the server's answer that the target names; empty: it had none.
    virtual const std::string &wanted_header() const noexcept = 0;

    virtual loop &owner() const noexcept = 0;

  protected:
    ~ws_link() = default;
};

} // namespace cryo_core::net
