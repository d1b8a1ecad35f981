// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::functions {

/// How a project's code may name Node's modules; its compatibility date and flags say (https://developers.cloudflare.com/workers/runtime-apis/nodejs/).
enum class NodeCompat {
    None,
    AsyncLocalStorage, ///< nodejs_als: node:async_hooks alone
    Prefixed, ///< nodejs_compat with a date before 2024-09-23: "node:..."
    Full ///< the same without "node:", too, and by require()
};

} // namespace cleat::functions
