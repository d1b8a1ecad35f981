// SPDX-License-Identifier: GPL-3.0-or-later
// A text made from the golden cases by random changes, and a random edit of it: the outcome is a refusal with a proper code, or a text that means what
// the edit says and keeps the lines that the edit does not concern. The first eight bytes of the input choose both; further bytes, if any, are the text itself.
#include "tests/core/config/editproperty.h"
#include "tests/core/config/goldencase.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace cleat::config;

namespace {

const std::vector<std::string> &corpus()
{
    static const std::vector<std::string> texts = [] {
        std::vector<std::string> out;
        for (const golden::Case &one : golden::readCases(CLEAT_TESTS_DIR "/golden/config"))
            out.push_back(one.before);
        return out;
    }();
    return texts;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::uint64_t seed = 0;
    if (size < sizeof seed)
        return 0;
    std::memcpy(&seed, data, sizeof seed);
    property::Random random(seed);
    const std::string text = size > sizeof seed ? std::string(reinterpret_cast<const char *>(data) + sizeof seed, size - sizeof seed)
                                                : property::mutated(random.oneOf(corpus()), corpus(), random);
    // Several edits in a row, as a user makes them.
    std::string now = text;
    for (int step = 0; step < 3; ++step) {
        const Edit edit = property::randomEdit(now, random);
        if (const auto wrong = property::violation(now, edit)) {
            std::fprintf(stderr, "%s\nseed %llu\nedit: %s\ntext:\n%s<end>\n", wrong->c_str(), static_cast<unsigned long long>(seed), property::describe(edit).c_str(), now.c_str());
            if (const auto result = applyEdit(now, edit))
                std::fprintf(stderr, "result:\n%s<end>\n", result->c_str());
            std::abort();
        }
        if (auto result = applyEdit(now, edit))
            now = std::move(*result);
    }
    return 0;
}
