// The texts of the command line, one after the other.
#pragma once

#include "input.h"

#include <vector>

namespace cryo_tool {

class text_input final : public input {
  public:
    explicit text_input(std::vector<std::string> texts) : texts_(std::move(texts)) {}

    int fd() const noexcept override { return -1; }
    bool ready() const noexcept override { return true; }
    bool unread() const noexcept override { return next_ < texts_.size(); }
    got read(std::string &line) override {
        if (next_ == texts_.size()) return got::end;
        line = texts_[next_++];
        return got::line;
    }

  private:
    const std::vector<std::string> texts_;
    std::size_t next_ = 0;
};

} // namespace cryo_tool
