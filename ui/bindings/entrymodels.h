// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryrows.h"

#include <QAbstractTableModel>

#include <filesystem>
#include <functional>

namespace cleat::ui {

/// The role under which both models give a row's Origin, as int.
constexpr int originRole = Qt::UserRole;

/// The bindings of one environment's page. GUI thread.
class BindingsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Resource, Data, From, Line, Copy, ColumnCount };

    using DataFile = std::function<std::filesystem::path(const config::KvNamespace &)>;
    explicit BindingsModel(QObject *parent = nullptr);
    /// `project` is what data paths are shown relative to.
    void setRows(std::vector<KvRow> rows, const DataFile &dataFile, const std::filesystem::path &project);
    /// nullptr when there is no such row. Borrowed until the next setRows().
    const KvRow *row(int index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Shown {
        KvRow row;
        std::filesystem::path file;
        QString path;
    };
    std::vector<Shown> m_rows;
};

/// The variables of one environment's page. GUI thread.
class VariablesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Value, From, Source, Copy, ColumnCount };

    explicit VariablesModel(QObject *parent = nullptr);
    void setRows(std::vector<VariableRow> rows);
    /// nullptr when there is no such row. Borrowed until the next setRows().
    const VariableRow *row(int index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<VariableRow> m_rows;
};

} // namespace cleat::ui
