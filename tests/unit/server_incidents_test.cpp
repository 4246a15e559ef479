#include "server/incidents.h"

#include "base/log.h"
#include "cmocka.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace cryo_core;

namespace {

struct written {
    log_level level;
    std::string line;
};
std::vector<written> lines;

class sink final : public log_sink {
  public:
    void write(log_level level, std::string_view line) noexcept override {
        lines.push_back({level, std::string(line)});
    }
};

void listen_at(log_level level) {
    lines.clear();
    set_log(level, std::make_unique<sink>());
}

std::size_t count(log_level level) {
    std::size_t n = 0;
    for (const written &one : lines)
        n += one.level == level ? 1 : 0;
    return n;
}

void test_a_flood_is_cut_at_info_and_told_at_debug(void **) {
    for (const log_level level : {log_level::info, log_level::debug}) {
        listen_at(level);
        incident_log log;
        for (int i = 0; i < 1000; ++i)
            log.tell(from_ms(5000), "192.0.2.1:1", "was refused with 401");
        assert_int_equal(count(log_level::info), incident_log::burst);
        assert_int_equal(count(log_level::debug), level == log_level::debug ? 1000 - incident_log::burst : 0);
        assert_string_equal(lines[0].line.c_str(), "192.0.2.1:1 was refused with 401");
    }
    set_log(log_level::warning, nullptr);
}

void test_time_allows_more_and_says_what_was_left_out(void **) {
    listen_at(log_level::info);
    incident_log log;
    for (std::uint32_t i = 0; i < incident_log::burst + 7; ++i)
        log.tell(from_ms(5000), "a", "b");
    lines.clear();
    log.tell(from_ms(5000) + incident_log::refill - 1, "a", "b");
    assert_int_equal(lines.size(), 0);
    log.tell(from_ms(5000) + incident_log::refill, "a", "b");
    assert_int_equal(lines.size(), 2);
    assert_string_equal(lines[1].line.c_str(), "besides, 8 such lines were left out");
    lines.clear();
    for (std::uint32_t i = 0; i < 2 * incident_log::burst; ++i)
        log.tell(from_ms(500'000), "a", "b");
    assert_int_equal(count(log_level::info), incident_log::burst); // not one for each second that has passed
    set_log(log_level::warning, nullptr);
}

void test_nothing_below_info(void **) {
    listen_at(log_level::warning);
    incident_log log;
    log.tell(0, "a", "b");
    assert_int_equal(lines.size(), 0);
    set_log(log_level::warning, nullptr);
}

void test_a_reason_tells_no_token(void **) {
    assert_true(without_token("The token was refused.", "secret") == "The token was refused.");
    assert_true(without_token("There is no user secret here.", "secret").find("secret") ==
                std::string_view::npos);
    assert_true(without_token("anything", "") == "anything");
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_flood_is_cut_at_info_and_told_at_debug),
        cmocka_unit_test(test_time_allows_more_and_says_what_was_left_out),
        cmocka_unit_test(test_nothing_below_info),
        cmocka_unit_test(test_a_reason_tells_no_token),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
