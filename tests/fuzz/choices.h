// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace cleat::fuzz {

inline void check(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

/// Choices, out of the bytes that the fuzzer gives.
class Choices
{
public:
    Choices(const std::uint8_t *data, std::size_t size) : m_random([&] {
        std::uint32_t seed = 1;
        for (std::size_t i = 0; i < size; ++i)
            seed = (seed ^ data[i]) * 16777619U;
        return seed;
    }())
    {
    }
    std::size_t of(std::size_t count) { return m_random() % count; }

private:
    std::mt19937 m_random;
};

} // namespace cleat::fuzz
