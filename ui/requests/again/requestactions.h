// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "core/session/datathread.h"
#include "core/session/replay.h"

#include <QList>
#include <QObject>
#include <QPointer>

#include <memory>
#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace cleat::session {
class SavedRequests;
class Session;
}

namespace cleat::ui {

class Composer;

/// What can be done with recorded requests: send them again, as they were, changed or many times, copy them as commands, save, export and import them. GUI thread.
class RequestActions final : public QObject
{
    Q_OBJECT
public:
    using Recording = std::shared_ptr<const events::Recording>;
    using Sequences = std::vector<events::Recording::Sequence>;

    /// Questions and windows come over `parent`.
    RequestActions(session::Session &session, QWidget *parent);
    ~RequestActions() override;

    /// For a menu over the selected rows. The actions live until the next call; so long they may be triggered.
    QList<QAction *> actionsFor(Recording recording, Sequences selected);
    /// For the menu of the toolbar: what needs no row. They live as long as this.
    QList<QAction *> generalActions() const { return m_general; }
    /// The same for a toolbar: one action, and one with a menu of the others.
    QList<QAction *> paneActions();

    void replay(const Recording &recording, const Sequences &selected);
    void editAndResend(const Recording &recording, events::Recording::Sequence sequence);
    void newRequest();
    void compare(const Recording &recording, events::Recording::Sequence one, events::Recording::Sequence other);

    /// Without the question for a file's name.
    void exportHar(const Recording &recording, const Sequences &selected, const QString &path);
    void importHar(const QString &path);
    void saveSession(const QString &path);
    void openSession(const QString &path);

Q_SIGNALS:
    /// A sentence for the pane: what was done.
    void told(const QString &sentence);
    /// A sentence for the pane: what failed, and what to do.
    void failed(const QString &sentence);
    /// A file was read: its requests, to be shown in place of the live ones.
    void recordingOpened(std::shared_ptr<const cleat::events::Recording> recording, const QString &title);

private:
    Composer &composer();
    session::SavedRequests &saved();
    void repeat(const Recording &recording, events::Recording::Sequence sequence);
    enum class As { Curl, Fetch, Wget };
    void copy(const Recording &recording, const Sequences &selected, As as);
    void chooseExport(const Recording &recording, const Sequences &selected);
    void chooseFile(bool saving, const QString &title, const QString &filter, const QString &suffix, std::function<void(const QString &)> then);
    QStringList knownPaths() const;
    void tell(const base::Error &error);

    session::Session &m_session;
    QWidget *m_parent;
    session::DataThread m_thread; ///< reads and writes files
    std::unique_ptr<session::SavedRequests> m_saved;
    QPointer<Composer> m_composer;
    QList<QAction *> m_general;
    std::unique_ptr<QMenu> m_more;
    std::unique_ptr<QObject> m_selected; ///< owns the actions of the last actionsFor()
};

} // namespace cleat::ui
