// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/style.h"

#include "ui/widgets/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace cleat::ui {

namespace {

QColor outline(const QStyleOption &option)
{
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_Enabled)
        return colors(option.palette).accent;
    const QColor text = option.palette.color(QPalette::Active, QPalette::WindowText);
    return mixed(text, option.palette.color(QPalette::Window), option.state & QStyle::State_Enabled ? 0.30 : 0.15);
}

void drawBox(QPainter &painter, const QStyleOption &option, double radius, const QBrush &fill)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(outline(option));
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

} // namespace

Style::Style() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const bool usable = option->state & State_Enabled;
    switch (element) {
    case PE_FrameLineEdit:
        painter->save();
        drawBox(*painter, *option, 2.5, Qt::NoBrush);
        painter->restore();
        return;
    case PE_Frame:
        if (option->state & State_Sunken) {
            painter->save();
            painter->setPen(outline(*option));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            painter->restore();
            return;
        }
        break;
    case PE_IndicatorRadioButton: {
        painter->save();
        const double side = std::min(option->rect.width(), option->rect.height());
        drawBox(*painter, *option, side / 2, option->palette.brush(usable ? QPalette::Base : QPalette::Window));
        if (option->state & State_On) {
            const double inset = side * 0.28;
            painter->setPen(Qt::NoPen);
            painter->setBrush(usable ? colors(option->palette).accent : option->palette.color(QPalette::Disabled, QPalette::WindowText));
            painter->drawEllipse(QRectF(option->rect).adjusted(inset, inset, -inset, -inset));
        }
        painter->restore();
        return;
    }
    default: // Qt's enumeration: the rest is Fusion's
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

} // namespace cleat::ui
