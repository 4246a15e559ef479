#include "net/descriptors.h"

#include "base/fork.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#ifndef _WIN32
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace cryo_core::net {

#ifdef _WIN32

// There are no such numbers there, and no forks.
int above_standard(int descriptor) noexcept {
    return descriptor;
}
standard_descriptors_taken::standard_descriptors_taken() noexcept = default;
standard_descriptors_taken::~standard_descriptors_taken() = default;
bool is_room_for_descriptors(int) noexcept {
    return true;
}
void hold_descriptor(int) noexcept {}
void give_up_descriptor(int) noexcept {}

#else

namespace {

constexpr int standard_count = 3;

int open_nothing() noexcept {
    return ::open("/dev/null", O_RDWR | O_CLOEXEC);
}

// One bit for each descriptor, in pieces that are made when they are needed and stay.
constexpr std::size_t bits_of_word = 64;
constexpr std::size_t words_of_piece = 512;
constexpr std::size_t bits_of_piece = bits_of_word * words_of_piece;
constexpr std::size_t most_pieces = 1024; // for 33 million; what is beyond is not closed in a child
using piece = std::array<std::atomic<std::uint64_t>, words_of_piece>;
constinit piece first_piece{}; // what nearly all processes do with needs no memory
constinit std::array<std::atomic<piece *>, most_pieces> held{&first_piece};

piece *piece_for(std::size_t index) noexcept {
    piece *there = held[index].load(std::memory_order_acquire);
    if (there != nullptr) return there;
    piece *const made = new (std::nothrow) piece{};
    if (made == nullptr) return nullptr;
    if (held[index].compare_exchange_strong(there, made, std::memory_order_acq_rel)) return made;
    delete made; // another thread was faster
    return there;
}

void close_held() noexcept {
    for (std::size_t at = 0; at < most_pieces; ++at) {
        piece *const one = held[at].load(std::memory_order_relaxed);
        for (std::size_t i = 0; one != nullptr && i < words_of_piece; ++i) {
            const std::uint64_t word = (*one)[i].exchange(0, std::memory_order_relaxed);
            for (std::size_t bit = 0; word >> bit != 0; ++bit) {
                if ((word >> bit & 1) != 0)
                    ::close(static_cast<int>(at * bits_of_piece + i * bits_of_word + bit));
                if (bit + 1 == bits_of_word) break;
            }
        }
    }
}

} // namespace

int above_standard(int descriptor) noexcept {
    if (descriptor < 0 || descriptor >= standard_count) return descriptor;
    const int moved = ::fcntl(descriptor, F_DUPFD_CLOEXEC, standard_count);
    const int error = errno;
    ::close(descriptor);
    errno = error;
    return moved;
}

standard_descriptors_taken::standard_descriptors_taken() noexcept {
    for (;;) {
        const int got = open_nothing(); // the lowest that is free
        if (got < 0) return;
        if (got >= standard_count) {
            ::close(got);
            return;
        }
        taken_[got] = true;
    }
}

standard_descriptors_taken::~standard_descriptors_taken() {
    for (int i = 0; i < standard_count; ++i)
        if (taken_[i]) ::close(i);
}

bool is_room_for_descriptors(int count) noexcept {
    constexpr int most = 64;
    int got[most];
    int size = 0;
    while (size < count && size < most) {
        const int one = open_nothing();
        if (one < 0) break;
        got[size++] = one;
    }
    const bool all = size == count || size == most;
    while (size > 0)
        ::close(got[--size]);
    return all;
}

void hold_descriptor(int descriptor) noexcept {
    static const bool watched = [] {
        at_fork({.in_child = close_held});
        return true;
    }();
    static_cast<void>(watched);
    const auto number = static_cast<std::size_t>(descriptor);
    if (descriptor < 0 || number >= most_pieces * bits_of_piece) return;
    piece *const in = piece_for(number / bits_of_piece);
    if (in == nullptr) return;
    (*in)[number % bits_of_piece / bits_of_word].fetch_or(std::uint64_t{1} << number % bits_of_word,
                                                          std::memory_order_relaxed);
}

void give_up_descriptor(int descriptor) noexcept {
    const auto number = static_cast<std::size_t>(descriptor);
    if (descriptor < 0 || number >= most_pieces * bits_of_piece) return;
    piece *const in = held[number / bits_of_piece].load(std::memory_order_acquire);
    if (in == nullptr) return;
    (*in)[number % bits_of_piece / bits_of_word].fetch_and(~(std::uint64_t{1} << number % bits_of_word),
                                                           std::memory_order_relaxed);
}

#endif

failure no_descriptors_left() {
    return {status::system,
            "no descriptors are left for an event loop; raise the limit of open files (ulimit "
            "-n) or close some"};
}

} // namespace cryo_core::net
