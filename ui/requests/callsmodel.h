// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <QAbstractTableModel>

#include <vector>

namespace cleat::ui {

/// The binding calls of one request, in the order of their start, with what a waterfall needs. GUI thread.
class CallsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Bar, ColumnCount };

    explicit CallsModel(QObject *parent = nullptr);

    /// `spanUs`: what the bars are to scale with; less than the end of the last call is widened to it.
    void setCalls(std::vector<events::CallEvent> calls, std::uint32_t spanUs);
    /// nullptr when there is no such row.
    const events::CallEvent *call(int row) const;
    std::uint32_t spanUs() const { return m_spanUs; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<events::CallEvent> m_calls;
    std::uint32_t m_spanUs = 1;
};

/// "KV TODO_LIST.get"
QString callLabel(const events::CallEvent &call);

} // namespace cleat::ui
