// An object for the whole life of the process, also while other static objects end: threads may want it until
// the very last. It lies in static storage, so that no memory can be missing for it:
//
//     static never_destroyed<state> the_state;
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

namespace cryo_core {

template <class T>
class never_destroyed {
    static_assert(std::is_nothrow_default_constructible_v<T>);

  public:
    never_destroyed() noexcept { new (room_) T; }
    never_destroyed(const never_destroyed &) = delete;
    never_destroyed &operator=(const never_destroyed &) = delete;

    T &operator*() noexcept { return *std::launder(reinterpret_cast<T *>(room_)); }

  private:
    alignas(T) std::byte room_[sizeof(T)];
};

} // namespace cryo_core
