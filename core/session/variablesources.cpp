// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/variablesources.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace cleat::session {

namespace {

using Secrecy = VariableSource::Secrecy;
using Standing = VariableSource::Standing;

/// A source with its value, even if that is a secret.
struct Candidate {
    VariableSource source;
    std::string_view value;
};

/// Lowest to highest. The one place that knows the order, for the panel and for the run.
std::vector<Candidate> candidates(const VariableInputs &inputs)
{
    std::vector<Candidate> all;
    const auto plain = [&all](const std::string &name, VariableOrigin origin, config::Variable::Kind kind, const std::string &value, const base::Place &place) {
        all.push_back({{name, origin, Secrecy::Plain, kind, value, place, Standing::Wins}, value});
    };
    const auto secret = [&all](const std::string &name, VariableOrigin origin, std::string_view value, const base::Place &place) {
        all.push_back({{name, origin, Secrecy::Secret, config::Variable::Kind::Text, {}, place, Standing::Wins}, value});
    };
    using Kind = config::Variable::Kind;
    for (const auto &[name, value] : inputs.pages)
        plain(name, VariableOrigin::Pages, Kind::Text, value, {});
    for (const auto &entry : inputs.wrangler)
        plain(entry.value.name, VariableOrigin::Wrangler, entry.value.kind, entry.value.value, entry.place);
    for (const auto &entry : inputs.local)
        secret(entry.name, entry.kind == config::LocalSecrets::Kind::DevVars ? VariableOrigin::DevVars : VariableOrigin::DotEnv, entry.value, entry.place);
    std::set<std::string_view> given;
    for (const auto &[name, value] : inputs.keychain) {
        secret(name, VariableOrigin::Keychain, value.reveal(), {});
        given.insert(name);
    }
    for (const std::string &name : inputs.keychainNames) {
        if (!given.contains(name)) {
            secret(name, VariableOrigin::Keychain, {}, {});
            all.back().source.standing = Standing::Missing;
        }
    }
    for (const auto &[name, value] : inputs.flags)
        plain(name, VariableOrigin::Flag, Kind::Text, value, {});

    std::map<std::string_view, Candidate *> winners;
    for (Candidate &candidate : all) {
        if (candidate.source.standing == Standing::Missing)
            continue;
        Candidate *&winner = winners[candidate.source.name];
        if (winner)
            winner->source.standing = Standing::Overridden;
        winner = &candidate;
    }
    return all;
}

} // namespace

std::vector<VariableSource> variableSources(const VariableInputs &inputs)
{
    std::vector<VariableSource> sources;
    for (Candidate &candidate : candidates(inputs))
        sources.push_back(std::move(candidate.source));
    std::ranges::stable_sort(sources, {}, [](const VariableSource &source) { return std::pair(std::string_view(source.name), source.origin); });
    return sources;
}

std::vector<config::Variable> variableValues(const VariableInputs &inputs)
{
    std::vector<config::Variable> values;
    for (const Candidate &candidate : candidates(inputs)) {
        if (candidate.source.standing == Standing::Wins)
            values.push_back({candidate.source.name, candidate.source.kind, std::string(candidate.value)});
    }
    return values;
}

std::vector<std::pair<std::string, std::string>> secretValues(const VariableInputs &inputs)
{
    std::vector<std::pair<std::string, std::string>> values;
    for (const Candidate &candidate : candidates(inputs)) {
        if (candidate.source.secrecy == Secrecy::Secret && candidate.source.standing != Standing::Missing)
            values.emplace_back(candidate.source.name, candidate.value);
    }
    return values;
}

} // namespace cleat::session
