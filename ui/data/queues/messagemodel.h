// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/queues/messagelist.h"
#include "ui/data/pagedmodel.h"

namespace cleat::ui {

/// The messages of one queue, in the order of delivery. GUI thread.
class MessageModel final : public PagedModel<data::queues::Message, data::queues::Shown>
{
    Q_OBJECT
public:
    enum Column { Body, State, Attempts, Sent, Due, Size, Id, ColumnCount };

    /// `list` is used on the thread alone.
    MessageModel(session::DataThread &thread, const std::shared_ptr<data::queues::MessageList> &list, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

/// "Delayed"; by now.
QString stateText(const data::queues::Message &message);
/// A body on one line, as far as it is at hand.
QString bodyLine(const data::queues::Message &message);
/// "JSON", "Text", "Bytes", "V8 value"
QString contentTypeText(data::queues::ContentType type);

} // namespace cleat::ui
