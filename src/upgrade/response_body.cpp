#include "upgrade/response_body.h"

#include "upgrade/syntax.h"

#include <algorithm>

namespace cryo_core::upgrade {

namespace {

constexpr std::uint8_t max_size_digits = 8; // 4 GiB in one chunk

} // namespace

response_body::response_body(const response &head, std::size_t max) noexcept : max_(max) {
    const bool has_none = head.status < 200 || head.status == 204 || head.status == 304;
    if (!head.chunked) left_ = head.content_length.value_or(UINT64_MAX); // up to the end of the connection
    if (has_none || (!head.chunked && left_ == 0))
        state_ = state::over;
    else if (head.chunked)
        state_ = state::size;
}

bool response_body::feed(bytes_view piece) {
    while (!piece.empty() && state_ != state::over) {
        if (state_ == state::plain || state_ == state::chunk) {
            piece = take_data(piece);
        } else {
            step(static_cast<char>(piece.front()));
            piece = piece.subspan(1);
        }
    }
    return wants_more();
}

bytes_view response_body::take_data(bytes_view piece) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), left_));
    kept_ += as_text(piece.first(std::min(size, max_ - kept_.size())));
    left_ -= size;
    if (kept_.size() == max_)
        state_ = state::over;
    else if (left_ == 0)
        state_ = state_ == state::chunk ? state::chunk_cr : state::over;
    return piece.subspan(size);
}

void response_body::step(char c) {
    switch (state_) {
    case state::size:
        return step_size(c);
    case state::size_line: // an extension of the chunk
        if (c == '\r') state_ = state::size_lf;
        if (c == '\n') state_ = state::over;
        return;
    case state::size_lf:
        state_ = c == '\n' && left_ > 0 ? state::chunk : state::over;
        return;
    case state::chunk_cr:
        state_ = c == '\r' ? state::chunk_lf : state::over;
        return;
    case state::chunk_lf:
        state_ = c == '\n' ? state::size : state::over;
        digits_ = 0;
        return;
    case state::plain:
    case state::chunk:
    case state::over:
        return;
    }
}

void response_body::step_size(char c) {
    const int value = hex_value(c);
    if (value >= 0 && digits_ < max_size_digits) {
        left_ = left_ * 16 + static_cast<unsigned>(value);
        ++digits_;
    } else if (digits_ > 0 && (c == ';' || c == ' ' || c == '\t')) {
        state_ = state::size_line;
    } else {
        state_ = digits_ > 0 && c == '\r' ? state::size_lf : state::over;
    }
}

} // namespace cryo_core::upgrade
