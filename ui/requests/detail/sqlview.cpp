// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/sqlview.h"

#include "core/data/d1/sqlformat.h"
#include "ui/requests/detail/secretmarks.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QEvent>

namespace cleat::ui {

namespace {

constexpr std::size_t mostColored = 3000; ///< tokens

} // namespace

SqlView::SqlView(QWidget *parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setFont(monospaceFont());
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setAccessibleName(tr("SQL"));
}

void SqlView::setSql(const QString &sql)
{
    if (sql == toPlainText())
        return;
    setPlainText(sql);
    color();
}

void SqlView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        color();
}

void SqlView::color()
{
    using Kind = data::d1::SqlToken::Kind;
    const std::string text = toUtf8(toPlainText());
    const std::vector<data::d1::SqlToken> tokens = data::d1::sqlTokens(text);
    const Colors &c = colors(palette());
    QList<QTextEdit::ExtraSelection> selections;
    int at = 0;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < std::min(tokens.size(), mostColored); ++i) {
        const auto begin = static_cast<std::size_t>(tokens[i].text.data() - text.data());
        at += static_cast<int>(fromUtf8(std::string_view(text).substr(seen, begin - seen)).size());
        const int length = static_cast<int>(fromUtf8(tokens[i].text).size());
        seen = begin + tokens[i].text.size();
        QTextCharFormat format;
        switch (tokens[i].kind) {
        case Kind::Word:
            if (data::d1::isSqlKeyword(tokens[i].text))
                format.setForeground(c.accent);
            break;
        case Kind::Text:
        case Kind::Number:
            format.setForeground(c.success);
            break;
        case Kind::Parameter:
            format.setForeground(c.warning);
            break;
        case Kind::Comment:
            format.setForeground(c.muted);
            break;
        case Kind::Name:
        case Kind::Sign:
            break;
        }
        if (format.hasProperty(QTextFormat::ForegroundBrush)) {
            QTextEdit::ExtraSelection one;
            one.cursor = QTextCursor(document());
            one.cursor.setPosition(at);
            one.cursor.setPosition(at + length, QTextCursor::KeepAnchor);
            one.format = format;
            selections.append(one);
        }
        at += length;
    }
    setExtraSelections(selections);
}

} // namespace cleat::ui
