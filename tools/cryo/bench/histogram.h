// How often which latency was seen, in constant memory and at a few nanoseconds a value: the layout of
// HdrHistogram, for which Debian 12 has no C or C++ package.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace cryo_tool {

// Buckets are exact below 256 and grow with the value above, by less than a 128th of it.
class bench_histogram {
  public:
    static constexpr unsigned precision_bits = 7;
    static constexpr unsigned value_bits = 44; // five hours, in nanoseconds
    static constexpr std::uint64_t highest = (std::uint64_t{1} << value_bits) - 1;

    void record(std::uint64_t value, std::uint64_t times = 1) noexcept {
        value = std::min(value, highest);
        counts_[index_of(value)] += times;
        count_ += times;
        sum_ += value * times;
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
    }

    void add(const bench_histogram &other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            counts_[i] += other.counts_[i];
        count_ += other.count_;
        sum_ += other.sum_;
        min_ = std::min(min_, other.min_);
        max_ = std::max(max_, other.max_);
    }

    std::uint64_t count() const noexcept { return count_; }
    std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
    std::uint64_t max() const noexcept { return max_; }
    double mean() const noexcept {
        return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
    }

    // The value that this share of all values does not exceed: 0.5 gives the median. 0 when there is none.
    std::uint64_t value_at(double share) const noexcept {
        const double wanted = std::clamp(share, 0.0, 1.0) * static_cast<double>(count_);
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (counts_[i] > 0 && static_cast<double>(seen) >= wanted) return std::min(top_of(i), max_);
        }
        return max_;
    }

    // visit(upper bound of the values, how many) for each bucket that is not empty, in ascending order.
    template <typename Visit>
    void for_each(Visit visit) const {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            if (counts_[i] > 0) visit(std::min(top_of(i), max_), counts_[i]);
        }
    }

  private:
    static constexpr std::size_t half = std::size_t{1} << precision_bits;

    static constexpr std::size_t index_of(std::uint64_t value) noexcept {
        const unsigned bits = static_cast<unsigned>(std::bit_width(value | 1));
        const unsigned shift = bits > precision_bits + 1 ? bits - precision_bits - 1 : 0;
        return shift * half + static_cast<std::size_t>(value >> shift);
    }
    static constexpr std::uint64_t top_of(std::size_t index) noexcept {
        const std::size_t shift = index < 2 * half ? 0 : index / half - 1;
        const std::uint64_t leading = index - shift * half;
        return ((leading + 1) << shift) - 1;
    }

    std::array<std::uint64_t, (value_bits - precision_bits + 1) * half> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t sum_ = 0;
    std::uint64_t min_ = highest;
    std::uint64_t max_ = 0;
};

} // namespace cryo_tool
