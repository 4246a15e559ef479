// Records to frames, for the end that receives: only what is genuine, and that only once.
#pragma once

#include "cale/crypto.h"
#include "cale/replay_window.h"

namespace cryo_core::cale {

enum class open_error : std::uint8_t {
    none,
    not_a_record, // too short, or an iv that does not begin with eight zero bytes; the bytes are untouched
    forged,       // the tag is wrong
    replayed,     // genuine, and seen before or too old
};

struct opened {
    open_error error = open_error::not_a_record;
    bytes_mut
        frame; // with none: somewhere in the record's memory; with forged and replayed that memory is rubbish
};

class opener {
  public:
    // The key comes from a provider and is not null.
    explicit opener(std::unique_ptr<crypto::opening_key> key) noexcept : key_(std::move(key)) {}

    // Opens a record in place.
    [[nodiscard]] opened open(bytes_mut record) noexcept;

    // True once there was a valid record.
    bool has_opened() const noexcept { return has_opened_; }

  private:
    std::unique_ptr<crypto::opening_key> key_;
    replay_window window_;
    bool has_opened_ = false;
};

} // namespace cryo_core::cale
