// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <string>

class QPlainTextEdit;
class QStackedWidget;

namespace cleat::ui {

class JsonTree;
class ToneLabel;

/// A small JSON value as the log keeps it: an array or object as a tree, a text as itself (as a tree when there is JSON in it), one that was shortened as the text that is left. GUI thread.
class JsonPeek final : public QWidget
{
    Q_OBJECT
public:
    /// `name`: for screen readers.
    explicit JsonPeek(const QString &name, QWidget *parent = nullptr);
    /// The same value again changes nothing that is to be seen.
    void setJson(const std::string &json);
    /// Words in place of a value; in the colour of errors, or muted.
    enum class Note { Quiet, Error };
    void setNote(const QString &text, Note note);
    /// What is shown, as text.
    QString text() const;
    bool showsTree() const;
    JsonTree &tree() { return *m_tree; }

private:
    QStackedWidget *m_pages;
    JsonTree *m_tree;
    QPlainTextEdit *m_text;
    std::string m_json;
    std::string m_shown;
};

} // namespace cleat::ui
