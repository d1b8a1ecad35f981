// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/jsontext.h"

#include <QWidget>

class QPlainTextEdit;
class QToolButton;

namespace cleat::ui {

class ToneLabel;

/// A small editor for one JSON value: coloured, checked while one types, with a button that lays it out. Tab moves on to the next widget.
class JsonEdit final : public QWidget
{
    Q_OBJECT
public:
    explicit JsonEdit(QWidget *parent = nullptr);

    QString text() const;
    void setText(const QString &text);
    /// Why the text is no JSON, if it is none.
    const std::optional<JsonProblem> &problem() const { return m_problem; }
    /// Of the text field, for screen readers and tests.
    void setFieldName(const QString &name);
    void setPlaceholderText(const QString &text);
    void setVisibleLines(int lines);
    /// An empty text is no value, but no mistake either.
    enum class Empty { IsProblem, IsFine };
    void setEmpty(Empty empty);

Q_SIGNALS:
    void textChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void check();
    void mark();
    void format();
    void breakLine();

    QPlainTextEdit *m_edit;
    ToneLabel *m_state;
    QToolButton *m_format;
    std::optional<JsonProblem> m_problem;
    Empty m_empty = Empty::IsProblem;
};

} // namespace cleat::ui
