// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/dragpicture.h"

#include "ui/widgets/theme.h"

#include <QPainter>
#include <QWidget>

namespace cleat::ui {

QPixmap dragPicture(const QWidget &like, const QString &words)
{
    constexpr int padding = 8;
    constexpr int widest = 320;
    const QFontMetrics metrics = like.fontMetrics();
    const QString text = metrics.elidedText(words, Qt::ElideRight, widest);
    const QSize size(metrics.horizontalAdvance(text) + 2 * padding, metrics.height() + padding);
    QPixmap picture(size * like.devicePixelRatioF());
    picture.setDevicePixelRatio(like.devicePixelRatioF());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(like.font());
    painter.setPen(colors(like.palette()).accent);
    painter.setBrush(like.palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 4, 4);
    painter.setPen(like.palette().color(QPalette::Text));
    painter.drawText(QRect(QPoint(0, 0), size), Qt::AlignCenter, text);
    return picture;
}

} // namespace cleat::ui
