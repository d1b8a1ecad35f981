// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/distance.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace cleat::bindings::vectorize {

namespace {

using Lanes [[gnu::vector_size(64)]] = float;
constexpr std::size_t width = sizeof(Lanes) / sizeof(float);

// Four sums at a time, so that no addition waits for the one before. Compiled once for each set of instructions, by inlining.
template <bool dot>
[[gnu::always_inline]] inline float sumOver(const float *a, const float *b, std::size_t count)
{
    Lanes sums[4] = {};
    std::size_t at = 0;
    const auto step = [&](Lanes &sum, std::size_t from) __attribute__((always_inline)) {
        Lanes x;
        Lanes y;
        std::memcpy(&x, a + from, sizeof x);
        std::memcpy(&y, b + from, sizeof y);
        if constexpr (dot) {
            sum += x * y;
        } else {
            const Lanes difference = x - y;
            sum += difference * difference;
        }
    };
    for (; at + 4 * width <= count; at += 4 * width) {
        step(sums[0], at);
        step(sums[1], at + width);
        step(sums[2], at + 2 * width);
        step(sums[3], at + 3 * width);
    }
    for (; at + width <= count; at += width)
        step(sums[0], at);
    const Lanes sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    float total = 0;
    for (std::size_t i = 0; i < width; ++i)
        total += sum[i];
    for (; at < count; ++at) {
        const float x = dot ? a[at] * b[at] : a[at] - b[at];
        total += dot ? x : x * x;
    }
    return total;
}

/// What rounding leaves of the distance of a vector to itself.
constexpr float identical = 4e-7F;

using Sum = float (*)(const float *, const float *, std::size_t);
struct Sums {
    Sum dot;
    Sum squared;
};

float dotPlain(const float *a, const float *b, std::size_t count) { return sumOver<true>(a, b, count); }
float squaredPlain(const float *a, const float *b, std::size_t count) { return sumOver<false>(a, b, count); }

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] float dotAvx2(const float *a, const float *b, std::size_t count) { return sumOver<true>(a, b, count); }
[[gnu::target("avx2,fma")]] float squaredAvx2(const float *a, const float *b, std::size_t count) { return sumOver<false>(a, b, count); }
[[gnu::target("avx512f,prefer-vector-width=512")]] float dotAvx512(const float *a, const float *b, std::size_t count) { return sumOver<true>(a, b, count); }
[[gnu::target("avx512f,prefer-vector-width=512")]] float squaredAvx512(const float *a, const float *b, std::size_t count) { return sumOver<false>(a, b, count); }
#endif

Sums chosen()
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return {dotAvx512, squaredAvx512};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {dotAvx2, squaredAvx2};
#endif
    return {dotPlain, squaredPlain};
}

const Sums sums = chosen();

} // namespace

float dotProduct(const float *a, const float *b, std::size_t count)
{
    return sums.dot(a, b, count);
}

float squaredDistance(const float *a, const float *b, std::size_t count)
{
    return sums.squared(a, b, count);
}

void prepare(Metric metric, float *values, std::size_t count)
{
    if (metric != Metric::Cosine)
        return;
    // Doubles, because squares of large numbers leave the range of a float.
    double squares = 0;
    for (std::size_t i = 0; i < count; ++i)
        squares += static_cast<double>(values[i]) * values[i];
    if (squares <= 0)
        return;
    const double scale = 1 / std::sqrt(squares);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(values[i] * scale);
}

float distanceOf(Metric metric, const float *a, const float *b, std::size_t count)
{
    switch (metric) {
    case Metric::Cosine:
        return 1 - sums.dot(a, b, count);
    case Metric::Euclidean:
        return sums.squared(a, b, count);
    case Metric::DotProduct:
        return -sums.dot(a, b, count);
    }
    return 0;
}

double scoreOf(Metric metric, float distance)
{
    float score = distance;
    if (metric == Metric::Cosine)
        score = distance < identical ? 1 : std::max(1 - distance, -1.0F);
    else if (metric == Metric::Euclidean)
        score = std::sqrt(distance);
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), score, std::chars_format::general, 9).ptr;
    double rounded = 0;
    std::from_chars(text.data(), end, rounded);
    return rounded == 0 ? 0 : rounded;
}

} // namespace cleat::bindings::vectorize
