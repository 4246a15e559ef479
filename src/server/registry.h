// Which session ids are taken, over all loops of a server. An id is compared as its 16 bytes.
#pragma once

#include "base/uuid.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cryo_core {

class session_control;

// An id belongs to one connection at a time: reserved while its validator runs, then live, then closing.
// Others that were let in meanwhile wait in line behind a reserved or closing one, and are told nothing of it
// before their own token is accepted.
class registry {
  public:
    using holder = std::shared_ptr<session_control>;
    enum class outcome { granted, taken, wait, probing, full };

    // What a newcomer may do to a live session that has its id. Only for by_application may its token be
    // another one.
    enum class takeover { refused, if_silent, at_once, by_application };

    // Before validation: keeps a free id for this connection. One that is not free is left as it is.
    void reserve(const uuid &sid, const holder &who);

    // After validation. granted: the id is live and its. wait: session_control::wake comes when it is worth
    // asking again. probing: the same, if the session that has the id is silent; if it is not,
    // session_control::turn_away comes. full: as many as max_live (0: no limit) are live.
    outcome admit(const uuid &sid, const holder &who, std::size_t max_live, takeover how = takeover::refused);
    // Behind probing, when the time for an answer is over.
    void give_up_probing(const uuid &sid, const session_control &who);
    // Whether a live session has this id and this token.
    bool is_live(const uuid &sid, std::string_view token) const;
    // The session that was probed has shown life.
    void keep(const uuid &sid, session_control &who);

    // For a session that is opened from here, which the limit does not count: nobody comes from outside by
    // it. False: the id is taken. One that is only reserved is not; its token may be worth nothing.
    bool claim(const uuid &sid, const holder &who);

    // The session was announced to the application, or is connected again.
    void announce(const uuid &sid, session_control &who);
    // Its connection was lost, and it tries to come back: it keeps its id.
    void withdraw(const uuid &sid, session_control &who);

    // Its connection was lost, and its client may come back: it stays one of the sessions, but a newcomer
    // with its token is put in line, and it is told to look there (session_control::probe), whatever `how`
    // says. False: as many as `most` (0: no limit) are away, or it is closing.
    bool go_away(const uuid &sid, session_control &who, std::size_t most);
    void come_back(const uuid &sid, session_control &who);
    // Whether others wait for its id.
    bool is_wanted(const uuid &sid, const session_control &who);
    // The first in line behind a session that is away, taken out of it: its client, by its token or by the
    // word of the application. Null: there is none.
    holder take_newcomer(const uuid &sid, const session_control &who);
    // It is no longer live; whoever wants its id waits until release.
    void begin_close(const uuid &sid, session_control &who);
    // It has no part in this id any more, whatever part it had.
    void release(const uuid &sid, session_control &who);

    // Of announced sessions that are not closing.
    std::size_t count() const;
    // Of these, that wait for their client.
    std::size_t away() const;
    std::vector<holder> sessions() const;
    holder find(const uuid &sid) const;

    // Of live ids, announced or not: what the limit on sessions counts. One that is only reserved does not,
    // or clients whose token is worth nothing could keep out those who may come in.
    std::size_t live() const;

  private:
    enum class state : std::uint8_t { reserved, live, away, claimed, closing };
    using waiting = std::vector<holder>;
    struct entry {
        holder owner;
        state at = state::reserved;
        bool announced = false;
        std::unique_ptr<waiting> line; // null: nobody waits
    };
    void leave_live(entry &at) noexcept;
    entry *owned(const uuid &sid, const session_control &who);
    static void leave_line(entry &from, const session_control &who) noexcept;
    static bool has_session(const entry &at) noexcept { return at.at == state::live || at.at == state::away; }
    static bool may_take_over(const session_control &from, const session_control &who, takeover how) noexcept;
    static void wake(const std::unique_ptr<waiting> &line) noexcept;

    mutable std::mutex mutex_;
    std::unordered_map<uuid, entry, uuid_hash> entries_;
    std::size_t announced_ = 0;
    std::size_t live_ = 0; // with those that are away
    std::size_t away_ = 0;
};

} // namespace cryo_core
