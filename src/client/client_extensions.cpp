// A client's extensions: added and removed at any time, its loop works with a list of its own.
#include "client/client.h"

#include <utility>

namespace cryo_core {

namespace {

class extensions_mail final : public net::mail {
  public:
    extensions_mail(std::shared_ptr<client> who, extension_source &at, extension_source now) noexcept
        : who_(std::move(who)), at_(at), now_(std::move(now)) {}
    void deliver() noexcept override { std::swap(at_, now_); }

  private:
    const std::shared_ptr<client> who_; // it has `at_`
    extension_source &at_;
    extension_source now_;
};

} // namespace

failure client::add_extension(const std::shared_ptr<extension> &added,
                              const std::function<void()> &registered) {
    {
        const std::lock_guard lock(extensions_mutex_);
        if (!extensions_.add(added))
            return {status::exists, "There is an extension named \"" + added->name() + "\" already."};
    }
    registered();
    extension_source former; // whose extensions may go with it, without the lock
    const std::lock_guard lock(extensions_mutex_);
    hand_out_extensions(former);
    return {};
}

failure client::remove_extension(std::string_view name) {
    extension_source former;
    std::shared_ptr<extension> removed;
    const std::lock_guard lock(extensions_mutex_);
    removed = extensions_.remove(name);
    if (!removed) return {status::not_found, "There is no extension named \"" + std::string(name) + "\"."};
    hand_out_extensions(former);
    return {};
}

std::shared_ptr<extension> client::find_extension(std::string_view name) const {
    const std::lock_guard lock(extensions_mutex_);
    return extensions_.find(name);
}

void client::hand_out_extensions(extension_source &former) {
    extension_source now{extensions_.list()};
    if (!started_ || home_->loop()->in_thread())
        former = std::exchange(asked_, std::move(now));
    else
        home_->loop()->post(std::make_unique<extensions_mail>(shared_from_this(), asked_, std::move(now)));
}

} // namespace cryo_core
