// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::config {

/// Which set of bindings: the top level of the file, or one of the two environments that a Pages file may hold.
enum class Scope { TopLevel, Preview, Production };

struct KvNamespace {
    std::string binding; ///< the name in `env`
    std::optional<std::string> id;
    std::optional<std::string> previewId;
    bool operator==(const KvNamespace &) const = default;

    /// What names the local data: preview_id, else id, else the binding's name.
    const std::string &localId() const { return previewId ? *previewId : id ? *id : binding; }
};

/// A variable of `vars`. Text when it is a string in the file; else its value as JSON text.
struct Variable {
    enum class Kind { Text, Json };
    std::string name;
    Kind kind = Kind::Text;
    std::string value;
    bool operator==(const Variable &) const = default;
};

template <typename T>
struct Placed {
    T value;
    base::Place place; ///< where the entry begins in the file
};

/// A name that some binding or variable of a scope has, of whatever kind, so that a new one cannot take it.
struct TakenName {
    std::string name;
    std::string kind; ///< in words: "a KV namespace", "a variable", "an R2 bucket"
    base::Place place;
    bool operator==(const TakenName &) const = default;
};

/// The bindings of one scope as the file spells them, in file order. Environments inherit none of them (Pages, "Wrangler configuration").
struct BindingSet {
    bool present = false; ///< always true for the top level; for an environment, whether its table is there
    std::vector<Placed<KvNamespace>> kvNamespaces;
    std::vector<Placed<Variable>> variables;
    std::vector<TakenName> takenNames; ///< of every kind that Pages knows, also those that are not read any further; in file order
};

struct Finding {
    enum class Severity { Warning, Error };
    Severity severity = Severity::Error;
    std::string code; ///< "binding.duplicate"
    std::string message;
    base::Place place;
    bool operator==(const Finding &) const = default;
};

/// A Wrangler file, read.
struct WranglerConfig {
    std::optional<std::string> name;
    std::optional<std::string> pagesBuildOutputDir;
    std::optional<std::string> compatibilityDate;
    std::vector<std::string> compatibilityFlags;
    BindingSet topLevel;
    BindingSet preview;
    BindingSet production;
    std::vector<Finding> findings;

    const BindingSet &set(Scope scope) const;
    /// The bindings that a deployment of `scope` would get: the environment's own where its table exists, else the top level's.
    const BindingSet &effective(Scope scope) const;
};

/// Reads a wrangler.toml. A text that is not TOML, or that uses a known key with a wrong type, fails with code config.parse and line and column.
/// Whatever can be read in spite of being wrong for Pages (a duplicate name, a name that is no identifier) becomes a finding instead.
/// `path` goes into places only. Any thread.
base::Result<WranglerConfig> readWranglerToml(std::string_view text, const std::string &path);

/// Why `name` cannot be a binding or a variable: not a JavaScript identifier that `context.env.NAME` could reach, reserved (ASSETS), or taken in this
/// scope by an entry other than `except`. Codes: name.empty, name.identifier, name.reserved, name.taken.
base::Result<void> checkName(const WranglerConfig &config, Scope scope, std::string_view name, std::string_view except = {});

} // namespace cleat::config
