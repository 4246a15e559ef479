#include "base/random.h"

#include <algorithm>
#include <random>

namespace cryo_core {

void fill_random(bytes_mut out) {
    std::random_device system; // nothing but the system's generator on what we build for
    while (!out.empty()) {
        const std::uint32_t word = system();
        const std::size_t n = std::min(out.size(), sizeof word);
        std::memcpy(out.data(), &word, n);
        out = out.subspan(n);
    }
}

} // namespace cryo_core
