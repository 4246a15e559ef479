#include "usage_error.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace cryo_tool {
namespace {

// Characters inserted, left out or replaced, or neighbours swapped: the optimal string alignment distance.
std::size_t typing_errors(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last, last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = now;
    }
    return last[b.size()];
}

// Empty: nothing is near enough.
std::string nearest(const std::string &word, const std::vector<std::string> &names) {
    std::string best;
    std::size_t fewest = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string &name : names) {
        if (const std::size_t errors = typing_errors(word, name); errors < fewest) {
            fewest = errors;
            best = name;
        }
    }
    return best;
}

std::vector<std::string> option_names(const CLI::App &app) {
    std::vector<std::string> names;
    for (const CLI::Option *option : app.get_options())
        for (const std::string &name : option->get_lnames())
            names.push_back(name);
    return names;
}

std::vector<std::string> command_names(const CLI::App &app) {
    std::vector<std::string> names;
    for (const CLI::App *command : app.get_subcommands([](const CLI::App *) { return true; }))
        names.push_back(command->get_name());
    return names;
}

std::string unexpected_text(const CLI::App &app, const std::string &argument) {
    const auto commands = app.get_subcommands();
    const CLI::App &command = commands.empty() ? app : *commands.front();
    if (!argument.starts_with('-')) {
        if (!commands.empty()) return "'" + argument + "' was not expected.";
        const std::string meant = nearest(argument, command_names(app));
        return "there is no command '" + argument + "'" +
               (meant.empty() ? "." : "; did you mean '" + meant + "'?");
    }
    const std::string option = argument.substr(0, argument.find('='));
    const std::string name = option.substr(std::min(option.find_first_not_of('-'), option.size()));
    const std::string meant = nearest(name, option_names(command));
    return "there is no option " + option + (meant.empty() ? "." : "; did you mean --" + meant + "?");
}

} // namespace

std::string usage_error_text(const CLI::App &app, const CLI::ParseError &error) {
    const auto commands = app.get_subcommands();
    const std::string program = commands.empty() ? "cryo" : "cryo " + commands.front()->get_name();
    std::string what = error.what();
    if (dynamic_cast<const CLI::ExtrasError *>(&error) != nullptr) {
        const std::vector<std::string> unexpected = app.remaining(true);
        // The value behind an unknown option is unexpected too, and says less.
        const auto first = std::find_if(unexpected.begin(), unexpected.end(),
                                        [](const std::string &each) { return each.starts_with('-'); });
        if (!unexpected.empty())
            what = unexpected_text(app, first == unexpected.end() ? unexpected.front() : *first);
    }
    return program + ": " + what + " `" + program + " --help` lists what there is.";
}

} // namespace cryo_tool
