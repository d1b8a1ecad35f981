// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"
#include "ui/data/d1/qsci.h"
#include "ui/data/d1/sqlwords.h"

#include <memory>
#include <optional>

class QsciLexerSQL;

namespace cleat::ui {

/// A QScintilla field for SQL in the theme's colours, which offers what a schema has. Places are bytes of its text in UTF-8. GUI thread.
class SqlEditor final : public QsciScintilla
{
    Q_OBJECT
public:
    enum class Access { Editable, ReadOnly };
    explicit SqlEditor(Access access, QWidget *parent = nullptr, Dialect dialect = Dialect::Sqlite);
    ~SqlEditor() override;

    void setSchema(data::d1::Schema schema) { m_schema = std::move(schema); }
    QByteArray bytes() const { return text().toUtf8(); }
    /// Another text, as an edit that can be undone.
    void replaceAll(const QString &text);
    /// A statement on a line of its own at the end; it gets the caret.
    void append(const QString &sql);
    qsizetype place() const;
    std::optional<std::pair<qsizetype, qsizetype>> selectedBytes() const; ///< begin and end
    struct Part {
        QByteArray sql;
        qsizetype begin = 0; ///< in the text
    };
    /// What is selected, else the statement that the cursor is in or behind; empty: there is none.
    Part currentPart() const;
    /// Underlines the word there, with the message below its line, until the text changes; scrolls to it.
    void showError(qsizetype place, const QString &message);
    void clearError();
    void complete();
    /// The words that are offered now; empty when there is no list.
    QStringList offered() const { return m_offered; }

Q_SIGNALS:
    void escapePressed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void recolor();
    enum class By;
    void offer(By by);

    const Dialect m_dialect;
    QsciLexerSQL *m_lexer;
    data::d1::Schema m_schema;
    QStringList m_offered;
    bool m_error = false;
};

} // namespace cleat::ui
