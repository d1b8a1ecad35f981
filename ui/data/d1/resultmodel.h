// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/console.h"

#include <QAbstractTableModel>

namespace cleat::ui {

/// The rows that a statement gave; has the roles of GridModel that a delegate asks for. GUI thread.
class ResultModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    ResultModel(std::vector<std::string> columns, std::vector<std::vector<data::d1::Value>> rows, QObject *parent);
    const data::d1::Value *value(const QModelIndex &index) const;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const std::vector<std::string> m_columns;
    const std::vector<std::vector<data::d1::Value>> m_rows;
};

} // namespace cleat::ui
