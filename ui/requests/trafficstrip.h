// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/pooljob.h"
#include "ui/requests/rowsearch.h"

#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>

class QLabel;

namespace cleat::ui {

class ToneLabel;
class TrafficChart;

/// Above the table: requests a second, the share of errors, p50, p95 and p99, and all of it over time. Of the whole recording, of the stretch that one zoomed to, or of the
/// one that is chosen. Counted away from the GUI thread. GUI thread.
class TrafficStrip final : public QWidget
{
    Q_OBJECT
public:
    explicit TrafficStrip(std::shared_ptr<const events::Recording> recording, QWidget *parent = nullptr);

    /// Counts again when there is something new; soon, if it has just done so. Nothing while it is hidden.
    void refresh();
    std::optional<TimeSpan> chosen() const;
    void setChosen(const std::optional<TimeSpan> &chosen);
    TrafficChart *chart() const { return m_chart; }

Q_SIGNALS:
    /// By the user.
    void chosenChanged();

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Answer;
    void count();
    void countAgain();
    void showAnswer(Answer &&answer);

    const std::shared_ptr<const events::Recording> m_recording;
    std::optional<TimeSpan> m_view; ///< nullopt: all
    TrafficChart *m_chart;
    ToneLabel *m_rate;
    ToneLabel *m_errors;
    ToneLabel *m_times;
    std::uint64_t m_revision = 0;
    bool m_counted = false; ///< by what is chosen and shown now
    PoolJob m_job;
    QTimer m_rest;
};

} // namespace cleat::ui
