// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestsdelegate.h"

#include "ui/requests/requestsmodel.h"
#include "ui/widgets/flatviews.h"

#include <QPainter>

namespace cleat::ui {

Tone statusTone(const events::RequestEvent &request)
{
    if (request.state == events::RequestState::Abandoned)
        return Tone::Warning;
    if (!request.error.empty() || request.status >= 500)
        return Tone::Danger;
    if (request.status >= 400)
        return Tone::Warning;
    if (request.status >= 300)
        return Tone::Accent;
    if (request.status >= 200)
        return Tone::Success;
    return Tone::Muted;
}

RequestsDelegate::RequestsDelegate(const RequestsModel &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model), m_monospace(monospaceFont()) {}

void RequestsDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const events::RequestEvent *request = m_model.request(index.row());
    if (!request)
        return;
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter->fillRect(option.rect, option.palette.brush(QPalette::Active, QPalette::Highlight));

    QColor ink = option.palette.color(QPalette::Text);
    switch (static_cast<RequestsModel::Column>(index.column())) {
    case RequestsModel::Status:
        ink = toneColor(option.palette, statusTone(*request));
        break;
    case RequestsModel::Path:
        if (!request->error.empty())
            ink = toneColor(option.palette, Tone::Danger);
        break;
    case RequestsModel::Time:
    case RequestsModel::Size:
        ink = colors(option.palette).muted;
        break;
    case RequestsModel::Duration:
        if (request->state == events::RequestState::Running)
            ink = colors(option.palette).muted;
        break;
    case RequestsModel::Method:
    case RequestsModel::Calls:
    case RequestsModel::ColumnCount:
        break;
    }
    painter->setPen(selected ? option.palette.color(QPalette::HighlightedText) : ink);
    painter->setFont(index.column() == RequestsModel::Path ? m_monospace : option.font);
    const QRect cell = option.rect.adjusted(cellMargin, 0, -cellMargin, 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    const QFontMetrics metrics = painter->fontMetrics();
    // a long target would be measured whole for each repaint
    const QString visible = metrics.elidedText(text.left(cell.width() / 2 + 8), Qt::ElideRight, cell.width());
    const bool right = index.column() >= RequestsModel::Duration;
    // one base line for both fonts
    const int y = cell.top() + (cell.height() - option.fontMetrics.height()) / 2 + option.fontMetrics.ascent();
    painter->drawText(right ? cell.right() + 1 - metrics.horizontalAdvance(visible) : cell.left(), y, visible);
}

} // namespace cleat::ui
