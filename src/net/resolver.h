// Names to addresses, by getaddrinfo, which honours all that a system may be told about names. It cannot be
// interrupted, and a name server that does not answer holds it for half a minute. So it runs on threads of
// its own, which nobody waits for: who does not want an answer any more forgets that he asked.
//
// What such a thread touches is its own or never freed; of the asker it has a slip that can be taken back.
// Its code must stay, though: the library is not unloaded any more once a name has been looked up.
#pragma once

#include "net/address.h"

#include <memory>
#include <string>
#include <vector>

namespace cryo_core::net {

class loop;

// Look-ups under way in the process, each on a thread. What comes on top waits in line: names that hang must
// not fill the process with threads.
constexpr std::size_t max_lookups = 64;

struct lookup_result {
    int error = 0;                    // one of EAI_*; 0: none
    int system_error = 0;             // with EAI_SYSTEM
    std::vector<address> addresses{}; // of port 0, in the system's order
};

// As in "no such host: example.test".
std::string lookup_trouble(const std::string &host, const lookup_result &what);

class lookup_asker {
  public:
    // On its loop's thread, once; null: there was no memory for it.
    virtual void on_looked_up(const lookup_result *result) noexcept = 0;

  protected:
    ~lookup_asker() = default;
};

// One question, on its loop's thread.
class name_lookup {
  public:
    name_lookup() noexcept = default;
    name_lookup(const name_lookup &) = delete;
    name_lookup &operator=(const name_lookup &) = delete;
    ~name_lookup() { forget(); }

    // Who asks for a name that is being looked up gets that answer. Throws std::system_error when the system
    // gives no thread.
    void ask(loop &on, const std::string &host, lookup_asker &who);

    // No answer comes any more.
    void forget() noexcept;

    // How many other names go first; 0: it is being looked up.
    std::size_t place_in_line() const noexcept;

    struct slip;
    struct shared;
    class answer;

  private:
    std::shared_ptr<slip> slip_; // null: nothing was asked, or it is answered
};

} // namespace cryo_core::net
