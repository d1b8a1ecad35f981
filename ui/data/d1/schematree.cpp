// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/schematree.h"

#include "core/data/d1/console.h"
#include "ui/data/d1/ask.h"
#include "ui/data/d1/d1desk.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>

#include <set>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

/// A table stays when it or anything in it matches; what is in a table that matches by its own name stays too.
class SchemaFilter final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setText(const QString &text)
    {
        m_text = text;
        invalidateFilter();
    }
    void setHidden(bool shown)
    {
        m_hidden = shown;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        if (!parent.isValid() && !m_hidden && index.data(SchemaModel::HiddenRole).toBool())
            return false;
        if (m_text.isEmpty() || matches(index) || (parent.isValid() && matches(parent)))
            return true;
        for (int i = 0; i < sourceModel()->rowCount(index); ++i) {
            if (matches(sourceModel()->index(i, 0, index)))
                return true;
        }
        return false;
    }

private:
    bool matches(const QModelIndex &index) const { return index.data(SchemaModel::NameRole).toString().contains(m_text, Qt::CaseInsensitive); }

    QString m_text;
    bool m_hidden = false;
};

namespace {

/// Numbers and types stay in the background.
class DetailDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->palette.setColor(QPalette::Text, colors(option->palette).muted);
    }
};

} // namespace

