// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/messagebar.h"

#include "ui/widgets/codeview.h"
#include "ui/widgets/icons.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

QLatin1StringView iconName(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Info:
        return "info"_L1;
    case MessageBar::Kind::Warning:
        return "triangle-alert"_L1;
    case MessageBar::Kind::Error:
        return "circle-alert"_L1;
    }
    return "info"_L1;
}

Tone tone(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Info:
        return Tone::Accent;
    case MessageBar::Kind::Warning:
        return Tone::Warning;
    case MessageBar::Kind::Error:
        return Tone::Danger;
    }
    return Tone::Accent;
}

} // namespace

MessageBar::MessageBar(Closing closing, QWidget *parent)
    : QWidget(parent), m_icon(new QLabel), m_text(new QLabel), m_detail(makeCodeView()), m_row(new QHBoxLayout), m_close(new QToolButton)
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setFrameShape(QFrame::NoFrame);
    m_detail->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_detail->hide();
    m_close->setIcon(icon("x"_L1));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(m_close->toolTip());
    m_close->setVisible(closing == Closing::ByUser);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT closed();
    });

    m_row->setSpacing(8);
    m_row->addWidget(m_icon, 0, Qt::AlignVCenter);
    m_row->addWidget(m_text, 1);
    m_row->addWidget(m_close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 6, 8, 6);
    column->setSpacing(6);
    column->addLayout(m_row);
    column->addWidget(m_detail);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    hide();
}

void MessageBar::setMessage(Kind kind, const QString &text)
{
    m_kind = kind;
    m_icon->setPixmap(icon(iconName(kind), tone(kind)).pixmap(QSize(16, 16), devicePixelRatioF()));
    m_text->setText(text);
    setAccessibleName(text);
    setDetail({});
    for (QPushButton *button : std::as_const(m_buttons))
        button->deleteLater();
    m_buttons.clear();
    update();
}

void MessageBar::setDetail(const QString &text)
{
    m_detail->setPlainText(text);
    m_detail->setVisible(!text.isEmpty());
    fitDetail();
}

void MessageBar::fitDetail()
{
    // A plain text layout counts its height in lines, wrapped ones too.
    const int most = std::clamp(window()->height() / 110, 3, 8);
    const int lines = std::clamp(static_cast<int>(m_detail->document()->size().height()), 1, most);
    m_detail->setFixedHeight(lines * m_detail->fontMetrics().lineSpacing() + 10);
}

void MessageBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitDetail();
}

QPushButton *MessageBar::addButton(const QString &text)
{
    auto *button = new QPushButton(text);
    m_row->insertWidget(m_row->count() - 1, button);
    m_buttons.append(button);
    return button;
}

void MessageBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &c = colors(palette());
    const QColor back = m_kind == Kind::Info ? c.infoBack : m_kind == Kind::Warning ? c.warningBack : c.dangerBack;
    painter.fillRect(rect(), back);
    painter.fillRect(0, height() - 1, width(), 1, c.border);
    painter.fillRect(0, 0, 3, height(), toneColor(palette(), tone(m_kind)));
}

} // namespace cleat::ui
