// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydraft.h"

#include "core/base/json.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::EntryDraft)
};

bool isId(std::string_view id)
{
    return std::none_of(id.begin(), id.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
}

Scope otherOf(Scope environment)
{
    return environment == Scope::Preview ? Scope::Production : Scope::Preview;
}

} // namespace

base::Result<void> checkDraft(const config::WranglerConfig &config, const EntryDraft &draft)
{
    if (auto name = config::checkName(config, draft.scope, draft.name, draft.original); !name)
        return name;
    switch (draft.kind) {
    case EntryDraft::Kind::KvNamespace:
        if (!isId(draft.id) || !isId(draft.previewId))
            return base::fail("kv.id", toUtf8(Words::tr("An id of a KV namespace holds no spaces.")));
        break;
    case EntryDraft::Kind::Variable:
        if (draft.valueKind == config::Variable::Kind::Json && !base::Json::accept(draft.value))
            return base::fail("variable.json", toUtf8(Words::tr("The value is not JSON.")));
        break;
    }
    return {};
}

config::Edit editOf(const EntryDraft &draft)
{
    switch (draft.kind) {
    case EntryDraft::Kind::KvNamespace: {
        config::KvNamespace entry{draft.name, std::nullopt, std::nullopt};
        if (!draft.id.empty())
            entry.id = draft.id;
        if (!draft.previewId.empty())
            entry.previewId = draft.previewId;
        if (draft.original.empty())
            return config::AddKvNamespace{draft.scope, entry};
        return config::ChangeKvNamespace{draft.scope, draft.original, entry};
    }
    case EntryDraft::Kind::Variable:
        break;
    }
    const config::Variable entry{draft.name, draft.valueKind, draft.value};
    if (draft.original.empty())
        return config::AddVariable{draft.scope, entry};
    return config::ChangeVariable{draft.scope, draft.original, entry};
}

QString stepText(const EntryDraft &draft)
{
    const bool added = draft.original.empty();
    switch (draft.kind) {
    case EntryDraft::Kind::KvNamespace:
        return (added ? Words::tr("Add KV namespace %1") : Words::tr("Change KV namespace %1")).arg(fromUtf8(draft.name));
    case EntryDraft::Kind::Variable:
        return (added ? Words::tr("Add variable %1") : Words::tr("Change variable %1")).arg(fromUtf8(draft.name));
    }
    return {};
}

QString scopeName(Scope scope)
{
    switch (scope) {
    case Scope::TopLevel:
        return Words::tr("Top level");
    case Scope::Preview:
        return Words::tr("Preview");
    case Scope::Production:
        return Words::tr("Production");
    }
    return {};
}

QString topLevelSentence(const config::WranglerConfig &config, Scope environment)
{
    const Scope other = otherOf(environment);
    const bool here = config.set(environment).present;
    const bool there = config.set(other).present;
    if (here && there)
        return Words::tr("Both environments have tables of their own and inherit nothing, so neither gets it; only a run of the top level does.");
    if (here)
        return Words::tr("%1 has a table of its own and inherits nothing, so only %2 gets it.").arg(scopeName(environment), scopeName(other));
    if (there)
        return Words::tr("%1 gets it. %2 has a table of its own and does not.").arg(scopeName(environment), scopeName(other));
    return Words::tr("Production and Preview both get it.");
}

QString ownTableSentence(const config::WranglerConfig &config, Scope environment)
{
    const QString name = scopeName(environment);
    if (config.set(environment).present)
        return Words::tr("Only %1 gets it.").arg(name);
    QStringList lost;
    for (const auto &placed : config.topLevel.kvNamespaces)
        lost << fromUtf8(placed.value.binding);
    for (const auto &placed : config.topLevel.variables)
        lost << fromUtf8(placed.value.name);
    if (lost.isEmpty())
        return Words::tr("Only %1 gets it. This creates its own table in the file.").arg(name);
    const qsizetype count = lost.size();
    if (count > 4)
        lost = lost.mid(0, 3) << Words::tr("%1 more").arg(count - 3);
    return Words::tr("Only %1 gets it. This creates its own table in the file, and %1 then loses what it has from the top level: %2. You can copy each with one click.")
        .arg(name, lost.join(u", "_s));
}

QString usageSnippet(const EntryDraft &draft, Language language)
{
    const QString name = draft.name.empty() ? u"NAME"_s : fromUtf8(draft.name);
    const bool kv = draft.kind == EntryDraft::Kind::KvNamespace;
    const bool json = draft.valueKind == config::Variable::Kind::Json;
    const QString body = kv ? u"  const value = await context.env.%1.get(\"key\");\n  return new Response(value);\n"_s.arg(name)
        : json              ? u"  return Response.json(context.env.%1);\n"_s.arg(name)
                            : u"  return new Response(context.env.%1);\n"_s.arg(name);
    switch (language) {
    case Language::JavaScript:
        return u"export async function onRequestGet(context) {\n"_s + body + u'}';
    case Language::TypeScript:
        break;
    }
    const QString type = kv ? u"KVNamespace"_s : json ? u"unknown"_s : u"string"_s;
    return u"interface Env {\n  %1: %2;\n}\n\nexport const onRequestGet: PagesFunction<Env> = async (context) => {\n"_s.arg(name, type) + body + u"};"_s;
}

} // namespace cleat::ui
