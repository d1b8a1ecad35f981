// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/rail.h"

#include "ui/widgets/icons.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QKeySequence>
#include <QPainter>
#include <QStyle>
#include <QStyleOptionFocusRect>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int railWidth = 78;

class RailButton final : public QAbstractButton
{
public:
    RailButton(QLatin1StringView iconName, const QString &name) : m_plain(ui::icon(iconName, Tone::Muted)), m_chosen(ui::icon(iconName, Tone::Accent))
    {
        setText(name);
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
        setFixedWidth(railWidth);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Maximum);
    }

    QSize sizeHint() const override { return {railWidth, 20 + 16 + fontMetrics().height()}; }
    QSize minimumSizeHint() const override { return {railWidth, 20 + 12}; } ///< the icon alone, its name in the tool tip

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Colors &c = colors(palette());
        if (isChecked())
            painter.fillRect(rect(), mixed(c.accent, c.surface, 0.13));
        else if (underMouse())
            painter.fillRect(rect(), mixed(palette().color(QPalette::WindowText), c.surface, 0.06));
        if (isChecked())
            painter.fillRect(0, 0, 3, height(), c.accent);
        const bool named = height() >= wordTop + fontMetrics().height() - 2;
        (isChecked() ? m_chosen : m_plain).paint(&painter, QRect((width() - 20) / 2, named ? 7 : (height() - 20) / 2, 20, 20));
        if (named)
            paintName(painter, c);
        if (hasFocus()) {
            painter.setPen(c.accent);
            painter.drawRect(rect().adjusted(4, 1, -2, -2));
        }
    }

private:
    static constexpr int wordTop = 29;

    void paintName(QPainter &painter, const Colors &c) const
    {
        QFont small = font();
        if (small.pointSizeF() > 8)
            small.setPointSizeF(small.pointSizeF() - 1);
        painter.setFont(small);
        painter.setPen(isChecked() ? palette().color(QPalette::WindowText) : c.muted);
        painter.drawText(QRect(2, wordTop, width() - 4, height() - wordTop), Qt::AlignHCenter | Qt::AlignTop,
                         painter.fontMetrics().elidedText(text(), Qt::ElideRight, width() - 6));
    }

    QIcon m_plain;
    QIcon m_chosen;
};

} // namespace

Rail::Rail(QWidget *parent) : QWidget(parent), m_group(new QButtonGroup(this)), m_column(new QVBoxLayout(this))
{
    setFixedWidth(railWidth + 1);
    m_column->setContentsMargins(0, 4, 1, 4);
    m_column->setSpacing(2);
    m_column->addStretch(1);
    connect(m_group, &QButtonGroup::idClicked, this, &Rail::chosen);
}

void Rail::addPane(QLatin1StringView iconName, const QString &name, const QKeySequence &keys)
{
    auto *button = new RailButton(iconName, name);
    button->setToolTip(u"%1 (%2)"_s.arg(name, keys.toString(QKeySequence::NativeText)));
    const int pane = count();
    m_group->addButton(button, pane);
    m_column->insertWidget(pane, button);
}

void Rail::setCurrent(int pane)
{
    if (QAbstractButton *button = m_group->button(pane))
        button->setChecked(true);
}

int Rail::count() const
{
    return static_cast<int>(m_group->buttons().size());
}

void Rail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &c = colors(palette());
    painter.fillRect(rect(), c.surface);
    painter.fillRect(width() - 1, 0, 1, height(), c.border);
}

} // namespace cleat::ui
