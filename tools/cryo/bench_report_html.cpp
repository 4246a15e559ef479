#include "bench_report.h"
namespace cryo_tool {
std::string report_html(const bench_options &, const std::string &, const bench_result &) {
    return {};
}
} // namespace cryo_tool
