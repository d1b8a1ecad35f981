// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestrecord.h"
#include "ui/requests/detail/spanmodel.h"

#include <QTreeView>

#include <optional>
#include <set>
#include <vector>

class QScrollBar;

namespace cleat::ui {

/// A stretch of a request's time, in microseconds since its start, that is as wide as a column.
struct TimeWindow {
    double from = 0;
    double span = 1;
    double whole = 1; ///< all there is: [0, whole]
    bool operator==(const TimeWindow &) const = default;
};

/// A named part of a request's time.
struct Phase {
    enum class Kind { Received, Queued, Code, Body };
    Kind kind = Kind::Code;
    std::uint32_t fromUs = 0;
    std::uint32_t toUs = 0;
    bool operator==(const Phase &) const = default;
};
/// In order, without the empty ones; of a request that still runs, the last one ends at `nowUs`.
std::vector<Phase> phasesOf(const events::RequestEvent &request, std::uint32_t nowUs);
QString phaseTitle(Phase::Kind kind);

/// The spans of a request as bars to scale below its phases. Ctrl with the wheel, + and - zoom, 0 shows all again; the left and right arrows fold. GUI thread.
class Waterfall final : public QTreeView
{
    Q_OBJECT
public:
    explicit Waterfall(SpanModel &model, QWidget *parent = nullptr);

    /// The same request again keeps what is selected and folded, the zoom and the scroll place.
    enum class Keep { Nothing, Place };
    void setRecord(const events::RequestRecord &record, Keep keep);

    const TimeWindow &window() const { return m_window; }
    const std::vector<Phase> &phases() const { return m_phases; }
    /// When the head of the response was known, and when it was all handed over; nullopt: not yet.
    std::optional<std::uint32_t> answeredUs() const { return m_answeredUs; }
    std::optional<std::uint32_t> finishedUs() const { return m_finishedUs; }
    /// Where the mouse is, in time.
    std::optional<double> cursorUs() const { return m_cursorUs; }
    /// The place in the viewport of a time, and back.
    double xOf(double us) const;
    double timeAt(double x) const;
    /// A round step (1, 2 or 5 times a power of ten) for the ticks.
    double tickStep() const;

    /// Makes the visible time `factor` times as long, with `us` staying where it is.
    void zoom(double factor, double us);
    void showAll();
    /// The scroll bar of time, to be put below; hidden while all is shown.
    QScrollBar *timeBar() const { return m_timeBar; }

Q_SIGNALS:
    /// The selected span; -1: none.
    void currentCallChanged(int call);
    /// Enter or a double click.
    void sourceWanted(int call);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void drawBranches(QPainter *painter, const QRect &rect, const QModelIndex &index) const override;
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void setWindow(TimeWindow window);
    void refreshTimeBar();
    void setCursorUs(std::optional<double> us);
    void makeRoomForNames();
    void fold();
    void repaintTime();

    SpanModel &m_model;
    QScrollBar *m_timeBar;
    TimeWindow m_window;
    std::vector<Phase> m_phases;
    std::optional<std::uint32_t> m_answeredUs;
    std::optional<std::uint32_t> m_finishedUs;
    std::optional<double> m_cursorUs;
    std::set<std::uint64_t> m_folded; ///< keys of spans
    bool m_restoring = false;
    bool m_namesFitted = false;
};

} // namespace cleat::ui
