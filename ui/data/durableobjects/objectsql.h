// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"

#include <QWidget>

#include <memory>

class QStackedWidget;

namespace cleat::ui {

class D1Desk;
class FlatTabs;
class RowsPage;
class SchemaTree;
class SqlPage;

/// The tables that the SQL of one Durable Object has made, as the D1 view shows those of a database, and SQL to be run on them. The runtime's own tables are read only. GUI thread.
class ObjectSql final : public QWidget
{
    Q_OBJECT
public:
    /// `resource`: its file is the object's.
    explicit ObjectSql(const session::DataResource &resource, QWidget *parent = nullptr);
    ~ObjectSql() override;

    /// Looks whether somebody changed something. Quick.
    void poll();
    /// Whether edits that are not saved would be lost.
    bool isEdited() const;

Q_SIGNALS:
    void failed(const QString &why);
    /// Something was changed by hand.
    void wrote();

private:
    void takeSchema();

    std::unique_ptr<D1Desk> m_desk;
    QWidget *m_body; ///< goes before the desk
    SchemaTree *m_tree;
    FlatTabs *m_tabs;
    QStackedWidget *m_rowsStack;
    RowsPage *m_rows;
    SqlPage *m_sql;
};

} // namespace cleat::ui
