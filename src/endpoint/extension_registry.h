// The extensions of a server or a client by their names. Whoever has it guards it.
#pragma once

#include "session/extension.h"

#include <memory>
#include <string_view>

namespace cryo_core {

class extension_registry {
  public:
    // Behind the others. False: there is one of that name.
    bool add(const std::shared_ptr<extension> &added);
    // It counts as removed from now on, in lists that were given out too. null: there is none of that name.
    std::shared_ptr<extension> remove(std::string_view name) noexcept;
    std::shared_ptr<extension> find(std::string_view name) const noexcept;

    // As it is now, for loops to work with; null: empty.
    std::shared_ptr<const extension_list> list() const;

  private:
    extension_list all_;
};

} // namespace cryo_core
