#include "bench/message.h"

#include "codec/encode.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace cryo_tool {
namespace {

using namespace cryo_core;
using mark = std::array<char, 8>;

constexpr std::array<std::array<char, 2>, 256> two_digits_for_each_byte() noexcept {
    constexpr std::string_view all = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = {all[i / 16], all[i % 16]};
    return table;
}

constexpr auto digits = two_digits_for_each_byte(); // hexadecimal ones

mark mark_of(std::uint32_t salt, std::uint32_t number) noexcept {
    const std::uint32_t value = salt ^ number;
    mark text;
    for (std::size_t i = 0; i < sizeof value; ++i)
        std::memcpy(text.data() + 2 * i, digits[value >> (8 * i) & 0xff].data(), 2);
    return text;
}

} // namespace

// As text, printable characters; as binary, every byte there is, so that nothing can be taken for text.
bench_message::bench_message(std::size_t size, bool binary)
    : frame_(codec::header_size + size),
      type_(binary ? codec::frame_type::binary_data : codec::frame_type::utf8_data) {
    for (std::size_t i = 0; i < size; ++i)
        frame_[codec::header_size + i] =
            static_cast<std::uint8_t>(binary ? 255 - i * 7 % 256 : ' ' + i * 7 % 95);
}

bytes_view bench_message::frame(const uuid &sid, std::uint32_t salt, std::uint32_t number) noexcept {
    codec::write_header(frame_.data(), sid, number, type_);
    const mark text = mark_of(salt, number);
    std::memcpy(frame_.data() + codec::header_size, text.data(), std::min(size(), mark_size));
    return frame_;
}

bool bench_message::is_echo(codec::frame_type type, bytes_view payload, std::uint32_t salt,
                            std::uint32_t number) const noexcept {
    if (type != type_ || payload.size() != size()) return false;
    const mark text = mark_of(salt, number);
    const std::size_t marked = std::min(size(), mark_size);
    return std::memcmp(payload.data(), text.data(), marked) == 0 &&
           std::memcmp(payload.data() + marked, frame_.data() + codec::header_size + marked,
                       size() - marked) == 0;
}

} // namespace cryo_tool
