// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/ai/provider.h"

#include <cstdint>

namespace cleat::runtime {
struct Bindings;
}

namespace cleat::session {

/// What the settings of a project say of the services behind its bindings, the same for all of its Workers.
struct ServiceOptions {
    bindings::ai::Provider ai; ///< who answers for Workers AI
    std::uint32_t analyticsPerSecond = 0; ///< ProjectSettings::analyticsPerSecond
    std::uint32_t hyperdriveSeconds = 0; ///< ProjectSettings::hyperdriveSeconds
    std::uint32_t hyperdriveStaleSeconds = 0; ///< ProjectSettings::hyperdriveStaleSeconds
    bool operator==(const ServiceOptions &) const = default;

    void applyTo(runtime::Bindings &bindings) const;
};

} // namespace cleat::session
