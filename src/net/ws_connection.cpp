// The connected WebSocket, what it sends, and its end. attempt.cpp has the way there.
#include "net/ws_connection.h"

#include "base/log.h"
#include "base/random.h"

#include <algorithm>
#include <cassert>

namespace cryo_core::net {

namespace {

// Frames in one message. Keeps a server from holding a message open with frames that carry nothing; more than
// a message of the greatest size has in pieces of a few hundred bytes.
constexpr std::uint32_t max_fragments = 64 * 1024;

ws::parse_options options_of(const dial_target &to) noexcept {
    return {.role = ws::role::client,
            .accept_text = true,
            .max_fragments = max_fragments,
            .max_message = to.max_message};
}

} // namespace

ws_link &dialer::dial(loop &on, dial_target to, ws_link_handler &handler) {
    auto *const made = new ws_connection(*on.core_, std::move(to), handler);
    made->start();
    return *made;
}

ws_connection::ws_connection(loop_core &core, dial_target &&to, ws_link_handler &handler)
    : core_(core), handler_(handler), target_(std::move(to)),
      attempt_(std::make_unique<attempt>(core_, target_, static_cast<attempt_watcher &>(*this))) {}

ws_connection::~ws_connection() = default;

void ws_connection::start() noexcept {
    core_.add(*this);
    attempt_->begin();
}

void ws_connection::on_attempt_failed(dial_failure &&why) noexcept {
    failure_ = std::move(why);
    attempt_.reset();
    end_soon();
}

void ws_connection::on_upgraded(std::unique_ptr<client_stream> stream, std::string remote, std::string wanted,
                                bytes_mut behind) noexcept {
    stream_ = std::move(stream);
    stream_->hand_to(*this);
    remote_address_ = std::move(remote);
    wanted_header_ = std::move(wanted);
    attempt_.reset();
    target_ = {.host = std::move(target_.host),
               .max_message = target_.max_message}; // the token is in the rest
    phase_ = phase::open;
    told_ = true;
    guarded([&] {
        parser_.emplace(options_of(target_));
        handler_.on_connected();
        take_new(behind);
        if (stream_->more_to_read()) core_.soon(*this);
    });
    watch();
}

// --- what goes out ----------------------------------------------------------------------------------------

std::size_t ws_connection::writable() noexcept {
    return phase_ == phase::open && !choked_ && !mute_ ? write_credit : 0;
}

bool ws_connection::write(bytes_view frames) noexcept {
    if (phase_ != phase::open || mute_) return false;
    assert(!choked_);
    return frames.empty() || send(frames);
}

bool ws_connection::send(bytes_view frames) noexcept {
    if (!stream_->write(frames)) {
        lose_output();
        return false;
    }
    choked_ = stream_->choked();
    if (choked_) watch();
    return true;
}

struct delivery ws_connection::delivery() const noexcept {
    return stream_ != nullptr ? stream_->delivery() : net::delivery{};
}

// What the server has sent before, why it closes perhaps, is read still.
void ws_connection::lose_output() noexcept {
    if (std::exchange(mute_, true)) return;
    choked_ = false;
    resume_read();
    give_up_in(finish_timeout_ms);
}

void ws_connection::request_flush() noexcept {
    if (phase_ != phase::open || choked_) return;
    flush_wanted_ = true;
    core_.soon(*this);
}

// A slow reader gets the answer to its latest ping only (RFC 6455 section 5.5.3).
void ws_connection::say_pong(bytes_view payload) {
    if (choked_) {
        pong_.clear();
        pong_.append(payload);
        return;
    }
    if (!keys_) {
        ws::mask_keys::seed seed{};
        fill_random(seed);
        keys_.emplace(seed);
    }
    std::uint8_t frame[ws::max_header_size + ws::max_control_size];
    send({frame, ws::write_masked(frame, ws::opcode::pong, payload, keys_->next())});
}

void ws_connection::drained() {
    choked_ = false;
    if (closed_) return end_soon();
    if (!pong_.empty() && phase_ == phase::open) {
        const byte_buffer due = std::exchange(pong_, {});
        say_pong(due.view());
        if (choked_) return;
    }
    if (phase_ != phase::open || mute_) return;
    flush_wanted_ = false;
    handler_.on_flush();
}

// --- its end ----------------------------------------------------------------------------------------------

void ws_connection::finish() noexcept {
    if (phase_ == phase::dialing) abort();
    if (phase_ != phase::open) return;
    phase_ = phase::finishing;
    resume_read();
    give_up_in(finish_timeout_ms);
}

void ws_connection::leave() noexcept {
    if (phase_ == phase::ending) return;
    told_ = true;
    end_soon();
}

void ws_connection::abort() noexcept {
    if (phase_ == phase::ending) return;
    reset_ = true;
    told_ = true; // whoever aborts it need not be told that it failed
    attempt_.reset();
    end_soon();
}

void ws_connection::give_up_in(std::int64_t ms) noexcept {
    core_.timers().set(*this, core_.now() + from_ms(ms));
}

// What the system holds by now leaves still.
void ws_connection::on_deadline(time_us) {
    end_soon();
}

void ws_connection::end_soon() noexcept {
    phase_ = phase::ending;
    core_.soon(*this);
}

void ws_connection::run_errand() noexcept {
    if (phase_ == phase::ending) return end();
    if (!open()) return;
    guarded([&] {
        if (!paused_ && !rest_.empty()) take_rest();
        if (open() && !paused_ && rest_.empty() && stream_->more_to_read()) read();
        if (phase_ != phase::open || !flush_wanted_ || choked_ || mute_) return;
        flush_wanted_ = false;
        handler_.on_flush();
    });
    watch();
}

void ws_connection::loop_ends() noexcept {
    told_ = true;
    reset_ = true;
    phase_ = phase::ending;
    end();
}

void ws_connection::end() noexcept {
    if (armed()) core_.timers().cancel(*this);
    attempt_.reset();
    if (stream_ != nullptr) {
        if (reset_)
            stream_->reset_on_close();
        else
            stream_->say_end();
        stream_.reset();
    }
    if (!told_) {
        told_ = true;
        guarded([&] { handler_.on_failed(failure_); });
    }
    handler_.on_gone();
    delete this;
}

void ws_connection::abort_after_exception(const char *what) noexcept {
    try {
        log(log_level::error, "the connection to " + target_.host + " is dropped: " + what);
    } catch (...) { // no memory to say so
    }
    abort();
}

} // namespace cryo_core::net
