// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>
#include <QTextCharFormat>

class QPlainTextEdit;

namespace cleat::ui {

/// Colours the JSON of an edit: keys, texts, numbers and words, comments. Follows the theme of the edit. Owned by the edit.
class JsonHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    enum class Dialect {
        Json,
        WithComments, ///< // and /* */
    };
    JsonHighlighter(QPlainTextEdit &edit, Dialect dialect);

protected:
    void highlightBlock(const QString &text) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void recolor();
    qsizetype comment(const QString &text, qsizetype begin);

    QPlainTextEdit &m_edit;
    const Dialect m_dialect;
    QTextCharFormat m_key;
    QTextCharFormat m_string;
    QTextCharFormat m_literal;
    QTextCharFormat m_comment;
};

} // namespace cleat::ui
