// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/sqleditor.h"

#include "core/data/d1/sqlscript.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QKeyEvent>

namespace cleat::ui {

namespace {

constexpr int errorIndicator = 8;
constexpr int mostOffered = 300;

/// Knows the words of the dialect instead of everybody's.
class DialectLexer final : public QsciLexerSQL
{
public:
    DialectLexer(Dialect dialect, QObject *parent) : QsciLexerSQL(parent), m_keywords(sqlKeywords(dialect).join(QLatin1Char(' ')).toLower().toLatin1())
    {
        setBackslashEscapes(dialect == Dialect::Analytics);
        setFoldCompact(false);
    }
    const char *keywords(int set) const override { return set == 1 ? m_keywords.constData() : nullptr; }

private:
    const QByteArray m_keywords;
};

} // namespace

enum class SqlEditor::By { Typing, Hand };

SqlEditor::SqlEditor(Access access, QWidget *parent, Dialect dialect) : QsciScintilla(parent), m_dialect(dialect), m_lexer(new DialectLexer(dialect, this))
{
    setUtf8(true);
    setLexer(m_lexer);
    setFrameShape(QFrame::NoFrame);
    setEolMode(EolUnix);
    setIndentationsUseTabs(false);
    setTabWidth(2);
    setAutoIndent(true);
    setBraceMatching(SloppyBraceMatch);
    setMarginType(0, NumberMargin);
    setMarginWidth(0, QStringLiteral("0000"));
    setMarginWidth(1, 4);
    setMarginSensitivity(1, false);
    setFolding(NoFoldStyle);
    setScrollWidth(1);
    setScrollWidthTracking(true);
    setCaretLineVisible(access == Access::Editable);
    setReadOnly(access == Access::ReadOnly);
    indicatorDefine(SquiggleIndicator, errorIndicator);
    SendScintilla(SCI_AUTOCSETIGNORECASE, 1UL);
    SendScintilla(SCI_AUTOCSETSEPARATOR, static_cast<unsigned long>('\n'));
    SendScintilla(SCI_AUTOCSETORDER, static_cast<unsigned long>(SC_ORDER_CUSTOM));
    SendScintilla(SCI_AUTOCSETMAXHEIGHT, 9UL);
    SendScintilla(SCI_AUTOCSETCANCELATSTART, 0UL);
    // Commands of the page, not of the editor.
    for (const int key : {Qt::Key_D, Qt::Key_L, Qt::Key_T, Qt::Key_U})
        SendScintilla(SCI_CLEARCMDKEY, static_cast<unsigned long>(key) + (static_cast<unsigned long>(SCMOD_CTRL) << 16));
    connect(this, &QsciScintilla::textChanged, this, &SqlEditor::clearError);
    connect(this, &QsciScintillaBase::SCN_AUTOCCOMPLETED, this, [this] { m_offered.clear(); });
    connect(this, &QsciScintillaBase::SCN_AUTOCCANCELLED, this, [this] { m_offered.clear(); });
    connect(this, &QsciScintillaBase::SCN_CHARADDED, this, [this](int c) {
        if (c == '.' || c == '_' || c == ' ' || std::isalnum(c))
            offer(By::Typing);
    });
    recolor();
}

SqlEditor::~SqlEditor() = default;

void SqlEditor::replaceAll(const QString &text)
{
    beginUndoAction();
    selectAll();
    replaceSelectedText(text);
    endUndoAction();
}

void SqlEditor::append(const QString &sql)
{
    QString text = this->text();
    if (!text.trimmed().isEmpty()) {
        while (text.endsWith(QLatin1Char('\n')))
            text.chop(1);
        text += text.trimmed().endsWith(QLatin1Char(';')) ? QStringLiteral("\n\n") : QStringLiteral(";\n\n");
    } else {
        text.clear();
    }
    replaceAll(text + sql);
    SendScintilla(SCI_SETSEL, static_cast<unsigned long>(text.toUtf8().size()), static_cast<long>(text.toUtf8().size()));
    ensureCursorVisible();
    setFocus();
}

qsizetype SqlEditor::place() const
{
    return SendScintilla(SCI_GETCURRENTPOS);
}

std::optional<std::pair<qsizetype, qsizetype>> SqlEditor::selectedBytes() const
{
    if (!hasSelectedText())
        return std::nullopt;
    return std::pair(qsizetype(SendScintilla(SCI_GETSELECTIONSTART)), qsizetype(SendScintilla(SCI_GETSELECTIONEND)));
}

SqlEditor::Part SqlEditor::currentPart() const
{
    const QByteArray all = bytes();
    if (const auto selected = selectedBytes())
        return {all.mid(selected->first, selected->second - selected->first), selected->first};
    const auto at = static_cast<std::size_t>(place());
    Part part;
    for (const data::d1::ScriptStatement &statement : data::d1::splitScript(std::string_view(all.constData(), static_cast<std::size_t>(all.size())))) {
        if (statement.begin > at && !part.sql.isEmpty())
            break;
        part = {all.mid(static_cast<qsizetype>(statement.begin), static_cast<qsizetype>(statement.length)), static_cast<qsizetype>(statement.begin)};
        if (statement.begin > at)
            break; // before the first one: that one
    }
    return part;
}

void SqlEditor::showError(qsizetype place, const QString &message)
{
    clearError();
    const QByteArray all = bytes();
    place = std::clamp<qsizetype>(place, 0, all.size());
    qsizetype end = place;
    while (end < all.size() && (std::isalnum(static_cast<unsigned char>(all.at(end))) || all.at(end) == '_'))
        ++end;
    if (end == place)
        end = std::min(place + 1, all.size());
    SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(errorIndicator));
    SendScintilla(SCI_INDICATORFILLRANGE, static_cast<unsigned long>(place), static_cast<long>(std::max<qsizetype>(end - place, 1)));
    const int line = static_cast<int>(SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(place)));
    setCursorPosition(line, 0);
    SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(place));
    ensureCursorVisible();
    QsciStyle style(40);
    style.setColor(colors(palette()).danger);
    style.setPaper(colors(palette()).dangerBack);
    style.setFont(font());
    annotate(line, message, style);
    setAnnotationDisplay(AnnotationStandard);
    m_error = true;
}

