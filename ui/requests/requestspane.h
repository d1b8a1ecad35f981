// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/rowsearch.h"
#include "ui/requests/seenwords.h"

#include <QTimer>
#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

class QAction;
class QBoxLayout;
class QLabel;
class QSettings;
class QShortcut;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class EmptyState;
class FilterLine;
class PathGroupsModel;
class PathGroupsTable;
class RequestDetailView;
class RequestsModel;
class RequestsTable;
class Rule;
class ToneLabel;
class TrafficStrip;

/// The live table of requests, what they were over time, and the detail of the selected one. Looks at the session's recording when that changes, and only while it can be
/// seen. GUI thread.
class RequestsPane final : public QWidget
{
    Q_OBJECT
public:
    using Sequence = events::Recording::Sequence;

    explicit RequestsPane(session::Session &session, QWidget *parent = nullptr);
    /// Requests out of a file, which nothing is added to.
    RequestsPane(session::Session &session, std::shared_ptr<const events::Recording> recording, QWidget *parent = nullptr);
    ~RequestsPane() override;
    void saveState(QSettings &settings) const;

    /// What else can be done with requests: `forRows` is asked for the actions of a menu over these rows (its actions are borrowed), `general` go into the toolbar.
    using ActionsFor = std::function<QList<QAction *>(std::shared_ptr<const events::Recording> recording, std::vector<Sequence> selected)>;
    void setActions(ActionsFor forRows, const QList<QAction *> &general);
    /// A sentence below the toolbar, for a while or until something else happens.
    enum class Said { Done, Failed };
    void say(const QString &sentence, Said how);

    RequestDetailView *detail() const { return m_detail; }
    /// Shows that one, if it is among the rows.
    void select(Sequence sequence);
    /// The recording that it shows.
    const std::shared_ptr<const events::Recording> &recording() const { return m_recording; }
    std::vector<Sequence> selected() const;
    /// What is in the filter line from now on.
    void setFilter(const QString &line);

    enum class Place { Alone, Docked };
    /// Whether it stands under another pane; for the button that says so.
    void setPlace(Place place);

Q_SIGNALS:
    /// By the button: to the other place.
    void placeAsked();

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeToolbar();
    QWidget *makeNotes();
    void makeEmptyStates();
    void setUpTable();
    void restoreState();
    QToolButton *addButton(QAction *action);
    void fitWidth();
    void fitHeight();

    void refresh();
    void clear();
    void setCriteria();
    void clearFilter();
    void focusFilter();
    void showSelected();
    void showState();
    void showPage();
    void showNotes();
    void showCounts();
    void showMenu(const QPoint &global);
    void addTerm(const QString &term);

    session::Session &m_session;
    const std::shared_ptr<const events::Recording> m_recording;
    const bool m_live; ///< the session's own recording
    RequestsModel *m_model;
    PathGroupsModel *m_groups;
    SeenWords m_seen;
    RowCriteria m_criteria;
    ActionsFor m_actionsFor;

    FilterLine *m_filter;
    QAction *m_group;
    QAction *m_pause;
    QAction *m_follow;
    QAction *m_dock;
    QShortcut *m_find;
    Place m_place = Place::Alone;
    QBoxLayout *m_bar = nullptr;
    std::vector<QToolButton *> m_buttons; ///< that lose their words where there is little room
    ToneLabel *m_counts;
    QWidget *m_notes = nullptr;
    ToneLabel *m_trouble;
    ToneLabel *m_said;
    QTimer m_saidFor;
    QToolButton *m_timeChip;
    TrafficStrip *m_strip;
    Rule *m_stripRule;
    QStackedWidget *m_pages;
    EmptyState *m_empty = nullptr;
    QLabel *m_openLink;
    EmptyState *m_noMatch = nullptr;
    EmptyState *m_paused = nullptr;
    RequestsTable *m_table;
    PathGroupsTable *m_paths;
    QSplitter *m_splitter;
    RequestDetailView *m_detail;
};

} // namespace cleat::ui
