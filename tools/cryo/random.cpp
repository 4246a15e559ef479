#include "random.h"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cryo_tool {

void fill_random(std::span<std::uint8_t> out) {
    if (getentropy(out.data(), out.size()) != 0)
        throw std::system_error(errno, std::generic_category(), "getentropy");
}

} // namespace cryo_tool