void SqlEditor::clearError()
{
    if (!std::exchange(m_error, false))
        return;
    clearAnnotations();
    SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(errorIndicator));
    SendScintilla(SCI_INDICATORCLEARRANGE, 0UL, static_cast<long>(length()));
}

void SqlEditor::complete()
{
    offer(By::Hand);
}

void SqlEditor::offer(By by)
{
    if (isReadOnly())
        return;
    const SqlCompletion found = completeSql(m_schema, bytes(), place(), by == By::Hand ? Asked::ByHand : Asked::ByTyping, m_dialect);
    m_offered = found.words.mid(0, mostOffered);
    if (m_offered.isEmpty()) {
        SendScintilla(SCI_AUTOCCANCEL);
        return;
    }
    const QStringList shown = m_offered;
    SendScintilla(SCI_AUTOCSHOW, static_cast<unsigned long>(found.typed), shown.join(QLatin1Char('\n')).toUtf8().constData());
    m_offered = shown; // a list that was open before has told that it went
}

void SqlEditor::keyPressEvent(QKeyEvent *event)
{
    const bool listed = SendScintilla(SCI_AUTOCACTIVE);
    if (event->key() == Qt::Key_Escape && !listed) {
        Q_EMIT escapePressed();
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        complete();
        return;
    }
    QsciScintilla::keyPressEvent(event);
    if (event->key() == Qt::Key_Backspace && listed)
        offer(By::Typing);
}

void SqlEditor::changeEvent(QEvent *event)
{
    QsciScintilla::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        recolor();
}

void SqlEditor::recolor()
{
    if (!m_lexer)
        return;
    const Colors &c = colors(palette());
    const QColor base = palette().color(QPalette::Base);
    const QColor text = palette().color(QPalette::Text);
    const QFont font = monospaceFont();
    m_lexer->setFont(font, -1);
    m_lexer->setPaper(base, -1);
    m_lexer->setDefaultPaper(base);
    m_lexer->setDefaultColor(text);
    m_lexer->setColor(text, -1);
    for (const int style : {QsciLexerSQL::Comment, QsciLexerSQL::CommentLine, QsciLexerSQL::CommentDoc, QsciLexerSQL::CommentLineHash})
        m_lexer->setColor(c.muted, style);
    m_lexer->setColor(c.accent, QsciLexerSQL::Keyword);
    m_lexer->setColor(c.success, QsciLexerSQL::SingleQuotedString);
    m_lexer->setColor(c.warning, QsciLexerSQL::Number);
    setMarginsFont(font);
    setMarginsBackgroundColor(palette().color(QPalette::Window));
    setMarginsForegroundColor(c.muted);
    setCaretForegroundColor(text);
    setCaretLineBackgroundColor(mixed(c.accent, base, 0.07));
    setSelectionBackgroundColor(mixed(palette().color(QPalette::Highlight), base, 0.35));
    resetSelectionForegroundColor();
    setIndicatorForegroundColor(c.danger, errorIndicator);
    setMatchedBraceBackgroundColor(mixed(c.accent, base, 0.2));
    setMatchedBraceForegroundColor(text);
    setUnmatchedBraceForegroundColor(c.danger);
    setUnmatchedBraceBackgroundColor(base);
}

} // namespace cleat::ui
