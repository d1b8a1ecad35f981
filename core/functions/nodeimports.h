// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/functions/nodecompat.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cleat::functions {

/// esbuild's arguments that let imports and require() calls reach Node's modules as `node` allows.
std::vector<std::string> nodeArguments(NodeCompat node);

/// What wrangler says of modules of Node.js that code imports without the flag for them; `imports` are names and the files that import them.
std::vector<base::Error> nodeWarnings(const std::map<std::string, std::set<std::string>> &imports, NodeCompat node);

/// Adds to a failed build what wrangler says where a module of Node.js could not be found.
base::Error withNodeAdvice(base::Error error, NodeCompat node);

} // namespace cleat::functions
