// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>
#include <QTextCharFormat>

class QPlainTextEdit;

namespace cleat::ui {

/// Colours the TOML of an edit: headers, keys, texts, other values, comments. Follows the theme of the edit. Owned by the edit.
class TomlHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    explicit TomlHighlighter(QPlainTextEdit &edit);

protected:
    void highlightBlock(const QString &text) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void recolor();
    void paint(qsizetype begin, qsizetype end, const QTextCharFormat &format);

    QPlainTextEdit &m_edit;
    QTextCharFormat m_header;
    QTextCharFormat m_key;
    QTextCharFormat m_string;
    QTextCharFormat m_literal;
    QTextCharFormat m_comment;
};

} // namespace cleat::ui
