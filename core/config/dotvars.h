// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::config {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// Reads the text of a .dev.vars or .env file by the rules of the npm package dotenv: NAME=value, `export` prefix, single, double and back quotes,
/// multi-line quoted values, # comments, \n in double quotes. Lines that are none of these are ignored, as there.
NamedValues parseDotVars(std::string_view text);

/// One assignment of such a file. Offsets count bytes of the text as it is in the file.
struct DotVarsEntry {
    std::string name;
    std::string value;
    int line = 0;          ///< from 1
    std::size_t begin = 0; ///< of NAME, or of `export`
    std::size_t from = 0;  ///< the value with its quotes, without the white space round it
    std::size_t end = 0;
    bool operator==(const DotVarsEntry &) const = default;
};
/// Every assignment in file order; of several of one name the last one counts.
std::vector<DotVarsEntry> parseDotVarsEntries(std::string_view text);

/// The local secrets of a project whose Wrangler file (or, without one, itself) lies in `folder`: .dev.vars; else .env, then .env.local over it, with
/// ${NAME} expansion. `environment` ("preview", "production" or empty) prefers .dev.vars.<environment>. `files` are the files that were read; `unread` those that are there, but
/// that the ones that were read put out of use.
struct LocalSecrets {
    NamedValues values;
    std::vector<std::filesystem::path> files;
    std::vector<std::filesystem::path> unread;

    enum class Kind { DevVars, DotEnv };
    enum class Standing { Wins, Overridden };
    struct Entry {
        std::string name;
        std::string value; ///< expanded
        base::Place place;
        Kind kind = Kind::DevVars;
        Standing standing = Standing::Wins;
        bool operator==(const Entry &) const = default;
    };
    std::vector<Entry> entries; ///< of all files that were read, lowest to highest: `values` with where they come from, and what they override
};
/// `more`: further files of the .env sort, over all of these and the later ones over the earlier; one that is missing is passed over.
base::Result<LocalSecrets> readLocalSecrets(const std::filesystem::path &folder, std::string_view environment, std::span<const std::filesystem::path> more = {});

} // namespace cleat::config
