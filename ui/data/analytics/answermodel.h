// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/analytics/query.h"
#include "core/data/d1/values.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>

namespace cleat::ui {

/// The rows that a query of Analytics Engine's SQL gave; has the roles of GridModel that a delegate asks for. GUI thread.
class AnswerModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit AnswerModel(std::shared_ptr<const data::analytics::Answer> answer, QObject *parent = nullptr) : QAbstractTableModel(parent), m_answer(std::move(answer)) {}

    /// To be copied: a number as such, a time as its text.
    std::optional<data::d1::Value> value(const QModelIndex &index) const;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const data::analytics::Cell *cell(const QModelIndex &index) const;
    const data::analytics::Type &type(int column) const { return m_answer->columns[static_cast<std::size_t>(column)].type; }

    const std::shared_ptr<const data::analytics::Answer> m_answer;
};

} // namespace cleat::ui
