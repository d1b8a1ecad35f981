// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/durableobjects/objectlist.h"
#include "core/session/objectdesk.h"
#include "ui/data/pagedmodel.h"

#include <map>
#include <string>

namespace cleat::ui {

/// Durable Objects in memory, by their ids.
using LiveObjects = std::map<std::string, session::LiveObject>;

/// The objects of one namespace. GUI thread.
class ObjectModel final : public PagedModel<data::durableobjects::ObjectRow, data::durableobjects::ObjectFilter>
{
    Q_OBJECT
public:
    enum Column { Name, State, WebSockets, Size, Tables, Alarm, Changed, ColumnCount };

    /// `list` is used on the thread alone.
    ObjectModel(session::DataThread &thread, const std::shared_ptr<data::durableobjects::ObjectList> &list, QObject *parent = nullptr);

    void setLive(LiveObjects live);
    /// nullptr: it is not in memory.
    const session::LiveObject *live(const std::string &id) const;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const data::durableobjects::ObjectRow &row, Column column) const;
    QString tip(const data::durableobjects::ObjectRow &row, Column column) const;

    LiveObjects m_live;
};

/// Its name, or the beginning of its id.
QString objectTitle(const data::durableobjects::ObjectRow &row);
/// "Idle"; nullptr: "Not in memory".
QString liveText(const session::LiveObject *live);

} // namespace cleat::ui
