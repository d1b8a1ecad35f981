// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"

#include <span>
#include <string>
#include <string_view>

namespace cleat::config {

/// The type of what a binding is in `env`, as @cloudflare/workers-types names it and `wrangler types` prints it: "KVNamespace".
std::string_view typeScriptType(Kind kind);
/// "string" for a text. For JSON a type of its structure: "{ max: number; tags: string[] }".
std::string typeScriptType(const Variable &variable);

/// `interface Env { ... }` of a set: bindings and variables in file order, the names of secrets that are not among them, and ASSETS, the project's own files, which
/// Pages adds to each. A name that is no JavaScript identifier is quoted; of entries with one name, the first counts, but for a secret, which wins over a variable.
/// Any thread.
std::string typeScriptEnv(const BindingSet &set, std::span<const std::string> secrets);

} // namespace cleat::config
