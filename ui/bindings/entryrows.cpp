// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entryrows.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace cleat::ui {

using config::Scope;
using session::VariableOrigin;
using session::VariableSource;

namespace {

std::unordered_set<std::string_view> namesIn(const config::BindingSet &set)
{
    std::unordered_set<std::string_view> names;
    for (const auto &placed : set.bindings)
        names.insert(placed.value.name);
    for (const auto &placed : set.variables)
        names.insert(placed.value.name);
    return names;
}

using Start = std::pair<int, int>; ///< line and column of an entry

Start startOf(const base::Place &place)
{
    return {place.line, place.column};
}

/// Whether the entry with which the text begins still goes on at its end.
bool reaches(std::string_view between, config::Form form)
{
    if (form == config::Form::Toml) {
        for (std::size_t end = between.find('\n'); end != std::string_view::npos; end = between.find('\n', end + 1)) {
            const std::size_t first = between.find_first_not_of(" \t", end + 1);
            if (first != std::string_view::npos && between[first] == '[')
                return false; // the next header
        }
        return true;
    }
    int depth = 0;
    for (std::size_t i = 0; i < between.size(); ++i) {
        switch (between[i]) {
        case '"':
            for (++i; i < between.size() && between[i] != '"'; ++i)
                i += between[i] == '\\' ? 1 : 0;
            break;
        case '/':
            if (between.substr(i).starts_with("//"))
                i = std::min(between.find('\n', i), between.size());
            else if (between.substr(i).starts_with("/*"))
                i = std::min(between.find("*/", i + 2), between.size());
            break;
        case '{':
            ++depth;
            break;
        case '}':
            if (--depth <= 0)
                return false;
            break;
        }
    }
    return true;
}

class Finder final
{
public:
    Finder(const config::WranglerConfig &config, std::string_view text, config::Form form)
    {
        for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production}) {
            const config::BindingSet &set = config.set(scope);
            for (const auto &placed : set.bindings)
                m_starts.emplace(startOf(placed.place), Sort::Binding);
            for (const auto &placed : set.variables)
                m_starts.emplace(startOf(placed.place), Sort::Variable);
        }
        std::vector<std::size_t> lines{0};
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n')
                lines.push_back(i + 1);
        }
        const auto offset = [&](const Start &start) {
            const auto line = static_cast<std::size_t>(std::max(start.first, 1)) - 1;
            return line < lines.size() ? std::min(lines[line] + static_cast<std::size_t>(std::max(start.second, 1)) - 1, text.size()) : text.size();
        };
        for (const config::Finding &finding : config.findings) {
            const Start at = startOf(finding.place);
            auto next = m_starts.upper_bound(at);
            if (at.first == 0 || next == m_starts.begin() || finding.code.starts_with("env."))
                continue; // of the file, or of an environment as a whole
            const auto &[start, sort] = *std::prev(next);
            const bool here = start.first == at.first
                || (sort == Sort::Binding && reaches(text.substr(offset(start), offset(at) + 1 - offset(start)), form));
            if (here)
                m_findings[start].push_back(finding);
        }
    }

    std::vector<config::Finding> of(const base::Place &place) const
    {
        const auto found = m_findings.find(startOf(place));
        return found == m_findings.end() ? std::vector<config::Finding>() : found->second;
    }

private:
    enum class Sort { Binding, Variable };
    std::map<Start, Sort> m_starts;
    std::map<Start, std::vector<config::Finding>> m_findings;
};

} // namespace

std::vector<BindingRow> bindingRows(const config::WranglerConfig &config, Scope environment)
{
    std::vector<BindingRow> rows;
    const config::BindingSet &own = config.set(environment);
    const bool isTopLevel = environment == Scope::TopLevel;
    if (isTopLevel || own.present) {
        for (const auto &placed : own.bindings)
            rows.push_back({placed.value, placed.place, Origin::Own, {}});
    }
    if (isTopLevel)
        return rows;
    const auto names = own.present ? namesIn(own) : std::unordered_set<std::string_view>();
    for (const auto &placed : config.topLevel.bindings) {
        if (!own.present)
            rows.push_back({placed.value, placed.place, Origin::TopLevel, {}});
        else if (!names.contains(placed.value.name))
            rows.push_back({placed.value, placed.place, Origin::NotInherited, {}});
    }
    return rows;
}

std::vector<VariableRow> variableRows(
    const config::WranglerConfig &config, Scope environment, std::span<const VariableSource> sources, std::span<const std::string> topLevelSecrets)
{
    const config::BindingSet &own = config.set(environment);
    const bool isTopLevel = environment == Scope::TopLevel;
    std::vector<VariableRow> rows;
    std::vector<VariableRow> ofPages;
    std::map<std::string_view, const VariableSource *> winners;
    std::set<std::string_view> inKeychain;
    for (const VariableSource &source : sources) {
        if (source.standing == VariableSource::Standing::Wins)
            winners.insert_or_assign(source.name, &source);
        if (source.origin == VariableOrigin::Keychain)
            inKeychain.insert(source.name);
    }
    for (const VariableSource &source : sources) {
        VariableRow row{source, Origin::Own, {}, {}};
        if (source.origin == VariableOrigin::Wrangler && !isTopLevel && !own.present)
            row.origin = Origin::TopLevel;
        const auto winner = winners.find(source.name);
        if (source.standing == VariableSource::Standing::Overridden && winner != winners.end())
            row.winner = *winner->second;
        (source.origin == VariableOrigin::Pages ? ofPages : rows).push_back(std::move(row));
    }
    if (!isTopLevel) {
        const auto names = namesIn(own);
        for (const auto &placed : config.topLevel.variables) {
            if (own.present && !names.contains(placed.value.name))
                rows.push_back({{placed.value.name, VariableOrigin::Wrangler, VariableSource::Secrecy::Plain, placed.value.kind, placed.value.value, placed.place,
                                    VariableSource::Standing::Wins},
                    Origin::NotInherited, {}, {}});
        }
        for (const std::string &name : topLevelSecrets) {
            if (!inKeychain.contains(name))
                rows.push_back({{name, VariableOrigin::Keychain, VariableSource::Secrecy::Secret, {}, {}, {}, VariableSource::Standing::Wins}, Origin::NotInherited, {}, {}});
        }
    }
    std::ranges::move(ofPages, std::back_inserter(rows));
    return rows;
}

Scope scopeOf(Origin origin, Scope environment)
{
    switch (origin) {
    case Origin::Own:
        return environment;
    case Origin::TopLevel:
    case Origin::NotInherited:
        return Scope::TopLevel;
    }
    return environment;
}

void attachFindings(
    const config::WranglerConfig &config, std::string_view text, config::Form form, std::vector<BindingRow> &bindings, std::vector<VariableRow> &variables)
{
    if (config.findings.empty())
        return;
    const Finder finder(config, text, form);
    for (BindingRow &row : bindings)
        row.findings = finder.of(row.place);
    for (VariableRow &row : variables) {
        if (row.source.origin == VariableOrigin::Wrangler)
            row.findings = finder.of(row.source.place);
    }
}

} // namespace cleat::ui
