#include "bench/session.h"

#include "codec/decode.h"
#include "codec/encode.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace cryo_tool {

using namespace cryo_core;
using codec::frame_type;

namespace {

// The largest answer that a message may have; a server that sends more is none of Cryo's.
constexpr std::uint64_t max_message = std::uint64_t{1} << 30;
constexpr std::uint16_t close_graceful = 4000;

} // namespace

bench_session::bench_session(bench_shared &shared, std::uint32_t salt)
    : shared_(shared), salt_(salt), began_(bench_now()), sid_(uuid::random()),
      parser_({.role = ws::role::client, .max_message = max_message}),
      due_(std::bit_ceil(std::size_t{shared.outstanding})) {
    const int fd = shared.target.connect();
    if (fd < 0) {
        fail(&bench_faults::unconnected, std::string("no connection: ") + std::strerror(-fd));
        return;
    }
    stream_ = std::make_unique<bench_stream>(fd, shared.tls);
    if (shared.tls != nullptr && !stream_->is_tls()) {
        stream_.reset();
        fail(&bench_faults::unconnected, "no connection: TLS has no memory");
        return;
    }
    watch_.emplace(shared.loop, fd, static_cast<bench_loop::handler &>(*this));
    watch_->want_write(true);
}

void bench_session::on_ready(bool readable, bool writable) {
    if (phase_ == phase::connecting) {
        if (writable || readable) connected();
        return;
    }
    if (phase_ == phase::tls) return shake_hands();
    if (writable) flush();
    if (readable && phase_ != phase::ended) read();
}

void bench_session::read() {
    for (;;) {
        // What is left of the last read lies in front of what comes now.
        const std::size_t before = rest_.size();
        if (before > 0) std::memcpy(shared_.input.data(), rest_.data(), before);
        const bytes_mut room = bytes_mut(shared_.input).subspan(before);
        const std::ptrdiff_t got = stream_->read(room);
        if (got == bench_stream::later) break;
        if (got <= 0) {
            if (phase_ != phase::closing) {
                fail(&bench_faults::lost, "lost: " + stream_->why());
            } else {
                end();
            }
            return;
        }
        now_ = bench_now();
        const bytes_mut bytes(shared_.input.data(), before + static_cast<std::size_t>(got));
        const std::size_t taken = take(bytes);
        if (phase_ == phase::ended) return;
        rest_.clear();
        rest_.append(bytes.subspan(taken));
        if (!stream_->is_tls() && static_cast<std::size_t>(got) < room.size()) break;
    }
    flush();
}

bool bench_session::on_message(ws::opcode, bytes_mut payload) {
    if (phase_ == phase::ended) return false;
    if (channel_) {
        const cale::opened opened = channel_->open(payload);
        if (opened.error != cale::open_error::none)
            return fail(&bench_faults::protocol, "a record of CALE that cannot be opened");
        payload = opened.frame;
    }
    const codec::decoded frame = codec::decode(payload);
    if (frame.error != codec::decode_error::none || frame.value.sid != sid_)
        return fail(&bench_faults::protocol, "what is no frame of the session");
    return take_frame(frame.value) && !parsing_;
}

bool bench_session::take_frame(const codec::frame &frame) {
    switch (frame.type) {
    case frame_type::ack:
        take_ack(frame.number);
        return true;
    case frame_type::utf8_data:
    case frame_type::binary_data:
        take_data(frame);
        return true;
    case frame_type::ping_pong:
        if (as_text(frame.payload) == codec::ping_text)
            put(frame_type::ping_pong, frame.number, as_bytes(codec::pong_text));
        else if (phase_ == phase::listening && as_text(frame.payload) == codec::pong_text)
            open();
        return true;
    case frame_type::error:
        return fail(&bench_faults::protocol, "ERROR: " + std::string(as_text(frame.payload)));
    case frame_type::server_hello:
    case frame_type::client_hello:
    case frame_type::handshake_done:
        if (phase_ != phase::cale)
            return fail(&bench_faults::protocol, "the server speaks CALE, or does so out of turn");
        shake_hands_of_cale(frame);
        return phase_ != phase::ended;
    }
    return true;
}

void bench_session::take_ack(std::uint32_t number) {
    ++shared_.checked_acks;
    if (number != next_ack_ || number == next_number_) {
        ++shared_.faults.wrong_acks;
        shared_.faults.tell("an ACK for " + std::to_string(number) + " where that for " +
                            std::to_string(next_ack_) + " was due");
        if (number >= next_number_) return;
    }
    next_ack_ = number + 1;
    if (!shared_.echoes) answer(number);
}

void bench_session::take_data(const codec::frame &frame) {
    put(frame_type::ack, frame.number, {});
    ++shared_.checked_echoes;
    if (shared_.broadcast != nullptr) return take_broadcast(frame);
    const bool due = shared_.echoes && next_answer_ != next_number_;
    if (!due || !shared_.message.is_echo(frame.type, frame.payload, salt_, next_answer_)) {
        ++shared_.faults.wrong_echoes;
        shared_.faults.tell(due ? "an echo that differs from the message"
                                : "a message that nobody asked for");
    }
    if (due) answer(next_answer_);
}

