// The descriptors that the library has: kept off 0, 1 and 2, counted before they are needed, and closed in
// the child of a fork.
#pragma once

#include "base/status.h"

namespace cryo_core::net {

// A descriptor that the system has just given, moved if it is one of the lowest three. A process that has
// closed those writes its output and errors to them nevertheless: they must not go to a peer. -1: errno says
// why.
int above_standard(int descriptor) noexcept;

// While this lives, the lowest three are in use, so that what others open for us (libuv, which ends a process
// that closes one of them, and libwebsockets) is not among them.
class standard_descriptors_taken {
  public:
    standard_descriptors_taken() noexcept;
    ~standard_descriptors_taken();
    standard_descriptors_taken(const standard_descriptors_taken &) = delete;
    standard_descriptors_taken &operator=(const standard_descriptors_taken &) = delete;

  private:
    bool taken_[3] = {false, false, false};
};

// Whether the process may open so many more, now. libuv and libwebsockets end the process, or wait for ever,
// where they get none.
bool is_room_for_descriptors(int count) noexcept;
failure no_descriptors_left();

// What a child closes at once: else a port would stay taken, and a peer would not hear that a connection was
// closed, for as long as the child lives. A descriptor is given up here before it is closed.
void hold_descriptor(int descriptor) noexcept;
void give_up_descriptor(int descriptor) noexcept;

} // namespace cryo_core::net
