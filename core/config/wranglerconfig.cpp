// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/wranglerconfig.h"

#include <algorithm>

namespace cleat::config {

Form formOf(const std::filesystem::path &file)
{
    return file.extension() == ".toml" ? Form::Toml : Form::Jsonc;
}

const Placed<Binding> *BindingSet::binding(std::string_view name) const
{
    const auto found = std::ranges::find_if(bindings, [name](const Placed<Binding> &b) { return b.value.name == name; });
    return found == bindings.end() ? nullptr : &*found;
}

const Placed<Binding> *BindingSet::binding(Kind kind, std::string_view name) const
{
    const auto found = std::ranges::find_if(bindings, [kind, name](const Placed<Binding> &b) { return b.value.kind == kind && b.value.name == name; });
    return found == bindings.end() ? nullptr : &*found;
}

const Placed<Variable> *BindingSet::variable(std::string_view name) const
{
    const auto found = std::ranges::find_if(variables, [name](const Placed<Variable> &v) { return v.value.name == name; });
    return found == variables.end() ? nullptr : &*found;
}

const BindingSet &WranglerConfig::set(Scope scope) const
{
    switch (scope) {
    case Scope::TopLevel:
        return topLevel;
    case Scope::Preview:
        return preview;
    case Scope::Production:
        return production;
    }
    return topLevel;
}

const BindingSet &WranglerConfig::effective(Scope scope) const
{
    const BindingSet &own = set(scope);
    return own.present ? own : topLevel;
}

} // namespace cleat::config
