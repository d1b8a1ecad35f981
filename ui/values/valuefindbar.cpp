// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/valuefindbar.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"

#include <QKeyEvent>

#include <utility>

namespace cleat::ui {

using namespace Qt::StringLiterals;

ValueFindBar::ValueFindBar(QWidget *parent)
    : QWidget(parent), m_text(new QLineEdit), m_case(new QToolButton), m_hex(new QToolButton), m_previous(new QToolButton), m_next(new QToolButton),
      m_count(new ToneLabel({}, Tone::Muted))
{
    m_text->setPlaceholderText(tr("Find in the value"));
    m_text->setAccessibleName(tr("Find"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(320);
    m_case->setText(u"Aa"_s);
    m_case->setCheckable(true);
    m_case->setToolTip(tr("Match capitals"));
    m_hex->setText(u"0x"_s);
    m_hex->setCheckable(true);
    m_hex->setToolTip(tr("Look for bytes: de ad be ef"));
    m_previous->setIcon(icon("chevron-up"_L1));
    m_previous->setToolTip(tr("Previous (Shift+F3)"));
    m_next->setIcon(icon("chevron-down"_L1));
    m_next->setToolTip(tr("Next (F3)"));
    auto *closing = new QToolButton;
    closing->setIcon(icon("x"_L1));
    closing->setToolTip(tr("Close (Esc)"));
    for (QToolButton *button : {m_case, m_hex, m_previous, m_next, closing}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(button->toolTip());
    }
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 5);
    row->setSpacing(3);
    row->addWidget(m_text, 1);
    row->addWidget(m_case);
    row->addWidget(m_hex);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addSpacing(4);
    row->addWidget(m_count);
    row->addStretch(1);
    row->addWidget(closing);
    setFocusProxy(m_text);
    hide();

    m_wait.setSingleShot(true);
    m_wait.setInterval(120);
    connect(&m_wait, &QTimer::timeout, this, &ValueFindBar::search);
    connect(m_text, &QLineEdit::textChanged, this, [this] { m_wait.start(); });
    connect(m_case, &QToolButton::toggled, this, &ValueFindBar::search);
    connect(m_hex, &QToolButton::toggled, this, &ValueFindBar::search);
    connect(m_previous, &QToolButton::clicked, this, [this] { step(Findable::Step::Previous); });
    connect(m_next, &QToolButton::clicked, this, [this] { step(Findable::Step::Next); });
    connect(closing, &QToolButton::clicked, this, &ValueFindBar::close);
}

void ValueFindBar::setTarget(Findable *target, Bytes bytes)
{
    if (m_target && m_target != target) {
        m_target->findStateChanged = {};
        m_target->find({});
    }
    m_target = target;
    m_hex->setVisible(bytes == Bytes::Yes);
    if (!m_target) {
        hide();
        return;
    }
    m_target->findStateChanged = [this](const FindState &state) { show(state); };
    if (!isHidden())
        search();
}

void ValueFindBar::open(const QString &text)
{
    if (!m_target)
        return;
    QWidget::show();
    if (!text.isEmpty())
        m_text->setText(text);
    search();
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void ValueFindBar::close()
{
    hide();
    m_wait.stop();
    if (m_target)
        m_target->find({});
    Q_EMIT closed();
}

void ValueFindBar::search()
{
    m_wait.stop();
    if (!m_target || isHidden())
        return;
    FindWish wish;
    wish.text = m_text->text();
    wish.capitals = m_case->isChecked() ? FindWish::Capitals::Matched : FindWish::Capitals::Ignored;
    wish.means = m_hex->isChecked() && !m_hex->isHidden() ? FindWish::Means::Bytes : FindWish::Means::Text;
    m_target->find(wish);
}

void ValueFindBar::step(Findable::Step step)
{
    if (m_wait.isActive()) // the first hit is on its way
        search();
    else if (m_target)
        m_target->findStep(step);
}

void ValueFindBar::show(const FindState &state)
{
    const bool any = state.count > 0;
    const bool asked = !m_text->text().isEmpty();
    m_previous->setEnabled(any);
    m_next->setEnabled(any);
    m_count->setTone(any || !asked || state.isSearching ? Tone::Muted : Tone::Danger);
    if (!asked)
        m_count->setText({});
    else if (!state.problem.isEmpty())
        m_count->setText(state.problem);
    else if (state.isSearching)
        m_count->setText(tr("Searching…"));
    else if (!any)
        m_count->setText(tr("Not found"));
    else
        m_count->setText((state.hasMore ? tr("%L1 of more than %L2") : tr("%L1 of %L2")).arg(state.current).arg(state.count));
}

void ValueFindBar::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape)
        close();
    else if (enter || event->key() == Qt::Key_F3)
        step(event->modifiers().testFlag(Qt::ShiftModifier) ? Findable::Step::Previous : Findable::Step::Next);
    else
        QWidget::keyPressEvent(event);
}

void ValueFindBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &c = colors(palette());
    painter.fillRect(rect(), c.surface);
    painter.fillRect(0, height() - 1, width(), 1, c.border);
}

} // namespace cleat::ui
