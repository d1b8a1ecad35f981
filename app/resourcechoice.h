// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/arguments.h"
#include "core/base/error.h"
#include "core/config/wranglerconfig.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cleat::app {

/// The flags that all commands on local data have: config, cwd, env, persist-to, local, remote, help.
std::span<const Flag> dataFlags();

/// A project, as the commands on local data see it.
struct DataProject {
    std::optional<std::filesystem::path> file; ///< the Wrangler file; absolute
    std::filesystem::path folder; ///< what --cwd says, else the current one: paths of the command line begin there; absolute
    std::filesystem::path base; ///< paths in the Wrangler file begin there; `folder` without a file
    config::WranglerConfig config; ///< empty without a file
    config::Scope scope = config::Scope::TopLevel;
    std::filesystem::path state; ///< the folder that holds v3

    /// A path of the command line.
    std::filesystem::path path(const std::string &text) const { return (folder / text).lexically_normal(); }
    const config::BindingSet &bindings() const { return config.effective(scope); }
};

/// Finds the project of the current folder, or of the one that --cwd names, as `cleat dev` does, or takes the file that --config names. Codes: usage; data.remote
/// (--remote was asked for); file.*, redirect.*, config.parse.
base::Result<DataProject> findDataProject(const Arguments &arguments);

/// Which of the two ids of a KV namespace: --preview, --preview false, or neither.
enum class KvId { Unsaid, Preview, Live };

/// The id of the KV namespace that a binding stands for; a binding without an id has its name's. Code data.binding: no such binding, not the id that was asked for, or
/// two ids and none was asked for. The message says what there is.
base::Result<std::string> kvNamespaceOf(const DataProject &project, std::string_view binding, KvId which);

/// The D1 database of that binding name, database_name or database_id (looked for in this order); its local files are those of config::localId(). Borrowed from
/// the project. Code data.binding; the message says what there is.
base::Result<const config::Binding *> d1DatabaseOf(const DataProject &project, std::string_view name);

/// The R2 bucket of that name in the Wrangler file (bucket_name, preview_bucket_name or the binding's name): what names its local files. A name that no binding has
/// stands for itself, as in wrangler.
std::string r2BucketOf(const DataProject &project, std::string_view name);

} // namespace cleat::app
