// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/analytics/query.h"
#include "core/session/dataresources.h"
#include "core/session/datathread.h"
#include "ui/data/analytics/chartdata.h"
#include "ui/data/d1/sqleditor.h"
#include "ui/data/d1/sqlhistory.h"

#include <QElapsedTimer>
#include <QWidget>

#include <memory>

class QAction;
class QComboBox;
class QSettings;
class QSplitter;
class QTimer;

namespace cleat::ui {

class ChartView;
class ElideLabel;
class FlatTabs;
class MessageBar;
class ProgressStrip;
class ToneLabel;

/// SQL over the datasets of a state folder: an editor with a history, and the result as a table and as a chart. What runs can be cancelled. GUI thread.
class QueryPage final : public QWidget
{
    Q_OBJECT
public:
    explicit QueryPage(const session::DataResource &dataset, QWidget *parent = nullptr);
    ~QueryPage() override;

    bool isRunning() const { return m_ticket != 0; }
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    void busyChanged(bool busy);

private:
    /// What the thread gives: a result, with the pictures of it.
    struct Outcome {
        std::shared_ptr<const data::analytics::Answer> answer;
        ChartData lines;
        ChartData bars;
    };
    void makeActions();
    QWidget *makeResults();
    void readSchema();
    void run();
    void take(const SqlEditor::Part &part, base::Result<Outcome> &&outcome);
    void show(Outcome &&outcome);
    void showChart();
    void cancel();
    void setRunning(session::DataThread::Ticket ticket);
    void refreshActions();
    void chooseFile(const QString &title, const QString &name, const QString &filter, void (QueryPage::*then)(const QString &path));
    void saveCsv(const QString &path);
    void savePicture(const QString &path);
    void tell(const base::Error &error);

    const session::DataResource m_dataset;
    session::DataThread m_thread;
    SqlHistory m_history;
    SqlEditor *m_editor;
    QWidget *m_results;
    FlatTabs *m_tabs;
    ToneLabel *m_hint;
    QWidget *m_table = nullptr; ///< within m_tablePage
    QWidget *m_tablePage;
    ChartView *m_chart;
    QComboBox *m_kind;
    QSplitter *m_splitter;
    MessageBar *m_problem;
    ProgressStrip *m_strip;
    ElideLabel *m_elapsed;
    QAction *m_run;
    QAction *m_cancel;
    QAction *m_showHistory;
    QAction *m_saveCsv;
    QAction *m_savePicture;
    QTimer *m_tick;
    QElapsedTimer m_clock;
    session::DataThread::Ticket m_ticket = 0;
    Outcome m_outcome;
};

} // namespace cleat::ui
