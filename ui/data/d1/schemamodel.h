// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"

#include <QStandardItemModel>

namespace cleat::ui {

/// A schema as a tree: tables and views; below each its columns, indexes and triggers. The second column has the numbers of rows, or a column's type. GUI thread.
class SchemaModel final : public QStandardItemModel
{
    Q_OBJECT
public:
    enum class What { Table, View, Column, Index, Trigger };
    enum Role {
        WhatRole = Qt::UserRole + 1, ///< What, as int
        NameRole, ///< of the thing itself
        TableRole, ///< of the table it is in
        SqlRole, ///< its CREATE statement; empty for columns
        HiddenRole, ///< wrangler's or SQLite's own
    };
    enum Column { Name, Detail, ColumnCount };

    explicit SchemaModel(QObject *parent = nullptr);
    void setSchema(const data::d1::Schema &schema);
    void setRowCount(const QString &table, quint64 count);
};

} // namespace cleat::ui
