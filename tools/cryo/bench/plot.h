// A line plot as SVG, to stand in a page.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cryo_tool {

struct bench_plot {
    struct point {
        double x;
        double y;
    };
    struct line {
        std::string name; // for the legend; classes .line0, .line1, … of the page give the colour
        std::vector<point> points;
    };
    struct mark {
        double at;
        std::string text;
    };

    std::string title;
    std::string x_name;
    std::vector<line> lines;
    std::vector<mark> x_marks; // none: made up
    bool y_is_logarithmic = false;
    std::function<std::string(double)> y_text; // of a value, with its unit

    // Nothing where there is no point.
    std::string svg() const;
};

// Text for a page: <, >, & and quotes as entities.
std::string html_escaped(const std::string &text);

} // namespace cryo_tool
