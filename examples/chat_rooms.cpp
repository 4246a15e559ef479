// Rooms by query parameter (…&room=tea&name=Ada): who says something is heard by the others in the room. The
// name is kept in the session's own store.
//
//     chat_rooms [PORT]      ends with its standard input
#include <cryo.hpp>

#include <iostream>
#include <limits>
#include <map>
#include <mutex>
#include <vector>

class rooms {
  public:
    void enter(const cryo::session &who) {
        const std::lock_guard lock(mutex_);
        members_[room_of(who)].push_back(who);
    }

    void leave(const cryo::session &who) {
        const std::lock_guard lock(mutex_);
        auto &room = members_[room_of(who)];
        std::erase(room, who);
        if (room.empty()) members_.erase(room_of(who));
    }

    void say(const cryo::session &from, std::string_view text) {
        const std::string line =
            from.get<std::string>("name").value_or("Somebody") + ": " + std::string(text);
        const std::lock_guard lock(mutex_); // sending never blocks
        for (const cryo::session &member : members_[room_of(from)])
            if (member != from) static_cast<void>(member.try_send(line)); // who is too slow misses it
    }

  private:
    static std::string room_of(const cryo::session &session) {
        return session.parameter("room").value_or("lobby");
    }

    std::mutex mutex_;
    std::map<std::string, std::vector<cryo::session>> members_;
};

int main(int argc, char **argv) try {
    rooms all;
    cryo::server server({.port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 8080)},
                        [](cryo::auth ticket) { ticket.accept(); }); // a public place
    server.on_session([&](cryo::session &session) {
        session.set("name", session.parameter("name").value_or("Somebody"));
        all.enter(session);
        all.say(session, "has come in.");
    });
    server.on_message([&](cryo::session &session, cryo::message message) {
        if (message.is_text()) all.say(session, message.text());
    });
    server.on_closed([&](cryo::session &session, int, std::string_view) {
        all.say(session, "has gone.");
        all.leave(session);
    });
    server.start();
    std::cout << "listening on port " << server.port() << std::endl;
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
} catch (const cryo::error &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
