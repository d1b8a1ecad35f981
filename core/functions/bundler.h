// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/functions/assetimports.h"
#include "core/functions/nodecompat.h"
#include "core/functions/routes.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cleat::functions {

/// A file that the code imports as it is.
struct BundlePart {
    enum class Kind { Data, Wasm };
    std::string name; ///< "./engine-ABCD1234.wasm": what the code imports, but for what follows a '?'
    Kind kind = Kind::Data;
    std::string bytes;
    bool operator==(const BundlePart &) const = default;
};

/// A build: one ES module that holds all of a project's code.
struct Bundle {
    enum class Kind {
        Functions,
        Worker ///< of _worker.js: its exports are the Worker's own, and `routes` send everything to its fetch
    };
    Kind kind = Kind::Functions;
    /// Its default export is an object: { "index.ts": { onRequestGet: ..., ... }, ... }, with the handlers that functions/index.ts exports (a name
    /// that it does not export may be there as undefined; `routes` names only real ones). Imports of node:* and cloudflare:* are left as they are.
    /// Of a Worker: what its script exports.
    std::string code;
    std::string sourceMap; ///< JSON, version 3, with the sources' texts; sources are plain paths relative to the project folder
    std::vector<BundlePart> parts; ///< .wasm and .bin files
    std::vector<AssetFolder> assetFolders; ///< that the code imports
    std::vector<Route> routes;
    NodeCompat node = NodeCompat::None; ///< what it was built for
    std::vector<std::filesystem::path> inputs; ///< every file of the import graph, absolute, symbolic links resolved
    std::vector<base::Error> warnings;
};

/// Runs esbuild over <project>/functions. Blocking; call it on a worker thread. Codes: bundle.esbuild-missing, bundle.failed (the message holds
/// esbuild's own text with file, line, column and the line of source; place is its first error), routes.*.
/// Uses esbuild's own binary, no Node.js; leaves nothing behind in the project. One build at a time.
class Bundler final
{
public:
    /// `esbuild`: the binary.
    explicit Bundler(std::filesystem::path esbuild);
    ~Bundler();
    Bundler(const Bundler &) = delete;
    Bundler &operator=(const Bundler &) = delete;

    /// After a build: has an esbuild wait for the next one of the same project, which is done sooner by the time that it takes to start a program. When that cannot be, the next build
    /// says why.
    void prepareNext();
    /// No functions/ folder, or none of its files handles requests: a Bundle without routes and with empty code.
    /// `node`: which of Node's modules imports may name. Those that the runtime has stay imports of "node:..."; a require() of one becomes such an import.
    base::Result<Bundle> build(const std::filesystem::path &project, NodeCompat node = NodeCompat::None);
    enum class Form {
        Module, ///< the script is a module, also when it imports and exports nothing: Pages knows no other form
        ModuleOrScript ///< one that imports and exports nothing is in the old form: listeners are its handlers
    };
    /// The same for a Worker: `script` is _worker.js, or the index.js of a folder of that name, or what `main` of a Wrangler file names.
    base::Result<Bundle> buildWorker(const std::filesystem::path &project, const std::filesystem::path &script, NodeCompat node = NodeCompat::None, Form form = Form::Module);

private:
    class Workplace;
    template <typename Work>
    base::Result<Bundle> at(const std::filesystem::path &project, NodeCompat node, Work &&work);

    const std::filesystem::path m_esbuild;
    std::unique_ptr<Workplace> m_prepared;
    std::filesystem::path m_lastProject;
    NodeCompat m_lastNode = NodeCompat::None;
};

inline constexpr const char *workerFile = "_worker.js"; ///< also what stands in routes for a Worker's file, whatever its name is
/// The Worker's script in a folder of assets: _worker.js/index.js, else _worker.js. Empty: there is none. `name`: another one than _worker.js.
std::filesystem::path workerScript(const std::filesystem::path &assets, const std::string &name = workerFile);

/// The handlers that a Worker has.
inline constexpr const char *workerFetch = "fetch";
inline constexpr const char *workerScheduled = "scheduled"; ///< answers /cdn-cgi/handler/scheduled and /cdn-cgi/local/scheduled

} // namespace cleat::functions
