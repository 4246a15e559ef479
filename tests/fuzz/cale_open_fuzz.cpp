// A receiver of CALE under a network that does as the input says: nothing but what was sealed comes out, each
// record at most once, and never a changed one. A run of instructions, each a byte and its operand:
//   0 N BYTES   N bytes arrive that nobody sealed     1 N   a frame with a payload of N bytes is sealed
//   2 I         the I-th record arrives               3 I AT MASK   it arrives with a byte changed
//   4 I N       it arrives cut to N bytes             5 N   the sender goes on N * 64 counters later
#include "cale/opener.h"
#include "cale/sealer.h"
#include "codec/encode.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace cryo_core;
using namespace cryo_core::cale;

namespace {

using bytes = std::vector<std::uint8_t>;

constexpr std::size_t most_records = 64;

void require(bool holds) {
    if (!holds) std::abort();
}

class input {
  public:
    explicit input(bytes_view from) : rest_(from) {}
    bool empty() const { return rest_.empty(); }
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const std::uint8_t first = rest_[0];
        rest_ = rest_.subspan(1);
        return first;
    }
    bytes take(std::size_t size) {
        const bytes_view taken = rest_.first(std::min(size, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return {taken.begin(), taken.end()};
    }

  private:
    bytes_view rest_;
};

class bench {
  public:
    void run(input script) {
        while (!script.empty() && !genuine_)
            step(script);
    }

  private:
    static constexpr std::array<std::uint8_t, key_size> key{1, 2, 3};

    struct sealed {
        std::uint32_t counter;
        bytes frame;
        bytes record;
        bool arrived = false;
    };

    void step(input &script) {
        switch (script.byte() % 6) {
        case 0:
            return arrive_strange(script.take(script.byte()));
        case 1:
            return seal(script.byte());
        case 2:
            return arrive(choose(script));
        case 3: {
            sealed *const which = choose(script);
            const std::uint8_t at = script.byte();
            return change(which, at, script.byte());
        }
        case 4: {
            sealed *const which = choose(script);
            return cut(which, script.byte());
        }
        default:
            return skip(script.byte());
        }
    }

    sealed *choose(input &script) {
        const std::size_t which = script.byte();
        return records_.empty() ? nullptr : &records_[which % records_.size()];
    }

    void seal(std::size_t payload) {
        if (records_.size() == most_records) return;
        bytes frame(codec::header_size + payload, static_cast<std::uint8_t>(records_.size()));
        codec::write_header(frame.data(), uuid{}, next_counter_, codec::frame_type::binary_data);
        bytes record(frame.size() + record_overhead);
        std::copy(frame.begin(), frame.end(), record.begin() + iv_size);
        rekey_limits limits;
        limits.first_counter = next_counter_;
        sealer by(crypto::chosen().make_sealing_key(key), limits);
        require(by.seal(record));
        require(record[ambiguous_offset] > last_frame_type);
        const auto counter = load_be<std::uint32_t>(record.data() + counter_offset);
        require(counter >= next_counter_);
        next_counter_ = counter + 1;
        records_.push_back({counter, frame, record});
    }

    void skip(std::size_t steps) { next_counter_ += static_cast<std::uint32_t>(64 * steps); }

    void arrive(sealed *which) {
        if (which == nullptr) return;
        bytes record = which->record;
        const auto got = opener_.open(record);
        const bool is_old = any_ && highest_ >= which->counter + replay_window::width;
        require(got.error == (which->arrived || is_old ? open_error::replayed : open_error::none));
        if (got.error != open_error::none) return require(got.frame.empty());
        require(bytes(got.frame.begin(), got.frame.end()) == which->frame);
        which->arrived = true;
        highest_ = std::max(highest_, which->counter);
        any_ = true;
    }

    void change(sealed *which, std::size_t at, std::uint8_t mask) {
        if (which == nullptr || mask == 0) return;
        bytes record = which->record;
        record[at % record.size()] ^= mask;
        refuse(std::move(record));
    }

    void cut(sealed *which, std::size_t size) {
        if (which == nullptr || size >= which->record.size()) return;
        refuse(bytes(which->record.begin(), which->record.begin() + static_cast<std::ptrdiff_t>(size)));
    }

    // The fuzzer may copy a record of ours in full.
    void arrive_strange(bytes message) {
        for (sealed &each : records_)
            if (each.record == message) return arrive(&each);
        refuse(std::move(message));
    }

    void refuse(bytes message) {
        const bytes before = message;
        const auto got = opener_.open(message);
        if (got.error == open_error::none) return require(genuine_ = is_genuine(before, got.frame));
        require(got.frame.empty());
        // The tag fits, as that of a record of an earlier run's does, which the fuzzer has kept.
        if (got.error == open_error::replayed) return require(genuine_ = has_come(before));
        require(got.error == open_error::not_a_record || got.error == open_error::forged);
        require(got.error == open_error::forged || message == before);
    }

    bool has_come(bytes_view record) const {
        const auto counter = load_be<std::uint32_t>(record.data() + counter_offset);
        const auto is_it = [&](const sealed &each) { return each.arrived && each.counter == counter; };
        return (any_ && highest_ >= counter + replay_window::width) ||
               std::any_of(records_.begin(), records_.end(), is_it);
    }

    // It sees what its input is compared with, the tag too, so that it can make one that fits, in the end.
    // Then it is the record that a sealer would have made, byte for byte; what it says of the others is over.
    static bool is_genuine(const bytes &record, bytes_view frame) {
        bytes made(record.size());
        std::copy(frame.begin(), frame.end(), made.begin() + iv_size);
        rekey_limits limits;
        limits.first_counter = load_be<std::uint32_t>(record.data() + counter_offset);
        sealer by(crypto::chosen().make_sealing_key(key), limits);
        return frame.size() + record_overhead == record.size() && by.seal(made) && made == record;
    }

    opener opener_{crypto::chosen().make_opening_key(key)};
    std::vector<sealed> records_;
    std::uint32_t next_counter_ = 0;
    std::uint32_t highest_ = 0;
    bool any_ = false;
    bool genuine_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    bench().run(input({data, size}));
    return 0;
}