void bench_session::take_broadcast(const codec::frame &frame) {
    bench_broadcast &all = *shared_.broadcast;
    const std::uint32_t number = next_heard_;
    const bool due = all.is_under_way(number) && salt_ != all.salt();
    if (!due || !shared_.message.is_echo(frame.type, frame.payload, all.salt(), all.first() + number)) {
        ++shared_.faults.wrong_echoes;
        shared_.faults.tell(due ? "a message that differs from what was said" : "a message that nobody said");
    }
    if (!due) return;
    ++next_heard_;
    shared_.owner.on_heard(number, now_);
}

void bench_session::answer(std::uint32_t number) {
    next_answer_ = number + 1;
    if (shared_.broadcast != nullptr) return; // heard by the others is what counts
    shared_.owner.on_answer(*this, due_[number & (due_.size() - 1)], now_);
}

bool bench_session::on_ping(bytes_view payload) {
    std::uint8_t *const to = shared_.output.extend(ws::header_size(payload.size(), true) + payload.size());
    ws::write_masked(to, ws::opcode::pong, payload, shared_.keys.next());
    return true;
}

bool bench_session::on_close(std::uint16_t code, std::string_view reason) {
    if (phase_ == phase::closing) return false; // the end of the connection follows
    fail(&bench_faults::lost,
         "closed by the server with " + std::to_string(code) + " " + std::string(reason));
    return false;
}

void bench_session::send(std::uint64_t due) {
    if (outstanding() == due_.size()) {
        // Only in an open loop: who waits for nobody has no bound.
        std::vector<std::uint64_t> larger(2 * due_.size());
        for (std::uint32_t number = next_answer_; number != next_number_; ++number)
            larger[number & (larger.size() - 1)] = due_[number & (due_.size() - 1)];
        due_.swap(larger);
    }
    due_[next_number_ & (due_.size() - 1)] = due;
    put(shared_.message.frame(sid_, salt_, next_number_));
    ++next_number_;
}

void bench_session::put(frame_type type, std::uint32_t number, bytes_view payload) {
    std::uint8_t frame[codec::header_size + ws::max_control_size];
    put({frame, codec::write_frame(frame, {sid_, number, type, payload})});
}

void bench_session::put(bytes_view frame) {
    const ws::masking_key key = shared_.keys.next();
    if (!channel_) {
        std::uint8_t *const to = shared_.output.extend(ws::header_size(frame.size(), true) + frame.size());
        ws::write_masked(to, ws::opcode::binary, frame, key);
        return;
    }
    const std::size_t sealed = cale::sealed_size(frame.size());
    std::uint8_t *to = shared_.output.extend(ws::header_size(sealed, true) + sealed);
    to += ws::write_masked_header(to, ws::opcode::binary, sealed, key);
    std::copy(frame.begin(), frame.end(), to + cale::iv_size);
    if (!channel_->seal(to, frame.size())) fail(&bench_faults::protocol, "the keys of CALE are used up");
    ws::apply_mask({to, sealed}, key, 0);
}

void bench_session::flush() {
    byte_buffer &output = shared_.output;
    if (phase_ == phase::ended) return output.clear();
    const bool waits = !pending_.empty();
    if (waits) pending_.append(output.view());
    bytes_view rest = waits ? pending_.view().subspan(pending_begin_) : output.view();
    while (!rest.empty()) {
        const std::ptrdiff_t sent = stream_->write(rest);
        if (sent == bench_stream::later) break;
        if (sent == bench_stream::broken) {
            output.clear();
            fail(&bench_faults::lost, "lost: " + stream_->why());
            return;
        }
        rest = rest.subspan(static_cast<std::size_t>(sent));
    }
    if (waits) {
        pending_begin_ = pending_.size() - rest.size();
        if (rest.empty()) pending_.reset(), pending_begin_ = 0;
    } else {
        pending_.append(rest);
    }
    output.clear();
    watch_->want_write(!rest.empty());
}

void bench_session::close() {
    if (phase_ == phase::closing || phase_ == phase::ended) return;
    if (phase_ != phase::open) return end();
    phase_ = phase::closing;
    std::uint8_t frame[ws::max_masked_close_frame_size];
    const std::size_t size = ws::write_masked_close(frame, close_graceful, {}, shared_.keys.next());
    shared_.output.append({frame, size});
}

void bench_session::give_up() {
    fail(&bench_faults::unconnected, "no connection: it took too long");
}

bool bench_session::fail(std::uint64_t bench_faults::*kind, const std::string &words) {
    if (phase_ == phase::ended) return false;
    ++(shared_.faults.*kind);
    shared_.faults.tell(words);
    end();
    return false;
}

void bench_session::end() {
    phase_ = phase::ended;
    watch_.reset();
    shared_.output.clear();
    shared_.owner.on_end(*this);
}

} // namespace cryo_tool
