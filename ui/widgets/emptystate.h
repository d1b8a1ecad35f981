// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace cleat::ui {

/// The middle of an empty pane: an icon, a title, a sentence that says what to do next, and what it takes to do it.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    EmptyState(QLatin1StringView iconName, const QString &title, const QString &sentence, QWidget *parent = nullptr);
    void setSentence(const QString &sentence);
    void addRow(QWidget *row);

private:
    QLabel *m_sentence;
    QVBoxLayout *m_column;
};

} // namespace cleat::ui
