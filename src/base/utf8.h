// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include "base/bytes.h"

namespace cryo_core {

// The length of the longest beginning of text that is whole, valid UTF-8: text.size() when all of it is.
std::size_t utf8_error_offset(bytes_view text) noexcept;

inline bool utf8_valid(bytes_view text) noexcept {
    return utf8_error_offset(text) == text.size();
}

// The same for a text that arrives in pieces, cut anywhere.
class utf8_validator {
  public:
    // False as soon as no continuation could make the text valid, and ever after.
    bool feed(bytes_view piece) noexcept;

    // Whether the text may end here.
    bool complete() const noexcept { return !broken_ && following_ == 0; }

    void reset() noexcept { *this = {}; }

  private:
    bool step(std::uint8_t byte) noexcept;

    std::uint8_t following_ = 0; // how many bytes the character in progress still needs
    std::uint8_t low_ = 0;       // the bounds of the next of them
    std::uint8_t high_ = 0;
    bool broken_ = false;
};

} // namespace cryo_core
