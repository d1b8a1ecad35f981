// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/aisettings.h"
#include "core/session/plan.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cleat::session {

/// How Cleat runs a project and what it keeps of it, as chosen in the Settings pane. Belongs to the project's folder on this machine: the Wrangler file knows nothing of it.
struct ProjectSettings {
    Plan plan = Plan::Paid;
    std::string cf; ///< `request.cf` as a JSON object; empty: the usual one
    std::size_t recordingBytes = 256U << 20; ///< memory for requests, and the same again in the journal
    std::size_t bodyBytes = 1U << 20; ///< kept of a body in each direction
    std::vector<std::filesystem::path> workers; ///< Wrangler files of Workers that run beside the project; absolute
    AiSettings ai;
    std::uint32_t analyticsPerSecond = 0; ///< bindings::analytics::Sampling: at most so many points of one index are kept a second; 0: all
    std::uint32_t hyperdriveSeconds = 0; ///< how long Hyperdrive bindings keep answers of queries that only read; 0: they do not
    std::uint32_t hyperdriveStaleSeconds = usualHyperdriveStaleSeconds; ///< how long they give them besides, while they ask again
    bool operator==(const ProjectSettings &) const = default;

    static constexpr std::size_t leastRecordingBytes = 16U << 20;
    static constexpr std::size_t mostRecordingBytes = std::size_t(16) << 30;
    static constexpr std::size_t mostBodyBytes = 256U << 20;
    static constexpr std::uint32_t mostAnalyticsPerSecond = 1'000'000;
    static constexpr std::uint32_t usualHyperdriveSeconds = 60; ///< Hyperdrive, "Query caching": max_age
    static constexpr std::uint32_t mostHyperdriveSeconds = 3600;
    static constexpr std::uint32_t usualHyperdriveStaleSeconds = 15; ///< the same: stale_while_revalidate
};

/// Whether all of it can be. Codes: settings.cf, settings.range, ai.base-url. Any thread.
base::Result<void> check(const ProjectSettings &settings);

/// What the file says; the usual ones when it does not exist. What is missing in it, or is not known, counts as not chosen. Codes: settings.file (it is no settings file, or says
/// what cannot be), and those of base::readFile(). Any thread.
base::Result<ProjectSettings> readProjectSettings(const std::filesystem::path &file);
/// Makes the folders above it. Codes: those of check() and base::writeFileAtomically(). Any thread.
base::Result<void> writeProjectSettings(const std::filesystem::path &file, const ProjectSettings &settings);

} // namespace cleat::session
