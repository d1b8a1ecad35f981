// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/data/d1/schemamodel.h"

#include <QWidget>

class QAction;
class QLineEdit;
class QModelIndex;
class QTreeView;

namespace cleat::ui {

class D1Desk;
class SchemaFilter;

/// The left side: the schema as a tree with a filter, and what can be done with each thing in it. GUI thread.
class SchemaTree final : public QWidget
{
    Q_OBJECT
public:
    explicit SchemaTree(D1Desk &desk, QWidget *parent = nullptr);

    /// Selects it, without tableChosen().
    void setCurrentTable(const QString &name);
    bool showsHidden() const;
    void setShowsHidden(bool shown);

Q_SIGNALS:
    void tableChosen(const QString &name);
    void sqlWanted(const QString &sql); ///< into the editor
    void exportWanted(const QString &table);
    void problem(const QString &message);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void rebuild();
    void choose(const QModelIndex &index);
    void showMenu(const QPoint &place);
    void drop(SchemaModel::What what, const QString &name);

    D1Desk &m_desk;
    SchemaModel *m_model;
    SchemaFilter *m_filter;
    QLineEdit *m_search;
    QAction *m_hidden;
    QTreeView *m_tree;
    QString m_current;
    bool m_setting = false;
};

} // namespace cleat::ui
