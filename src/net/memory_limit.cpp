#include "net/memory_limit.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#ifndef _WIN32
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace cryo_core::net {

namespace {

// A few lines; empty where there is no such file.
std::string read_small_file(const std::string &path) {
    std::string text;
    std::FILE *const file = std::fopen(path.c_str(), "re");
    if (file == nullptr) return text;
    char part[1024];
    constexpr std::size_t most = 64 * 1024;
    while (text.size() < most) {
        const std::size_t got = std::fread(part, 1, sizeof part, file);
        if (got == 0) break;
        text.append(part, got);
    }
    std::fclose(file);
    return text;
}

// "max", or nothing: no limit.
std::uint64_t read_limit(const std::string &path) {
    const std::string text = read_small_file(path);
    if (text.empty() || text.front() < '0' || text.front() > '9') return UINT64_MAX;
    const std::uint64_t bytes = std::strtoull(text.c_str(), nullptr, 10);
    return bytes == 0 ? UINT64_MAX : bytes;
}

// Of a group and those above it, up to the mount itself, which inside of a container is the container's
// group.
std::uint64_t limit_of_group(const std::string &mount, std::string path, const char *file) {
    std::uint64_t least = UINT64_MAX;
    if (path.find("..") != std::string::npos) path.clear(); // it lies outside of what can be seen from here
    for (;;) {
        while (!path.empty() && path.back() == '/')
            path.pop_back();
        least = std::min(least, read_limit(mount + path + "/" + file));
        if (path.empty()) return least;
        path.erase(std::min(path.size(), path.rfind('/')));
    }
}

bool lists_memory(std::string_view controllers) noexcept {
    while (!controllers.empty()) {
        const std::size_t end = std::min(controllers.find(','), controllers.size());
        if (controllers.substr(0, end) == "memory") return true;
        controllers.remove_prefix(std::min(end + 1, controllers.size()));
    }
    return false;
}

// A line is NUMBER:CONTROLLERS:PATH; in version 2 it is 0, and there are none.
std::uint64_t limit_of_line(const std::string &mount, std::string_view line) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) return UINT64_MAX;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string path(line.substr(second + 1));
    if (controllers.empty()) return limit_of_group(mount, path, "memory.max");
    if (!lists_memory(controllers)) return UINT64_MAX;
    return limit_of_group(mount + "/memory", path, "memory.limit_in_bytes");
}

} // namespace

memory_facts memory_facts_here() {
    memory_facts facts;
    facts.cgroups = "/sys/fs/cgroup";
    facts.own_cgroups = "/proc/self/cgroup";
#ifndef _WIN32
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0)
        facts.physical = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
    rlimit space{};
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        facts.address_space = space.rlim_cur;
#endif
    return facts;
}

std::uint64_t memory_limit(const memory_facts &facts) {
    std::uint64_t least =
        std::min({facts.physical, facts.address_space, static_cast<std::uint64_t>(SIZE_MAX)});
    const std::string groups = read_small_file(facts.own_cgroups);
    for (std::string_view lines = groups; !lines.empty();) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        least = std::min(least, limit_of_line(facts.cgroups, lines.substr(0, end)));
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return least;
}

} // namespace cryo_core::net
