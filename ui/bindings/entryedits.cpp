// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entryedits.h"

#include "core/config/bindingkinds.h"
#include "ui/bindings/kindlook.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <map>
#include <set>

namespace cleat::ui {

using config::Scope;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::EntryEdits)
};

std::vector<Entry> entriesOf(const config::BindingSet &set)
{
    std::vector<Entry> entries;
    for (const auto &placed : set.bindings)
        entries.emplace_back(placed.value);
    for (const auto &placed : set.variables)
        entries.emplace_back(placed.value);
    return entries;
}

bool isBoundOnce(const Entry &entry)
{
    const auto *binding = std::get_if<config::Binding>(&entry);
    return binding && config::bindingKind(binding->kind).form == config::BindingKind::Form::Single;
}

/// The entries of the set that is written, while it grows.
class Names final
{
public:
    void add(const Entry &entry)
    {
        m_entries.emplace(nameOf(entry), entry);
        if (isBoundOnce(entry))
            m_once.insert(std::get<config::Binding>(entry).kind);
    }
    const Entry *find(const std::string &name) const
    {
        const auto found = m_entries.find(name);
        return found == m_entries.end() ? nullptr : &found->second;
    }
    bool holdsKindOf(const Entry &entry) const { return isBoundOnce(entry) && m_once.contains(std::get<config::Binding>(entry).kind); }
    std::string freeName(const std::string &name) const
    {
        for (int number = 2;; ++number) {
            std::string candidate = name + '_' + std::to_string(number);
            if (!m_entries.contains(candidate))
                return candidate;
        }
    }

private:
    std::map<std::string, Entry> m_entries;
    std::set<config::Kind> m_once;
};

} // namespace

const std::string &nameOf(const Entry &entry)
{
    return std::visit([](const auto &value) -> const std::string & { return value.name; }, entry);
}

QString describe(const Entry &entry)
{
    const QString name = fromUtf8(nameOf(entry));
    if (const auto *binding = std::get_if<config::Binding>(&entry))
        return Words::tr("%1 %2").arg(kindTitle(binding->kind), name);
    return Words::tr("variable %1").arg(name);
}

QString describe(std::span<const Entry> entries)
{
    return entries.size() == 1 ? describe(entries.front()) : Words::tr("%1 entries").arg(entries.size());
}

config::Edit additionOf(Scope scope, const Entry &entry)
{
    if (const auto *binding = std::get_if<config::Binding>(&entry))
        return config::AddBinding{scope, *binding};
    return config::AddVariable{scope, std::get<config::Variable>(entry)};
}

config::Edit removalOf(const PlacedEntry &entry)
{
    if (const auto *binding = std::get_if<config::Binding>(&entry.entry))
        return config::RemoveBinding{entry.scope, binding->kind, binding->name};
    return config::RemoveVariable{entry.scope, nameOf(entry.entry)};
}

Scope writtenScope(const config::WranglerConfig &config, const Destination &destination)
{
    const bool toTopLevel = !config.set(destination.environment).present && destination.table == Destination::Table::TopLevel;
    return toTopLevel ? Scope::TopLevel : destination.environment;
}

Addition planAddition(const config::WranglerConfig &config, const Destination &destination, std::span<const Entry> entries, TakenNames taken)
{
    Addition plan;
    Names names;
    const Scope scope = writtenScope(config, destination);
    const bool newTable = !config.set(scope).present;
    for (const Entry &entry : entriesOf(newTable ? config.topLevel : config.set(scope))) {
        if (newTable && !names.find(nameOf(entry)))
            plan.edits.push_back(additionOf(scope, entry));
        names.add(entry);
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        Entry entry = entries[i];
        const std::string name = nameOf(entry);
        const Entry *other = names.find(name);
        if (other && *other == entry) {
            plan.present.push_back(name);
            plan.handled.push_back(i);
            continue;
        }
        if (names.holdsKindOf(entry)) {
            plan.boundOnce.push_back(name);
            continue;
        }
        if (other && taken == TakenNames::Skip) {
            plan.skipped.push_back(name);
            continue;
        }
        if (other) {
            std::visit([&names](auto &value) { value.name = names.freeName(value.name); }, entry);
            plan.renamed.emplace_back(name, nameOf(entry));
        }
        plan.edits.push_back(additionOf(scope, entry));
        plan.handled.push_back(i);
        names.add(entry);
        plan.added.push_back(std::move(entry));
    }
    return plan;
}

} // namespace cleat::ui
