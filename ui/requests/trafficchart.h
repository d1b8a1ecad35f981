// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/rowsearch.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace cleat::ui {

/// Requests over time as bars, with errors in their colour and p95 as a line on a scale of its own. A drag chooses a stretch of time, the wheel asks for another one to be
/// shown, a double click for all of it. Keys: Left and Right walk from bar to bar, with Shift they choose, Return chooses one, Escape none; + and - zoom, 0 shows all. GUI thread.
class TrafficChart final : public QWidget
{
    Q_OBJECT
public:
    using Bucket = events::Recording::Bucket;
    explicit TrafficChart(QWidget *parent = nullptr);

    /// Bars of equal stretches of `span`.
    void setTraffic(const TimeSpan &span, std::vector<Bucket> buckets);
    void setChosen(const std::optional<TimeSpan> &chosen);
    std::optional<TimeSpan> chosen() const { return m_chosen; }
    /// How many bars there is room for.
    int barRoom() const;
    /// Of one bar, in words; for tool tips and screen readers.
    QString barText(int bar) const;
    int barAt(int x) const;
    QRect plot() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosenChanged();
    void spanAsked(const cleat::ui::TimeSpan &span);
    void allAsked();
    /// There is room for more bars or fewer.
    void resized();

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    int barCount() const { return static_cast<int>(m_buckets.size()); }
    std::int64_t timeOf(int bar) const;
    std::int64_t timeAt(int x) const;
    double xOf(std::int64_t us) const;
    void choose(int from, int to);
    void setChosenByUser(const std::optional<TimeSpan> &chosen);
    void zoom(double factor, std::int64_t around);
    void setCursorBar(int bar);
    void paintBars(QPainter &painter, const QRect &area) const;
    void paintLine(QPainter &painter, const QRect &area) const;
    void paintChoice(QPainter &painter, const QRect &area) const;
    void paintAxis(QPainter &painter, const QRect &area) const;

    TimeSpan m_span;
    std::vector<Bucket> m_buckets;
    std::optional<TimeSpan> m_chosen;
    int m_hover = -1;
    int m_cursor = -1; ///< of the keyboard
    int m_anchor = -1; ///< where a choice by keyboard began
    std::optional<int> m_pressX;
    bool m_dragging = false;
};

} // namespace cleat::ui
