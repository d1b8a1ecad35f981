// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/trafficstrip.h"

#include "ui/requests/trafficchart.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QElapsedTimer>
#include <QLocale>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using events::Recording;

namespace {

constexpr qint64 minRestMs = 250;
constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t shortestUs = 30 * second; ///< of the whole recording, so that its first seconds have a shape

QString rateText(double rate)
{
    return QLocale().toString(rate, 'f', rate < 9.95 ? 1 : 0);
}

} // namespace

struct TrafficStrip::Answer {
    std::uint64_t revision = 0;
    bool empty = true;
    TimeSpan span;
    std::vector<Recording::Bucket> buckets;
    Recording::Bucket sum; ///< of what is chosen, or of the span
    double seconds = 1; ///< that it took
    qint64 spentMs = 0;
};

TrafficStrip::TrafficStrip(std::shared_ptr<const Recording> recording, QWidget *parent)
    : QWidget(parent),
      m_recording(std::move(recording)),
      m_chart(new TrafficChart),
      m_rate(new ToneLabel),
      m_errors(new ToneLabel({}, Tone::Muted)),
      m_times(new ToneLabel({}, Tone::Muted))
{
    m_rate->setFont(headingFont());
    m_rate->setAccessibleName(tr("Requests a second"));
    auto *first = new QHBoxLayout;
    first->setSpacing(10);
    first->addWidget(m_rate);
    first->addWidget(m_errors);
    first->addStretch(1);
    auto *figures = new QVBoxLayout;
    figures->setSpacing(2);
    figures->addStretch(1);
    figures->addLayout(first);
    figures->addWidget(m_times);
    figures->addStretch(1);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(10, 3, 10, 2);
    row->setSpacing(12);
    auto *left = new QWidget;
    left->setLayout(figures);
    figures->setContentsMargins(0, 0, 0, 0);
    left->setFixedWidth(fontMetrics().horizontalAdvance(u"p50 000.0 ms  p95 000.0 ms  p99 000.0 ms"_s));
    row->addWidget(left);
    row->addWidget(m_chart, 1);
    setFixedHeight(sizeHint().height());

    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &TrafficStrip::refresh);
    connect(m_chart, &TrafficChart::resized, this, &TrafficStrip::countAgain);
    connect(m_chart, &TrafficChart::allAsked, this, [this] {
        m_view.reset();
        countAgain();
    });
    connect(m_chart, &TrafficChart::spanAsked, this, [this](const TimeSpan &span) {
        m_view = span;
        countAgain();
    });
    connect(m_chart, &TrafficChart::chosenChanged, this, [this] {
        countAgain();
        Q_EMIT chosenChanged();
    });
}

std::optional<TimeSpan> TrafficStrip::chosen() const
{
    return m_chart->chosen();
}

void TrafficStrip::setChosen(const std::optional<TimeSpan> &chosen)
{
    m_chart->setChosen(chosen);
    countAgain();
}

void TrafficStrip::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void TrafficStrip::countAgain()
{
    m_counted = false;
    m_job.stop();
    m_rest.stop();
    refresh();
}

void TrafficStrip::refresh()
{
    if (isVisible() && !m_job.busy() && !m_rest.isActive() && (!m_counted || m_recording->revision() != m_revision))
        count();
}

void TrafficStrip::count()
{
    m_job.start(
        [recording = m_recording, view = m_view, chosen = m_chart->chosen(), bars = m_chart->barRoom()](const std::stop_token &) {
            QElapsedTimer spent;
            spent.start();
            Answer answer;
            answer.revision = recording->revision();
            const Recording::Range held = recording->held();
            const auto first = held.size() ? recording->row(held.first) : std::nullopt;
            const auto last = held.size() ? recording->row(held.end - 1) : std::nullopt;
            if (!first || !last)
                return answer;
            answer.empty = false;
            const TimeSpan all{first->request.startUs, std::max(last->request.startUs, first->request.startUs) + 1};
            // Whole seconds, so that bars stay where they are while more come.
            const std::int64_t from = all.fromUs / second * second;
            answer.span = view.value_or(TimeSpan{from, std::max(from + shortestUs, (all.toUs / second + 1) * second)});
            answer.buckets = recording->timeline(answer.span.fromUs, answer.span.toUs, bars);
            const TimeSpan of = chosen.value_or(answer.span);
            if (const auto sum = recording->timeline(of.fromUs, of.toUs, 1); !sum.empty())
                answer.sum = sum.front();
            const std::int64_t took = std::min(of.toUs, all.toUs) - std::max(of.fromUs, all.fromUs);
            answer.seconds = std::max(1.0, static_cast<double>(took) / second);
            answer.spentMs = spent.elapsed();
            return answer;
        },
        [this](Answer &&answer) {
            m_revision = answer.revision;
            m_counted = true;
            m_rest.start(static_cast<int>(std::max(minRestMs, 3 * answer.spentMs)));
            showAnswer(std::move(answer));
        });
}

void TrafficStrip::showAnswer(Answer &&answer)
{
    const Recording::Bucket &sum = answer.sum;
    const QLocale locale;
    m_rate->setText(tr("%1 req/s").arg(rateText(sum.requests / answer.seconds)));
    const double share = sum.requests ? 100.0 * sum.errors / sum.requests : 0;
    m_errors->setText(tr("%1 % errors").arg(locale.toString(share, 'f', share > 0 && share < 9.95 ? 1 : 0)));
    m_errors->setTone(sum.errors ? Tone::Danger : Tone::Muted);
    m_times->setText(sum.requests ? tr("p50 %1  p95 %2  p99 %3").arg(formatDuration(sum.p50Us), formatDuration(sum.p95Us), formatDuration(sum.p99Us))
                                  : tr("No requests in this time"));
    const QString of = sum.requests == 1 ? tr("Of 1 request, %1 with errors.").arg(locale.toString(sum.errors))
                                         : tr("Of %1 requests, %2 with errors.").arg(locale.toString(sum.requests), locale.toString(sum.errors));
    for (ToneLabel *label : {m_rate, m_errors, m_times})
        label->setToolTip(of + u' ' + tr("Drag over the chart to choose a time, turn the wheel to zoom, double-click to see all."));
    m_chart->setTraffic(answer.span, std::move(answer.buckets));
}

} // namespace cleat::ui
