// What the boundary keeps with each session: its handles, and the application's own values.
#pragma once

#include "capi/guard.h"
#include "endpoint/session_control.h"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace cryo_core::capi {

class session_attachment final : public session_control::attachment {
  public:
    ~session_attachment() override; // the last reference is gone

    static session_attachment &of(session_control &control) noexcept;

    // Makes the handle that the session will need, so that announcing it needs no memory.
    static session_attachment &prepare(session_control &control);

    // The ticket of its validation; stale once the session's handle is.
    cryo_auth *auth_handle() const noexcept { return static_cast<cryo_auth *>(ticket_of(handle_)); }

    // The application may have the session's handle. One reference is the engine's, until the session has
    // closed.
    cryo_session *announce(std::shared_ptr<session_control> self) noexcept;
    cryo_session *handle() const noexcept { return handle_; }

    // Whether the handle is good: its last reference is not gone.
    bool held() const noexcept { return references_.load(std::memory_order_acquire) > 0; }
    // Adds a reference unless the last one is gone.
    bool try_retain() noexcept;
    void release() noexcept;

    void set_user(void *user, cryo_finalizer finalizer);
    // In two steps, of which only the first needs memory; the former one is left in `value`.
    void make_room() { keep(); }
    void put_user(user_data &value) noexcept;
    void *user() const noexcept { return user_pointer_.load(std::memory_order_acquire); }

    // False, for the three: called from inside visit.
    bool set_value(const std::string &key, void *value, cryo_finalizer finalizer);
    bool value(const std::string &key, void *&out, bool &found);
    bool visit(const std::string &key, cryo_visit_fn function, void *user);

    // What the validator has said of the client, as text. status::too_big; null: takes it back.
    static constexpr std::size_t max_claim_bytes = 16384; // of one session
    status set_claim(std::string_view name, const char *value);
    std::optional<std::string> claim(const std::string &name) const;

    // The newcomer's, in the place of what is here.
    void take_from(attachment &newcomer) noexcept override;

    // A reference that is given back unless it is kept: also when something is thrown meanwhile.
    class reference {
      public:
        explicit reference(session_attachment &at) noexcept : at_(at.try_retain() ? &at : nullptr) {}
        reference(const reference &) = delete;
        reference &operator=(const reference &) = delete;
        ~reference() {
            if (at_ != nullptr) at_->release();
        }
        // null: there is no reference to be had any more.
        cryo_session *handle() const noexcept { return at_ == nullptr ? nullptr : at_->handle(); }
        void keep() const noexcept { at_ = nullptr; }

      private:
        mutable session_attachment *at_;
    };

  private:
    // What an application may keep here. Made when it does: an idle session is to be small.
    struct kept {
        std::mutex user_mutex; // not the one of the values: a visit may set the pointer
        user_data user;
        std::map<std::string, std::string> claims;
        std::size_t claim_bytes = 0;
        std::mutex mutex; // of what follows
        std::map<std::string, user_data> values;
        std::atomic<std::thread::id> visitor{};
    };
    kept &keep();
    bool visiting_here() const noexcept;

    cryo_session *handle_ = nullptr;
    std::shared_ptr<session_control> self_; // as long as the handle has references
    std::atomic<std::uint32_t> references_{0};
    std::atomic<void *> user_pointer_{nullptr};
    std::atomic<kept *> kept_{nullptr};
};

// That this thread tells the application of a session at the moment, in a function of the application. Most
// calls in there are for that session: it lives until they return, so they need not look it up and hold it.
class telling {
  public:
    explicit telling(session_control &who) noexcept;
    telling(const telling &) = delete;
    telling &operator=(const telling &) = delete;
    ~telling();

    // null: this thread is not inside of an event of that session.
    static session_control *of(const cryo_session *session) noexcept;
    // Its last event is about to be told, or its handle goes.
    static void forget(const session_control &who) noexcept;

  private:
    const cryo_session *handle_;
    session_control &control_;
    telling *const outer_;
};

// The session behind a handle: null when it is none. Another thread may release it during the call.
std::shared_ptr<session_control> find_session(const cryo_session *session) noexcept;

} // namespace cryo_core::capi
