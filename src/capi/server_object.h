// The server that a handle stands for.
#pragma once

#include "base/utf8.h"
#include "capi/guard.h"
#include "server/server.h"

#include <memory>

namespace cryo_core::capi {

inline std::shared_ptr<server> find_server(const cryo_server *handle) noexcept {
    return std::static_pointer_cast<server>(find_shared(handle_type::server, handle));
}

// The shared_ptr is held during the call: the server may be freed meanwhile.
template <typename Function>
cryo_status with_server(const char *function, const cryo_server *handle, Function body) noexcept {
    return guard(function, [&]() -> cryo_status {
        const auto found = find_server(handle);
        return found ? body(*found) : bad_handle(function, handle_type::server, handle);
    });
}

} // namespace cryo_core::capi
