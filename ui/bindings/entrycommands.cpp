// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrycommands.h"

#include "core/session/session.h"
#include "ui/bindings/entryclip.h"
#include "ui/bindings/entrydraft.h"
#include "ui/bindings/variablesmodel.h"
#include "ui/widgets/conflictdialog.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using session::VariableOrigin;

namespace {

std::vector<Entry> valuesOf(const std::vector<PlacedEntry> &entries)
{
    return EntryClip{{}, entries}.values();
}

} // namespace

EntryCommands::EntryCommands(session::Session &session, QWidget *parent) : QObject(parent), m_session(session), m_parent(parent) {}

std::vector<PlacedEntry> EntryCommands::entriesOf(const PageRows &rows, Scope environment)
{
    std::vector<PlacedEntry> entries;
    for (const BindingRow &row : rows.bindings)
        entries.push_back({row.entry, scopeOf(row.origin, environment)});
    for (const VariableRow &row : rows.variables) {
        if (row.source.origin == VariableOrigin::Wrangler)
            entries.push_back({row.entry(), scopeOf(row.origin, environment)});
    }
    return entries;
}

std::vector<PlacedEntry> EntryCommands::copyableOf(const PageRows &rows, Scope environment)
{
    std::vector<PlacedEntry> entries = entriesOf(rows, environment);
    for (const VariableRow &row : rows.variables) {
        if (row.source.origin == VariableOrigin::Flag && !isSecret(row.source))
            entries.push_back({row.entry(), environment});
    }
    return entries;
}

void EntryCommands::add(Scope environment, std::optional<EntryStart> start)
{
    if (m_dialog)
        return;
    Q_EMIT begun();
    m_dialog = openAddDialog(m_session, environment, start, m_parent->window());
}

void EntryCommands::edit(const PageRows &rows, Scope environment)
{
    if (m_dialog || rows.size() != 1)
        return;
    EntryDraft draft;
    if (!rows.bindings.empty()) {
        const BindingRow &row = rows.bindings.front();
        draft.sort = EntryDraft::Sort::Binding;
        draft.scope = scopeOf(row.origin, environment);
        draft.original = row.entry.name;
        draft.binding = row.entry;
    } else {
        const VariableRow &row = rows.variables.front();
        draft.sort = row.source.origin == VariableOrigin::Keychain ? EntryDraft::Sort::Secret : EntryDraft::Sort::Variable;
        draft.scope = scopeOf(row.origin, environment);
        draft.original = row.source.name;
        draft.variable = row.entry();
    }
    Q_EMIT begun();
    m_dialog = openChangeDialog(m_session, draft, environment, m_parent->window());
}

bool EntryCommands::apply(const std::vector<config::Edit> &edits, const QString &step, const std::optional<std::string> &seen)
{
    Q_EMIT begun();
    session::ConfigStore &store = m_session.config();
    const auto applied = store.apply(edits, step, seen);
    if (applied)
        return true;
    if (applied.error().code == "config.conflict")
        resolve(step, [&store, edits, step] { return store.apply(edits, step, store.text()); });
    else
        Q_EMIT failed(step, applied.error());
    return false;
}

void EntryCommands::resolve(const QString &step, std::function<base::Result<void>()> overwrite)
{
    session::ConfigStore &store = m_session.config();
    auto *dialog = new ConflictDialog(store.conflict(), fromPath(store.path().filename()), m_parent->window());
    connect(dialog, &ConflictDialog::useMine, this, [this, step, overwrite = std::move(overwrite)] {
        if (const auto written = overwrite(); !written)
            Q_EMIT failed(step, written.error());
    });
    m_dialog = dialog;
    dialog->open();
}

void EntryCommands::remove(const PageRows &rows, Scope environment)
{
    const auto entries = entriesOf(rows, environment);
    if (entries.empty())
        return;
    std::vector<config::Edit> edits;
    for (const PlacedEntry &entry : entries)
        edits.push_back(removalOf(entry));
    const auto values = valuesOf(entries);
    if (apply(edits, tr("Remove %1").arg(describe(values))))
        Q_EMIT made(values.size() == 1 ? tr("Removed %1.").arg(fromUtf8(nameOf(values.front()))) : tr("Removed %1 entries.").arg(values.size()));
}

void EntryCommands::copyHere(const PageRows &rows, Scope environment)
{
    std::vector<config::Edit> edits;
    const auto values = valuesOf(entriesOf(rows, environment));
    for (const Entry &entry : values)
        edits.push_back(additionOf(environment, entry));
    if (!edits.empty())
        apply(edits, tr("Copy %1 to %2").arg(describe(values), scopeName(environment)));
}

std::unique_ptr<QMimeData> EntryCommands::drag(const PageRows &rows, Scope environment) const
{
    const auto entries = copyableOf(rows, environment);
    if (entries.empty())
        return nullptr;
    return mimeOf({m_session.options().project.string(), entries}, m_session.config().form());
}

void EntryCommands::copy(const PageRows &rows, Scope environment)
{
    Q_EMIT begun();
    const std::size_t left = rows.size() - copyableOf(rows, environment).size();
    std::unique_ptr<QMimeData> data = drag(rows, environment);
    const bool any = data != nullptr;
    if (any)
        QGuiApplication::clipboard()->setMimeData(data.release());
    if (!any)
        Q_EMIT noted(tr("Nothing was copied: secrets cannot be read, and what comes from elsewhere stays there."));
    else if (left > 0)
        Q_EMIT noted(tr("Copied, without what is secret: nobody can read that."));
}

