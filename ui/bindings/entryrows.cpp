// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entryrows.h"

#include <algorithm>

namespace cleat::ui {

namespace {

const std::string &nameOf(const config::KvNamespace &entry)
{
    return entry.binding;
}
const std::string &nameOf(const config::Variable &entry)
{
    return entry.name;
}

template <typename T>
std::vector<EntryRow<T>> rows(const config::WranglerConfig &config, config::Scope environment, std::vector<config::Placed<T>> config::BindingSet::*list)
{
    std::vector<EntryRow<T>> result;
    const config::BindingSet &own = config.set(environment);
    if (environment == config::Scope::TopLevel || own.present) {
        for (const auto &placed : own.*list)
            result.push_back({placed.value, placed.place, Origin::Own});
    }
    if (environment == config::Scope::TopLevel)
        return result;
    for (const auto &placed : config.topLevel.*list) {
        if (!own.present)
            result.push_back({placed.value, placed.place, Origin::TopLevel});
        else if (!holdsName(own, nameOf(placed.value)))
            result.push_back({placed.value, placed.place, Origin::NotInherited});
    }
    return result;
}

} // namespace

bool holdsName(const config::BindingSet &set, std::string_view name)
{
    return std::any_of(set.kvNamespaces.begin(), set.kvNamespaces.end(), [name](const auto &p) { return p.value.binding == name; })
        || std::any_of(set.variables.begin(), set.variables.end(), [name](const auto &p) { return p.value.name == name; });
}

std::vector<KvRow> kvRows(const config::WranglerConfig &config, config::Scope environment)
{
    return rows(config, environment, &config::BindingSet::kvNamespaces);
}

std::vector<VariableRow> variableRows(const config::WranglerConfig &config, config::Scope environment)
{
    return rows(config, environment, &config::BindingSet::variables);
}

config::Scope scopeOf(Origin origin, config::Scope environment)
{
    switch (origin) {
    case Origin::Own:
        return environment;
    case Origin::TopLevel:
    case Origin::NotInherited:
        return config::Scope::TopLevel;
    }
    return environment;
}

} // namespace cleat::ui
