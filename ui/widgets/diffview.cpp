// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/diffview.h"

#include "ui/widgets/codeview.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>

namespace cleat::ui {

using namespace Qt::StringLiterals;

DiffView::DiffView(QWidget *parent) : QWidget(parent), m_view(makeCodeView())
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    setFocusProxy(m_view);
    m_view->setAccessibleName(tr("What will be written"));
}

void DiffView::setDiff(std::vector<DiffLine> lines)
{
    if (lines == m_lines && !lines.empty())
        return;
    m_lines = std::move(lines);
    fill();
}

void DiffView::setNote(const QString &note)
{
    m_lines.clear();
    m_view->setPlaceholderText(note);
    fill();
}

void DiffView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fill();
}

void DiffView::fill()
{
    m_view->clear();
    if (m_lines.empty())
        return;
    const Colors &c = colors(palette());
    int digits = 1;
    for (const DiffLine &line : m_lines)
        digits = std::max(digits, static_cast<int>(QString::number(line.number).size()));

    QTextCursor cursor(m_view->document());
    cursor.beginEditBlock();
    bool first = true;
    int firstChange = -1;
    int block = 0;
    for (const DiffLine &line : m_lines) {
        QTextBlockFormat format;
        QString mark = u"  "_s;
        switch (line.kind) {
        case DiffLine::Kind::Same:
        case DiffLine::Kind::Gap:
            break;
        case DiffLine::Kind::Added:
            format.setBackground(c.addedBack);
            mark = u"+ "_s;
            break;
        case DiffLine::Kind::Removed:
            format.setBackground(c.removedBack);
            mark = u"- "_s;
            break;
        }
        if (line.kind != DiffLine::Kind::Same && line.kind != DiffLine::Kind::Gap && firstChange < 0)
            firstChange = block;
        if (first)
            cursor.setBlockFormat(format);
        else
            cursor.insertBlock(format);
        first = false;
        ++block;

        QTextCharFormat faint;
        faint.setForeground(c.muted);
        QTextCharFormat plain;
        plain.setForeground(palette().color(QPalette::Text));
        if (line.kind == DiffLine::Kind::Gap) {
            cursor.insertText(QString(digits, u' ') + u"  ⋯"_s, faint);
            continue;
        }
        cursor.insertText(QString::number(line.number).rightJustified(digits) + u' ', faint);
        cursor.insertText(mark + fromUtf8(line.text), plain);
    }
    cursor.endEditBlock();
    if (firstChange >= 0) {
        m_view->setTextCursor(QTextCursor(m_view->document()->findBlockByNumber(std::max(0, firstChange - 1))));
        m_view->ensureCursorVisible();
    }
}

} // namespace cleat::ui
