// Two sessions with CALE, and between them whoever can read, change, drop, repeat, reorder and invent. The
// input is a list of steps. Whatever happens, nothing that was said is to be seen outside, only what was said
// is told, each thing once; and where nobody interferes, all of it.
#include "codec/decode.h"
#include "session/session.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <optional>
#include <string>
#include <vector>

using namespace cryo_core;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr uuid sid{
    {0x8c, 0x6a, 0x1f, 0x0e, 0x2b, 0x7d, 0x4e, 0x93, 0xa5, 0xc4, 0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a}};

// The same keys each time, so that an input does the same each time: one for each end.
int next_key = 0;
std::unique_ptr<cale::crypto::key_pair> known_key_pair() noexcept {
    std::array<std::uint8_t, 32> scalar{};
    scalar[31] = static_cast<std::uint8_t>(1 + (++next_key & 1));
    scalar[0] = 0x42;
    return cale::crypto::chosen().key_pair_from(scalar);
}

const cale::crypto::provider &provider() {
    static const cale::crypto::provider known = [] {
        cale::crypto::provider made = cale::crypto::chosen();
        made.make_key_pair = known_key_pair;
        return made;
    }();
    return known;
}

// Nothing here is about time: an end that waits goes on waiting.
const session_options &options() {
    static const session_options all = [] {
        session_options made{.keepalive = from_ms(1'000'000'000), .ack_timeout = from_ms(1'000)};
        made.cale = {.on = true, .timeout = from_ms(1'000'000'000), .rekey = {}, .provider = &provider()};
        return made;
    }();
    return all;
}

struct message {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t> original; // as it was said; empty: it is made up

    // What was changed and changed back is what was said.
    bool is_genuine() const { return bytes == original; }
};

struct saying {
    std::string payload;
    bool heard = false;
};

class end final : public session_events {
  public:
    end(cale::role self, time_us now)
        : one(sid, {.options = options(), .counters = counters_, .events = *this}, now, self) {}

    void on_open() override {
        require(one.secure() && !opened);
        opened = true;
    }
    void on_message(message_kind kind, bytes_view payload) override {
        require(opened && !closing && kind == message_kind::binary);
        require(hears_genuine); // be it a copy: whose original was dropped is told, and once
        const auto at = std::find_if(other->said.begin(), other->said.end(), [&](const saying &what) {
            return !what.heard && what.payload == as_text(payload);
        });
        require(at != other->said.end());
        at->heard = true;
    }
    void on_statistic(statistic, double) override {}
    void on_dropped(const data_frame &, drop_reason) override { require(false); } // the queue is large
    void on_writable() override {}
    void on_receipt(std::uint64_t, receipt_outcome, double, std::string_view) override { require(false); }
    void on_close_wanted(std::uint16_t code, std::string_view reason) override {
        require(!closing && !reason.empty());
        require(code == cryo_close::client_error || code == cryo_close::server_error ||
                code == cryo_close::cale_mismatch || code == cryo_close::cale_handshake);
        closing = true;
    }
    void on_computation(cale_job wanted) override {
        require(!job && !closing);
        job.emplace(std::move(wanted));
    }

    void say(bytes_view text, std::uint32_t serial, time_us now) {
        std::string payload(sizeof serial, '\0');
        store_be(reinterpret_cast<std::uint8_t *>(payload.data()), serial);
        payload += as_text(text);
        if (one.send(make_frame(message_kind::binary, shared_bytes::copy(as_bytes(payload))), now) ==
            status::ok)
            said.push_back({.payload = std::move(payload)});
    }

    void compute(time_us now) {
        if (!job) return;
        cale_job done = std::move(*job);
        job.reset();
        done.run();
        one.computed(std::move(done), now);
    }

    // What is ready goes out, where everybody sees it.
    void speak(time_us now) {
        while (const std::size_t size = one.next_frame_size()) {
            message made{.bytes = std::vector<std::uint8_t>(size), .original = {}};
            if (!one.take_frame(made.bytes.data(), now)) break;
            require_closed_book(made.bytes);
            made.original = made.bytes;
            out.push_back(std::move(made));
        }
        one.flushed();
    }

    void hear(message what, time_us now) {
        if (one.congested()) return;
        hears_genuine = what.is_genuine(); // it is opened in place
        one.receive(what.bytes, now);
        hears_genuine = false;
    }

    end *other = nullptr;
    std::vector<saying> said;
    std::deque<message> out; // on its way to the other end
    std::optional<cale_job> job;
    bool hears_genuine = false;
    bool opened = false;
    bool closing = false;

  private:
    // In the clear goes the handshake; of everything else nothing can be read.
    void require_closed_book(bytes_view bytes) const {
        const auto decoded = codec::decode(bytes);
        if (decoded.error == codec::decode_error::none && decoded.value.sid == sid) {
            const auto type = decoded.value.type;
            require(type == codec::frame_type::server_hello || type == codec::frame_type::client_hello ||
                    type == codec::frame_type::handshake_done);
            return;
        }
        require(opened && bytes.size() >= cale::record_overhead);
        // Behind the iv, which counts from zero: zeros that were said would be "found" in it.
        const std::string_view sealed = as_text(bytes.subspan(cale::iv_size));
        for (const saying &what : said)
            if (what.payload.size() >= 8) require(sealed.find(what.payload) == std::string_view::npos);
    }

    session_counters counters_;

  public:
    session one; // behind what it refers to
};

class course {
  public:
    explicit course(bytes_view data) : rest_(data) {
        next_key = 0;
        server_.other = &client_;
        client_.other = &server_;
        client_.one.peer_listens(now_);
        server_.one.peer_listens(now_);
    }

    void run() {
        while (!rest_.empty())
            step();
        if (!interfered_) settle();
    }

  private:
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

    void step() {
        const std::uint8_t what = byte();
        end &from = (what & 1) != 0 ? client_ : server_;
        switch (what / 2 % 11) {
        case 0:
            return from.speak(now_);
        case 1:
        case 2:
            return deliver(from);
        case 3:
            return from.say(bytes(byte() % 64), serial_++, now_);
        case 4:
            return from.compute(now_);
        case 5:
            return change(from);
        case 6:
            if (from.out.empty()) return;
            interfered_ = true;
            return from.out.pop_front();
        case 7:
            return repeat(from);
        case 8: // legal: an end has to cope with gaps and with another order, but only once it is secure
            if (from.out.size() < 2) return;
            interfered_ = true;
            return std::swap(from.out[0], from.out[1]);
        case 9:
            now_ += from_ms(byte()) + 1;
            server_.one.tick(now_);
            return client_.one.tick(now_);
        default:
            return invent(from);
        }
    }

    void deliver(end &from) {
        if (from.out.empty()) return;
        message what = std::move(from.out.front());
        from.out.pop_front();
        from.other->hear(std::move(what), now_);
    }

    void change(end &from) {
        const std::size_t where = byte();
        const std::uint8_t bits = byte();
        if (from.out.empty() || bits == 0) return;
        message &what = from.out.front();
        if (what.bytes.empty()) return;
        interfered_ = true;
        what.bytes[where % what.bytes.size()] ^= bits;
    }

    void repeat(end &from) {
        if (from.out.empty()) return;
        interfered_ = true;
        message copy = from.out.front();
        from.out.insert(from.out.begin() + 1, std::move(copy));
    }

    void invent(end &from) {
        interfered_ = true;
        message made{.bytes = {}, .original = {}};
        const std::uint8_t type = byte();
        const bytes_view payload = bytes(byte() % 80);
        if (type < 16) { // a frame of this session
            made.bytes.assign(sid.bytes.begin(), sid.bytes.end());
            made.bytes.insert(made.bytes.end(), {0, 0, 0, 0, type});
        }
        made.bytes.insert(made.bytes.end(), payload.begin(), payload.end());
        from.out.push_front(std::move(made));
    }

    // Nobody has interfered: both get there, and hear everything.
    void settle() {
        for (int round = 0; round < 8; ++round) {
            for (end *one : {&server_, &client_}) {
                one->compute(now_);
                one->speak(now_);
                while (!one->out.empty())
                    deliver(*one);
            }
        }
        for (const end *one : {&server_, &client_}) {
            require(one->opened && !one->closing && one->one.secure());
            for (const saying &what : one->said)
                require(what.heard);
        }
    }

    bytes_view rest_;
    time_us now_ = 1;
    std::uint32_t serial_ = 0;
    bool interfered_ = false;
    end server_{cale::role::server, now_};
    end client_{cale::role::client, now_};
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    course({data, size}).run();
    return 0;
}
