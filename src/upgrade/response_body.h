// The body of an answer (RFC 9112 section 6), as far as it is to be shown to people: bounded, and what is
// malformed ends it.
#pragma once

#include "upgrade/response.h"

namespace cryo_core::upgrade {

class response_body {
  public:
    // Keeps `max` bytes of it.
    response_body(const response &head, std::size_t max) noexcept;

    // Whether more is wanted; the rest of the connection is of no use.
    bool feed(bytes_view piece);
    bool wants_more() const noexcept { return state_ != state::over; }

    std::string take() noexcept { return std::move(kept_); }

  private:
    enum class state : std::uint8_t { plain, size, size_line, size_lf, chunk, chunk_cr, chunk_lf, over };

    void step(char c);
    void step_size(char c);
    bytes_view take_data(bytes_view piece);

    std::string kept_;
    std::size_t max_;
    std::uint64_t left_ = 0; // of a chunk, or of the whole body
    state state_ = state::plain;
    std::uint8_t digits_ = 0;
};

} // namespace cryo_core::upgrade
