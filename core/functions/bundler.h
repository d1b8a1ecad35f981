// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/functions/routes.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cleat::functions {

/// A build: one ES module that holds all of a project's Functions.
struct Bundle {
    /// Its default export is an object: { "index.ts": { onRequestGet: ..., ... }, ... }, with the handlers that functions/index.ts exports (a name
    /// that it does not export may be there as undefined; `routes` names only real ones). Imports of node:* and cloudflare:* are left as they are.
    std::string code;
    std::string sourceMap; ///< JSON, version 3, with the sources' texts; sources are plain paths relative to the project folder
    std::vector<Route> routes;
    std::vector<std::filesystem::path> inputs; ///< every file of the import graph, absolute, symbolic links resolved
    std::vector<base::Error> warnings;
};

/// Runs esbuild over <project>/functions. Blocking; call it on a worker thread. Codes: bundle.esbuild-missing, bundle.failed (the message holds
/// esbuild's own text with file, line, column and the line of source; place is its first error), routes.*.
/// Uses esbuild's own binary, no Node.js; leaves nothing behind in the project.
class Bundler final
{
public:
    /// `esbuild`: the binary.
    explicit Bundler(std::filesystem::path esbuild);
    /// No functions/ folder, or none of its files handles requests: a Bundle without routes and with empty code.
    base::Result<Bundle> build(const std::filesystem::path &project) const;

private:
    std::filesystem::path m_esbuild;
};

} // namespace cleat::functions
