// SPDX-License-Identifier: GPL-3.0-or-later
// A script is cut the same in one piece and in many, its statements lie apart and in order, and SQLite's own judge of complete statements agrees with each cut.
#include "core/data/d1/scriptcutter.h"
#include "core/data/d1/sqlscript.h"

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

[[noreturn]] void wrong(const char *what, const std::string &script)
{
    std::fprintf(stderr, "%s:\n%s\n", what, script.c_str());
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace cleat::data::d1;
    // Bytes choose pieces of SQL; the driver's eight bytes grow into a longer script.
    static constexpr std::array<const char *, 32> pieces = {";", ";", "'", "\"", "`", "[", "]", "--", "\n", "/*", "*/", "/", "*", "-", " ", "\t", "CREATE", "TEMP",
        "TRIGGER", "BEGIN", "END", "CASE", "EXPLAIN", "QUERY", "PLAN", "SELECT", "1", "x", "\xc3\xa9", "(", ")", "create trigger t begin select 1;"};
    std::string script;
    std::uint64_t state = 1;
    for (std::size_t i = 0; i < size; ++i) {
        state = (state ^ data[i]) * 0x100000001b3ULL;
        for (int k = 0; k < 4; ++k) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            script += pieces[state >> 59U];
            script += (state >> 50U) % 3 == 0 ? " " : "";
        }
    }
    const auto whole = splitScript(script);
    std::vector<ScriptStatement> parts;
    const auto found = [&](std::size_t begin, std::size_t length) { parts.push_back({begin, length}); };
    ScriptCutter cutter;
    for (const char &c : script)
        cutter.feed({&c, 1}, found);
    cutter.finish(found);
    if (parts != whole)
        wrong("cut otherwise byte by byte", script);
    std::size_t end = 0;
    for (const ScriptStatement &one : whole) {
        if (one.length == 0 || one.begin < end || one.begin + one.length > script.size())
            wrong("statements that overlap", script);
        end = one.begin + one.length;
        effectOf(std::string_view(script).substr(one.begin, one.length));
        placeOf(script, one.begin);
        if (&one != &whole.back() && sqlite3_complete((script.substr(one.begin, one.length) + "\n;").c_str()) == 0)
            wrong("a statement that SQLite says is not complete", script.substr(one.begin, one.length));
    }
    return 0;
}
