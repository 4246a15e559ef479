#include "base/uuid.h"

#include "base/random.h"

#include <random>

namespace cryo_core {

namespace {

constexpr std::size_t text_size = 36;

constexpr bool is_dash_position(std::size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::uint64_t process_seed() {
    static const std::uint64_t seed = [] {
        std::random_device random;
        return (static_cast<std::uint64_t>(random()) << 32) | random();
    }();
    return seed;
}

std::uint64_t mix(std::uint64_t x) { // the finalizer of SplitMix64
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

} // namespace

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
    if (text.size() != text_size) return std::nullopt;
    uuid id;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_dash_position(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0) return std::nullopt;
        auto &byte = id.bytes[digits / 2];
        byte = static_cast<std::uint8_t>((byte << 4) | value);
        ++digits;
    }
    return id;
}

std::string uuid::text() const {
    constexpr char digits[] = "0123456789abcdef";
    std::string out(text_size, '-');
    std::size_t at = 0;
    for (const std::uint8_t byte : bytes) {
        if (is_dash_position(at)) ++at;
        out[at++] = digits[byte >> 4];
        out[at++] = digits[byte & 15];
    }
    return out;
}

uuid uuid::random() {
    uuid made;
    fill_random(made.bytes);
    made.bytes[6] = static_cast<std::uint8_t>((made.bytes[6] & 0x0f) | 0x40); // the version
    made.bytes[8] = static_cast<std::uint8_t>((made.bytes[8] & 0x3f) | 0x80); // the variant
    return made;
}

std::size_t uuid_hash::operator()(const uuid &id) const noexcept {
    const auto high = load_be<std::uint64_t>(id.bytes.data());
    const auto low = load_be<std::uint64_t>(id.bytes.data() + 8);
    return static_cast<std::size_t>(mix(mix(high ^ process_seed()) ^ low));
}

} // namespace cryo_core
