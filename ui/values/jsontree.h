// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/background.h"
#include "ui/values/bytesearch.h"
#include "ui/values/jsonmodel.h"

#include <QWidget>

class QStackedWidget;
class QTreeView;

namespace cleat::ui {

class EmptyState;

/// JSON as a tree to unfold. What is no JSON is told with its place. GUI thread.
class JsonTree final : public QWidget, public Findable
{
    Q_OBJECT
public:
    explicit JsonTree(QWidget *parent = nullptr);
    ~JsonTree() override;

    void setBytes(ValueBytes bytes);
    /// Nothing is known yet: it is being read.
    bool isReading() const { return m_reading.isRunning(); }
    JsonModel &model() { return *m_model; }
    QTreeView &view() { return *m_view; }
    /// The selected value: a text without quotes, others as they are spelled; all of it when none is.
    void copy();
    void copyPath();
    /// Unfolds as much as 2000 rows, those nearer to the top first.
    void expandAll();
    void collapseAll();

    void find(const FindWish &wish) override;
    void findStep(Step step) override;

Q_SIGNALS:
    /// The text has been read, and is JSON or not.
    void read();
    /// The user wants to see this place of the text.
    void placeWanted(std::size_t offset);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void take(std::shared_ptr<const JsonIndex> index);
    void showMenu(const QPoint &point);
    void showHit(std::size_t number);
    void tellFind();

    JsonModel *m_model;
    QTreeView *m_view;
    QStackedWidget *m_pages;
    EmptyState *m_trouble;
    ValueBytes m_bytes;
    FindWish m_wish;
    JsonIndex::Hits m_found;
    std::size_t m_hit = 0; ///< from 1
    BackgroundWork m_reading;
    BackgroundWork m_searching;
};

} // namespace cleat::ui
