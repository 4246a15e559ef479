// A descriptor that another event loop can watch: readable from signal() until clear().
#pragma once

namespace cryo_core::net {

class wake_fd {
  public:
    // Where the system gives none, fd() is -1 and the rest does nothing.
    wake_fd() noexcept;
    ~wake_fd();
    wake_fd(const wake_fd &) = delete;
    wake_fd &operator=(const wake_fd &) = delete;

    int fd() const noexcept { return read_; }
    void signal() noexcept;
    void clear() noexcept;

  private:
    int read_ = -1;
    int write_ = -1; // the same as read_ for an eventfd
};

} // namespace cryo_core::net
