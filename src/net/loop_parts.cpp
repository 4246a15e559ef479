// What other layers keep for a loop.
#include "net/loop_core.h"

#include <utility>

namespace cryo_core::net {

loop_part *loop_core::find_part(const void *whose) const noexcept {
    for (const auto &one : parts_)
        if (one->key() == whose) return one.get();
    return nullptr;
}

void loop_core::add_part(std::unique_ptr<loop_part> one) {
    owner_.last_part_ = nullptr;
    tell_parts(); // none that goes is to be told any more
    std::erase_if(parts_, [](const auto &each) { return each->is_stale(); });
    asked_parts_.reserve(parts_.size() + 1);
    parts_.push_back(std::move(one));
}

void loop_core::tell_parts() noexcept {
    for (loop_part *const one : asked_parts_) {
        one->asked_ = false;
        one->on_sockets_read();
    }
    asked_parts_.clear();
}

loop_part *loop::find_part(const void *whose) const noexcept {
    loop_part *const found = core_->find_part(whose);
    if (found != nullptr) last_part_ = found;
    return found;
}
void loop::add_part(std::unique_ptr<loop_part> one) {
    core_->add_part(std::move(one));
}
void loop::expect_answers() noexcept {
    core_->expect_answers();
}
bool loop::tell_when_read(loop_part &one) noexcept {
    return core_->tell_when_read(one);
}

} // namespace cryo_core::net
