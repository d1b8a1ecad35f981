// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/jsonedit.h"

#include "ui/widgets/codeview.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/jsonhighlighter.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QTextCursor>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

JsonEdit::JsonEdit(QWidget *parent) : QWidget(parent), m_edit(makeLinesField(6)), m_state(new ToneLabel), m_format(new QToolButton)
{
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_edit->installEventFilter(this);
    new JsonHighlighter(*m_edit, JsonHighlighter::Dialect::Json);
    m_state->setWordWrap(true);
    m_state->setMinimumHeight(m_state->fontMetrics().height());
    m_format->setText(tr("Format"));
    m_format->setIcon(icon("braces"_L1, Tone::Muted));
    m_format->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_format->setAutoRaise(true);
    m_format->setFocusPolicy(Qt::TabFocus);
    m_format->setToolTip(tr("Lay the value out, one member a line (Ctrl+Shift+F)"));
    setFocusProxy(m_edit);

    auto *below = new QHBoxLayout;
    below->setContentsMargins(0, 0, 0, 0);
    below->addWidget(m_state, 1);
    below->addWidget(m_format, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(m_edit, 1);
    column->addLayout(below);

    connect(m_format, &QToolButton::clicked, this, &JsonEdit::format);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        check();
        Q_EMIT textChanged();
    });
    check();
}

QString JsonEdit::text() const
{
    return m_edit->toPlainText();
}

void JsonEdit::setText(const QString &text)
{
    m_edit->setPlainText(text);
}

void JsonEdit::setFieldName(const QString &name)
{
    m_edit->setAccessibleName(name);
}

void JsonEdit::setPlaceholderText(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

void JsonEdit::setVisibleLines(int lines)
{
    m_edit->setMinimumHeight(m_edit->fontMetrics().lineSpacing() * lines + 12);
    m_edit->updateGeometry();
}

void JsonEdit::setEmpty(Empty empty)
{
    m_empty = empty;
    check();
}

void JsonEdit::check()
{
    const QString now = text();
    const bool empty = now.trimmed().isEmpty();
    m_problem = empty && m_empty == Empty::IsFine ? std::nullopt : checkJson(now);
    if (m_problem && !empty)
        m_state->setText(tr("Line %1, column %2: %3").arg(m_problem->line).arg(m_problem->column).arg(m_problem->message));
    else
        m_state->setText(m_problem ? m_problem->message : empty ? QString() : tr("Valid JSON"));
    m_state->setTone(m_problem && !empty ? Tone::Danger : Tone::Muted);
    m_format->setEnabled(!m_problem && !empty);
    mark();
}

void JsonEdit::mark()
{
    QList<QTextEdit::ExtraSelection> marks;
    if (m_problem && !text().trimmed().isEmpty()) {
        QTextEdit::ExtraSelection wave;
        wave.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wave.format.setUnderlineColor(colors(palette()).danger);
        const auto end = static_cast<int>(text().size());
        const int begin = std::min(static_cast<int>(m_problem->offset), m_problem->length > 0 ? end : std::max(0, end - 1));
        wave.cursor = QTextCursor(m_edit->document());
        wave.cursor.setPosition(begin);
        wave.cursor.setPosition(std::min(end, begin + std::max(1, static_cast<int>(m_problem->length))), QTextCursor::KeepAnchor);
        marks.append(wave);
    }
    m_edit->setExtraSelections(marks);
}

void JsonEdit::format()
{
    const QString laidOut = formatJson(text());
    if (laidOut == text())
        return;
    QTextCursor cursor(m_edit->document()); // one step for undo
    cursor.select(QTextCursor::Document);
    cursor.insertText(laidOut);
}

void JsonEdit::breakLine()
{
    QTextCursor cursor = m_edit->textCursor();
    const QString before = cursor.block().text().left(cursor.positionInBlock());
    qsizetype indent = 0;
    while (indent < before.size() && (before[indent] == u' ' || before[indent] == u'\t'))
        ++indent;
    const QString margin = before.left(indent);
    const QChar last = before.trimmed().isEmpty() ? QChar() : before.trimmed().back();
    const QChar next = m_edit->document()->characterAt(cursor.selectionEnd());
    const bool opened = last == u'{' || last == u'[';
    cursor.beginEditBlock();
    cursor.insertText(u'\n' + margin + (opened ? u"  "_s : QString()));
    if (opened && next == (last == u'{' ? u'}' : u']')) {
        const int stay = cursor.position();
        cursor.insertText(u'\n' + margin);
        cursor.setPosition(stay);
    }
    cursor.endEditBlock();
    m_edit->setTextCursor(cursor);
    m_edit->ensureCursorVisible();
}

bool JsonEdit::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && !(key->modifiers() & ~Qt::KeypadModifier)) {
            breakLine();
            return true;
        }
        if (key->key() == Qt::Key_F && key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier)) {
            format();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void JsonEdit::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mark();
}

} // namespace cleat::ui
