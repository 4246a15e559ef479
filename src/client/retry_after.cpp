#include "client/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

namespace cryo_core {

namespace {

constexpr std::int64_t max_retry_after_s = 3600;

// The system's own functions for this read the names of days and months in the language of the process.
class date_text {
  public:
    explicit date_text(std::string_view text) noexcept : rest_(text) {}

    bool take(std::string_view expected) noexcept {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    // Exactly so many digits; with `padded`, a blank may stand for the first one.
    bool take_number(std::size_t digits, int &out, bool padded = false) noexcept {
        if (rest_.size() < digits) return false;
        std::string_view text = rest_.substr(0, digits);
        if (padded && text.starts_with(' ')) text.remove_prefix(1);
        if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
        std::from_chars(text.data(), text.data() + text.size(), out);
        rest_.remove_prefix(digits);
        return true;
    }
    template <std::size_t Count>
    bool take_one_of(const std::array<std::string_view, Count> &names, int &index) noexcept {
        for (index = 0; index < static_cast<int>(Count); ++index)
            if (take(names[static_cast<std::size_t>(index)])) return true;
        return false;
    }
    bool at_end() const noexcept { return rest_.empty(); }

  private:
    std::string_view rest_;
};

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_days{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

struct date {
    int day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0; // month from 0
};

bool take_time(date_text &text, date &to) noexcept {
    return text.take_number(2, to.hour) && text.take(":") && text.take_number(2, to.minute) &&
           text.take(":") && text.take_number(2, to.second);
}

// Sun, 06 Nov 1994 08:49:37 GMT
bool read_fixed(date_text text, date &to) noexcept {
    int day = 0;
    return text.take_one_of(days, day) && text.take(", ") && text.take_number(2, to.day) && text.take(" ") &&
           text.take_one_of(months, to.month) && text.take(" ") && text.take_number(4, to.year) &&
           text.take(" ") && take_time(text, to) && text.take(" GMT") && text.at_end();
}

// Sunday, 06-Nov-94 08:49:37 GMT. A year that would be more than 50 years ahead is the one of the century
// before.
bool read_rfc850(date_text text, date &to, int this_year) noexcept {
    int day = 0;
    if (!(text.take_one_of(long_days, day) && text.take(", ") && text.take_number(2, to.day) &&
          text.take("-") && text.take_one_of(months, to.month) && text.take("-") &&
          text.take_number(2, to.year) && text.take(" ") && take_time(text, to) && text.take(" GMT") &&
          text.at_end()))
        return false;
    to.year += this_year - this_year % 100;
    if (to.year > this_year + 50) to.year -= 100;
    if (to.year <= this_year - 50) to.year += 100;
    return true;
}

// Sun Nov  6 08:49:37 1994
bool read_asctime(date_text text, date &to) noexcept {
    int day = 0;
    return text.take_one_of(days, day) && text.take(" ") && text.take_one_of(months, to.month) &&
           text.take(" ") && text.take_number(2, to.day, true) && text.take(" ") && take_time(text, to) &&
           text.take(" ") && text.take_number(4, to.year) && text.at_end();
}

// Seconds since 1970.
std::optional<std::int64_t> read_date(std::string_view text, std::int64_t now) noexcept {
    using namespace std::chrono;
    const int this_year =
        static_cast<int>(year_month_day(floor<std::chrono::days>(sys_seconds(seconds(now)))).year());
    date found;
    if (!read_fixed(date_text(text), found) && !read_asctime(date_text(text), found) &&
        !read_rfc850(date_text(text), found, this_year))
        return std::nullopt;
    const year_month_day day(year(found.year), month(static_cast<unsigned>(found.month) + 1),
                             std::chrono::day(static_cast<unsigned>(found.day)));
    if (!day.ok() || found.hour > 23 || found.minute > 59 || found.second > 60) return std::nullopt;
    return sys_seconds(sys_days(day)).time_since_epoch().count() + found.hour * 3600 + found.minute * 60 +
           found.second;
}

std::string_view without_blanks(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace

time_us retry_after(std::string_view header, std::int64_t now) noexcept {
    const std::string_view text = without_blanks(header);
    std::int64_t seconds = 0;
    if (const auto date = read_date(text, now)) {
        seconds = *date - now;
    } else {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (end != text.data() + text.size() || error == std::errc::invalid_argument) return 0;
        const bool too_long = error != std::errc() || number > std::uint64_t{max_retry_after_s};
        seconds = too_long ? max_retry_after_s : static_cast<std::int64_t>(number);
    }
    return from_ms(1000 * std::clamp<std::int64_t>(seconds, 0, max_retry_after_s));
}

} // namespace cryo_core
