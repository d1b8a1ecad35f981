// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QWidget>

class QToolButton;

namespace cleat::ui {

/// A read-only, selectable, monospace text without wrapping. Tab moves on to the next widget.
QPlainTextEdit *makeCodeView(QWidget *parent = nullptr);

/// A field of a form for several lines of monospace text: so many lines high, and more where there is room. Tab moves on to the next widget.
QPlainTextEdit *makeLinesField(int lines, QWidget *parent = nullptr);

/// A short piece of code with a Copy button.
class CodeSnippet final : public QWidget
{
    Q_OBJECT
public:
    explicit CodeSnippet(QWidget *parent = nullptr);
    void setCode(const QString &code);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QPlainTextEdit *m_view;
    QToolButton *m_copy;
};

} // namespace cleat::ui
