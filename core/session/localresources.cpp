// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/localresources.h"

#include "core/bindings/analytics/dataset.h"
#include "core/bindings/vectorize/vectorindexes.h"
#include "core/config/bindingkinds.h"
#include "core/storage/names.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

const storage::Layout *layoutOf(config::Kind kind)
{
    switch (kind) {
    case config::Kind::KvNamespace:
        return &storage::kvLayout;
    case config::Kind::R2Bucket:
        return &storage::r2Layout;
    case config::Kind::D1Database:
        return &storage::d1Layout;
    case config::Kind::DurableObject:
    case config::Kind::Vectorize:
    case config::Kind::Hyperdrive:
    case config::Kind::Service:
    case config::Kind::Queue:
    case config::Kind::AnalyticsEngine:
    case config::Kind::MtlsCertificate:
    case config::Kind::Ai:
    case config::Kind::Browser:
    case config::Kind::VersionMetadata:
        break;
    }
    return nullptr;
}

} // namespace

std::optional<fs::path> dataOf(const fs::path &state, const config::Binding &binding)
{
    if (binding.kind == config::Kind::AnalyticsEngine) {
        auto file = bindings::analytics::datasetFile(state, config::localId(binding).value_or(std::string()));
        return file ? std::optional(std::move(*file)) : std::nullopt;
    }
    const storage::Layout *layout = layoutOf(binding.kind);
    const auto id = config::localId(binding);
    if (!layout || !id)
        return std::nullopt;
    return storage::databaseFile(state, *layout, *id);
}

std::vector<std::string> knownResources(const config::WranglerConfig &config, const fs::path &state, config::Kind kind)
{
    std::set<std::string> names;
    const config::BindingKind &described = config::bindingKind(kind);
    for (const config::Scope scope : {config::Scope::TopLevel, config::Scope::Preview, config::Scope::Production}) {
        for (const auto &entry : config.set(scope).bindings) {
            const config::Field *resource = entry.value.kind == kind ? entry.value.find(described.resourceField) : nullptr;
            if (resource && resource->kind == config::Field::Kind::Text && !resource->value.empty())
                names.insert(resource->value);
        }
    }
    if (const storage::Layout *layout = layoutOf(kind)) {
        std::error_code error;
        for (const auto &entry : fs::directory_iterator(state / "v3" / layout->folder, error)) {
            std::error_code ignored;
            if (entry.is_directory(ignored) && entry.path().filename() != layout->uniqueKey)
                names.insert(entry.path().filename().string());
        }
    }
    if (kind == config::Kind::Vectorize) {
        std::error_code error;
        for (const auto &entry : fs::directory_iterator(bindings::vectorize::indexFile(state, {}).parent_path(), error)) {
            if (entry.path().extension() == ".sqlite")
                names.insert(entry.path().stem().string());
        }
    }
    if (kind == config::Kind::AnalyticsEngine)
        std::ranges::copy(bindings::analytics::datasets(state), std::inserter(names, names.end()));
    return {names.begin(), names.end()};
}

} // namespace cleat::session
