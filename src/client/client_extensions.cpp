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
    return extensions_.add(added, registered,
                           [this](extension_source &former) { hand_out_extensions(former); });
}

failure client::remove_extension(std::string_view name) {
    return extensions_.remove(name, [this](extension_source &former) { hand_out_extensions(former); });
}

std::shared_ptr<extension> client::find_extension(std::string_view name) const {
    return extensions_.find(name);
}

void client::hand_out_extensions(extension_source &former) {
    extension_source now = extensions_.list();
    if (!started_ || home_->loop()->in_thread())
        former = std::exchange(asked_, std::move(now));
    else
        home_->loop()->post(std::make_unique<extensions_mail>(shared_from_this(), asked_, std::move(now)));
}

} // namespace cryo_core
