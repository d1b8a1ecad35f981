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
/// GUI thread.
class FilterLine final : public QLineEdit
{
    Q_OBJECT
public:
    /// The names of the bindings, asked for when "binding:" is completed.
    explicit FilterLine(std::function<QStringList()> bindingNames, QWidget *parent = nullptr);

    /// What is offered for the word that ends at the cursor, whole words.
    QStringList offers() const;

Q_SIGNALS:
    void queryChanged(const cleat::events::RequestQuery &query);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void edited();
    void apply();
    void complete(const QString &word);
    int wordBegin() const;

    const std::function<QStringList()> m_bindingNames;
    QTimer m_delay;
    QAction *m_trouble;
    QStringListModel *m_offers;
    QCompleter *m_completer;
};

} // namespace cleat::ui
