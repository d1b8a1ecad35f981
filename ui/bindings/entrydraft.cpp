// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydraft.h"

#include "core/config/bindingkinds.h"
#include "core/config/names.h"
#include "ui/bindings/kindlook.h"
#include "ui/bindings/kindtexts.h"
#include "ui/widgets/jsontext.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>
#include <set>
#include <string_view>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::EntryDraft)
};

bool hasSpace(std::string_view id)
{
    return std::ranges::any_of(id, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
}

base::Result<void> checkField(const config::Binding &binding, const config::BindingField &field)
{
    const QString label = fieldText(binding.kind, field.name).label;
    const config::Field *given = binding.find(field.name);
    if (!given) {
        if (field.required)
            return base::fail("field.missing", toUtf8(Words::tr("%1 is needed.").arg(label)));
        return {};
    }
    switch (field.type) {
    case config::BindingField::Type::Text:
        break;
    case config::BindingField::Type::Number: {
        bool number = false;
        fromUtf8(given->value).toDouble(&number);
        if (!number)
            return base::fail("field.type", toUtf8(Words::tr("%1 must be a number.").arg(label)));
        return {};
    }
    case config::BindingField::Type::Truth:
        return {};
    case config::BindingField::Type::Any:
        if (given->kind == config::Field::Kind::Json && checkJson(fromUtf8(given->value)))
            return base::fail("field.type", toUtf8(Words::tr("%1: this is no JSON yet.").arg(label)));
        return {};
    }
    const bool folder = field.name == "migrations_dir";
    if (!folder && hasSpace(given->value))
        return base::fail("id.space", toUtf8(Words::tr("%1 cannot hold spaces.").arg(label)));
    if (field.name == "localConnectionString") {
        const QUrl url(fromUtf8(given->value), QUrl::StrictMode);
        const QString scheme = url.scheme();
        if (scheme != u"postgres"_s && scheme != u"postgresql"_s && scheme != u"mysql"_s)
            return base::fail("hyperdrive.url", toUtf8(Words::tr("%1 begins with postgres://, postgresql:// or mysql://.").arg(label)));
        if (!url.isValid() || url.host().isEmpty())
            return base::fail("hyperdrive.url", toUtf8(Words::tr("%1 has the form %2://user:password@host:port/database; special characters in it are percent-encoded.")
                                                           .arg(label, scheme)));
        if (url.path().size() < 2)
            return base::fail("hyperdrive.url", toUtf8(Words::tr("%1 needs the database's name at its end: %2://…/database.").arg(label, scheme)));
    }
    return {};
}

base::Result<void> checkBinding(const config::Binding &binding)
{
    const config::BindingKind &kind = config::bindingKind(binding.kind);
    for (const config::BindingField &field : kind.fields) {
        if (field.name == kind.nameField)
            continue;
        if (auto checked = checkField(binding, field); !checked)
            return checked;
    }
    return config::checkFields(binding);
}

/// A secret without a table of its own stands beside what its environment has in effect. It may bear the name of a variable that it replaces.
base::Result<void> checkSecretName(const config::WranglerConfig &config, const EntryDraft &draft, Scope scope)
{
    if (auto spelled = config::checkSpelling(draft.name()); !spelled || draft.replaces == EntryDraft::Replaces::Variable || !draft.original.empty())
        return spelled;
    for (const config::TakenName &taken : config.effective(scope).takenNames) {
        if (taken.name == draft.name())
            return base::fail("name.taken", toUtf8(Words::tr("%1: the file has %2 of that name.").arg(scopeName(scope), fromUtf8(taken.kind))), taken.place);
    }
    return {};
}

base::Result<void> checkNames(const config::WranglerConfig &config, const EntryDraft &draft, Scope environment)
{
    for (const Scope scope : scopesOf(config, draft, environment)) {
        if (draft.sort == EntryDraft::Sort::Secret) {
            if (auto checked = checkSecretName(config, draft, scope); !checked)
                return checked;
            continue;
        }
        auto checked = config::checkName(config, scope, draft.name(), draft.original);
        if (!checked && checked.error().code == "name.taken" && scope != Scope::TopLevel)
            return base::fail("name.taken", toUtf8(Words::tr("%1: %2").arg(scopeName(scope), fromUtf8(checked.error().message))), checked.error().place);
        if (!checked)
            return checked;
    }
    return {};
}

base::Result<void> checkOnce(const config::WranglerConfig &config, const EntryDraft &draft, Scope environment)
{
    const config::BindingKind &kind = config::bindingKind(draft.binding.kind);
    if (kind.form == config::BindingKind::Form::List || !draft.original.empty())
        return {};
    for (const Scope scope : scopesOf(config, draft, environment)) {
        for (const auto &placed : config.set(scope).bindings) {
            if (placed.value.kind == kind.kind)
                return base::fail("config.edit.taken", toUtf8(Words::tr("%1 is bound already, as %2 (%3), and can be bound once only.")
                                                                   .arg(kindTitle(kind.kind), fromUtf8(placed.value.name), scopeName(scope))));
        }
    }
    return {};
}

} // namespace

std::vector<Scope> scopesOf(const config::WranglerConfig &config, const EntryDraft &draft, Scope environment)
{
    if (draft.replaces == EntryDraft::Replaces::Variable) {
        std::vector<Scope> scopes{draft.scope};
        for (const Scope scope : {Scope::Preview, Scope::Production}) {
            if (draft.scope == Scope::TopLevel && !config.set(scope).present)
                scopes.push_back(scope);
        }
        return scopes;
    }
    if (!draft.original.empty())
        return {draft.scope};
    switch (draft.where) {
    case EntryDraft::Where::TopLevel:
        return {Scope::TopLevel};
    case EntryDraft::Where::Environment:
        return {environment};
    case EntryDraft::Where::Everywhere:
        break;
    }
    std::vector<Scope> scopes{Scope::TopLevel};
    for (const Scope scope : {Scope::Preview, Scope::Production}) {
        // A secret's sets have no tables: none inherits.
        if (draft.sort == EntryDraft::Sort::Secret || config.set(scope).present)
            scopes.push_back(scope);
    }
    return scopes;
}

