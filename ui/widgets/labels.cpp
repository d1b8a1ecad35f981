// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace cleat::ui {

ToneLabel::ToneLabel(const QString &text, Tone tone, QWidget *parent) : QLabel(text, parent), m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    setForegroundRole(QPalette::WindowText); // also on a view's viewport
    recolor();
}

void ToneLabel::setTone(Tone tone)
{
    m_tone = tone;
    recolor();
}

void ToneLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_recoloring)
        recolor();
}

void ToneLabel::recolor()
{
    m_recoloring = true;
    QPalette own = palette();
    for (const auto group : {QPalette::Active, QPalette::Inactive})
        own.setColor(group, QPalette::WindowText, m_tone == Tone::Normal ? own.color(group, QPalette::Text) : toneColor(own, m_tone));
    setPalette(own);
    m_recoloring = false;
}

ElideLabel::ElideLabel(Qt::TextElideMode mode, QWidget *parent) : QWidget(parent), m_mode(mode)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElideLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void ElideLabel::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

QSize ElideLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2, fontMetrics().height() + 2};
}

QSize ElideLabel::minimumSizeHint() const
{
    return {std::min(fontMetrics().averageCharWidth() * 4, sizeHint().width()), fontMetrics().height() + 2};
}

void ElideLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(isEnabled() ? toneColor(palette(), m_tone) : palette().color(QPalette::Disabled, QPalette::WindowText));
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, fontMetrics().elidedText(m_text, m_mode, width()));
}

bool ElideLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty()) {
        const auto *help = static_cast<QHelpEvent *>(event);
        if (fontMetrics().horizontalAdvance(m_text) > width())
            QToolTip::showText(help->globalPos(), m_text.toHtmlEscaped(), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

Dot::Dot(QWidget *parent) : QWidget(parent)
{
    setFixedSize(sizeHint());
}

void Dot::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

QSize Dot::sizeHint() const
{
    return {12, 12};
}

void Dot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneColor(palette(), m_tone));
    painter.drawEllipse(QRectF(1.5, 1.5, 9, 9));
}

Rule::Rule(Qt::Orientation orientation, QWidget *parent) : QWidget(parent)
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
}

void Rule::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), colors(palette()).border);
}

} // namespace cleat::ui
