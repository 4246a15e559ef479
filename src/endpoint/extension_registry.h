// The extensions of a server or a client by their names: added and removed at any time, by any thread.
#pragma once

#include "base/status.h"
#include "session/extension.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

namespace cryo_core {

class extension_registry {
  public:
    // Gives the list as it is now to the loops that work with it, with the lock held, so that the last list
    // is the newest. What a loop had until then goes into `former`: the extensions in it may end with it,
    // without the lock.
    using handing_out = std::function<void(extension_source &former)>;

    // `guard`, which its owner may use for more, is held while the registry is looked at.
    explicit extension_registry(std::mutex &guard) noexcept : guard_(guard) {}

    // Behind the others. `registered` is called before any loop knows of it.
    failure add(const std::shared_ptr<extension> &added, const std::function<void()> &registered,
                const handing_out &hand_out);
    // It counts as removed from now on, in lists that were given out too.
    failure remove(std::string_view name, const handing_out &hand_out);
    std::shared_ptr<extension> find(std::string_view name) const; // null: none
    void clear() noexcept;

    // As it is now; with the lock held.
    extension_source list() const;

  private:
    // With the lock held; whoever gets the last of an extension lets it go without. null: there is none.
    std::shared_ptr<extension> take_out(std::string_view name) noexcept;
    const std::shared_ptr<extension> *place_of(std::string_view name) const noexcept;

    std::mutex &guard_;
    extension_list all_;
};

} // namespace cryo_core
