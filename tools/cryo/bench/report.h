// The result of `cryo bench`, for whoever reads it.
#pragma once

#include "bench/options.h"
#include "bench/result.h"

#include <nlohmann/json.hpp>

#include <string>

namespace cryo_tool {

// "64 connections, 32 outstanding each, 64 bytes of text".
std::string load_text(const bench_options &options);

// Times in ns as people read them, "1.23 ms"; and numbers, "2.1 M".
std::string duration_text(double ns);
std::string number_text(double value);

// A table; no line end behind it.
std::string report_text(const bench_options &options, const std::string &server, const bench_result &result);

// The keys and their order are an interface.
nlohmann::ordered_json report_json(const bench_options &options, const std::string &server,
                                   const bench_result &result);

// A page that needs nothing from anywhere.
std::string report_html(const bench_options &options, const std::string &server, const bench_result &result);

} // namespace cryo_tool
