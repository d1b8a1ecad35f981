// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/datathread.h"
#include "ui/data/analytics/pointmodel.h"
#include "ui/data/dataview.h"

#include <memory>

class QPushButton;
class QStackedWidget;

namespace cleat::ui {

class FlatTabs;
class MessageBar;
class QueryPage;
class RowView;

/// One dataset of the Analytics Engine: its newest points as they come, and SQL with tables and charts. GUI thread.
class AnalyticsView final : public DataView
{
    Q_OBJECT
public:
    explicit AnalyticsView(const session::DataResource &resource, QWidget *parent = nullptr);
    ~AnalyticsView() override;

    void poll() override;
    /// Points have no names: nothing happens.
    void showItem(const QString &) override {}
    void saveState(QSettings &settings) const override;

private:
    QWidget *makePoints();
    QWidget *makeEmpty();
    void look(data::analytics::PointList::Newer newer);
    void looked(const data::analytics::PointList::Look &look);
    void showNewest();
    void copySelected();
    void showError(const base::Error &error);

    session::DataThread m_thread; ///< before what uses it
    std::shared_ptr<data::analytics::PointList> m_list; ///< used on m_thread alone
    std::unique_ptr<PointModel> m_model;
    RowView *m_table;
    QPushButton *m_newer;
    MessageBar *m_bar;
    QWidget *m_points;
    QueryPage *m_query;
    FlatTabs *m_tabs;
    QStackedWidget *m_pages;
    bool m_looking = false;
};

DataView *makeAnalyticsView(const session::DataResource &resource, QWidget *parent);

} // namespace cleat::ui
