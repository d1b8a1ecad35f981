// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

class QDropEvent;
class QMimeData;
class QTabWidget;

namespace cleat::ui {

/// Makes the tabs of a tab widget take entries: one that is dropped on a tab goes to its page, and a drag that rests on a tab opens it. GUI thread.
class TabDrop final : public QObject
{
    Q_OBJECT
public:
    /// Owned by `tabs`.
    explicit TabDrop(QTabWidget *tabs);

Q_SIGNALS:
    /// The tab is the current one by then.
    void dropped(int tab, const QMimeData *data, Qt::DropAction action);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void over(QDropEvent *event);
    void drop(QDropEvent *event, int tab);

    QTabWidget *m_tabs;
    QTimer m_delay;
    int m_hovered = -1;
};

} // namespace cleat::ui
