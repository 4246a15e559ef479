// Runs a fuzz target as a plain test: every file of the folders given, then mutations of them, the same ones
// each time.
//   replay [--mutations N] [--verbose] [--show N] FOLDER...
// --verbose tells the number of each mutation before it runs, --show writes the one with that number to
// standard output instead of running anything.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace {

using input = std::vector<std::uint8_t>;

constexpr std::size_t max_input = 4096;

std::vector<input> read_folders(const std::vector<std::filesystem::path> &folders) {
    std::vector<std::filesystem::path> files;
    for (const auto &folder : folders)
        for (const auto &entry : std::filesystem::directory_iterator(folder))
            if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end()); // whatever order the file system has
    std::vector<input> inputs;
    for (const auto &path : files) {
        std::ifstream file(path, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return inputs;
}

class mutator {
  public:
    explicit mutator(const std::vector<input> &seeds) : seeds_(seeds) {}

    input next() {
        input bytes = seeds_[below(seeds_.size())];
        for (std::size_t changes = 1 + below(6); changes > 0; --changes)
            change(bytes);
        if (bytes.size() > max_input) bytes.resize(max_input);
        return bytes;
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }
    static std::ptrdiff_t place(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

    void change(input &bytes) {
        const std::size_t at = below(bytes.size() + 1);
        const std::size_t end = at + below(bytes.size() - at + 1);
        switch (at == bytes.size() ? 0 : below(6)) {
        case 0:
            bytes.insert(bytes.begin() + place(at), byte());
            break;
        case 1:
            bytes[at] = byte();
            break;
        case 2:
            bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << below(8)));
            break;
        case 3:
            bytes.erase(bytes.begin() + place(at), bytes.begin() + place(end));
            break;
        case 4: {
            const input again(bytes.begin() + place(at), bytes.begin() + place(end));
            bytes.insert(bytes.begin() + place(end), again.begin(), again.end());
            break;
        }
        default: {
            const input &other = seeds_[below(seeds_.size())];
            bytes.resize(at);
            bytes.insert(bytes.end(), other.begin() + place(below(other.size() + 1)), other.end());
            break;
        }
        }
    }

    const std::vector<input> &seeds_;
    std::mt19937 random_{20250101};
};

void run(const input &bytes) {
    const input exact(bytes); // no spare room behind it, so that a sanitizer sees each byte too far
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

} // namespace

int main(int argc, char **argv) {
    unsigned long mutations = 5000;
    unsigned long show = 0;
    bool verbose = false;
    std::vector<std::filesystem::path> folders;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--mutations") == 0 && i + 1 < argc)
            mutations = std::strtoul(argv[++i], nullptr, 10);
        else if (std::strcmp(argv[i], "--show") == 0 && i + 1 < argc)
            show = std::strtoul(argv[++i], nullptr, 10);
        else if (std::strcmp(argv[i], "--verbose") == 0)
            verbose = true;
        else
            folders.emplace_back(argv[i]);
    }
    const std::vector<input> seeds = read_folders(folders);
    if (seeds.empty()) {
        std::fprintf(stderr, "no corpus: replay [--mutations N] [--verbose] [--show N] FOLDER...\n");
        return EXIT_FAILURE;
    }
    mutator mutate(seeds);
    if (show > 0) {
        for (; show > 1; --show)
            mutate.next();
        const input bytes = mutate.next();
        std::fwrite(bytes.data(), 1, bytes.size(), stdout);
        return EXIT_SUCCESS;
    }
    for (const input &seed : seeds)
        run(seed);
    for (unsigned long i = 1; i <= mutations; ++i) {
        if (verbose) std::fprintf(stderr, "mutation %lu\n", i);
        run(mutate.next());
    }
    std::printf("%zu files and %lu mutations of them ran\n", seeds.size(), mutations);
    return EXIT_SUCCESS;
}
