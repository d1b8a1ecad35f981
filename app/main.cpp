// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analyticscommand.h"
#include "app/checkcommand.h"
#include "app/d1command.h"
#include "app/devcommand.h"
#include "app/kvcommand.h"
#include "app/r2command.h"
#include "app/vectorizecommand.h"
#ifdef CLEAT_UI
#include "app/windows.h"
#endif

#include <cstdio>
#include <string_view>

namespace {

void printUsage(std::FILE *out)
{
    std::fputs("Cleat runs Cloudflare Pages projects on this machine.\n"
               "\n"
#ifdef CLEAT_UI
               "  cleat [PROJECT]            open the window on a project folder\n"
#endif
               "  cleat dev [DIRECTORY] ...  serve the project of the current folder without a window\n"
               "  cleat dev --help           what dev can do\n"
               "  cleat check [DIR]          tell what is wrong with the project's Wrangler file\n"
               "  cleat check --help         how it tells it\n"
               "  cleat kv --help            keys and values of the local KV namespaces, with wrangler's arguments\n"
               "  cleat r2 --help            objects of the local R2 buckets, with wrangler's arguments\n"
               "  cleat d1 --help            local D1 databases, as wrangler d1\n"
               "  cleat vectorize --help     local Vectorize indexes, with wrangler's arguments\n"
               "  cleat analytics --help     SQL on the points of local Analytics Engine datasets\n"
               "  cleat --version\n",
        out);
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (first == "--version" || first == "-v") {
        std::puts("cleat " CLEAT_VERSION);
        return 0;
    }
    if (first == "--help" || first == "-h") {
        printUsage(stdout);
        return 0;
    }
    if (first == "dev")
        return cleat::app::runDev(argc, argv);
    if (first == "check")
        return cleat::app::runCheck(argc, argv);
    if (first == "kv")
        return cleat::app::runKv(argc, argv);
    if (first == "r2")
        return cleat::app::runR2(argc, argv);
    if (first == "d1")
        return cleat::app::runD1(argc, argv);
    if (first == "vectorize")
        return cleat::app::runVectorize(argc, argv);
    if (first == "analytics")
        return cleat::app::runAnalytics(argc, argv);
#ifdef CLEAT_UI
    return cleat::app::runWindows(argc, argv);
#else
    printUsage(stderr);
    return 2;
#endif
}
