// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace cleat::ui {

class ElideLabel;

/// The strip below the rows while edits wait: how many, their SQL on demand, Discard and Commit. GUI thread.
class StagedStrip final : public QWidget
{
    Q_OBJECT
public:
    StagedStrip(QAction *undo, QAction *redo, QAction *commit, QAction *discard, QWidget *parent = nullptr);
    void setCount(std::size_t count);
    /// What "Show SQL" shows; asked for only while it does.
    bool showsSql() const;
    void setSql(const QString &sql);

Q_SIGNALS:
    void sqlWanted();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ElideLabel *m_text;
    QToolButton *m_show;
    QPlainTextEdit *m_sql;
};

} // namespace cleat::ui
