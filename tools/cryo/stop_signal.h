// SIGINT and SIGTERM, and other reasons to stop.
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

    // Returns when a signal came, or stop was requested.
    void wait() noexcept;
};

} // namespace cryo_tool
