// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"
#include "core/config/wranglerconfig.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The flags of a `wrangler pages dev ...` in package.json, as what the Wrangler file says instead. Any thread.
namespace cleat::config {

/// A script of package.json that calls `wrangler pages dev`.
struct DevScript {
    std::string name;
    std::string command; ///< the script as it stands there
    struct Word {
        std::string text;
        bool expands = false; ///< holds a $VARIABLE or a `command`, so that only a shell knows the text
        bool operator==(const Word &) const = default;
    };
    std::vector<Word> words; ///< what follows `pages dev`, quotes and escapes resolved
    bool operator==(const DevScript &) const = default;
};

/// In file order; empty when the text is no JSON object, has no scripts, or none of them calls it. Finds it behind environment variables, npx and its like, in chains
/// (&&, ||, ;, |, &), and in quotes as the argument of another command (concurrently "wrangler pages dev").
std::vector<DevScript> findDevScripts(std::string_view packageJson);

/// What becomes of a script's flags.
struct DevImport {
    std::optional<std::string> outputDir;
    std::optional<std::string> compatibilityDate;
    std::vector<std::string> compatibilityFlags;
    std::vector<Edit> edits; ///< additions to the top level, in the flags' order
    struct Left {
        std::string flag; ///< as it stands there: "--port 3000"
        std::string why;  ///< a sentence
        bool operator==(const Left &) const = default;
    };
    std::vector<Left> left; ///< what the file cannot say, or says already

    bool isEmpty() const { return !outputDir && !compatibilityDate && compatibilityFlags.empty() && edits.empty(); }
};

/// Reads the flags by wrangler's rules: those that take several values take all words up to the next flag.
DevImport importFlags(const DevScript &script);
/// What of it a file lacks: names that are taken there, a folder and a date that it has, go to `left`. Compatibility flags are not merged: they go there, too.
DevImport importInto(DevImport flags, const WranglerConfig &config);

} // namespace cleat::config