void EntryCommands::cut(const PageRows &rows, Scope environment)
{
    const auto entries = entriesOf(rows, environment);
    if (entries.empty()) {
        copy(rows, environment);
        return;
    }
    QGuiApplication::clipboard()->setMimeData(mimeOf({m_session.options().project.string(), entries}, m_session.config().form()).release());
    std::vector<config::Edit> edits;
    for (const PlacedEntry &entry : entries)
        edits.push_back(removalOf(entry));
    const auto values = valuesOf(entries);
    if (apply(edits, tr("Cut %1").arg(describe(values))))
        Q_EMIT made(values.size() == 1 ? tr("Cut %1.").arg(fromUtf8(nameOf(values.front()))) : tr("Cut %1 entries.").arg(values.size()));
}

void EntryCommands::paste(Scope environment)
{
    Q_EMIT begun();
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    const auto clip = data ? clipOf(*data) : base::fail("clip.empty", "The clipboard is empty.");
    if (!clip) {
        Q_EMIT noted(formatError(clip.error()));
        return;
    }
    const auto values = clip->values();
    const QString step = tr("Paste %1 into %2").arg(describe(values), scopeName(environment));
    addEntries({values, {}, environment, step, tr("Paste")}, step, tr("Pasted %1 into %2.").arg(describe(values), scopeName(environment)));
}

void EntryCommands::drop(const QMimeData &data, Qt::DropAction action, Scope environment)
{
    Q_EMIT begun();
    const auto clip = clipOf(data);
    if (!clip) {
        Q_EMIT noted(formatError(clip.error()));
        return;
    }
    const auto values = clip->values();
    const QString what = describe(values);
    const QString where = scopeName(environment);
    // Only what is in this very file can be taken from where it is in the same step.
    const bool moves = action == Qt::MoveAction && clip->project == m_session.options().project.string();
    const QString step = moves ? tr("Move %1 to %2").arg(what, where) : tr("Copy %1 to %2").arg(what, where);
    addEntries({values, moves ? clip->entries : std::vector<PlacedEntry>(), environment, step, moves ? tr("Move") : tr("Copy")}, step,
        moves ? tr("Moved %1 to %2.").arg(what, where) : tr("Copied %1 to %2.").arg(what, where));
}

void EntryCommands::transfer(Transfer how, const PageRows &rows, Scope from, Scope to)
{
    Q_EMIT begun();
    const bool moves = how == Transfer::Move;
    const auto entries = moves ? entriesOf(rows, from) : copyableOf(rows, from);
    if (entries.empty())
        return;
    const auto values = valuesOf(entries);
    const QString what = describe(values);
    const QString where = scopeName(to);
    const QString step = moves ? tr("Move %1 to %2").arg(what, where) : tr("Copy %1 to %2").arg(what, where);
    addEntries({values, moves ? entries : std::vector<PlacedEntry>(), to, step, moves ? tr("Move") : tr("Copy")}, step,
        moves ? tr("Moved %1 to %2.").arg(what, where) : tr("Copied %1 to %2.").arg(what, where));
}

void EntryCommands::addEntries(AdditionDialog::Request request, const QString &step, const QString &sentence)
{
    if (m_dialog)
        return;
    session::ConfigStore &store = m_session.config();
    if (AdditionDialog::isNeeded(store.config(), request)) {
        auto *dialog = new AdditionDialog(store, std::move(request), m_parent->window());
        connect(dialog, &AdditionDialog::chosen, this, [this, step, sentence](const std::vector<config::Edit> &edits, const std::string &seen) {
            m_dialog = nullptr;
            if (apply(edits, step, seen))
                Q_EMIT made(sentence);
        });
        m_dialog = dialog;
        dialog->open();
        return;
    }
    const auto edits = AdditionDialog::editsFor(store.config(), request, Destination::Table::TopLevel, TakenNames::Skip);
    if (edits.empty())
        Q_EMIT noted(tr("%1 has the very same already.").arg(scopeName(request.environment)));
    else if (apply(edits, step))
        Q_EMIT made(sentence);
}

void EntryCommands::undo()
{
    session::ConfigStore &store = m_session.config();
    if (!store.canUndo())
        return;
    Q_EMIT begun();
    const QString step = tr("Undo: %1").arg(store.undoText());
    if (const auto undone = store.undo(); !undone && undone.error().code == "config.conflict")
        resolve(step, [&store] { return store.undo(session::ConfigStore::OnConflict::Overwrite); });
    else if (!undone)
        Q_EMIT failed(step, undone.error());
}

void EntryCommands::redo()
{
    session::ConfigStore &store = m_session.config();
    if (!store.canRedo())
        return;
    Q_EMIT begun();
    const QString step = tr("Redo: %1").arg(store.redoText());
    if (const auto redone = store.redo(); !redone && redone.error().code == "config.conflict")
        resolve(step, [&store] { return store.redo(session::ConfigStore::OnConflict::Overwrite); });
    else if (!redone)
        Q_EMIT failed(step, redone.error());
}

} // namespace cleat::ui
