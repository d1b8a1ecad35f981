// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"

#include <QTimer>
#include <QWidget>

#include <deque>
#include <memory>

class QAction;
class QLabel;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class EmptyState;
class FilterLine;
class RequestDetailView;
class RequestsModel;
class ToneLabel;

/// The live table of requests and the detail of the selected one. Drains the event log 30 times a second, and only while it can be seen.
class RequestsPane final : public QWidget
{
    Q_OBJECT
public:
    explicit RequestsPane(session::Session &session, QWidget *parent = nullptr);
    void saveState(QSettings &settings) const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeToolbar();
    void setUpTable();
    void setUpFollowing();
    void restoreState();
    void drain();
    void clear();
    void showSelected();
    void showCounts();
    void showEmptyText();

    session::Session &m_session;
    RequestsModel *m_model;
    QTimer m_timer;
    std::uint64_t m_cursor = 0;
    std::deque<std::shared_ptr<const events::Batch>> m_waiting; ///< drained from the log, not taken into the model yet
    FilterLine *m_filter;
    QAction *m_pause;
    QAction *m_follow;
    ToneLabel *m_counts;
    QStackedWidget *m_tablePages;
    EmptyState *m_empty;
    QLabel *m_openLink;
    QTableView *m_table;
    QSplitter *m_splitter;
    RequestDetailView *m_detail;
    std::uint64_t m_selected = 0; ///< a request's id
    std::uint32_t m_selectedRevision = 0;
    bool m_moving = false; ///< the pane itself moves the scroll bar
};

} // namespace cleat::ui
