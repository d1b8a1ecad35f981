// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace cleat::ui {

class CodeEditor;
class ToneLabel;

/// Looks for text in an editor: as one types, on with Enter or F3, back with Shift. Hidden until open(); Escape closes it.
class FindBar final : public QWidget
{
    Q_OBJECT
public:
    explicit FindBar(CodeEditor &editor, QWidget *parent = nullptr);
    /// Shows it with what is selected in the editor, if that is of one line.
    void open();
    void close();
    void next();
    void previous();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void search();
    void refreshCount();

    CodeEditor &m_editor;
    QLineEdit *m_text;
    QToolButton *m_case;
    QToolButton *m_previous;
    QToolButton *m_next;
    ToneLabel *m_count;
};

} // namespace cleat::ui
