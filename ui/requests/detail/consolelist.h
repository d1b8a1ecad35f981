// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <QWidget>

#include <vector>

class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace cleat::ui {

/// The console lines of one request; what was logged as objects unfolds. GUI thread.
class ConsoleList final : public QWidget
{
    Q_OBJECT
public:
    explicit ConsoleList(QWidget *parent = nullptr);
    /// `startUs`: of the request, on the wall clock. More lines than before are added to those that are there.
    void setLines(const std::vector<events::ConsoleEvent> &lines, std::int64_t startUs);
    QTreeWidget &view() { return *m_view; }

Q_SIGNALS:
    void sourceAsked(const cleat::base::Place &place);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QTreeWidgetItem *makeItem(const events::ConsoleEvent &line) const;
    void color(QTreeWidgetItem &item, events::Level level) const;
    void unfold(QTreeWidgetItem *item);
    void openPlace(QTreeWidgetItem *item);
    void copy();

    QTreeWidget *m_view;
    QStackedWidget *m_pages;
    std::vector<events::ConsoleEvent> m_lines;
    std::int64_t m_startUs = 0;
};

} // namespace cleat::ui
