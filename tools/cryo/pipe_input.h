// Lines out of a pipe or a file, as they are.
#pragma once

#include "input.h"

namespace cryo_tool {

class pipe_input final : public input {
  public:
    explicit pipe_input(int fd) : fd_(fd) {}

    int fd() const noexcept override { return fd_; }
    bool ready() const noexcept override;
    bool unread() const noexcept override { return !waiting_.empty(); }
    // Throws std::system_error, and std::length_error for a line over the limit, which defends the memory
    // against input that has no line ends.
    got read(std::string &line) override;

  private:
    static constexpr std::size_t longest_line = 256 * 1024 * 1024;

    void fill();
    got take(std::string &line);

    const int fd_;
    std::string waiting_;
    std::size_t searched_ = 0; // so far there is no line's end in it
    bool ended_ = false;
};

} // namespace cryo_tool
