// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryrows.h"

#include <QAbstractTableModel>

namespace cleat::ui {

/// The variables and secrets of one environment's page, as many of them as fit the filter. GUI thread.
class VariablesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Value, From, Source, Copy, ColumnCount };

    explicit VariablesModel(QObject *parent = nullptr);
    void setRows(std::vector<VariableRow> rows);
    void setFilter(const QString &filter);
    /// nullptr when there is no such row. Borrowed until the next setRows().
    const VariableRow *row(int index) const;
    /// Rows, whether they fit the filter or not.
    const std::vector<VariableRow> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void filter();
    std::vector<VariableRow> m_rows;
    std::vector<std::size_t> m_shown;
    QString m_filter;
};

/// Where a value comes from, in short: "wrangler.toml:12", ".dev.vars:3", "keychain", "flag", "Pages".
QString sourceText(const session::VariableSource &source);
bool isSecret(const session::VariableSource &source);

} // namespace cleat::ui
