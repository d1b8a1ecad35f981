// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/binding.h"
#include "core/config/dotvars.h"
#include "core/events/event.h"
#include "core/runtime/worker.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// What a run has to say of its bindings before it begins.
struct Remark {
    events::Level level = events::Level::Info;
    base::Error what;
    bool operator==(const Remark &) const = default;
};

/// The database of a Hyperdrive binding: CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_<BINDING>, or WRANGLER_... of old, of this process or else of `local`; then localConnectionString.
/// Where there is none, or none that can be used, the binding itself tells so (Bindings::Hyperdrive::problem) and a remark does; what else there is runs. Codes of remarks:
/// hyperdrive.environment, hyperdrive.deprecated, hyperdrive.missing, hyperdrive.connection-string. `secrets` gets the password, when it is one that can be told from other words.
runtime::Bindings::Hyperdrive hyperdriveOf(const config::Binding &binding, std::span<const config::LocalSecrets::Entry> local, std::vector<Remark> &remarks,
    std::vector<std::pair<std::string, std::string>> &secrets);

} // namespace cleat::session
