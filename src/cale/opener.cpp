#include "cale/opener.h"

namespace cryo_core::cale {

namespace {

bool is_record(bytes_view message) noexcept {
    if (message.size() < record_overhead) return false;
    static_assert(counter_offset == sizeof(std::uint64_t));
    return load_be<std::uint64_t>(message.data()) == 0;
}

} // namespace

opened opener::open(bytes_mut record) noexcept {
    if (!is_record(record)) return {};
    const auto counter = load_be<std::uint32_t>(record.data() + counter_offset);
    const auto frame = key_->open(record);
    // The tag comes first: a forger must not be able to move the window, nor learn what is in it.
    if (!frame) return {open_error::forged, {}};
    if (!window_.take(counter)) {
        wipe(*frame);
        return {open_error::replayed, {}};
    }
    has_opened_ = true;
    return {open_error::none, *frame};
}

} // namespace cryo_core::cale
