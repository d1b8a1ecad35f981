// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/config/editproperty.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cleat::config::property {

/// A text made from the corpus by random changes, and random steps of edits: the outcome of each is a refusal with a proper code, or a text that means what the
/// edits say and keeps what they do not concern. The first eight bytes of the input choose all that; further bytes, if any, are the text itself.
inline void tryEdits(Form form, const std::uint8_t *data, std::size_t size)
{
    static const std::vector<std::string> texts = corpus(form);
    std::uint64_t seed = 0;
    if (size < sizeof seed)
        return;
    std::memcpy(&seed, data, sizeof seed);
    Random random(seed);
    std::string now = size > sizeof seed ? std::string(reinterpret_cast<const char *>(data) + sizeof seed, size - sizeof seed)
                                         : mutated(random.oneOf(texts), form, texts, random);
    for (int turn = 0; turn < 3; ++turn) {
        const std::vector<Edit> step = randomStep(now, form, random);
        const auto wrong = violation(now, form, step);
        const auto result = applyEdits(now, form, step);
        if (wrong) {
            std::fprintf(stderr, "%s\nseed %llu\nedits:\n%stext:\n%s<end>\nresult:\n%s<end>\n", wrong->c_str(), static_cast<unsigned long long>(seed), describe(step).c_str(),
                         now.c_str(), result ? result->c_str() : result.error().message.c_str());
            std::abort();
        }
        if (result)
            now = *result;
    }
}

} // namespace cleat::config::property
