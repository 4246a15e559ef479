#include "cale/sealer.h"

#include <algorithm>

namespace cryo_core::cale {

namespace {

constexpr std::uint64_t counter_end = std::uint64_t{1} << 32;

// The first block tells: it holds byte 20 of the record.
constexpr std::size_t ambiguous_in_block = ambiguous_offset - iv_size;
static_assert(ambiguous_offset >= iv_size && ambiguous_in_block < block_size);
static_assert(codec::header_size > block_size);

} // namespace

// The next counter whose record nobody can take for a plaintext frame, and that record's beginning.
bool sealer::begin(bytes_view first, record_iv &iv, beginning &sealed) noexcept {
    while (next_counter_ < counter_end) {
        iv = iv_of(static_cast<std::uint32_t>(next_counter_++));
        if (!key_->begin(iv, first, sealed.data())) return false;
        if (sealed[ambiguous_in_block] > last_frame_type) return true;
    }
    return false;
}

bool sealer::seal(bytes_mut record) noexcept {
    if (record.size() < record_overhead + codec::header_size) return false;
    const bytes_mut frame = record.subspan(iv_size, record.size() - record_overhead);
    record_iv iv;
    const bytes_mut first = frame.first(std::min(frame.size(), beginning_size));
    beginning sealed;
    if (!begin(first, iv, sealed)) return false;
    std::memcpy(record.data(), iv.data(), iv.size());
    std::memcpy(first.data(), sealed.data(), first.size());
    sealed_bytes_ += frame.size();
    return key_->finish(frame.subspan(first.size()), record.data() + iv_size + frame.size());
}

} // namespace cryo_core::cale
