#include "client_printer_json.h"

#include "json_line.h"

namespace cryo_tool {

void client_printer_json::event(const char *name, const cryo::session &session) {
    to_.line(json_line({{"event", name}, {"session", session.id_text()}}));
}

void client_printer_json::connected(const cryo::session &session) {
    to_.line(
        json_line({{"event", "connected"}, {"session", session.id_text()}, {"cale", session.is_secure()}}));
}

void client_printer_json::message(const cryo::session &session, const cryo::message &what) {
    to_.line(json_message("message", session.id_text(), what));
}

void client_printer_json::acknowledged(const cryo::session &session, double rtt_ms) {
    to_.line(json_line({{"event", "acknowledged"}, {"session", session.id_text()}, {"rtt_ms", rtt_ms}}));
}

void client_printer_json::unacknowledged(const cryo::session &session) {
    event("unacknowledged", session);
}

void client_printer_json::dropped(const cryo::session &session, cryo::drop_reason why,
                                  const cryo::message &what) {
    to_.line(json_dropped(session.id_text(), why, what.size()));
}

void client_printer_json::lost(const cryo::session &session, const cryo::message &what) {
    to_.line(json_message("lost", session.id_text(), what));
}

void client_printer_json::stat(const cryo::session &session, cryo::statistic which, double value) {
    to_.line(json_stat(session.id_text(), which, value));
}

void client_printer_json::disconnected(const cryo::session &session, int code, std::string_view reason) {
    to_.line(json_end("disconnected", session.id_text(), code, reason));
}

void client_printer_json::attempt_failed(const cryo::session &session, const cryo::failed_attempt &why) {
    json object{{"event", "attempt-failed"},
                {"session", session.id_text()},
                {"status", cryo_status_name(why.status)},
                {"http_status", why.http_status},
                {"text", why.text},
                {"retry_ms", nullptr}};
    if (why.retry_in) object["retry_ms"] = why.retry_in->count();
    to_.line(json_line(object));
}

void client_printer_json::reconnected(const cryo::session &session) {
    event("reconnected", session);
}

void client_printer_json::closed(const cryo::session &session, int code, std::string_view reason) {
    to_.line(json_end("closed", session.id_text(), code, reason));
}

} // namespace cryo_tool
