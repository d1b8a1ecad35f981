// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/connection.h"
#include "ui/bindings/entryrows.h"

#include <QAbstractTableModel>

#include <filesystem>
#include <functional>
#include <optional>

namespace cleat::ui {

/// The bindings of one environment's page, as many of them as fit the filter. GUI thread.
class BindingsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Kind, Resource, Data, From, Line, Copy, ColumnCount };

    /// What a row shows beside its entry; asked for the rows that are seen.
    struct Facts {
        std::function<std::optional<std::filesystem::path>(const config::Binding &)> dataOf;
        std::function<bool(config::Kind)> runs;
        std::filesystem::path project; ///< paths are shown relative to it
        std::function<session::Connection(const config::Binding &)> connection = {}; ///< empty: nothing is known of Workers
    };
    explicit BindingsModel(Facts facts, QObject *parent = nullptr);
    void setRows(std::vector<BindingRow> rows);
    void setFilter(const QString &filter);
    /// What Facts::connection says may be something else.
    void refreshConnections();
    /// Those whose Worker or consumer is not there, whether or not they fit the filter; without those that the environment does not inherit.
    std::vector<config::Binding> missing() const;
    /// nullptr when there is no such row. Borrowed until the next setRows().
    const BindingRow *row(int index) const;
    /// Rows, whether they fit the filter or not.
    const std::vector<BindingRow> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void filter();
    QVariant display(const BindingRow &row, Column column) const;
    QVariant toolTip(const BindingRow &row, Column column) const;
    int tone(const BindingRow &row, Column column) const;
    QString dataPath(const BindingRow &row) const;
    session::Connection connection(const BindingRow &row) const;

    Facts m_facts;
    std::vector<BindingRow> m_rows;
    std::vector<std::size_t> m_shown;
    QString m_filter;
};

/// What the column of local data says of a binding that leads to code, and the sentence behind it.
QString connectionText(const session::Connection &connection);
QString connectionTip(const config::Binding &binding, const session::Connection &connection);

/// What the From column says of an origin, and the sentence behind it.
QString originText(Origin origin);
QString originTip(Origin origin);

} // namespace cleat::ui
