// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QTreeWidget;

namespace cleat::ui {

class D1Desk;
class SqlEditor;

/// What the chosen table is made of: columns, indexes, foreign keys, triggers, and its CREATE statement. GUI thread.
class StructurePage final : public QWidget
{
    Q_OBJECT
public:
    explicit StructurePage(D1Desk &desk, QWidget *parent = nullptr);
    void showTable(const QString &name);

private:
    void fill();

    D1Desk &m_desk;
    QString m_table;
    QTreeWidget *m_tree;
    SqlEditor *m_sql;
};

} // namespace cleat::ui
