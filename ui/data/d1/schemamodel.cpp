// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/schemamodel.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QLocale>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

QList<QStandardItem *> row(
    SchemaModel::What what, const QString &name, const QString &table, const QString &sql, const QString &detail, QLatin1StringView picture, Tone tone)
{
    auto *item = new QStandardItem(name);
    item->setData(static_cast<int>(what), SchemaModel::WhatRole);
    item->setData(name, SchemaModel::NameRole);
    item->setData(table, SchemaModel::TableRole);
    item->setData(sql, SchemaModel::SqlRole);
    item->setData(icon(picture, tone), Qt::DecorationRole);
    item->setEditable(false);
    auto *second = new QStandardItem(detail);
    second->setEditable(false);
    second->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return {item, second};
}

} // namespace

SchemaModel::SchemaModel(QObject *parent) : QStandardItemModel(0, ColumnCount, parent)
{
    setHorizontalHeaderLabels({tr("Name"), tr("Rows or type")});
}

void SchemaModel::setSchema(const d1::Schema &schema)
{
    removeRows(0, rowCount());
    for (const d1::Table &table : schema.tables) {
        const QString name = fromUtf8(table.name);
        const bool view = table.kind == d1::Table::Kind::View;
        const Tone tone = table.hidden ? Tone::Muted : Tone::Normal;
        const QList<QStandardItem *> items =
            row(view ? What::View : What::Table, name, name, fromUtf8(table.sql), QString(), view ? "eye"_L1 : "database"_L1, tone);
        items.first()->setData(table.hidden, HiddenRole);
        items.first()->setToolTip(view                   ? tr("View %1").arg(name)
                : table.kind == d1::Table::Kind::Virtual ? tr("Virtual table %1").arg(name)
                                                         : tr("Table %1").arg(name));
        for (const d1::Column &column : table.columns) {
            const bool foreign = std::ranges::any_of(
                table.foreignKeys, [&](const d1::ForeignKey &key) { return std::ranges::find(key.columns, column.name) != key.columns.end(); });
            const QLatin1StringView picture = column.primaryKey ? "key-round"_L1 : foreign ? "arrow-right"_L1 : "type"_L1;
            const QList<QStandardItem *> cells =
                row(What::Column, fromUtf8(column.name), name, {}, fromUtf8(column.type).toLower(), picture, column.primaryKey ? Tone::Accent : Tone::Muted);
            QStringList words{fromUtf8(column.type)};
            if (column.primaryKey)
                words << tr("primary key");
            if (foreign)
                words << tr("refers to another table");
            if (column.notNull)
                words << u"NOT NULL"_s;
            words.removeAll(QString());
            cells.first()->setToolTip(words.join(u", "_s));
            items.first()->appendRow(cells);
        }
        for (const d1::Index &index : table.indexes) {
            QStringList columns;
            for (const std::string &column : index.columns)
                columns << fromUtf8(column);
            const QList<QStandardItem *> cells =
                row(What::Index, fromUtf8(index.name), name, fromUtf8(index.sql), index.unique ? tr("unique index") : tr("index"), "zap"_L1, Tone::Muted);
            cells.first()->setToolTip(columns.join(u", "_s));
            items.first()->appendRow(cells);
        }
        for (const d1::Trigger &trigger : table.triggers)
            items.first()->appendRow(row(What::Trigger, fromUtf8(trigger.name), name, fromUtf8(trigger.sql), tr("trigger"), "waypoints"_L1, Tone::Muted));
        appendRow(items);
    }
}

void SchemaModel::setRowCount(const QString &table, quint64 count)
{
    for (int i = 0; i < rowCount(); ++i) {
        if (item(i, Name)->text() == table)
            item(i, Detail)->setText(QLocale().toString(count));
    }
}

} // namespace cleat::ui
