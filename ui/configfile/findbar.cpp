// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/configfile/findbar.h"

#include "ui/configfile/codeeditor.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

FindBar::FindBar(CodeEditor &editor, QWidget *parent)
    : QWidget(parent), m_editor(editor), m_text(new QLineEdit), m_case(new QToolButton), m_previous(new QToolButton), m_next(new QToolButton), m_count(new ToneLabel({}, Tone::Muted))
{
    m_text->setPlaceholderText(tr("Find in the file"));
    m_text->setAccessibleName(tr("Find"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(360);
    m_case->setText(u"Aa"_s);
    m_case->setCheckable(true);
    m_case->setToolTip(tr("Match capitals"));
    m_previous->setIcon(icon("chevron-up"_L1));
    m_previous->setToolTip(tr("Previous (Shift+F3)"));
    m_next->setIcon(icon("chevron-down"_L1));
    m_next->setToolTip(tr("Next (F3)"));
    auto *closing = new QToolButton;
    closing->setIcon(icon("x"_L1));
    closing->setToolTip(tr("Close (Esc)"));
    for (QToolButton *button : {m_case, m_previous, m_next, closing}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(button->toolTip());
    }
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 5);
    row->setSpacing(4);
    row->addWidget(m_text, 1);
    row->addWidget(m_case);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addSpacing(6);
    row->addWidget(m_count);
    row->addStretch(1);
    row->addWidget(closing);
    setFocusProxy(m_text);
    hide();

    connect(m_text, &QLineEdit::textChanged, this, &FindBar::search);
    connect(m_case, &QToolButton::toggled, this, &FindBar::search);
    connect(m_previous, &QToolButton::clicked, this, &FindBar::previous);
    connect(m_next, &QToolButton::clicked, this, &FindBar::next);
    connect(closing, &QToolButton::clicked, this, &FindBar::close);
    connect(&m_editor, &QPlainTextEdit::cursorPositionChanged, this, &FindBar::refreshCount);
    connect(&m_editor, &CodeEditor::hitsChanged, this, &FindBar::refreshCount);
}

void FindBar::open()
{
    const QString selected = m_editor.textCursor().selectedText();
    show();
    if (!selected.isEmpty() && !selected.contains(QChar::ParagraphSeparator))
        m_text->setText(selected);
    search();
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void FindBar::close()
{
    hide();
    m_editor.setSearch({});
    m_editor.setFocus(Qt::OtherFocusReason);
}

void FindBar::next()
{
    if (isHidden())
        open();
    else
        m_editor.showHit(CodeEditor::Direction::Forward);
}

void FindBar::previous()
{
    if (isHidden())
        open();
    else
        m_editor.showHit(CodeEditor::Direction::Backward);
}

void FindBar::search()
{
    m_editor.setSearch(m_text->text(), m_case->isChecked() ? QTextDocument::FindCaseSensitively : QTextDocument::FindFlags());
    m_editor.showFirstHit();
}

void FindBar::refreshCount()
{
    if (isHidden())
        return;
    const int hits = m_editor.hits();
    const bool any = hits > 0;
    m_previous->setEnabled(any);
    m_next->setEnabled(any);
    m_count->setTone(any || m_text->text().isEmpty() ? Tone::Muted : Tone::Danger);
    const int current = m_editor.currentHit();
    if (m_text->text().isEmpty())
        m_count->setText({});
    else if (!any)
        m_count->setText(tr("Not found"));
    else if (current > 0)
        m_count->setText(tr("%1 of %2").arg(current).arg(hits));
    else
        m_count->setText(tr("%1 found").arg(hits));
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape)
        close();
    else if (enter && event->modifiers().testFlag(Qt::ShiftModifier))
        previous();
    else if (enter)
        next();
    else
        QWidget::keyPressEvent(event);
}

void FindBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &c = colors(palette());
    painter.fillRect(rect(), c.surface);
    painter.fillRect(0, height() - 1, width(), 1, c.border);
}

} // namespace cleat::ui
