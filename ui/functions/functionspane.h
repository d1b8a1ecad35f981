// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/eventlog.h"

#include <QTimer>
#include <QWidget>

#include <deque>
#include <memory>

class QLineEdit;
class QSettings;
class QSortFilterProxyModel;
class QSplitter;
class QStackedWidget;
class QTableView;
class QTextBrowser;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class ElideLabel;
class EmptyState;
class FlatTabs;
class MessageBar;
class RoutesModel;
class SourceOpener;
class ToneLabel;
class TryPath;

/// The routes of the project as built, with what came to each; a path to try; the rules of _routes.json. Counts from the event log 4 times a
/// second, and only while it can be seen. GUI thread.
class FunctionsPane final : public QWidget
{
    Q_OBJECT
public:
    explicit FunctionsPane(session::Session &session, QWidget *parent = nullptr);
    ~FunctionsPane() override;
    void saveState(QSettings &settings) const;

protected:
    void focusInEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeToolbar();
    void setUpTable();
    void drain();
    void refreshRoutes();
    void refreshRules();
    void refreshPages();
    void showRow(int row);
    void showMenu(const QPoint &point);
    void tryRow(int row);
    int selectedSource() const;
    void open(const base::Place &place);
    void tell(const QString &sentence);

    session::Session &m_session;
    events::EventLog::Reader m_reader;
    RoutesModel *m_model;
    QSortFilterProxyModel *m_sorted;
    SourceOpener *m_opener;
    QTimer m_timer;
    std::uint64_t m_missed = 0; ///< batches that were let go before they were counted
    std::deque<std::shared_ptr<const events::Batch>> m_waiting;
    QLineEdit *m_filter;
    ToneLabel *m_counts;
    MessageBar *m_trouble;
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    QTableView *m_table;
    QSplitter *m_splitter;
    FlatTabs *m_tabs;
    TryPath *m_try;
    QTextBrowser *m_rules;
};

} // namespace cleat::ui
