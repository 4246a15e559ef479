#include "bench/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace cryo_tool {
namespace {

constexpr double width = 720;
constexpr double height = 300;
constexpr double left = 76;
constexpr double right = 16;
constexpr double top = 34;
constexpr double bottom = 46;

std::string fixed(double value) {
    std::array<char, 64> text;
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

std::string short_number(double value) {
    std::array<char, 64> text;
    std::snprintf(text.data(), text.size(), "%.4g", value);
    return text.data();
}

// A direction of the plot: from values to places.
struct axis {
    double least = 0;
    double most = 1;
    double begin = 0; // the place of the least
    double end = 1;
    bool logarithmic = false;

    double place(double value) const {
        const auto scaled = [this](double v) { return logarithmic ? std::log10(v) : v; };
        const double share =
            (scaled(std::clamp(value, least, most)) - scaled(least)) / (scaled(most) - scaled(least));
        return begin + share * (end - begin);
    }
};

// 1, 2 or 5 times a power of ten: about so many of them make up the range.
double step_of(double range, int count) {
    const double rough = range / count;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough) return factor * power;
    }
    return 10 * power;
}

std::vector<double> linear_marks(const axis &of, int count) {
    std::vector<double> marks;
    const double step = step_of(of.most - of.least, count);
    const double first = std::ceil(of.least / step);
    const auto more = static_cast<int>(std::floor(of.most / step * (1 + 1e-9)) - first);
    for (int i = 0; i <= more; ++i)
        marks.push_back((first + i) * step);
    return marks;
}

std::vector<double> powers_of_ten(const axis &of) {
    std::vector<double> marks;
    const auto more = static_cast<int>(std::lround(std::log10(of.most / of.least)));
    for (int i = 0; i <= more; ++i)
        marks.push_back(of.least * std::pow(10, i));
    return marks;
}

std::string text_at(double x, double y, const char *anchor, const std::string &text) {
    return "<text x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" text-anchor=\"" + anchor + "\">" +
           html_escaped(text) + "</text>\n";
}

std::string grid_line(double x1, double y1, double x2, double y2) {
    return "<line class=\"grid\" x1=\"" + fixed(x1) + "\" y1=\"" + fixed(y1) + "\" x2=\"" + fixed(x2) +
           "\" y2=\"" + fixed(y2) + "\"/>\n";
}

axis axis_of_y(const bench_plot &plot, double least, double most) {
    axis y{.least = 0, .most = most > 0 ? most * 1.05 : 1, .begin = height - bottom, .end = top};
    if (!plot.y_is_logarithmic) return y;
    y.logarithmic = true;
    y.least = std::pow(10, std::floor(std::log10(std::max(least, 1.0))));
    y.most = std::max(std::pow(10, std::ceil(std::log10(std::max(most, 1.0)))), y.least * 10);
    return y;
}

std::string polyline(const bench_plot::line &line, std::size_t number, const axis &x, const axis &y) {
    std::string text = "<polyline class=\"line" + std::to_string(number) + "\" points=\"";
    for (const bench_plot::point &each : line.points)
        text += fixed(x.place(each.x)) + "," + fixed(y.place(each.y)) + " ";
    text += "\"/>\n";
    const double at = width - right - 90.0 * static_cast<double>(number);
    return text + "<text class=\"name" + std::to_string(number) + "\" x=\"" + fixed(at) +
           "\" y=\"18\" text-anchor=\"end\">" + html_escaped(line.name) + "</text>\n";
}

} // namespace

std::string html_escaped(const std::string &text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string bench_plot::svg() const {
    constexpr double none = std::numeric_limits<double>::infinity();
    double x_least = none;
    double x_most = -none;
    double y_least = none;
    double y_most = -none;
    for (const line &each : lines) {
        for (const point &at : each.points) {
            x_least = std::min(x_least, at.x);
            x_most = std::max(x_most, at.x);
            y_least = std::min(y_least, at.y);
            y_most = std::max(y_most, at.y);
        }
    }
    if (x_least == none) return {};
    const axis x{.least = x_least,
                 .most = x_most > x_least ? x_most : x_least + 1,
                 .begin = left,
                 .end = width - right};
    const axis y = axis_of_y(*this, y_least, y_most);

    std::string text = "<svg viewBox=\"0 0 " + fixed(width) + " " + fixed(height) +
                       "\" role=\"img\" aria-label=\"" + html_escaped(title) + "\">\n";
    text += "<text class=\"title\" x=\"" + fixed(left) + "\" y=\"18\">" + html_escaped(title) + "</text>\n";
    for (const double at : y.logarithmic ? powers_of_ten(y) : linear_marks(y, 5)) {
        text += grid_line(left, y.place(at), width - right, y.place(at));
        text += text_at(left - 6, y.place(at) + 4, "end", y_text ? y_text(at) : short_number(at));
    }
    std::vector<mark> below = x_marks;
    if (below.empty()) {
        for (const double at : linear_marks(x, 8))
            below.push_back({at, short_number(at)});
    }
    for (const mark &each : below) {
        if (each.at < x.least || each.at > x.most) continue;
        text += grid_line(x.place(each.at), top, x.place(each.at), height - bottom);
        text += text_at(x.place(each.at), height - bottom + 16, "middle", each.text);
    }
    text += text_at((left + width - right) / 2, height - 8, "middle", x_name);
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += polyline(lines[i], i, x, y);
    return text + "</svg>\n";
}

} // namespace cryo_tool
