// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/tabdrop.h"

#include "ui/bindings/entryclip.h"

#include <QDropEvent>
#include <QMimeData>
#include <QTabBar>
#include <QTabWidget>

namespace cleat::ui {

namespace {

constexpr int opensAfterMs = 400;

} // namespace

TabDrop::TabDrop(QTabWidget *tabs) : QObject(tabs), m_tabs(tabs)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(opensAfterMs);
    connect(&m_delay, &QTimer::timeout, this, [this] { m_tabs->setCurrentIndex(m_hovered); });
    tabs->tabBar()->setAcceptDrops(true);
    tabs->tabBar()->installEventFilter(this);
}

bool TabDrop::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::DragEnter:
        m_hovered = -1;
        over(static_cast<QDropEvent *>(event));
        return true;
    case QEvent::DragMove:
    case QEvent::Drop:
        over(static_cast<QDropEvent *>(event));
        return true;
    case QEvent::DragLeave:
        m_delay.stop();
        return true;
    default:
        return QObject::eventFilter(watched, event);
    }
}

void TabDrop::over(QDropEvent *event)
{
    const int tab = m_tabs->tabBar()->tabAt(event->position().toPoint());
    if (!mayHoldClip(*event->mimeData()) || tab < 0) {
        m_delay.stop();
        m_hovered = -1;
        event->ignore();
        return;
    }
    if (event->type() == QEvent::Drop) {
        drop(event, tab);
        return;
    }
    if (tab != m_hovered) {
        m_hovered = tab;
        m_delay.start();
    }
    event->acceptProposedAction();
}

void TabDrop::drop(QDropEvent *event, int tab)
{
    m_delay.stop();
    const Qt::DropAction action = event->dropAction();
    event->setDropAction(Qt::CopyAction); // what is moved is removed by the one step that adds it
    event->accept();
    if (event->source() == m_tabs->widget(tab))
        return;
    m_tabs->setCurrentIndex(tab);
    Q_EMIT dropped(tab, event->mimeData(), action);
}

} // namespace cleat::ui
