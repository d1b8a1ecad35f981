// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "core/events/eventlog.h"

#include <QTimer>
#include <QWidget>

#include <array>
#include <deque>
#include <filesystem>
#include <memory>

class QAction;
class QLineEdit;
class QMenu;
class QSettings;
class QStackedWidget;
class QToolButton;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class ConsoleModel;
class ConsoleView;
class EmptyState;
class MessageBar;
class SourceOpener;
class ToneLabel;

/// What user code writes to its console, exceptions that nobody caught, and notices of the program, live. Drains the event log 30 times a second, and only while it can be
/// seen. GUI thread.
class ConsolePane final : public QWidget
{
    Q_OBJECT
public:
    explicit ConsolePane(session::Session &session, QWidget *parent = nullptr);
    ~ConsolePane() override;

    void saveState(QSettings &settings) const;
    /// Writes the rows that are shown as text, whole or not at all. Codes: those of base::writeFileAtomically.
    base::Result<void> saveTo(const std::filesystem::path &file) const;

Q_SIGNALS:
    /// The user wants to see the request with this id (events::RequestId).
    void requestAsked(std::uint64_t request);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeToolbar();
    QToolButton *levelButton(events::Level level, const QString &name, QLatin1StringView iconName);
    void setUpActions();
    void setUpFollowing();
    void restoreState();
    void drain();
    void refill();
    void clear();
    void clearOnRebuild();
    void applyFilter();
    void applyLevels();
    void showCounts();
    void showEmptyText();
    void showMenu(const QPoint &point);
    void copyText(const QList<int> &rows);
    void copyJson(const QList<int> &rows);
    void askWhereToSave();
    void tell(const QString &sentence);
    QList<int> allRows() const;

    session::Session &m_session;
    ConsoleModel *m_model;
    ConsoleView *m_view;
    SourceOpener *m_opener;
    MessageBar *m_bar;
    QTimer m_timer;
    QTimer m_filterDelay;
    std::uint64_t m_cursor = 0;
    std::deque<std::shared_ptr<const events::Batch>> m_waiting; ///< drained from the log, not taken into the model yet
    QLineEdit *m_filter;
    QAction *m_trouble;
    std::array<QToolButton *, 5> m_levels{};
    QAction *m_pause;
    QAction *m_follow;
    QAction *m_clear;
    QAction *m_wrap;
    QAction *m_equals;
    QAction *m_clearOnRebuild;
    QAction *m_copy;
    QAction *m_copyJson;
    QAction *m_copyAll;
    QAction *m_save;
    ToneLabel *m_counts;
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    bool m_moving = false; ///< the pane itself moves the scroll bar
};

} // namespace cleat::ui
