// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/exceptionsview.h"

#include "ui/requests/detail/secretmarks.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QRegularExpression>
#include <QTextBlock>
#include <QTextCursor>

namespace cleat::ui {

using namespace Qt::StringLiterals;

std::vector<StackPlace> stackPlaces(const QString &text)
{
    // A name with an ending, a line, a column. Places of the runtime itself ("node:...", "<anonymous>") have no such name.
    static const QRegularExpression pattern(uR"(([^\s():][^\s()]*\.[A-Za-z]{1,5}):(\d{1,7})(?::(\d{1,7}))?)"_s);
    std::vector<StackPlace> places;
    for (auto matches = pattern.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        if (match.captured(1).contains("://"_L1) || match.captured(1).startsWith("node:"_L1))
            continue;
        places.push_back({match.capturedStart(), match.capturedLength(), {toUtf8(match.captured(1)), match.captured(2).toInt(), match.captured(3).toInt()}});
    }
    return places;
}

ExceptionsView::ExceptionsView(QWidget *parent) : QTextBrowser(parent)
{
    setOpenLinks(false);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setAccessibleName(tr("Exceptions"));
    setPlaceholderText(tr("No exception was left uncaught."));
    document()->setDocumentMargin(10);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl &url) {
        bool number = false;
        const qsizetype at = url.path().toLongLong(&number);
        if (number && at >= 0 && at < static_cast<qsizetype>(m_places.size()))
            Q_EMIT sourceAsked(m_places[static_cast<std::size_t>(at)]);
    });
}

void ExceptionsView::setExceptions(const std::vector<events::ExceptionEvent> &exceptions)
{
    if (exceptions == m_exceptions)
        return;
    m_exceptions = exceptions;
    fill();
}

void ExceptionsView::fill()
{
    clear();
    m_places.clear();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    for (const events::ExceptionEvent &exception : m_exceptions) {
        if (&exception != &m_exceptions.front()) {
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat());
            cursor.insertBlock();
        }
        addException(cursor, exception);
    }
    for (const SecretMark &mark : secretMarks(toPlainText())) {
        cursor.setPosition(static_cast<int>(mark.begin));
        cursor.setPosition(static_cast<int>(mark.begin + mark.length), QTextCursor::KeepAnchor);
        cursor.mergeCharFormat(secretFormat(palette()));
    }
    cursor.endEditBlock();
    moveCursor(QTextCursor::Start);
}

void ExceptionsView::addException(QTextCursor &cursor, const events::ExceptionEvent &exception)
{
    QTextCharFormat strong;
    strong.setForeground(colors(palette()).danger);
    strong.setFontWeight(QFont::Bold);
    QTextCharFormat muted;
    muted.setForeground(colors(palette()).muted);
    const QString message = fromUtf8(exception.message);
    cursor.insertText(message, strong);
    if (const QString place = formatPlace(exception.place); !place.isEmpty()) {
        cursor.insertBlock(QTextBlockFormat(), muted);
        addPlace(cursor, place, exception.place, muted);
    }
    addExcerpt(cursor, exception);
    QString stack = fromUtf8(exception.stack);
    if (stack.startsWith(message)) // V8's begins with it
        stack.remove(0, message.size());
    while (stack.startsWith(u'\n'))
        stack.remove(0, 1);
    addStack(cursor, stack);
}

void ExceptionsView::addExcerpt(QTextCursor &cursor, const events::ExceptionEvent &exception)
{
    if (exception.excerpt.empty())
        return;
    QStringList lines = fromUtf8(exception.excerpt).split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    const int last = exception.excerptLine + static_cast<int>(lines.size()) - 1;
    const int digits = static_cast<int>(QString::number(last).size());
    QTextCharFormat code;
    code.setFont(monospaceFont());
    code.setForeground(palette().color(QPalette::Text));
    QTextCharFormat number = code;
    number.setForeground(colors(palette()).muted);
    for (int i = 0; i < static_cast<int>(lines.size()); ++i) {
        const int line = exception.excerptLine + i;
        const bool marked = line == exception.place.line;
        QTextBlockFormat block;
        block.setLeftMargin(6);
        block.setTopMargin(i == 0 ? 8 : 0);
        block.setBottomMargin(i + 1 == static_cast<int>(lines.size()) ? 8 : 0);
        block.setNonBreakableLines(true);
        block.setBackground(marked ? colors(palette()).dangerBack : palette().color(QPalette::AlternateBase));
        cursor.insertBlock(block, code);
        cursor.insertText((marked ? u"▸ "_s : u"  "_s) + QString::number(line).rightJustified(digits) + u"  "_s, number);
        cursor.insertText(QString(lines[i]).remove(u'\r').replace(u'\t', u"    "_s), code);
    }
}

void ExceptionsView::addStack(QTextCursor &cursor, const QString &stack)
{
    QTextCharFormat plain;
    plain.setForeground(palette().color(QPalette::Text));
    for (const QString &line : stack.split(u'\n')) {
        if (line.trimmed().isEmpty())
            continue;
        QTextBlockFormat block;
        block.setLeftMargin(12);
        cursor.insertBlock(block, plain);
        const QString text = line.trimmed();
        qsizetype at = 0;
        for (const StackPlace &one : stackPlaces(text)) {
            cursor.insertText(text.mid(at, one.begin - at), plain);
            addPlace(cursor, text.mid(one.begin, one.length), one.place, plain);
            at = one.begin + one.length;
        }
        cursor.insertText(text.mid(at), plain);
    }
}

void ExceptionsView::addPlace(QTextCursor &cursor, const QString &text, const base::Place &place, const QTextCharFormat &plain)
{
    QTextCharFormat link = plain;
    link.setForeground(colors(palette()).accent);
    link.setFontUnderline(true);
    link.setAnchor(true);
    link.setAnchorHref(u"place:%1"_s.arg(m_places.size()));
    link.setToolTip(tr("Open in editor"));
    m_places.push_back(place);
    cursor.insertText(text, link);
}

void ExceptionsView::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fill();
}

} // namespace cleat::ui
