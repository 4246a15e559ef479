// What the system knows of the server's process, if it runs on this machine, and of this one.
#pragma once

#include "bench/result.h"

#include <cstdint>
#include <optional>

namespace cryo_tool {

struct process_figures {
    std::uint64_t cpu_ns = 0; // of all its threads that still run
    std::uint64_t resident = 0;
    std::uint64_t resident_peak = 0; // since it began
};

// nullopt: there is no such process, or the system does not tell (only Linux does).
std::optional<process_figures> figures_of(std::uint32_t pid);

// CPU time of this process.
std::uint64_t own_cpu_ns() noexcept;

// Takes the figures when something begins or ends.
class bench_meter {
  public:
    // The server's process; 0: not known. Before the first connection.
    explicit bench_meter(std::uint32_t server_pid) : pid_(server_pid), before_(now()) {}

    void connected() { connected_ = now(); } // all of them
    void begin();                            // the measurement
    void end();

    std::uint64_t own_ns() const noexcept { return own_ns_; } // of the measurement
    std::optional<bench_process> server() const noexcept;

  private:
    std::optional<process_figures> now() const { return pid_ == 0 ? std::nullopt : figures_of(pid_); }

    std::uint32_t pid_;
    std::optional<process_figures> before_;
    std::optional<process_figures> connected_;
    std::optional<process_figures> begin_;
    std::optional<process_figures> end_;
    std::uint64_t own_begin_ns_ = 0;
    std::uint64_t own_ns_ = 0;
};

} // namespace cryo_tool
