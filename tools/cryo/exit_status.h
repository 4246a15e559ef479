// What the program answers to whoever started it. `cryo COMMAND --help` explains.
#pragma once

namespace cryo_tool {

enum exit_status : int {
    exit_ok = 0,
    exit_failed = 1,
    exit_usage = 2,
    exit_refused = 3,     // connect: by HTTP status
    exit_cale = 4,        // connect: the ends do not agree about CALE
    exit_undelivered = 5, // connect: something was not sent, or not acknowledged; bench: a fault
    exit_limit = 6,       // bench: a --fail-if holds
    exit_reader_gone = 141,
};

} // namespace cryo_tool
