// SPDX-License-Identifier: GPL-3.0-or-later
// Mutates paths and file lists from a fixed seed for a few seconds; the sanitizers and the checks below judge.
#include "core/functions/assets.h"
#include "core/functions/esbuild.h"
#include "core/functions/routes.h"
#include "core/functions/urlpath.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

using namespace cleat::functions;
namespace fs = std::filesystem;

namespace {

using Random = std::mt19937;

std::size_t below(Random &random, std::size_t limit)
{
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

std::string mutated(Random &random, std::string text, const std::vector<std::string> &pieces)
{
    for (std::size_t count = 1 + below(random, 6); count > 0; --count) {
        const std::size_t at = below(random, text.size() + 1);
        switch (below(random, 5)) {
        case 0:
            text.insert(at, pieces[below(random, pieces.size())]);
            break;
        case 1:
            text.insert(at, 1, static_cast<char>(below(random, 256)));
            break;
        case 2:
            text.erase(at, below(random, 4));
            break;
        case 3:
            if (at < text.size())
                text[at] = static_cast<char>(below(random, 256));
            break;
        case 4:
            text += text.substr(at, below(random, 12));
            break;
        }
    }
    return text;
}

void check(bool fine, const char *what, const std::string &input)
{
    if (fine)
        return;
    std::fprintf(stderr, "%s: \"%s\"\n", what, input.c_str());
    std::abort();
}

} // namespace

int main()
{
    Random random(20260101);
    const std::vector<std::string> urlPieces{"/", "//", "..", "/../", "%2e", "%2F", "%5c", "\\", "%00", "%", "a", "api", "index", ".html", "index.html", "_headers",
        "%c3%a9", "secret.txt", "x-1"};
    const std::vector<std::string> filePieces{"/", "[id]", "[[path]]", "[", "]", ":", "*", "_middleware", "index", ".ts", ".js", "a", "-", "."};
    const std::vector<std::string> messagePieces{"\n", "\n\n", "\xE2\x9C\x98 [ERROR] ", "\xE2\x96\xB2 [WARNING] ", "    a.ts:1:2:", " [x]", ":", "]", "2 errors"};

    std::string folderName = (fs::temp_directory_path() / "cleat-fuzz-XXXXXX").string();
    check(::mkdtemp(folderName.data()) != nullptr, "no temporary folder", folderName);
    const fs::path folder(folderName);
    fs::create_directories(folder / "site/api");
    const auto write = [](const fs::path &path, const char *text) { std::ofstream(path) << text; };
    write(folder / "secret.txt", "SECRET");
    write(folder / "site/_headers", "SECRET");
    for (const char *name : {"index.html", "a.html", "api/index.html", "api/a", "404.html"})
        write(folder / "site" / name, "public");
    fs::create_symlink("../secret.txt", folder / "site/link.txt");
    Assets assets(folder / "site");
    const std::vector<std::string> rulePieces{"/", ":", "*", "a", " ", "\n", "#", "?", "! ", "https://", "x.y:1", " 301", " 200", ":splat", "X: ", "%", "..", "//", "\\", "@"};

    std::vector<std::string> files{"_middleware.ts", "index.ts", "api/[id].ts", "api/[[path]].ts", "x-[a].ts", "api/_middleware.ts"};
    const std::vector<std::string> exports{"onRequest", "onRequestGet"};
    const std::vector<std::string> seeds{"/", "/api/1", "/api/a/b/c", "/x-1", "/index.html", "/api/../a.html", "/%2e%2e/secret.txt", "/link.txt"};

    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(4);
    std::size_t rounds = 0;
    while (std::chrono::steady_clock::now() < end) {
        std::vector<FunctionFile> table;
        for (const std::string &file : files)
            table.push_back({below(random, 3) ? file : mutated(random, file, filePieces), exports});
        const auto routes = buildRoutes(table);
        const auto fallback = routes ? routes : buildRoutes({{"_middleware.ts", exports}, {"api/[[path]].ts", exports}});
        const Router router(*fallback);
        for (int i = 0; i < 40; ++i, ++rounds) {
            const std::string path = mutated(random, seeds[below(random, seeds.size())], urlPieces);
            const std::string normal = normalizedPath(path);
            check(isNormalizedPath(normal) && normalizedPath(normal) == normal, "not stable", path);
            const auto steps = router.match("GET", path);
            const auto same = router.match("GET", normal);
            check(steps == same, "spelling matters", path);
            for (const Step &step : steps) {
                check(step.functionPath.size() <= normal.size(), "path too long", path);
                for (const Parameter &parameter : step.parameters)
                    check(!parameter.values.empty() && !parameter.values.front().empty(), "empty parameter", path);
            }
            if (i % 8 == 0) {
                auto rules = std::make_shared<AssetRules>();
                rules->headers = HeadersFile::parse(mutated(random, "/*\n  X-A: :splat\n/:a/:b\n  ! ETag\n  X-B: :a:b\n", rulePieces));
                rules->redirects = RedirectsFile::parse(mutated(random, "/a /b 301\n/:x/* https://h.x/:x/:splat?q#f 302\n/p/* /:splat 200\n", rulePieces));
                assets.use(rules);
                const AssetAnswer ruled = assets.answer("GET", path, "?q", {});
                check(!ruled.body || *ruled.body == "public" || ruled.status != 200, "leaked by a rule", path);
                for (const auto &[name, value] : ruled.fields)
                    check(value.find_first_of("\r\n") == std::string::npos && value.find('\0') == std::string::npos, "field of a rule", path);
                assets.use(nullptr);
            }
            const AssetAnswer answer = assets.answer("GET", path, "?q", "\"x\"");
            check(!answer.body || *answer.body == "public", "leaked", path);
            check(answer.status == 200 || answer.status == 304 || answer.status == 308 || answer.status == 404, "status", path);
            for (const auto &[name, value] : answer.fields) {
                check(value.find_first_of("\r\n") == std::string::npos && value.find('\0') == std::string::npos, "field", path);
                check(name != "Location" || (value.starts_with('/') && !value.starts_with("//")), "location", value);
            }
            for (const EsbuildMessage &message : parseEsbuildMessages(mutated(random, "\xE2\x9C\x98 [ERROR] x [y]\n\n    a.ts:1:2:\n", messagePieces)))
                check(message.place.line >= 0 && !message.block.empty(), "message", message.block);
        }
    }
    fs::remove_all(folder);
    std::printf("%zu rounds\n", rounds);
    return 0;
}
