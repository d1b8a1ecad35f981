// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/wheretexts.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using Where = EntryDraft::Where;
using Weight = WhereText::Weight;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::WhereTexts)
};

Scope otherOf(Scope environment)
{
    return environment == Scope::Preview ? Scope::Production : Scope::Preview;
}

QString listed(const std::vector<std::string> &names)
{
    constexpr qsizetype most = 4;
    QStringList shown;
    for (const std::string &name : names)
        shown << fromUtf8(name);
    if (const qsizetype count = shown.size(); count > most)
        shown = shown.mid(0, most - 1) << Words::tr("%1 more").arg(count - most + 1);
    return shown.join(u", "_s);
}

QString secretSentence(Where where, Scope environment)
{
    switch (where) {
    case Where::Everywhere:
        return Words::tr("Kept three times: for runs of Production, of Preview and of the top level.");
    case Where::Environment:
        return Words::tr("Kept for runs of %1 alone.").arg(scopeName(environment));
    case Where::TopLevel:
        return Words::tr("Kept for runs of the top level alone.");
    }
    return {};
}

QString everywhereSentence(const config::WranglerConfig &config, config::Form form)
{
    const bool preview = config.preview.present;
    const bool production = config.production.present;
    if (preview && production)
        return Words::tr("Written three times: at the top level, in %1 and in %2. Tables of environments inherit nothing.")
            .arg(tableName(form, Scope::Production), tableName(form, Scope::Preview));
    if (preview || production) {
        const Scope own = preview ? Scope::Preview : Scope::Production;
        return Words::tr("Written twice: at the top level, from where %1 gets it, and in %2, which inherits nothing.").arg(scopeName(otherOf(own)), tableName(form, own));
    }
    return Words::tr("Written once, at the top level: neither environment has a table of its own in this file, so both get it.");
}

WhereText environmentSentence(const config::WranglerConfig &config, config::Form form, Scope environment)
{
    const QString name = scopeName(environment);
    const QString table = tableName(form, environment);
    if (config.set(environment).present)
        return {Words::tr("Written in %1 alone. Neither %2 nor a local run of the top level gets it.").arg(table, scopeName(otherOf(environment))), Weight::Plain};
    const Losses losses = lossesOf(config, environment);
    if (losses.count() == 0)
        return {Words::tr("Makes the table %1. From then on, %2 gets nothing from the top level any more.").arg(table, name), Weight::Plain};
    return {Words::tr("Makes the table %1. From then on, %2 gets nothing from the top level any more: not %3.").arg(table, name, listed(losses.names())),
            Weight::Surprise};
}

WhereText topLevelSentence(const config::WranglerConfig &config)
{
    const bool preview = config.preview.present;
    const bool production = config.production.present;
    if (preview && production)
        return {Words::tr("Written at the top level, which a local run uses. Both environments have tables of their own and do not get it."), Weight::Plain};
    if (preview || production)
        return {Words::tr("Written at the top level, which a local run uses. But %1 has no table of its own in this file, so it gets it, too.")
                    .arg(scopeName(preview ? Scope::Production : Scope::Preview)),
                Weight::Surprise};
    return {Words::tr("Written at the top level, which a local run uses. But no environment has a table of its own in this file, so both get it, too."), Weight::Surprise};
}

} // namespace

QString whereTitle(Where where, Scope environment)
{
    switch (where) {
    case Where::Everywhere:
        return Words::tr("Both environments");
    case Where::Environment:
        return Words::tr("Only %1").arg(scopeName(environment));
    case Where::TopLevel:
        return Words::tr("Only locally (top level)");
    }
    return {};
}

WhereText whereSentence(const config::WranglerConfig &config, config::Form form, const EntryDraft &draft, Where where, Scope environment)
{
    if (draft.sort == EntryDraft::Sort::Secret)
        return {secretSentence(where, environment), Weight::Plain};
    switch (where) {
    case Where::Everywhere:
        return {everywhereSentence(config, form), Weight::Plain};
    case Where::Environment:
        return environmentSentence(config, form, environment);
    case Where::TopLevel:
        return topLevelSentence(config);
    }
    return {};
}

QString copyTitle(const Losses &copied, Scope environment)
{
    const auto count = static_cast<int>(copied.count());
    if (count == 1)
        return Words::tr("Also copy the entry that %1 would lose").arg(scopeName(environment));
    return Words::tr("Also copy the %1 entries that %2 would lose").arg(count).arg(scopeName(environment));
}

QString placeSentence(const config::WranglerConfig &config, config::Form form, const EntryDraft &draft)
{
    if (draft.sort == EntryDraft::Sort::Secret && draft.replaces == EntryDraft::Replaces::Nothing)
        return draft.scope == Scope::TopLevel ? Words::tr("The secret of runs of the top level.") : Words::tr("The secret of runs of %1.").arg(scopeName(draft.scope));
    if (draft.scope != Scope::TopLevel)
        return Words::tr("In %1: for %2 alone.").arg(tableName(form, draft.scope), scopeName(draft.scope));
    const bool preview = config.preview.present;
    const bool production = config.production.present;
    if (preview && production)
        return Words::tr("At the top level: for local runs alone, since both environments have tables of their own.");
    if (preview || production)
        return Words::tr("At the top level: for local runs and for %1.").arg(scopeName(preview ? Scope::Production : Scope::Preview));
    return Words::tr("At the top level: for local runs, Production and Preview.");
}

} // namespace cleat::ui
