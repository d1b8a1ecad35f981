// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/replay.h"
#include "ui/values/valueview.h"

#include <QPointer>
#include <QStringList>
#include <QWidget>

#include <string>

class QComboBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QStackedWidget;
class QStringListModel;
class QTabWidget;
class QTableWidget;
class QToolButton;

namespace cleat::session {
class SavedRequests;
class Session;
}

namespace cleat::ui {

class FieldsEditor;
class MessageBar;
class ToneLabel;
class ValueEditor;
class ValueView;

/// A window to make a request in, from scratch or from one that was recorded, to send it to the project that runs, and to see what came back. The project's saved requests are at its
/// left. It stays open; what stands in it is asked about before it is lost. GUI thread.
class Composer final : public QWidget
{
    Q_OBJECT
public:
    /// Both are borrowed.
    Composer(session::Session &session, session::SavedRequests &saved, QWidget *parent = nullptr);
    ~Composer() override;

    /// Puts it in place of what stands there, after asking when that was edited. `note`: something to know about it, or empty.
    void compose(const session::ReplayRequest &request, const QString &note = {});
    /// As it stands there.
    session::ReplayRequest request() const;
    /// Offered for the path.
    void setKnownPaths(const QStringList &paths);

public Q_SLOTS:
    void send();
    void cancel();
    /// Asks for a name where it has none yet.
    void save();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *makeSaved();
    QWidget *makeRequest();
    QWidget *makeAnswer();
    void put(const session::ReplayRequest &request, const QString &note, const QString &name);
    void whenGivenUp(std::function<void()> then);
    void answered(const base::Result<session::ReplayAnswer> &answer);
    void refreshSaved();
    void refreshTitle();
    void refreshTrouble();
    void openSaved();
    void renameSaved();
    void removeSaved();
    void storeAs(const QString &name);

    session::Session &m_session;
    session::SavedRequests &m_saved;
    QListWidget *m_list = nullptr;
    MessageBar *m_savedBar = nullptr;
    QComboBox *m_method = nullptr;
    QLineEdit *m_target = nullptr;
    QStringListModel *m_paths = nullptr;
    QPushButton *m_send = nullptr;
    QPushButton *m_cancel = nullptr;
    ToneLabel *m_trouble = nullptr;
    MessageBar *m_note = nullptr;
    QTabWidget *m_requestTabs = nullptr;
    FieldsEditor *m_fields = nullptr;
    ValueEditor *m_body = nullptr;
    QStackedWidget *m_answerPages = nullptr;
    ToneLabel *m_answerHint = nullptr;
    ToneLabel *m_status = nullptr;
    ToneLabel *m_facts = nullptr;
    ValueView *m_answerBody = nullptr;
    QTableWidget *m_answerFields = nullptr;
    session::ReplayRequest m_put; ///< as it was put there, to know whether it was edited
    QString m_name; ///< of the saved one that stands there; empty: none
    QPointer<session::Replay> m_replay;
};

} // namespace cleat::ui
