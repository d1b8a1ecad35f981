// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "ui/widgets/theme.h"

#include <QStyledItemDelegate>

namespace cleat::ui {

class RequestsModel;

/// The colour of a request's status.
Tone statusTone(const events::RequestEvent &request);

/// Paints the cells of the request table with as little work a cell as can be: it is repainted 30 times a second under load.
class RequestsDelegate final : public QStyledItemDelegate
{
public:
    RequestsDelegate(const RequestsModel &model, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const RequestsModel &m_model;
    QFont m_monospace;
};

} // namespace cleat::ui
