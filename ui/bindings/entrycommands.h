// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/additiondialog.h"
#include "ui/bindings/entrydialogs.h"
#include "ui/bindings/scopepage.h"

#include <QObject>
#include <QPointer>

#include <functional>

class QMimeData;

namespace cleat::ui {

/// What can be done with entries of the Wrangler file, one undo step each; secrets are SecretCommands' business. GUI thread.
class EntryCommands final : public QObject
{
    Q_OBJECT
public:
    /// `session` is borrowed; windows are opened over `parent`'s.
    EntryCommands(session::Session &session, QWidget *parent);

    void add(config::Scope environment, std::optional<EntryStart> start);
    /// The window to change the one entry of these rows.
    void edit(const PageRows &rows, config::Scope environment);
    void remove(const PageRows &rows, config::Scope environment);
    void copyHere(const PageRows &rows, config::Scope environment);
    /// To the clipboard.
    void copy(const PageRows &rows, config::Scope environment);
    void cut(const PageRows &rows, config::Scope environment);
    void paste(config::Scope environment);
    std::unique_ptr<QMimeData> drag(const PageRows &rows, config::Scope environment) const;
    void drop(const QMimeData &data, Qt::DropAction action, config::Scope environment);
    enum class Transfer { Copy, Move };
    void transfer(Transfer how, const PageRows &rows, config::Scope from, config::Scope to);
    void undo();
    void redo();

    /// Those of the rows that stand in the Wrangler file.
    static std::vector<PlacedEntry> entriesOf(const PageRows &rows, config::Scope environment);
    /// What can be copied: those, and plain values from elsewhere. Never secrets.
    static std::vector<PlacedEntry> copyableOf(const PageRows &rows, config::Scope environment);

Q_SIGNALS:
    /// A step was made that is worth telling, since undo is one click away.
    void made(const QString &sentence);
    /// Something to know; nothing was changed.
    void noted(const QString &sentence);
    void failed(const QString &step, const cleat::base::Error &error);
    /// A new attempt; what was told before is old.
    void begun();

private:
    bool apply(const std::vector<config::Edit> &edits, const QString &step, const std::optional<std::string> &seen = {});
    void addEntries(AdditionDialog::Request request, const QString &step, const QString &sentence);
    void resolve(const QString &step, std::function<base::Result<void>()> overwrite);

    session::Session &m_session;
    QWidget *m_parent;
    QPointer<QDialog> m_dialog;
};

} // namespace cleat::ui