SchemaTree::SchemaTree(D1Desk &desk, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_model(new SchemaModel(this)),
      m_filter(new SchemaFilter(this)),
      m_search(new QLineEdit),
      m_hidden(new QAction(tr("Show &system tables"), this)),
      m_tree(new QTreeView)
{
    m_filter->setSourceModel(m_model);
    m_search->setPlaceholderText(tr("Find"));
    m_search->setAccessibleName(tr("Find in the schema"));
    m_search->setClearButtonEnabled(true);
    m_search->setObjectName(u"schemaFilter"_s);
    m_hidden->setCheckable(true);
    m_hidden->setIcon(icon("eye-off"_L1, Tone::Muted));
    m_hidden->setToolTip(tr("Show the tables of wrangler and SQLite themselves"));
    m_tree->setModel(m_filter);
    m_tree->setAccessibleName(tr("Schema"));
    m_tree->setItemDelegateForColumn(SchemaModel::Detail, new DetailDelegate(m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setIndentation(14);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(SchemaModel::Name, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(SchemaModel::Detail, QHeaderView::ResizeToContents);

    auto *row = new QHBoxLayout;
    row->setContentsMargins(6, 4, 2, 4);
    row->setSpacing(2);
    row->addWidget(m_search, 1);
    row->addWidget(toolButton(m_hidden, ButtonLook::IconOnly));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_tree, 1);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        if (!text.isEmpty())
            m_tree->expandAll();
    });
    connect(m_search, &QLineEdit::returnPressed, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_hidden, &QAction::toggled, this, [this](bool shown) { m_filter->setHidden(shown); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &SchemaTree::choose);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &SchemaTree::showMenu);
    connect(&m_desk, &D1Desk::schemaRead, this, &SchemaTree::rebuild);
    connect(&m_desk, &D1Desk::rowCountChanged, this, [this](const QString &table) {
        if (const auto count = m_desk.rowCount(table))
            m_model->setRowCount(table, *count);
    });
}

bool SchemaTree::showsHidden() const
{
    return m_hidden->isChecked();
}

void SchemaTree::setShowsHidden(bool shown)
{
    m_hidden->setChecked(shown);
}

void SchemaTree::rebuild()
{
    const QScopedValueRollback guard(m_setting, true);
    std::set<QString> open;
    for (int i = 0; i < m_filter->rowCount(); ++i) {
        const QModelIndex index = m_filter->index(i, 0);
        if (m_tree->isExpanded(index))
            open.insert(index.data(SchemaModel::NameRole).toString());
    }
    m_model->setSchema(m_desk.schema());
    for (const d1::Table &table : m_desk.schema().tables) {
        if (const auto count = m_desk.rowCount(fromUtf8(table.name)))
            m_model->setRowCount(fromUtf8(table.name), *count);
    }
    for (int i = 0; i < m_filter->rowCount(); ++i) {
        const QModelIndex index = m_filter->index(i, 0);
        if (open.contains(index.data(SchemaModel::NameRole).toString()))
            m_tree->expand(index);
    }
    setCurrentTable(m_current);
}

void SchemaTree::setCurrentTable(const QString &name)
{
    const QScopedValueRollback guard(m_setting, true);
    m_current = name;
    const QModelIndex current = m_tree->currentIndex();
    if (current.isValid() && current.data(SchemaModel::TableRole).toString() == name)
        return;
    for (int i = 0; i < m_filter->rowCount(); ++i) {
        if (m_filter->index(i, 0).data(SchemaModel::NameRole).toString() == name) {
            m_tree->setCurrentIndex(m_filter->index(i, 0));
            return;
        }
    }
    m_tree->setCurrentIndex({});
}

void SchemaTree::choose(const QModelIndex &index)
{
    const QString table = index.siblingAtColumn(0).data(SchemaModel::TableRole).toString();
    if (m_setting || table.isEmpty() || table == m_current)
        return;
    m_current = table;
    Q_EMIT tableChosen(table);
}

void SchemaTree::showMenu(const QPoint &place)
{
    const QModelIndex index = m_tree->indexAt(place).siblingAtColumn(0);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (index.isValid()) {
        const auto what = static_cast<SchemaModel::What>(index.data(SchemaModel::WhatRole).toInt());
        const QString name = index.data(SchemaModel::NameRole).toString();
        const QString table = index.data(SchemaModel::TableRole).toString();
        const QString sql = index.data(SchemaModel::SqlRole).toString();
        const QString quoted = fromUtf8(d1::quoted(toUtf8(table)));
        const bool whole = what == SchemaModel::What::Table || what == SchemaModel::What::View;
        menu->addAction(tr("&Open"), this, [this, table] { Q_EMIT tableChosen(table); });
        menu->addAction(icon("copy"_L1), tr("Copy &name"), this, [name] { QGuiApplication::clipboard()->setText(name); });
        if (!sql.isEmpty())
            menu->addAction(tr("Copy &CREATE statement"), this, [sql] { QGuiApplication::clipboard()->setText(sql + u";\n"_s); });
        if (whole)
            menu->addAction(tr("&SELECT * in the editor"), this, [this, quoted] { Q_EMIT sqlWanted(u"SELECT * FROM %1 LIMIT 100;"_s.arg(quoted)); });
        if (whole)
            menu->addAction(icon("download"_L1), tr("&Export…"), this, [this, table] { Q_EMIT exportWanted(table); });
        if (what != SchemaModel::What::Column && !sql.isEmpty()) {
            menu->addSeparator();
            menu->addAction(icon("trash-2"_L1, Tone::Danger), tr("&Drop…"), this, [this, what, name] { drop(what, name); });
        }
        menu->addSeparator();
    }
    menu->addAction(m_hidden);
    menu->popup(m_tree->viewport()->mapToGlobal(place));
}

void SchemaTree::drop(SchemaModel::What what, const QString &name)
{
    QString word;
    switch (what) {
    case SchemaModel::What::Table:
        word = u"TABLE"_s;
        break;
    case SchemaModel::What::View:
        word = u"VIEW"_s;
        break;
    case SchemaModel::What::Index:
        word = u"INDEX"_s;
        break;
    case SchemaModel::What::Trigger:
        word = u"TRIGGER"_s;
        break;
    case SchemaModel::What::Column:
        return;
    }
    const QString sql = u"DROP %1 %2"_s.arg(word, fromUtf8(d1::quoted(toUtf8(name))));
    const auto count = m_desk.rowCount(name);
    const QString more = what == SchemaModel::What::Table && count
        ? tr("Its %1 rows go with it. A snapshot is taken first.").arg(locale().toString(static_cast<qulonglong>(*count)))
        : tr("A snapshot is taken first.");
    ask(this, tr("Drop %1?").arg(name), more, tr("Drop"), [this, sql, name] {
        m_desk.snapshotThen(tr("before the drop of %1").arg(name), this, [this, sql] {
            m_desk.workThread().run(
                this,
                [file = m_desk.file(), sql = toUtf8(sql)](std::stop_token stop) {
                    data::Control control;
                    control.stop = std::move(stop);
                    return d1::Console(file).run(sql, {}, control);
                },
                [this](base::Result<std::vector<d1::StatementResult>> &&results) {
                    if (!results)
                        Q_EMIT problem(formatError(results.error()));
                    else if (!results->empty() && !results->back().error.empty())
                        Q_EMIT problem(fromUtf8(results->back().error));
                    m_desk.readSchema();
                });
        });
    });
}

/// Where it is narrow, the names need the room.
void SchemaTree::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    constexpr int detailsFrom = 150;
    m_tree->header()->setSectionHidden(SchemaModel::Detail, width() < detailsFrom);
}

} // namespace cleat::ui