std::vector<Scope> runsOf(const config::WranglerConfig &config, const EntryDraft &draft, Scope environment)
{
    std::vector<Scope> scopes = scopesOf(config, draft, environment);
    const bool isInherited = std::ranges::find(scopes, Scope::TopLevel) != scopes.end();
    for (const Scope scope : {Scope::Preview, Scope::Production}) {
        if (isInherited && !config.set(scope).present && std::ranges::find(scopes, scope) == scopes.end())
            scopes.push_back(scope);
    }
    return scopes;
}

std::vector<std::string> Losses::names() const
{
    std::vector<std::string> all;
    for (const config::Binding &binding : bindings)
        all.push_back(binding.name);
    for (const config::Variable &variable : variables)
        all.push_back(variable.name);
    return all;
}

Losses Losses::copiedBeside(const EntryDraft &added) const
{
    Losses copied;
    std::set<std::string, std::less<>> taken{added.name()};
    std::set<config::Kind> once;
    if (added.sort == EntryDraft::Sort::Binding)
        once.insert(added.binding.kind);
    for (const config::Binding &binding : bindings) {
        const bool single = config::bindingKind(binding.kind).form == config::BindingKind::Form::Single;
        if (single && once.contains(binding.kind))
            continue;
        if (config::checkSpelling(binding.name) && taken.insert(binding.name).second) {
            once.insert(binding.kind);
            copied.bindings.push_back(binding);
        }
    }
    for (const config::Variable &variable : variables) {
        if (config::checkSpelling(variable.name) && taken.insert(variable.name).second)
            copied.variables.push_back(variable);
    }
    return copied;
}

Losses lossesOf(const config::WranglerConfig &config, Scope environment)
{
    Losses losses;
    if (config.set(environment).present)
        return losses;
    for (const auto &placed : config.topLevel.bindings)
        losses.bindings.push_back(placed.value);
    for (const auto &placed : config.topLevel.variables)
        losses.variables.push_back(placed.value);
    return losses;
}

base::Result<void> checkDraft(const config::WranglerConfig &config, const EntryDraft &draft, Scope environment)
{
    if (auto name = checkNames(config, draft, environment); !name)
        return name;
    switch (draft.sort) {
    case EntryDraft::Sort::Binding:
        if (auto once = checkOnce(config, draft, environment); !once)
            return once;
        return checkBinding(draft.binding);
    case EntryDraft::Sort::Variable:
        if (draft.variable.kind == config::Variable::Kind::Json) {
            if (checkJson(fromUtf8(draft.variable.value)))
                return base::fail("variable.json", toUtf8(Words::tr("The value is no JSON yet.")));
        }
        return {};
    case EntryDraft::Sort::Secret:
        if (draft.secret.empty())
            return base::fail("secret.empty", toUtf8(Words::tr("Type the secret's value.")));
        return {};
    }
    return {};
}

std::vector<config::Edit> editsOf(const config::WranglerConfig &config, const EntryDraft &draft, Scope environment)
{
    std::vector<config::Edit> edits;
    if (draft.sort == EntryDraft::Sort::Secret) {
        if (draft.replaces == EntryDraft::Replaces::Variable)
            edits.push_back(config::RemoveVariable{draft.scope, draft.original});
        return edits;
    }
    const bool binding = draft.sort == EntryDraft::Sort::Binding;
    if (!draft.original.empty()) {
        if (binding)
            edits.push_back(config::ChangeBinding{draft.scope, draft.binding.kind, draft.original, draft.binding});
        else
            edits.push_back(config::ChangeVariable{draft.scope, draft.original, draft.variable});
        return edits;
    }
    if (draft.where == EntryDraft::Where::Environment && draft.copies == EntryDraft::Copies::Lost) {
        const Losses copied = lossesOf(config, environment).copiedBeside(draft);
        for (const config::Binding &lost : copied.bindings)
            edits.push_back(config::AddBinding{environment, lost});
        for (const config::Variable &lost : copied.variables)
            edits.push_back(config::AddVariable{environment, lost});
    }
    for (const Scope scope : scopesOf(config, draft, environment)) {
        if (binding)
            edits.push_back(config::AddBinding{scope, draft.binding});
        else
            edits.push_back(config::AddVariable{scope, draft.variable});
    }
    return edits;
}

QString stepText(const EntryDraft &draft)
{
    const QString name = fromUtf8(draft.name());
    const bool added = draft.original.empty();
    switch (draft.sort) {
    case EntryDraft::Sort::Binding:
        return (added ? Words::tr("Add %1 %2") : Words::tr("Change %1 %2")).arg(kindTitle(draft.binding.kind), name);
    case EntryDraft::Sort::Variable:
        return (added ? Words::tr("Add variable %1") : Words::tr("Change variable %1")).arg(name);
    case EntryDraft::Sort::Secret:
        return (added ? Words::tr("Add secret %1") : Words::tr("Replace secret %1")).arg(name);
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

QString tableName(config::Form form, Scope environment)
{
    const QString name = environment == Scope::Preview ? u"env.preview"_s : u"env.production"_s;
    switch (form) {
    case config::Form::Toml:
        return u'[' + name + u']';
    case config::Form::Jsonc:
        break;
    }
    return name;
}

} // namespace cleat::ui
