// The boundary itself: exceptions become statuses here, arguments are looked at, and texts go out.
#pragma once

#include "base/status.h"
#include "capi/handle_table.h"
#include "cryo.h"

#include <memory>
#include <string>
#include <string_view>

namespace cryo_core::capi {

// Keeps the text for cryo_last_error() and gives the status back.
cryo_status fail(status code, std::string_view text) noexcept;
inline cryo_status fail(const failure &why) noexcept {
    return fail(why.code, why.text);
}
inline cryo_status outcome(const failure &why) noexcept {
    return why ? fail(why) : CRYO_OK;
}

// CRYO_ERR_INVALID, saying which argument.
cryo_status invalid(const char *function, const char *what) noexcept;

// CRYO_ERR_HANDLE: NULL, freed, or of another type, and which. CRYO_ERR_STATE: made before a fork.
cryo_status bad_handle(const char *function, handle_type wanted, const void *handle) noexcept;

// The same two for signal handlers. `text` is kept, not copied.
cryo_status fail_plainly(status code, const char *text) noexcept;
cryo_status bad_handle_plainly(const char *function, handle_type wanted, const void *handle) noexcept;

// CRYO_ERR_STATE: the ticket takes no answer any more. `loss` is what ends such a ticket besides an answer
// and its time.
cryo_status ticket_is_over(const char *function, const char *loss) noexcept;

// To be called inside a catch (...).
cryo_status current_exception_status(const char *function) noexcept;

// Nothing that is thrown inside comes out.
template <typename Function>
cryo_status guard(const char *function, Function body) noexcept {
    try {
        return body();
    } catch (...) {
        return current_exception_status(function);
    }
}

// Where there is no status to give back.
template <typename Result, typename Function>
Result guard_value(const char *function, Result otherwise, Function body) noexcept {
    try {
        return body();
    } catch (...) {
        current_exception_status(function);
        return otherwise;
    }
}

// With the object that a handle stands for: body(object).
template <typename Object, typename Handle, typename Function>
cryo_status with_handle(const char *function, handle_type type, const Handle *handle,
                        Function body) noexcept {
    return guard(function, [&]() -> cryo_status {
        const auto found = std::static_pointer_cast<Object>(find_shared(type, handle));
        return found ? body(*found) : bad_handle(function, type, handle);
    });
}

// Makes a handle stale that the application gives back: null, and told, when it is none; NULL needs no word.
std::shared_ptr<void> take_back(const char *function, handle_type type, void *handle) noexcept;

// What copy_out would answer, with nothing written but *len.
cryo_status check_room(const char *function, std::string_view text, const char *out, std::size_t capacity,
                       std::size_t *len) noexcept;

// Text to a caller's buffer, by the rules in cryo.h.
cryo_status copy_out(const char *function, std::string_view text, char *out, std::size_t capacity,
                     std::size_t *len) noexcept;

// What the application gave to be handed back to it; its finalizer runs when the last copy is gone.
class user_data {
  public:
    user_data() noexcept = default;
    // If this throws, the finalizer does not run.
    user_data(void *user, cryo_finalizer finalizer);

    void *get() const noexcept { return user_; }
    // The caller keeps it after all: no finalizer runs.
    void give_back() noexcept;

  private:
    struct keeper;
    void *user_ = nullptr;
    std::shared_ptr<keeper> keeper_;
};

// Inside a catch (...): what an application's function has thrown is logged, by the name of what was called.
void log_thrown(const char *what) noexcept;

// Runs an application's function.
template <typename Function>
void call_out(const char *what, Function function) noexcept {
    try {
        function();
    } catch (...) {
        log_thrown(what);
    }
}

} // namespace cryo_core::capi
