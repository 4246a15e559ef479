#include "conversation.h"

#include "client_printer_human.h"

#include <utility>

namespace cryo_tool {

conversation::conversation(const cryo::client_options &options, const cryo::loop &on, client_printer &printer)
    : printer_(printer), client_(options, on) {
    client_.on_connected([this](const cryo::session &session) {
        state_ = state::connected;
        ever_connected_ = true;
        printer_.connected(session);
    });
    client_.on_message(
        [this](const cryo::session &session, const cryo::message &what) { printer_.message(session, what); });
    client_.on_stat([this](const cryo::session &session, cryo::statistic which, double value) {
        printer_.stat(session, which, value);
    });
    client_.on_dropped([this](const cryo::session &session, cryo::drop_reason why,
                              const cryo::message &what) { printer_.dropped(session, why, what); });
    client_.on_lost([this](const cryo::session &session, const cryo::message &what) {
        undelivered_ = true;
        printer_.lost(session, what);
    });
    client_.on_disconnected([this](const cryo::session &session, int code, std::string_view reason) {
        state_ = state::disconnected;
        printer_.disconnected(session, code, reason);
    });
    client_.on_attempt_failed([this](const cryo::session &session, const cryo::failed_attempt &why) {
        printer_.attempt_failed(session, why);
        attempt_failed(why);
    });
    client_.on_reconnected([this](const cryo::session &session) {
        state_ = state::connected;
        retry_at_.reset();
        printer_.reconnected(session);
    });
    client_.on_closed([this](const cryo::session &session, int code, std::string_view reason) {
        state_ = state::over;
        code_ = code;
        if (!ever_connected_ && !leaving_ && failure_.empty())
            failure_ = "the server closed with " + std::to_string(code) + " " + std::string(reason);
        printer_.closed(session, code, reason);
    });
}

bool conversation::send(cryo::kind as, cryo::bytes data) {
    ++unresolved_; // before: the receipt may come at once
    const cryo_status status = client_.session().try_send(
        as, data, {.done = [this](const cryo::session &session, const cryo::receipt &receipt) {
            resolved(session, receipt);
        }});
    if (status == CRYO_OK) return true;
    --unresolved_;
    why_ = cryo_last_error();
    return false;
}

void conversation::close(int code, std::string_view reason) {
    leaving_ = client_.close(code, reason) || leaving_;
}

void conversation::resolved(const cryo::session &session, const cryo::receipt &receipt) {
    --unresolved_;
    undelivered_ = undelivered_ || !receipt.arrived();
    // What is dropped, or lost with the connection, is told with its content.
    if (receipt.arrived()) printer_.acknowledged(session, receipt.rtt->count());
    if (receipt.outcome == cryo::outcome::timed_out) printer_.unacknowledged(session);
}

void conversation::attempt_failed(const cryo::failed_attempt &why) {
    refused_ = why.status == CRYO_ERR_HTTP;
    retry_at_.reset();
    if (why.retry_in) retry_at_ = clock::now() + *why.retry_in;
    if (ever_connected_) return;
    // Who has just typed the address wants to know now, and not to wait for better times.
    failure_ = reason_text(why);
    if (why.retry_in) client_.close();
}

exit_status conversation::status() const noexcept {
    if (code_ == CRYO_CLOSE_CALE_MISMATCH || code_ == CRYO_CLOSE_CALE_HANDSHAKE) return exit_cale;
    if (refused_ && !leaving_) return exit_refused;
    if (!failure_.empty()) return exit_failed;
    if (!leaving_ && code_ != CRYO_CLOSE_GRACEFUL && code_ != 1000) return exit_failed;
    return undelivered_ ? exit_undelivered : exit_ok;
}

} // namespace cryo_tool
