// A connection that is told why it may not come in.
#include "server/connection.h"
#include "server/handshake.h"
#include "server/service.h"
#include "upgrade/answer.h"

#include <utility>

namespace cryo_core {

// The address has to wait for so long.
bool connection::limited(time_us wait) {
    if (wait == 0) return false;
    const auto seconds = static_cast<unsigned>((wait + from_ms(1000) - 1) / from_ms(1000));
    refuse(upgrade::refusal{.status = 429,
                            .body = "This address has made too many attempts. Try again later.",
                            .retry_after_s = seconds});
    return true;
}

void connection::count_failed_token() {
    if (service_.is_of_one(link_.remote()))
        service_.shared().limits.failed_tokens.take(remote_key(), service_.loop()->now());
}

void connection::refuse_by_application(const ticket_data &answered) {
    if (answered.status == 401 || answered.status == 403) count_failed_token();
    refuse(upgrade::refusal{.status = answered.status,
                            .body = std::string(control_->reason()),
                            .retry_after_s = answered.retry_after_s});
}

// A server that drains says when its place may be taken by another one.
void connection::refuse(int status, std::string_view why) {
    refuse(upgrade::refusal{
        .status = status,
        .body = std::string(why),
        .retry_after_s =
            status == 503 ? std::optional<unsigned>(service_.shared().retry_after_s.load()) : std::nullopt});
}

void connection::refuse_newcomer() {
    guarded([&] {
        if (phase_ == phase::validating || phase_ == phase::waiting) refuse(503, shutting_down);
        rearm();
    });
}

void connection::refuse(const upgrade::refusal &no) {
    tell_refusal(no);
    outbox_.append(as_bytes(upgrade::refuse(no)));
    end_session(ws::close_code::abnormal, "");
    finish();
}

void connection::stop_counting_pending() noexcept {
    if (handshake_ && std::exchange(handshake_->counted_pending, false))
        --service_.shared().pending_validations;
}

} // namespace cryo_core
