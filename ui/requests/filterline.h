// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestquery.h"

#include <QLineEdit>
#include <QTimer>

#include <functional>

class QAction;
class QCompleter;
class QStringListModel;

namespace cleat::ui {

/// The line that says which requests to show: completes keys and values as one types, tells what is wrong with it, and hands over a query a moment after the last key.
/// Down offers what there is to choose from, in an empty line the lines of before. GUI thread.
class FilterLine final : public QLineEdit
{
    Q_OBJECT
public:
    /// What is known of a key's values ("binding:", "path:", ...; "header." asks for names), beyond what the line knows itself.
    using Values = std::function<QStringList(const QString &key)>;
    explicit FilterLine(Values values, QWidget *parent = nullptr);

    /// What is offered for the word that ends at the cursor, whole words.
    QStringList offers() const;
    /// Latest first.
    void setHistory(const QStringList &lines) { m_history = lines; }
    /// Why the line makes no sense; empty when it does.
    QString trouble() const { return m_why; }
    /// Sets the line and hands over its query at once.
    void use(const QString &line);

    /// `value` as a term of that key, in quotes where it needs them.
    static QString term(const QString &key, const QString &value);

Q_SIGNALS:
    void queryChanged(const cleat::events::RequestQuery &query);
    void troubleChanged(const QString &why);
    /// A line that makes sense was meant: by Return, or by going elsewhere.
    void used(const QString &line);
    /// One is about to type.
    void begun();
    /// By Escape.
    void left();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void edited();
    void offer(const QStringList &words);
    void apply();
    void tellUsed();
    void chosen(const QString &word);
    void complete(const QString &word);
    int wordBegin() const;

    const Values m_values;
    QTimer m_delay;
    QAction *m_trouble;
    QStringListModel *m_offers;
    QCompleter *m_completer;
    QStringList m_history;
    bool m_offersLines = false; ///< what is offered are whole lines
    QString m_why;
};

} // namespace cleat::ui
