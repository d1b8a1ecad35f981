// SPDX-License-Identifier: GPL-3.0-or-later
// Damages the transcripts at random and gives them to the parser: it must not crash, and must read the same whole and in pieces.
// fuzz_httphead [--seconds N] [--seed N] [--corpus FOLDER]
#include "tests/core/server/headcompare.h"
#include "tests/core/server/mutate.h"
#include "tests/core/server/transcript.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace cleat::server::test;

int main(int argc, char **argv)
{
    int seconds = 5;
    std::uint64_t seed = 1;
    std::string corpus;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--seconds") == 0)
            seconds = std::atoi(argv[i + 1]);
        else if (std::strcmp(argv[i], "--seed") == 0)
            seed = std::strtoull(argv[i + 1], nullptr, 10);
        else if (std::strcmp(argv[i], "--corpus") == 0)
            corpus = argv[i + 1];
    }
    std::vector<std::string> inputs{"GET / HTTP/1.1\r\nHost: x\r\n\r\n"};
    if (!corpus.empty()) {
        for (const TranscriptFile &file : readTranscripts(corpus)) {
            for (const Transcript &transcript : file.transcripts) {
                if (transcript.input.size() < 5000)
                    inputs.push_back(transcript.input);
            }
        }
    }
    std::mt19937_64 random(seed);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    std::uint64_t runs = 0;
    while (std::chrono::steady_clock::now() < end) {
        for (int i = 0; i < 100; ++i, ++runs) {
            const std::string input = mutated(inputs[random() % inputs.size()], inputs, random);
            const std::string problem = differences(input, static_cast<unsigned>(random()));
            if (!problem.empty()) {
                std::fprintf(stderr, "seed %llu, run %llu, input:\n", static_cast<unsigned long long>(seed), static_cast<unsigned long long>(runs));
                for (const char c : input)
                    std::fprintf(stderr, c >= 0x20 && c < 0x7F ? "%c" : c == '\n' ? "\\n\n" : "\\x%02x", static_cast<unsigned char>(c));
                std::fprintf(stderr, "\n%s\n", problem.c_str());
                return 1;
            }
        }
    }
    std::printf("%llu inputs from %zu seeds\n", static_cast<unsigned long long>(runs), inputs.size());
    return 0;
}
