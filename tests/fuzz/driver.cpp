// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target without libFuzzer: PROGRAM SECONDS SEED feeds it eight random bytes at a time; PROGRAM FILE... feeds it each file's bytes.
#include "core/base/clock.h"
#include "core/base/file.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace {

bool isNumber(const char *text)
{
    return *text && std::strspn(text, "0123456789") == std::strlen(text);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 3 && isNumber(argv[1]) && isNumber(argv[2])) {
        const std::int64_t end = cleat::base::steadyNs() + std::strtoll(argv[1], nullptr, 10) * 1'000'000'000;
        std::uint64_t state = std::strtoull(argv[2], nullptr, 10);
        unsigned long long runs = 0;
        for (; cleat::base::steadyNs() < end; ++runs) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            std::uint8_t bytes[sizeof state];
            std::memcpy(bytes, &state, sizeof state);
            LLVMFuzzerTestOneInput(bytes, sizeof bytes);
        }
        std::printf("%llu runs\n", runs);
        return 0;
    }
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s SECONDS SEED | FILE...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; ++i) {
        const auto text = cleat::base::readFile(argv[i]);
        if (!text) {
            std::fprintf(stderr, "%s\n", text.error().message.c_str());
            return 2;
        }
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(text->data()), text->size());
    }
    return 0;
}
