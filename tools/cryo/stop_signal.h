// SIGINT, SIGTERM and SIGHUP, and other reasons to stop.
#pragma once

namespace cryo_tool {

// One for the process. The first signal ends wait(); the second one ends the process at once, with exit
// status 130 (SIGINT) or 143 (SIGTERM), however long the farewells of the sessions may still take. SIGPIPE is
// ignored: writing tells.
class stop_signal {
  public:
    stop_signal(); // throws std::system_error
    stop_signal(const stop_signal &) = delete;
    stop_signal &operator=(const stop_signal &) = delete;

    // Puts the terminal that standard input is back to how it is now, when a second signal ends the process.
    void remember_terminal() noexcept;

    // Readable when a signal came, or stop was requested: for those who wait for other things as well.
    int fd() const noexcept;

    // Ends wait(), from any thread.
    void request() noexcept;
    bool requested() const noexcept;

    // What SIGHUP does: wait() gives wish::reload, or it is one of the signals above, unless it is ignored,
    // as nohup has it. Before: it ends the process.
    void reload_on_hangup();
    void stop_on_hangup();

    enum class wish {
        stop,   // by SIGINT or request()
        drain,  // by SIGTERM
        reload, // by SIGHUP
    };
    // Returns when a signal came, or stop was requested.
    wish wait() noexcept;
};

} // namespace cryo_tool
