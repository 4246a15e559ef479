// A session under any peer, any application and any course of time. The input is a list of steps: an opcode
// and what it needs. Whatever happens, the session keeps to the protocol as its comments promise it.
#include "codec/decode.h"
#include "session/session.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

using namespace cryo_core;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr uuid sid{
    {0x8c, 0x6a, 0x1f, 0x0e, 0x2b, 0x7d, 0x4e, 0x93, 0xa5, 0xc4, 0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a}};

const session_options options{.keepalive = from_ms(100),
                              .ack_timeout = from_ms(40),
                              .hello_wait = from_ms(20),
                              .max_violations = 8,
                              .high_water_mark = 400,
                              .low_water_mark = 100,
                              .max_queued_bytes = 600,
                              .max_queue_count = 6,
                              .policy = drop_policy::drop_newest};

class input {
  public:
    explicit input(bytes_view all) : rest_(all) {}
    bool empty() const { return rest_.empty(); }
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const std::uint8_t first = rest_.front();
        rest_ = rest_.subspan(1);
        return first;
    }
    bytes_view bytes(std::size_t most) {
        const bytes_view taken = rest_.first(std::min(most, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }

  private:
    bytes_view rest_;
};

class course final : public session_events {
  public:
    explicit course(bytes_view data)
        : in_(data), one_(sid, {.options = options, .counters = counters_, .events = *this}, now_) {}

    void run() {
        while (!in_.empty()) {
            step();
            judge_at_once();
            require_sound();
        }
        take_all();
        require(pongs_due_.empty() && acks_due_.empty() && accepted_.empty());
    }

    void on_open() override {
        require(!opened_ && !closing_);
        opened_ = true;
        maybe_close();
    }
    void on_message(message_kind, bytes_view payload) override {
        require(opened_ && !closing_);
        require(!early_.empty() || expected_);
        // Its ACK is there, behind those of the messages before it.
        acks_due_.push_back(number_told());
        require(as_text(payload) == payload_told());
        told();
        maybe_close();
    }
    void on_statistic(statistic which, double value) override {
        require(opened_ && value >= 0);
        if (which == statistic::bytes_rx) require(value == static_cast<double>(received_));
        maybe_close();
    }
    void on_dropped(const data_frame &, drop_reason) override { require(false); } // nothing gives way
    void on_writable() override { maybe_close(); }
    void on_receipt(std::uint64_t, receipt_outcome, double, std::string_view) override { require(false); }
    void on_close_wanted(std::uint16_t code, std::string_view reason) override {
        require(!close_wanted_ && !closing_ && !reason.empty());
        require(code == cryo_close::client_error || code == cryo_close::invalid_payload ||
                code == cryo_close::cale_mismatch);
        close_wanted_ = closing_ = true;
    }
    void on_computation(cale_job) override { require(false); } // without CALE there is none
    std::uint8_t *place_for(std::size_t size) noexcept override {
        require(opened_ && size >= codec::header_size);
        return in_turn_ ? at_once_.emplace_back(size).data() : nullptr;
    }
    void leave_out(std::size_t) noexcept override { require(false); }

  private:
    // --- steps --------------------------------------------------------------------------------------------
    void step() {
        const std::uint8_t what = in_.byte();
        switch (what % 12) {
        case 0:
            return hear(in_.bytes(in_.byte())); // anything
        case 1:
        case 2:
            return hear_frame(codec::frame_type::utf8_data, in_.bytes(what / 12));
        case 3:
            return hear_frame(static_cast<codec::frame_type>(what / 12 % 10), in_.bytes(in_.byte() % 70));
        case 4:
            return hear_frame(codec::frame_type::ping_pong, as_bytes(what < 128 ? "ping" : "pong"));
        case 5:
            return hear_frame(codec::frame_type::ack, {});
        case 6:
            return pass(in_.byte());
        case 7:
            return one_.peer_listens(now_);
        case 8:
            return say(in_.bytes(in_.byte()));
        case 9:
            for (int n = what / 12; n > 0 && take_one(); --n) {
            }
            return;
        case 10:
            return one_.flushed();
        default:
            return rare(what / 12);
        }
    }

    void rare(unsigned which) {
        switch (which % 7) {
        case 0:
            return one_.ping();
        case 1:
            closing_ = true;
            return one_.begin_close();
        case 2:
            close_inside_ = true;
            return;
        case 3:
            take_all();
            return one_.flushed();
        case 4:
            return one_.excuse_silence();
        case 5:
            in_turn_ = !in_turn_;
            return;
        default:
            return pass(255);
        }
    }

    void pass(std::uint8_t ms) {
        now_ += from_ms(ms) + 1;
        one_.tick(now_);
        require(one_.deadline() > now_);
    }

    void say(bytes_view payload) {
        const bool taken =
            one_.send_at_once(message_kind::binary, payload, now_) ||
            one_.send(make_frame(message_kind::binary, shared_bytes::copy(payload)), now_) == status::ok;
        require(!(taken && closing_));
        if (taken) accepted_.emplace_back(as_text(payload));
    }

    void hear_frame(codec::frame_type type, bytes_view payload) {
        std::vector<std::uint8_t> message(sid.bytes.begin(), sid.bytes.end());
        const std::uint32_t number = in_.byte() % 16;
        message.resize(codec::header_size);
        store_be(message.data() + codec::number_offset, number);
        message[codec::type_offset] = static_cast<std::uint8_t>(type);
        message.insert(message.end(), payload.begin(), payload.end());
        hear(message);
    }

    void hear(bytes_view message) {
        if (one_.congested()) return; // as whoever reads for it does
        received_ += message.size();
        const auto decoded = codec::decode(message);
        const bool good = decoded.error == codec::decode_error::none && decoded.value.sid == sid;
        const bool data = good && codec::is_data(decoded.value.type);
        const heard what{decoded.number, data ? std::string(as_text(decoded.value.payload)) : ""};
        const bool ping = good && decoded.value.type == codec::frame_type::ping_pong &&
                          as_text(decoded.value.payload) == codec::ping_text;
        if (ping) pongs_due_.push_back(decoded.number);
        if (!opened_ && !closing_) {
            if (data) early_.push_back(what);
        } else {
            expected_ = data;
            now_heard_ = what;
        }
        std::vector<std::uint8_t> copy(message.begin(), message.end());
        one_.receive(copy, now_);
        require(!expected_ || closing_); // it was told, unless the session closes
        expected_ = false;
    }

    // --- what is told -------------------------------------------------------------------------------------
    struct heard {
        std::uint32_t number = 0;
        std::string payload;
    };
    std::uint32_t number_told() const { return early_.empty() ? now_heard_.number : early_.front().number; }
    const std::string &payload_told() const {
        return early_.empty() ? now_heard_.payload : early_.front().payload;
    }
    void told() {
        if (early_.empty())
            expected_ = false;
        else
            early_.pop_front();
    }
    void maybe_close() {
        if (!std::exchange(close_inside_, false)) return;
        closing_ = true;
        one_.begin_close();
    }

    // --- what comes out -----------------------------------------------------------------------------------
    bool take_one() {
        const std::size_t size = one_.next_frame_size();
        if (size == 0) return false;
        require(opened_); // nothing before the peer listens
        std::vector<std::uint8_t> out(size);
        require(one_.take_frame(out.data(), now_));
        judge(out);
        return true;
    }

    void judge_at_once() {
        for (const auto &frame : std::exchange(at_once_, {}))
            judge(frame);
    }

    void judge(bytes_view out) {
        sent_ += out.size();
        const auto decoded = codec::decode(out);
        require(decoded.error == codec::decode_error::none && decoded.value.sid == sid);
        judge(decoded.value);
    }

    void judge(const codec::frame &frame) {
        const auto answers = [&](std::deque<std::uint32_t> &due) {
            require(!due.empty() && due.front() == frame.number);
            due.pop_front();
        };
        switch (frame.type) {
        case codec::frame_type::ack:
            return answers(acks_due_); // one for each, and in order
        case codec::frame_type::error:
            return require(as_text(frame.payload) == codec::invalid_operation_text);
        case codec::frame_type::ping_pong:
            if (as_text(frame.payload) == codec::ping_text) return require(frame.number == next_number_++);
            return answers_some_ping(frame.number);
        default:
            require(frame.type == codec::frame_type::binary_data && frame.number == next_number_++);
            require(!accepted_.empty() && accepted_.front() == as_text(frame.payload));
            accepted_.pop_front();
        }
    }

    // Pings that came while the session was closing, or too early for it, get no answer.
    void answers_some_ping(std::uint32_t number) {
        while (!pongs_due_.empty() && pongs_due_.front() != number)
            pongs_due_.pop_front();
        require(!pongs_due_.empty());
        pongs_due_.pop_front();
    }

    void take_all() {
        if (!opened_) one_.peer_listens(now_);
        judge_at_once();
        do {
            while (take_one()) {
            }
            one_.flushed();
        } while (one_.next_frame_size() > 0);
        if (closing_) {
            pongs_due_.clear();
            if (!opened_) accepted_.clear();
        }
    }

    void require_sound() {
        require(one_.open() == (opened_ && !closing_));
        require(counters_.bytes_rx.load() == received_ && counters_.bytes_tx.load() == sent_);
        require(counters_.ack_timeouts.load() >= timeouts_);
        timeouts_ = counters_.ack_timeouts.load();
        require(counters_.queued_count.load() <= options.max_queue_count);
        require(counters_.rtt_ms.load() < 40.0 + 1e9); // a number
    }

    input in_;
    time_us now_ = 1;
    session_counters counters_;
    session one_;
    std::deque<heard> early_;
    heard now_heard_;
    std::deque<std::string> accepted_;
    std::deque<std::uint32_t> acks_due_;
    std::deque<std::uint32_t> pongs_due_;
    std::deque<std::vector<std::uint8_t>> at_once_;
    std::uint64_t received_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t timeouts_ = 0;
    std::uint32_t next_number_ = 0;
    bool expected_ = false; // a message that was received now is to be told now
    bool in_turn_ = false;  // what it says has a place
    bool opened_ = false;
    bool closing_ = false;
    bool close_wanted_ = false;
    bool close_inside_ = false; // the application closes in the next event
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    course({data, size}).run();
    return 0;
}
