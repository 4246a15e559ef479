#include "capi/guard.h"

#include "base/log.h"
#include "base/thread_pointer.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <utility>

namespace cryo_core::capi {

namespace {

// Longer texts are cut.
constexpr std::size_t max_text = 1023;

// Made when a thread has its first error: thread-local variables take of the little room there is for
// libraries that are loaded later (base/thread_pointer.h).
CRYO_THREAD_POINTER char *text_of_thread = nullptr; // both are reached in signal handlers, too
CRYO_THREAD_POINTER const char *last_error = "";
thread_local constinit bool thread_ends = false;

char *text_buffer() noexcept {
    struct keeper {
        ~keeper() {
            thread_ends = true;
            last_error = "";
            delete[] std::exchange(text_of_thread, nullptr);
        }
    };
    if (text_of_thread == nullptr && !thread_ends) {
        static thread_local keeper at_end;
        static_cast<void>(at_end);
        text_of_thread = new (std::nothrow) char[max_text + 1];
    }
    return text_of_thread;
}

std::string what_of_current_exception() {
    try {
        throw;
    } catch (const std::exception &thrown) {
        return std::string(thrown.what()).substr(0, 256);
    } catch (...) {
        return "something that is no std::exception";
    }
}

} // namespace

cryo_status fail(status code, std::string_view text) noexcept {
    char *const buffer = text_buffer();
    if (buffer == nullptr) {
        last_error = "Memory ran out, also for what there was to say.";
        return static_cast<cryo_status>(code);
    }
    const std::size_t size = std::min(text.size(), max_text);
    std::memcpy(buffer, text.data(), size);
    buffer[size] = '\0';
    last_error = buffer;
    return static_cast<cryo_status>(code);
}

cryo_status invalid(const char *function, const char *what) noexcept {
    return guard(function, [&] { return fail(status::invalid, std::string(function) + ": " + what); });
}

cryo_status bad_handle(const char *function, handle_type wanted, const void *handle) noexcept {
    return guard(function, [&] {
        std::string text = std::string(function) + ": the " + handle_type_name(wanted) + " handle ";
        if (is_of_another_process(wanted, handle))
            return fail(status::state, text +
                                           "belongs to the process that this one was forked from; make what "
                                           "you need in this process.");
        const handle_type is = type_of(handle);
        if (handle == nullptr)
            text += "is NULL.";
        else if (is == wanted)
            text += "was freed or released before; take it only while you hold it.";
        else if (is == handle_type::none)
            text += "is no handle of this library.";
        else
            text += std::string("is one of another type (") + handle_type_name(is) + ").";
        return fail(status::handle, text);
    });
}

cryo_status fail_plainly(status code, const char *text) noexcept {
    last_error = text;
    return static_cast<cryo_status>(code);
}

cryo_status bad_handle_plainly(const char *function, handle_type wanted, const void *handle) noexcept {
    if (is_of_another_process(wanted, handle))
        return fail_plainly(status::state,
                            "The handle belongs to the process that this one was forked from.");
    const handle_type is = type_of(handle);
    const char *const what = handle == nullptr         ? " handle is NULL."
                             : is == wanted            ? " handle was freed or released before; take it only "
                                                         "while you hold it."
                             : is == handle_type::none ? " handle is no handle of this library."
                                                       : " handle is one of another type (";
    const bool other = handle != nullptr && is != wanted && is != handle_type::none;
    // Where the thread has no place for a text yet, what is wrong has to do.
    if (text_of_thread == nullptr)
        return fail_plainly(status::handle, other ? "The handle is one of another type." : what + 1);
    std::size_t size = 0;
    for (const char *part : {function, ": the ", handle_type_name(wanted), what,
                             other ? handle_type_name(is) : "", other ? ")." : ""})
        for (; *part != '\0' && size < max_text; ++part)
            text_of_thread[size++] = *part;
    text_of_thread[size] = '\0';
    return fail_plainly(status::handle, text_of_thread);
}

cryo_status ticket_is_over(const char *function, const char *loss) noexcept {
    return guard(function, [&] {
        return fail(status::state, std::string(function) +
                                       ": the ticket was settled before, its time is over, or " + loss + ".");
    });
}

cryo_status current_exception_status(const char *function) noexcept {
    try {
        throw;
    } catch (const std::bad_alloc &) {
        return fail(status::no_memory, "Memory ran out; nothing was changed.");
    } catch (...) {
        try {
            return fail(status::internal, std::string(function) + " failed inside: " +
                                              what_of_current_exception() + ". Please report it.");
        } catch (...) {
            return fail(status::no_memory, "Memory ran out; nothing was changed.");
        }
    }
}

std::shared_ptr<void> take_back(const char *function, handle_type type, void *handle) noexcept {
    if (handle == nullptr) return nullptr;
    auto object = remove_handle(type, handle);
    if (!object) bad_handle(function, type, handle);
    return object;
}

cryo_status check_room(const char *function, std::string_view text, const char *out, std::size_t capacity,
                       std::size_t *len) noexcept {
    if (out == nullptr && capacity > 0)
        return invalid(function, "the buffer is NULL, but its capacity is not 0.");
    if (len != nullptr) *len = text.size();
    if (out != nullptr && capacity <= text.size())
        return guard(function, [&] {
            return fail(status::buffer, std::string(function) + ": the buffer has room for " +
                                            std::to_string(capacity) + " bytes; " +
                                            std::to_string(text.size() + 1) + " are needed.");
        });
    return CRYO_OK;
}

cryo_status copy_out(const char *function, std::string_view text, char *out, std::size_t capacity,
                     std::size_t *len) noexcept {
    const cryo_status room = check_room(function, text, out, capacity, len);
    if (room != CRYO_OK || out == nullptr) return room;
    std::copy(text.begin(), text.end(), out);
    out[text.size()] = '\0';
    return CRYO_OK;
}

struct user_data::keeper {
    keeper() = default;
    keeper(const keeper &) = delete;
    keeper &operator=(const keeper &) = delete;
    ~keeper() {
        if (finalizer == nullptr) return;
        call_out("finalizer", [&] { finalizer(user); });
    }
    void *user = nullptr;
    cryo_finalizer finalizer = nullptr;
};

void user_data::give_back() noexcept {
    if (keeper_) keeper_->finalizer = nullptr;
    keeper_.reset();
}

user_data::user_data(void *user, cryo_finalizer finalizer) : user_(user) {
    if (finalizer == nullptr) return;
    const auto made = std::make_shared<keeper>();
    made->user = user;
    made->finalizer = finalizer;
    keeper_ = made;
}

void log_thrown(const char *what) noexcept {
    try {
        log(log_level::error,
            std::string("The application's ") + what + " threw an exception: " + what_of_current_exception());
    } catch (...) {
        log(log_level::error, "A function of the application threw an exception.");
    }
}

} // namespace cryo_core::capi

extern "C" const char *cryo_last_error(void) {
    return cryo_core::capi::last_error;
}
