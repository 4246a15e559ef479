// A connection from its first byte to the 101, or to the answer that refuses it.
#include "server/connection.h"

#include "base/random.h"
#include "server/handshake.h"
#include "server/kept_session.h"
#include "server/service.h"
#include "upgrade/accept_key.h"
#include "upgrade/answer.h"
#include "upgrade/origin.h"
#include "ws/build.h"

#include <algorithm>
#include <array>

namespace cryo_core {

namespace {

std::uint64_t fresh_conversation() {
    std::array<std::uint8_t, 8> bytes{};
    fill_random(bytes);
    return load_be<std::uint64_t>(bytes.data()) | 1; // not 0
}

constexpr const char *id_taken = "A live session has this x-cryo-sid. Choose another one.";
constexpr const char *too_many = "The server has as many sessions as it may. Try again later.";

} // namespace

void connection::read_head(bytes_mut data) {
    const auto result = handshake_->parser.feed(data);
    switch (result.state) {
    case upgrade::head_state::more:
        handshake_->begun = true;
        return;
    case upgrade::head_state::failed:
        return not_http(std::exchange(handshake_->begun, true) ? bytes_view() : data, result.what,
                        result.status);
    case upgrade::head_state::complete:
        break;
    }
    keep(data.subspan(result.consumed));
    request_complete();
}

// Frames that the client sent without waiting for the answer.
void connection::keep(bytes_view data) {
    handshake_->sent_ahead.append(data);
    if (handshake_->sent_ahead.size() > max_bytes_before_upgrade) link_.pause_read();
}

void connection::request_complete() {
    upgrade::request request = handshake_->parser.take();
    if (!find_client(request)) return; // first: also what is refused is the client's
    if (answered(request)) return;
    if (const auto no = upgrade::check_upgrade(request)) return refuse(*no);
    handshake_->sec_websocket_key = std::move(request.sec_websocket_key);

    service_context &shared = service_.shared();
    const time_us now = service_.loop()->now();
    const bool of_one = service_.is_of_one(link_.remote()); // else one would pay for others
    if (of_one && limited(shared.limits.attempts.take(remote_key(), now))) return;
    if (!upgrade::origin_is_allowed(service_.options().allowed_origins, request.origin))
        return refuse(403, "Pages of this origin may not connect. Ask the server's operator to allow it.");
    if (shared.draining) return refuse(503, shutting_down);
    if (over_address_limit_)
        return refuse(503, "This address has as many sessions as it may. Close one, or try again later.");
    const upgrade::parameters query = upgrade::parse_query(request.query);
    auto token = upgrade::read_token(query);
    if (service_.options().resume_window > 0)
        if (const std::string *const point = upgrade::find(query, resume_point::parameter))
            handshake_->resume = resume_point::parse(*point);
    handshake_->sid = upgrade::read_sid(query, service_.options().session.cale.on);
    if (is_full(std::get_if<std::string>(&token))) return refuse(503, too_many);
    if (of_one && limited(shared.limits.failed_tokens.wait(remote_key(), now))) return;
    if (const auto *no = std::get_if<upgrade::refusal>(&token)) {
        count_failed_token();
        return refuse(*no);
    }
    validate(std::move(request), query, std::get<std::string>(token));
}

// Who may take the place of a session of his own makes it no fuller.
bool connection::is_full(const std::string *token) const {
    const std::uint32_t limit = service_.options().max_sessions;
    registry &sids = service_.shared().sids;
    if (limit == 0 || sids.live() < limit) return false;
    const auto *const sid = std::get_if<uuid>(&handshake_->sid);
    return token == nullptr || sid == nullptr || !sids.is_live(*sid, *token);
}

void connection::validate(upgrade::request &&request, const upgrade::parameters &query,
                          std::string_view token) {
    service_context &shared = service_.shared();
    const std::uint32_t limit = service_.options().max_pending_validations;
    if (shared.pending_validations.fetch_add(1) >= limit && limit != 0) {
        shared.pending_validations.fetch_sub(1);
        return refuse(503, "Too many tokens are waiting to be validated. Try again later.");
    }
    handshake_->counted_pending = true;
    upgrade::parameters kept;
    for (const std::string &name : service_.options().session_headers)
        if (auto value = request.headers.value(name)) kept.emplace_back(name, std::move(*value));
    session_facts facts({.token = token,
                         .remote_address = link_.remote_address(),
                         .proxy_address = proxy_address(),
                         .path = request.path,
                         .parameters = upgrade::application_parameters(query),
                         .sid = {},
                         .headers = &kept});
    facts.set_certificate(link_.peer_certificate());
    control_ = std::make_shared<session_control>(std::move(facts), service_.place(), *this);
    control_->hand_out_ticket(
        std::make_shared<ticket_data>(ticket_data{.headers = std::move(request.headers)}));
    if (const auto *sid = std::get_if<uuid>(&handshake_->sid)) {
        control_->set_sid(*sid);
        shared.sids.reserve(*sid, control_);
    }
    phase_ = phase::validating;
    due_ = service_.loop()->now() + service_.options().validation_timeout;

    handshake_->asking = true; // an answer from inside the call is taken up behind it
    service_.observer().on_validation(control_);
    handshake_->asking = false;
    decide();
}

void connection::on_verdict() {
    guarded([&] {
        if (phase_ == phase::validating && !handshake_->asking) decide();
        rearm();
    });
}

void connection::decide() {
    const auto verdict = control_->decided();
    if (verdict == session_control::verdict::pending || verdict == session_control::verdict::settling ||
        verdict == session_control::verdict::expired)
        return;
    stop_counting_pending();
    const auto ticket = control_->ticket();
    control_->take_ticket_back();
    if (verdict == session_control::verdict::rejected) return refuse_by_application(*ticket);
    if (control_->expiry() <= service_.loop()->now()) return refuse(401, "The token has expired.");
    if (const auto *no = std::get_if<upgrade::refusal>(&handshake_->sid)) return refuse(*no);
    admit();
}

registry::takeover connection::may_take_over() const noexcept {
    if (control_->decided() == session_control::verdict::replacing) return registry::takeover::by_application;
    switch (service_.options().duplicates) {
    case duplicate_policy::refuse:
        break;
    case duplicate_policy::probe:
        return registry::takeover::if_silent;
    case duplicate_policy::replace:
        return registry::takeover::at_once;
    }
    return registry::takeover::refused;
}

void connection::admit() {
    // A client that has given up meanwhile, while this process stood still for example, would keep its own
    // next attempt out.
    if (link_.peer_has_left()) {
        end_session(ws::close_code::abnormal, "");
        return drop();
    }
    service_context &shared = service_.shared();
    handshake_->probing = false;
    switch (shared.sids.admit(control_->facts().sid(), control_, service_.options().max_sessions,
                              may_take_over())) {
    case registry::outcome::probing:
        handshake_->probing = true;
        due_ = service_.loop()->now() + service_.options().probe_timeout;
        phase_ = phase::waiting;
        return;
    case registry::outcome::wait:
        phase_ = phase::waiting;
        return;
    case registry::outcome::taken:
        return refuse(409, id_taken);
    case registry::outcome::full:
        return refuse(503, too_many);
    case registry::outcome::granted:
        return upgrade();
    }
}

void connection::on_sid_free() {
    guarded([&] {
        if (phase_ == phase::waiting) admit();
        rearm();
    });
}

void connection::on_sid_taken() {
    guarded([&] {
        if (phase_ == phase::waiting) refuse(409, id_taken);
        rearm();
    });
}

void connection::wait_in_vain(time_us now) {
    if (!std::exchange(handshake_->probing, false)) return refuse(409, id_taken);
    service_.shared().sids.give_up_probing(control_->facts().sid(), *control_);
    due_ = now + service_.options().close_timeout; // the session that has the id may live on a busy thread
}

// The ping behind the 101 is answered once the client listens; the session's first frame waits for that.
void connection::upgrade() {
    const std::string accept_key = upgrade::accept_key(handshake_->sec_websocket_key);
    if (accept_key.empty()) return refuse(500, "The server could not compute Sec-WebSocket-Accept.");
    outbox_.append(as_bytes(upgrade::switching_protocols(accept_key, agree_on_numbers())));
    std::uint8_t ping[2 + upgrade_ping_payload.size()];
    outbox_.append({ping, ws::write_control(ping, ws::opcode::ping, as_bytes(upgrade_ping_payload))});

    session_.emplace(control_->facts().sid(),
                     session::surroundings{.options = service_.options().session,
                                           .counters = control_->own_counters(),
                                           .events = *this,
                                           .extensions = &service_.extensions(),
                                           .numbers = kept_ ? kept_->numbers : frame_numbers{}},
                     service_.loop()->now());
    counted_messages_ = session_->messages_mark();
    control_->begin_connection();
    expires_ = control_->expiry() != never;
    phase_ = phase::established;
    due_ = never;
    byte_buffer sent_ahead = std::move(handshake_->sent_ahead);
    handshake_.reset();
    link_.resume_read();
    link_.request_flush();
    // By the application, when it was told of what has arrived, or while the session was on its way here.
    if (kept_ && kept_->close_wanted) start_close(kept_->code, kept_->reason);
    if (!sent_ahead.empty()) read_frames(sent_ahead.span());
}

// Whose numbers this connection uses: gives the header that says it, if the client can do with it.
std::string connection::agree_on_numbers() {
    const auto &asked = handshake_->resume;
    const bool goes_on =
        kept_ && asked && asked->conversation != 0 && asked->conversation == control_->conversation;
    if (goes_on) {
        kept_->acknowledge(service_.observer(), asked->received, service_.loop()->now());
    } else {
        if (kept_) kept_->begin_numbers_anew();
        control_->conversation = asked ? fresh_conversation() : 0;
    }
    if (!asked) return {};
    const resume_point point{control_->conversation, kept_ ? kept_->numbers.received : 0};
    return std::string(resume_point::header) + ": " + point.text() + "\r\n";
}

// Instead of a session of its own it gets the one that waits for this client.
bool connection::on_resumed(std::unique_ptr<kept_session> &kept) noexcept {
    if (phase_ != phase::waiting || kept->close_wanted || link_.peer_has_left()) return false;
    const auto asker = std::exchange(control_, kept->control);
    asker->disown();
    kept_ = std::move(kept);
    announced_ = true;
    control_->moving() ? control_->arrive(*this) : control_->set_owner(*this);
    control_->take_from(*asker);
    guarded([&] {
        upgrade();
        // Another attempt of the same client, which had asked for it while it was on its way here.
        if (service_.shared().sids.is_wanted(control_->facts().sid(), *control_)) on_probe();
        rearm();
    });
    return true;
}

} // namespace cryo_core
