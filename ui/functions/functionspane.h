// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QWidget>

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
class RouteTraffic;
class SourceOpener;
class ToneLabel;
class TryPath;

/// The routes of the project as built, with what came to each; a path to try; the rules of _routes.json. GUI thread.
class FunctionsPane final : public QWidget
{
    Q_OBJECT
public:
    /// `session` and `traffic` have to live longer.
    explicit FunctionsPane(session::Session &session, RouteTraffic &traffic, QWidget *parent = nullptr);
    ~FunctionsPane() override;
    void saveState(QSettings &settings) const;

protected:
    void focusInEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeToolbar();
    void setUpTable();
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
    RouteTraffic &m_traffic;
    RoutesModel *m_model;
    QSortFilterProxyModel *m_sorted;
    SourceOpener *m_opener;
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
