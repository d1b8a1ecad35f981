// SPDX-License-Identifier: GPL-3.0-or-later
// Measures a Vectorize index: how fast vectors go in, how fast and how well the nearest are found, and how much memory that takes.
//     bench_vectorize [VECTORS [DIMENSIONS]]        200000 768 unless told otherwise
// The vectors are made as embeddings are: they lie near a surface of far fewer dimensions (48), in clusters.
#include "core/bindings/vectorize/distance.h"
#include "core/bindings/vectorize/vectorindex.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>

using namespace cleat::bindings::vectorize;

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Of this process, in bytes: what is in memory and not a file's.
double memory()
{
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("RssAnon:"))
            return std::strtod(line.c_str() + 8, nullptr) * 1024;
    }
    return 0;
}

[[noreturn]] void fail(const std::string &why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

template <typename T>
T need(cleat::base::Result<T> result)
{
    if (!result)
        fail(result.error().message);
    return std::move(*result);
}

class Embeddings final
{
public:
    explicit Embeddings(std::size_t dimensions) : m_map(hidden * dimensions), m_dimensions(dimensions)
    {
        for (float &value : m_map)
            value = m_normal(m_random);
        for (float &value : m_centres)
            value = 1.5F * m_normal(m_random);
    }

    std::vector<float> next()
    {
        std::vector<float> inner(hidden);
        const std::size_t centre = m_random() % clusters;
        for (std::size_t i = 0; i < hidden; ++i)
            inner[i] = m_centres[centre * hidden + i] + m_normal(m_random);
        std::vector<float> values(m_dimensions);
        for (float &value : values)
            value = 0.3F * m_normal(m_random);
        for (std::size_t i = 0; i < hidden; ++i) {
            const float *const row = &m_map[i * m_dimensions];
            for (std::size_t k = 0; k < m_dimensions; ++k)
                values[k] += inner[i] * row[k];
        }
        return values;
    }

private:
    static constexpr std::size_t hidden = 48;
    static constexpr std::size_t clusters = 200;
    std::mt19937 m_random{7};
    std::normal_distribution<float> m_normal;
    std::vector<float> m_map;
    std::vector<float> m_centres = std::vector<float>(hidden * clusters);
    const std::size_t m_dimensions;
};

double dot(const std::vector<float> &a, const std::vector<float> &b)
{
    return dotProduct(a.data(), b.data(), a.size());
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200'000;
    const std::size_t dimensions = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 768;
    constexpr std::size_t batch = 1000;
    constexpr std::size_t queries = 200;
    constexpr std::size_t top = 10;
    if (count < batch || dimensions < 1 || dimensions > maxDimensions)
        fail("bench_vectorize [VECTORS [DIMENSIONS]]: 1000 vectors or more, of 1 to 1536 dimensions");
    std::string folder = (std::filesystem::temp_directory_path() / "bench-vectorize-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        fail("No temporary folder could be made.");

    Embeddings source(dimensions);
    std::vector<std::vector<float>> asked;
    for (std::size_t i = 0; i < queries; ++i)
        asked.push_back(source.next());
    // What is really the nearest, found beside the index.
    std::vector<std::vector<std::pair<double, std::size_t>>> truth(queries);
    IndexConfig config;
    config.name = "bench";
    config.dimensions = static_cast<std::uint32_t>(dimensions);
    need(createIndex(folder, config));
    VectorIndex index(folder, "bench");
    double inserting = 0;
    for (std::size_t at = 0; at < count; at += batch) {
        std::vector<Vector> vectors;
        for (std::size_t i = at; i < std::min(at + batch, count); ++i)
            vectors.push_back({std::to_string(i), source.next(), {}, R"({"n":)" + std::to_string(i) + "}"});
        for (const Vector &vector : vectors) {
            const double length = std::sqrt(dot(vector.values, vector.values));
            for (std::size_t q = 0; q < queries; ++q) {
                auto &best = truth[q];
                best.emplace_back(-dot(asked[q], vector.values) / length, std::stoul(vector.id));
                std::ranges::push_heap(best);
                if (best.size() > top) {
                    std::ranges::pop_heap(best);
                    best.pop_back();
                }
            }
        }
        const auto start = Clock::now();
        need(index.insert(vectors));
        inserting += since(start);
    }
    std::printf("insert    %8.0f vectors/s (%zu of %zu dimensions, %zu a call)\n", static_cast<double>(count) / inserting, count, dimensions, batch);

    const double before = memory();
    auto start = Clock::now();
    need(index.query(asked[0], {}));
    std::printf("load      %8.2f s\n", since(start));
    const auto measure = [&](const char *name) {
        std::vector<double> times;
        std::size_t right = 0;
        for (std::size_t q = 0; q < queries; ++q) {
            const auto begun = Clock::now();
            QueryOptions options;
            options.topK = top;
            const Matches matches = need(index.query(asked[q], options));
            times.push_back(since(begun) * 1000);
            std::set<std::string> best;
            for (const auto &[distance, id] : truth[q])
                best.insert(std::to_string(id));
            for (const Match &match : matches.matches)
                right += best.count(match.id);
        }
        std::ranges::sort(times);
        const double recall = static_cast<double>(right) / static_cast<double>(queries * top);
        std::printf("%-9s %8.2f ms the half, %.2f ms 99 of 100, recall %.4f\n", name, times[times.size() / 2], times[times.size() * 99 / 100], recall);
        return recall;
    };
    measure("growing");
    start = Clock::now();
    while (count >= VectorMemory::defaultGraphFrom && index.progress()->inGraph < index.progress()->slots) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    std::printf("graph     %8.2f s more until it is whole\n", since(start));
    const double recall = measure("query");
    const double data = static_cast<double>(count * dimensions * sizeof(float));
    std::printf("memory    %8.2f times the data (%.0f MB)\n", (memory() - before) / data, (memory() - before) / 1e6);
    std::filesystem::remove_all(folder);
    if (recall < 0.95)
        fail("The recall is too low.");
    return 0;
}
