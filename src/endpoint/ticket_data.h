// What a session has only while its client waits to be let in.
#pragma once

#include "upgrade/header_block.h"

#include <cstdint>

namespace cryo_core {

struct ticket_data {
    const upgrade::header_block headers; // of its request
    // Of a refusal, written before the verdict.
    int status = 401;
    std::uint32_t retry_after_s = 0; // 0: it says nothing of it
};

} // namespace cryo_core
