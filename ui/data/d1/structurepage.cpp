// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/structurepage.h"

#include "ui/data/d1/d1desk.h"
#include "ui/data/d1/sqleditor.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QSplitter>
#include <QTreeWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

QString joined(const std::vector<std::string> &names)
{
    QStringList list;
    for (const std::string &name : names)
        list << fromUtf8(name);
    return list.join(u", "_s);
}

} // namespace

StructurePage::StructurePage(D1Desk &desk, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_tree(new QTreeWidget),
      m_sql(new SqlEditor(SqlEditor::Access::ReadOnly))
{
    m_tree->setColumnCount(3);
    m_tree->setHeaderLabels({tr("Name"), tr("Type"), tr("Rules")});
    m_tree->setAccessibleName(tr("Structure"));
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAlternatingRowColors(true);
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_sql->setAccessibleName(tr("CREATE statement"));
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_tree);
    splitter->addWidget(m_sql);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);
    connect(&desk, &D1Desk::schemaRead, this, &StructurePage::fill);
}

void StructurePage::showTable(const QString &name)
{
    m_table = name;
    fill();
}

void StructurePage::fill()
{
    m_tree->clear();
    const d1::Table *table = m_desk.schema().find(toUtf8(m_table));
    if (!table) {
        m_sql->setText({});
        return;
    }
    const auto group = [this](const QString &title) {
        auto *item = new QTreeWidgetItem(m_tree, {title});
        QFont bold = m_tree->font();
        bold.setBold(true);
        item->setFont(0, bold);
        item->setFirstColumnSpanned(true);
        return item;
    };
    QTreeWidgetItem *columns = group(tr("Columns"));
    for (const d1::Column &column : table->columns) {
        QStringList rules;
        if (column.primaryKey)
            rules << u"PRIMARY KEY"_s;
        if (column.notNull)
            rules << u"NOT NULL"_s;
        if (column.generated)
            rules << u"GENERATED"_s;
        if (column.defaultSql)
            rules << u"DEFAULT "_s + fromUtf8(*column.defaultSql);
        auto *item = new QTreeWidgetItem(columns, {fromUtf8(column.name), fromUtf8(column.type), rules.join(u", "_s)});
        item->setIcon(0, column.primaryKey ? icon("key-round"_L1, Tone::Accent) : icon("type"_L1, Tone::Muted));
    }
    if (!table->indexes.empty()) {
        QTreeWidgetItem *indexes = group(tr("Indexes"));
        for (const d1::Index &index : table->indexes)
            new QTreeWidgetItem(indexes, {fromUtf8(index.name), index.unique ? tr("unique") : QString(), joined(index.columns)});
    }
    if (!table->foreignKeys.empty()) {
        QTreeWidgetItem *keys = group(tr("Foreign keys"));
        for (const d1::ForeignKey &key : table->foreignKeys) {
            const QString target = fromUtf8(key.table) + (key.targets.empty() ? QString() : u" ("_s + joined(key.targets) + u')');
            QStringList rules;
            if (!key.onDelete.empty() && key.onDelete != "NO ACTION")
                rules << u"ON DELETE "_s + fromUtf8(key.onDelete);
            if (!key.onUpdate.empty() && key.onUpdate != "NO ACTION")
                rules << u"ON UPDATE "_s + fromUtf8(key.onUpdate);
            new QTreeWidgetItem(keys, {joined(key.columns), u"→ "_s + target, rules.join(u", "_s)});
        }
    }
    if (!table->triggers.empty()) {
        QTreeWidgetItem *triggers = group(tr("Triggers"));
        for (const d1::Trigger &trigger : table->triggers) {
            auto *item = new QTreeWidgetItem(triggers, {fromUtf8(trigger.name), QString(), oneLine(fromUtf8(trigger.sql).simplified(), 120)});
            item->setToolTip(2, fromUtf8(trigger.sql));
        }
    }
    m_tree->expandAll();
    QString sql = fromUtf8(table->sql) + u";\n"_s;
    for (const d1::Index &index : table->indexes) {
        if (!index.sql.empty())
            sql += fromUtf8(index.sql) + u";\n"_s;
    }
    for (const d1::Trigger &trigger : table->triggers)
        sql += fromUtf8(trigger.sql) + u";\n"_s;
    m_sql->setText(sql);
}

} // namespace cleat::ui
