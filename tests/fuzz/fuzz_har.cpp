// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP archives that are damaged, or of other programs, are refused with a message or read; what was read is written, and read again as the same.
#include "core/base/file.h"
#include "core/events/har.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <unistd.h>

namespace {

using namespace cleat;

[[noreturn]] void wrong(const std::string &what)
{
    std::fprintf(stderr, "%s\n", what.c_str());
    std::abort();
}

const std::filesystem::path &folder()
{
    static const std::filesystem::path made = [] {
        const std::filesystem::path memory = "/dev/shm"; // writing waits for the disk
        std::string name = ((std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path()) / "cleat-fuzz-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            wrong("no folder");
        std::atexit([] { std::filesystem::remove_all(folder()); });
        return std::filesystem::path(name);
    }();
    return made;
}

/// As a browser and as Cleat write one.
constexpr std::string_view sound = R"({"log":{"version":"1.2","creator":{"name":"b","version":"1"},"pages":[{"id":"p"}],"entries":[
{"startedDateTime":"2026-01-01T02:00:00.5+02:00","time":12.5,"_cleat":{"kind":"http","handler":"functions/a.ts","calls":[{"span":1,"parent":0,"start":5,"duration":9,"kind":"kv","binding":"A","method":"get"}]},
"request":{"method":"POST","url":"https://a.example/x?q=1#f","httpVersion":"h2","headers":[{"name":":authority","value":"a.example"},{"name":"Cookie","value":"a=b"}],
"bodySize":-1,"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a b","value":"\u00e4&"}]}},
"response":{"status":200,"statusText":"","headers":[{"name":"set-cookie","value":"a=1\nb=2"},{"name":"content-encoding","value":"br"}],
"content":{"size":3,"mimeType":"text/plain","text":"YWJj","encoding":"base64"},"bodySize":2},"timings":{"blocked":-1,"wait":10,"receive":2.5}},
{"startedDateTime":"2026-01-01T00:00:00.000Z","time":0,"request":{"method":"GET","url":"http://a.example"},"response":{"status":0,"content":{},"_error":"net::ERR_FAILED"}}]}})";

std::string damaged(std::uint32_t seed)
{
    static constexpr std::array<std::string_view, 22> pieces = {"null", "-1", "1e999", "99999999999999999999", "\"\"", "[]", "{}", "[[[[", "\"\\u0000\"", "\"\\ud800\"", "true", ",", ":", "}", "]",
        "\xff", "\"A B\"", "\"2026-13-45T99:99:99Z\"", "\"base64\"", "{\"log\":", "\"http://[\"", "0.1e-400"};
    std::mt19937 random(seed);
    const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
    std::string text(sound);
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) {
        std::size_t at = below(text.size() + 1);
        const std::string_view piece = pieces[below(pieces.size())];
        switch (below(5)) {
        case 0: // another value in place of one
            at = std::min(text.find(':', at), text.size());
            if (at < text.size())
                text.replace(at + 1, std::min(text.find_first_of(",}]", at), text.size()) - at - 1, piece);
            break;
        case 1:
            text.insert(at, piece);
            break;
        case 2:
            text.erase(at, below(12));
            break;
        case 3: // a part of it once more
            text.insert(at, text.substr(below(text.size() + 1), below(200)));
            break;
        default:
            if (at < text.size())
                text[at] = static_cast<char>(below(256));
            break;
        }
    }
    return text;
}

base::Result<std::vector<events::RequestRecord>> again(const std::filesystem::path &file, const std::vector<events::RequestRecord> &records)
{
    events::HarOptions options;
    options.base = "http://localhost:8788";
    options.version = "1";
    options.masks = events::Masks::Lifted;
    std::size_t next = 0;
    const auto written = events::writeHar(
        file, [&]() -> base::Result<std::optional<events::RequestRecord>> { return next < records.size() ? std::optional(records[next++]) : std::nullopt; }, options);
    if (!written)
        return std::unexpected(written.error());
    return events::readHar(file);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::filesystem::path file = folder() / "a.har";
    std::uint32_t seed = 1;
    for (std::size_t i = 0; i < size; ++i)
        seed = (seed ^ data[i]) * 16777619U;
    const std::string text = size > 64 ? std::string(reinterpret_cast<const char *>(data), size) : damaged(seed);
    if (!base::writeFileAtomically(file, text))
        wrong("no file");
    const auto read = events::readHar(file);
    if (!read) {
        if (read.error().code != "har.format" || read.error().message.empty())
            wrong("a failure of another kind: " + read.error().code);
        return 0;
    }
    const auto second = again(folder() / "b.har", *read);
    if (!second)
        wrong("what was read and written cannot be read: " + second.error().message + "\n" + text);
    // The first reading may have understood less than it was told, or have named things in the writer's own words; from then on nothing changes.
    const auto third = again(folder() / "c.har", *second);
    if (!third || *third != *second)
        wrong("what was written is not read as the same:\n" + text);
    return 0;
}
