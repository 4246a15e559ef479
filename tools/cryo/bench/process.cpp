#include "bench/process.h"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

namespace cryo_tool {

std::optional<process_figures> figures_of(std::uint32_t pid) {
    const std::filesystem::path process = std::filesystem::path("/proc") / std::to_string(pid);
    process_figures figures;
    std::error_code error;
    bool any = false;
    for (const auto &thread : std::filesystem::directory_iterator(process / "task", error)) {
        std::ifstream schedule(thread.path() / "schedstat");
        std::uint64_t ran = 0;
        if (schedule >> ran) {
            figures.cpu_ns += ran;
            any = true;
        }
    }
    std::ifstream memory(process / "statm");
    std::uint64_t pages = 0;
    std::uint64_t resident_pages = 0;
    if (!any || !(memory >> pages >> resident_pages)) return std::nullopt;
    std::ifstream status(process / "status");
    for (std::string word; status >> word;)
        if (std::uint64_t kib = 0; word == "VmHWM:" && status >> kib) figures.resident_peak = kib * 1024;
    figures.resident = resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return figures;
}

std::uint64_t own_cpu_ns() noexcept {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

void bench_meter::begin() {
    begin_ = now();
    own_begin_ns_ = own_cpu_ns();
}

void bench_meter::end() {
    end_ = now();
    own_ns_ = own_cpu_ns() - own_begin_ns_;
}

std::optional<bench_process> bench_meter::server() const noexcept {
    if (!before_ || !connected_ || !begin_ || !end_) return std::nullopt;
    return bench_process{.cpu_ns = end_->cpu_ns - begin_->cpu_ns,
                         .resident_before = before_->resident,
                         .resident_after = connected_->resident,
                         .resident_peak = end_->resident_peak};
}

} // namespace cryo_tool
