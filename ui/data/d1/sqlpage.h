// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/console.h"
#include "ui/data/d1/d1desk.h"
#include "ui/data/d1/sqleditor.h"
#include "ui/data/d1/sqlhistory.h"

#include <QElapsedTimer>
#include <QWidget>

class QAction;
class QSettings;
class QSplitter;
class QTimer;

namespace cleat::ui {

class ElideLabel;
class MessageBar;
class ResultsView;

/// The SQL editor with its results. What runs can be cancelled; what destroys much is asked about, and a snapshot taken before. GUI thread.
class SqlPage final : public QWidget
{
    Q_OBJECT
public:
    explicit SqlPage(D1Desk &desk, QWidget *parent = nullptr);
    ~SqlPage() override;

    /// Adds a statement at the end of the text.
    void append(const QString &sql);
    SqlEditor *editor() const { return m_editor; }
    bool isRunning() const { return m_ticket != 0; }
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    void busyChanged(bool busy);
    void exportWanted(const QString &query);

private:
    using Part = SqlEditor::Part;
    void run(Part part);
    void execute(const Part &part);
    void take(const Part &part, base::Result<std::vector<data::d1::StatementResult>> &&results);
    void explain();
    void cancel();
    void setRunning(session::DataThread::Ticket ticket);

    D1Desk &m_desk;
    SqlHistory m_history;
    SqlEditor *m_editor;
    ResultsView *m_results;
    QSplitter *m_splitter;
    MessageBar *m_problem;
    ElideLabel *m_elapsed;
    QAction *m_run;
    QAction *m_runAll;
    QAction *m_explain;
    QAction *m_cancel;
    QAction *m_showHistory;
    QTimer *m_tick;
    QElapsedTimer m_clock;
    session::DataThread::Ticket m_ticket = 0;
    bool m_preparing = false; ///< a snapshot is being taken
};

} // namespace cleat::ui
