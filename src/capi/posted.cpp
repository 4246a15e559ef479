// Functions of the application that run on a server's or a session's thread.
#include "capi/with_session.h"
#include "server/server.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

class server_task final : public task {
  public:
    server_task(cryo_server *server, cryo_server_fn function, user_data user) noexcept
        : server_(server), function_(function), user_(std::move(user)) {}
    void run() noexcept override {
        call_out("posted function", [&] { function_(server_, user_.get()); });
    }

  private:
    cryo_server *const server_;
    const cryo_server_fn function_;
    const user_data user_;
};

class session_task final : public task {
  public:
    session_task(cryo_session *session, cryo_session_fn function, user_data user) noexcept
        : session_(session), function_(function), user_(std::move(user)) {}
    void run() noexcept override {
        call_out("posted function", [&] { function_(session_, user_.get()); });
    }

  private:
    cryo_session *const session_;
    const cryo_session_fn function_;
    const user_data user_;
};

// Who fails to give it away keeps what is his.
template <typename Task, typename Handle, typename Function, typename Post>
cryo_status post(Handle *handle, Function function, void *user, cryo_finalizer finalizer, Post post_it) {
    user_data mine(user, finalizer);
    try {
        const failure why = post_it(std::make_unique<Task>(handle, function, mine));
        if (!why) return CRYO_OK;
        mine.give_back();
        return fail(why);
    } catch (...) {
        mine.give_back();
        throw;
    }
}

cryo_status post_to_server(const char *function, cryo_server *server, time_us when, cryo_server_fn fn,
                           void *user, cryo_finalizer finalizer) noexcept {
    return with_handle<cryo_core::server>(
        function, handle_type::server, server, [&](cryo_core::server &found) -> cryo_status {
            if (fn == nullptr) return invalid(function, "the function is NULL.");
            return post<server_task>(server, fn, user, finalizer, [&](std::unique_ptr<task> what) {
                return found.post_task(when, std::move(what));
            });
        });
}

cryo_status post_to_session(const char *function, cryo_session *session, time_us when, cryo_session_fn fn,
                            void *user, cryo_finalizer finalizer) noexcept {
    return with_session(function, session, [&](session_control &found) -> cryo_status {
        if (fn == nullptr) return invalid(function, "the function is NULL.");
        return post<session_task>(session, fn, user, finalizer, [&](std::unique_ptr<task> what) -> failure {
            if (found.post_task_at(when, std::move(what))) return {};
            return {status::closed, "The session has closed."};
        });
    });
}

} // namespace

extern "C" {

cryo_status cryo_server_post(cryo_server *server, cryo_server_fn fn, void *user, cryo_finalizer finalizer) {
    return post_to_server("cryo_server_post", server, 0, fn, user, finalizer);
}

cryo_status cryo_server_post_after_ms(cryo_server *server, uint32_t ms, cryo_server_fn fn, void *user,
                                      cryo_finalizer finalizer) {
    return post_to_server("cryo_server_post_after_ms", server, monotonic_now() + from_ms(ms), fn, user,
                          finalizer);
}

cryo_status cryo_session_post(cryo_session *session, cryo_session_fn fn, void *user,
                              cryo_finalizer finalizer) {
    return post_to_session("cryo_session_post", session, 0, fn, user, finalizer);
}

cryo_status cryo_session_post_after_ms(cryo_session *session, uint32_t ms, cryo_session_fn fn, void *user,
                                       cryo_finalizer finalizer) {
    return post_to_session("cryo_session_post_after_ms", session, monotonic_now() + from_ms(ms), fn, user,
                           finalizer);
}

} // extern "C"
