// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/binding.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::config {

/// How a Wrangler file is spelled. wrangler.json may hold comments and trailing commas as well (wrangler reads both with one parser).
enum class Form { Toml, Jsonc };

/// By the file's name: .toml is TOML, all else JSON with comments.
Form formOf(const std::filesystem::path &file);

/// Which set of bindings: the top level of the file, or one of the two environments that a Pages file may hold.
enum class Scope { TopLevel, Preview, Production };

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

/// `limits`: what one request may use, in place of what the plan says.
struct RequestLimits {
    std::optional<std::int64_t> cpuMs; ///< JavaScript time
    std::optional<std::int64_t> subrequests;
    bool operator==(const RequestLimits &) const = default;
};

/// The bindings of one scope as the file spells them, in file order. Environments inherit none of them (Pages, "Wrangler configuration").
struct BindingSet {
    bool present = false; ///< always true for the top level; for an environment, whether its table is there
    std::vector<Placed<Binding>> bindings;
    std::vector<Placed<Variable>> variables;
    std::vector<TakenName> takenNames; ///< of bindings and variables, in file order
    std::optional<std::string> compatibilityDate; ///< of an environment that has its own
    std::optional<std::vector<std::string>> compatibilityFlags; ///< the same
    std::optional<RequestLimits> limits; ///< the same, as a whole

    /// The first entry of that name; nullptr when there is none. `kind` narrows it down.
    const Placed<Binding> *binding(std::string_view name) const;
    const Placed<Binding> *binding(Kind kind, std::string_view name) const;
    const Placed<Variable> *variable(std::string_view name) const;
};

struct Finding {
    enum class Severity { Warning, Error };
    Severity severity = Severity::Error;
    std::string code; ///< "binding.duplicate"
    std::string message;
    base::Place place;
    bool operator==(const Finding &) const = default;
};

/// `dev`: how the project is served on this machine, where no flag says it.
struct DevSettings {
    std::optional<std::string> ip;
    std::optional<int> port;
    std::optional<int> inspectorPort;
    std::optional<std::string> localProtocol; ///< "http" or "https"
    bool operator==(const DevSettings &) const = default;
};

/// A Wrangler file, read.
struct WranglerConfig {
    std::optional<std::string> name;
    std::optional<std::string> pagesBuildOutputDir;
    std::optional<std::string> compatibilityDate;
    std::vector<std::string> compatibilityFlags;
    RequestLimits limits;
    DevSettings dev;
    BindingSet topLevel;
    BindingSet preview;
    BindingSet production;
    std::vector<Finding> findings; ///< by line and column

    const BindingSet &set(Scope scope) const;
    /// The bindings that a deployment of `scope` would get: the environment's own where its table exists, else the top level's.
    const BindingSet &effective(Scope scope) const;
};

/// Reads a Wrangler file. A text that does not parse fails with code config.parse, line and column. Whatever can be read in spite of being wrong for Pages
/// (a duplicate name, a field of a wrong type, a name that is no identifier) becomes a finding instead; what has a wrong type is then left out.
/// `path` goes into places only. Any thread.
base::Result<WranglerConfig> readWranglerFile(std::string_view text, Form form, const std::string &path);

/// Why `name` cannot be a binding or a variable: not a JavaScript identifier that `context.env.NAME` could reach, reserved (ASSETS), or taken in this
/// scope by an entry other than `except`. Codes: name.empty, name.identifier, name.reserved, name.taken.
base::Result<void> checkName(const WranglerConfig &config, Scope scope, std::string_view name, std::string_view except = {});

/// Why the fields of `binding` cannot stand in a Pages file, its name aside (see checkName). Codes: field.missing, field.type, bucket.name, field.text (empty, or with
/// control characters). Any thread.
base::Result<void> checkFields(const Binding &binding);

} // namespace cleat::config
