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
    if (request.status >= 200 || (request.kind != events::RequestKind::Http && request.state == events::RequestState::Finished))
        return Tone::Success;
    return Tone::Muted;
}

namespace {

Tone cellTone(RequestColumn column, const RequestsModel::Row &row)
{
    const events::RequestEvent &request = row.request;
    switch (column) {
    case RequestColumn::Status:
        return statusTone(request);
    case RequestColumn::Path:
        return request.error.empty() ? Tone::Normal : Tone::Danger;
    case RequestColumn::Errors:
        return Tone::Danger;
    case RequestColumn::Time:
    case RequestColumn::Size:
    case RequestColumn::Started:
    case RequestColumn::RequestSize:
    case RequestColumn::Id:
        return Tone::Muted;
    case RequestColumn::Duration:
        return request.state == events::RequestState::Running ? Tone::Muted : Tone::Normal;
    case RequestColumn::Method:
    case RequestColumn::Calls:
    case RequestColumn::Host:
    case RequestColumn::Kind:
    case RequestColumn::Handler:
    case RequestColumn::Environment:
        return Tone::Normal;
    }
    return Tone::Normal;
}

bool isMonospace(RequestColumn column)
{
    return column == RequestColumn::Path || column == RequestColumn::Handler || column == RequestColumn::Host;
}

} // namespace

RequestsDelegate::RequestsDelegate(const RequestsModel &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model), m_monospace(monospaceFont()) {}

void RequestsDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter->fillRect(option.rect, option.palette.brush(QPalette::Active, QPalette::Highlight));
    const RequestsModel::Row *row = m_model.row(index.row());
    if (!row)
        return;
    const auto column = static_cast<RequestColumn>(index.column());
    painter->setPen(selected ? option.palette.color(QPalette::Active, QPalette::HighlightedText) : toneColor(option.palette, cellTone(column, *row)));
    painter->setFont(isMonospace(column) ? m_monospace : option.font);
    const QRect cell = option.rect.adjusted(cellMargin, 0, -cellMargin, 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    if (text.isEmpty())
        return;
    const QFontMetrics metrics = painter->fontMetrics();
    // a long target would be measured whole for each repaint
    const QString visible = metrics.elidedText(text.left(cell.width() / 2 + 8), Qt::ElideRight, cell.width());
    // one base line for both fonts
    const int y = cell.top() + (cell.height() - option.fontMetrics.height()) / 2 + option.fontMetrics.ascent();
    painter->drawText(isNumber(column) ? cell.right() + 1 - metrics.horizontalAdvance(visible) : cell.left(), y, visible);
}

QSize RequestsDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QFontMetrics metrics(isMonospace(static_cast<RequestColumn>(index.column())) ? m_monospace : option.font);
    return {metrics.horizontalAdvance(index.data().toString().left(400)) + 2 * cellMargin, option.fontMetrics.height()};
}

} // namespace cleat::ui
