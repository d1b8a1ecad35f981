// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/analytics/chartview.h"

#include "core/data/outputfile.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBarCategoryAxis>
#include <QBarSeries>
#include <QBarSet>
#include <QBoxLayout>
#include <QBuffer>
#include <QChart>
#include <QChartView>
#include <QDateTime>
#include <QDateTimeAxis>
#include <QEvent>
#include <QLegend>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t fewPoints = 60; ///< up to which each is marked
constexpr qreal pictureScale = 2;

/// Colours that can be told apart, also by those who see red and green alike.
QColor seriesColor(const QPalette &palette, std::size_t number)
{
    static constexpr std::array<QRgb, mostChartSeries> light{
        0xff1f66b8, 0xffc2571a, 0xff1b7f4b, 0xff8a3fa0, 0xff00869b, 0xffb02a5b, 0xff7a6a00, 0xff4f5bd5, 0xff5c4033, 0xff2f9e8f, 0xffa33b3b, 0xff5f6b78};
    static constexpr std::array<QRgb, mostChartSeries> dark{
        0xff6daef5, 0xfff0a060, 0xff5cc88c, 0xffc58ae0, 0xff4cc4d6, 0xfff07fa8, 0xffd6c54a, 0xff9aa4ff, 0xffc2a08c, 0xff7fe0d0, 0xfff2807a, 0xffa9b4c0};
    return QColor(palette.color(QPalette::Base).lightness() < 128 ? dark[number % dark.size()] : light[number % light.size()]);
}

struct Range {
    double least = std::numeric_limits<double>::infinity();
    double most = -std::numeric_limits<double>::infinity();
    void add(double value)
    {
        least = std::min(least, value);
        most = std::max(most, value);
    }
    /// An axis needs a length.
    void open(double by)
    {
        if (least < most)
            return;
        least -= by;
        most += by;
    }
};

QString timeFormat(double milliseconds)
{
    constexpr double minute = 60'000;
    constexpr double day = 24 * 60 * minute;
    if (milliseconds < 5 * minute)
        return u"HH:mm:ss"_s;
    if (milliseconds < day)
        return u"HH:mm"_s;
    return milliseconds < 20 * day ? u"d MMM HH:mm"_s : u"d MMM yyyy"_s;
}

} // namespace

ChartView::ChartView(QWidget *parent) : QWidget(parent), m_chart(new QChart), m_view(new QChartView(m_chart)), m_note(new ToneLabel({}, Tone::Muted))
{
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAccessibleName(tr("Chart"));
    m_view->setMinimumHeight(120);
    m_chart->setMargins({6, 6, 6, 6});
    m_chart->setBackgroundRoundness(0);
    m_chart->legend()->setAlignment(Qt::AlignBottom);
    m_chart->legend()->setMarkerShape(QLegend::MarkerShapeCircle);
    m_note->setWordWrap(true);
    m_note->setContentsMargins(10, 2, 10, 4);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_note);
    column->addWidget(m_view, 1);
    draw();
}

ChartView::~ChartView() = default;

void ChartView::setData(ChartData shown, ChartKind kind)
{
    m_data = std::move(shown);
    m_kind = kind;
    draw();
}

void ChartView::draw()
{
    m_chart->removeAllSeries();
    for (QAbstractAxis *axis : m_chart->axes()) {
        m_chart->removeAxis(axis);
        delete axis;
    }
    const QString note = m_data.trouble.isEmpty() ? m_data.note : m_data.trouble;
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_view->setVisible(!isEmpty());
    if (isEmpty())
        return;
    if (m_kind == ChartKind::Bars)
        addBars();
    else
        addLines();

    QAbstractAxis *across = makeAcross();
    Range range;
    for (const ChartSeries &series : m_data.series) {
        for (const QPointF &point : series.points)
            range.add(point.y());
    }
    if (range.least >= 0 || m_kind == ChartKind::Bars)
        range.add(0); // lengths tell amounts only from zero on
    range.open(1);
    auto *up = new QValueAxis;
    up->setRange(range.least, range.most);
    up->applyNiceNumbers();
    const double step = (up->max() - up->min()) / std::max(1, up->tickCount() - 1);
    up->setLabelFormat(up->max() >= 1e7 || step < 1e-4 ? u"%.3g"_s : step >= 1 && step == std::floor(step) ? u"%.0f"_s : u"%.4g"_s);
    if (m_data.series.size() == 1)
        up->setTitleText(m_data.series.front().name.toHtmlEscaped());
    m_chart->addAxis(across, Qt::AlignBottom);
    m_chart->addAxis(up, Qt::AlignLeft);
    for (QAbstractSeries *series : m_chart->series()) {
        series->attachAxis(across);
        series->attachAxis(up);
    }
    m_chart->legend()->setVisible(m_data.series.size() > 1);
    m_view->setAccessibleDescription(tr("%1 series across %2").arg(m_data.series.size()).arg(m_data.acrossTitle));
    recolor();
}

void ChartView::addLines()
{
    for (const ChartSeries &one : m_data.series) {
        auto *line = new QLineSeries;
        line->setName(one.name.toHtmlEscaped());
        line->replace(QList<QPointF>(one.points.begin(), one.points.end()));
        line->setPointsVisible(one.points.size() <= fewPoints);
        m_chart->addSeries(line);
    }
}

void ChartView::addBars()
{
    auto *bars = new QBarSeries;
    for (const ChartSeries &one : m_data.series) {
        auto *set = new QBarSet(one.name.toHtmlEscaped());
        QList<qreal> values(m_data.categories.size(), 0);
        for (const QPointF &point : one.points)
            values[static_cast<qsizetype>(point.x())] = point.y();
        set->append(values);
        bars->append(set);
    }
    m_chart->addSeries(bars);
}

QAbstractAxis *ChartView::makeAcross() const
{
    Range range;
    for (const ChartSeries &series : m_data.series) {
        for (const QPointF &point : series.points)
            range.add(point.x());
    }
    switch (m_data.across) {
    case ChartData::Across::Time: {
        range.open(30'000);
        auto *axis = new QDateTimeAxis;
        axis->setRange(QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(range.least)), QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(range.most)));
        axis->setFormat(timeFormat(range.most - range.least));
        axis->setTickCount(6);
        axis->setTitleText(m_data.acrossTitle.toHtmlEscaped());
        return axis;
    }
    case ChartData::Across::Number: {
        range.open(1);
        auto *axis = new QValueAxis;
        axis->setRange(range.least, range.most);
        axis->setLabelFormat(u"%.6g"_s);
        axis->setTitleText(m_data.acrossTitle.toHtmlEscaped());
        return axis;
    }
    case ChartData::Across::Category:
        break;
    }
    auto *axis = new QBarCategoryAxis;
    QStringList names; // an axis has each name once
    for (const QString &category : m_data.categories) {
        QString name = category.toHtmlEscaped();
        while (names.contains(name))
            name += QChar(0x200b);
        names << name;
    }
    axis->append(names);
    axis->setTitleText(m_data.acrossTitle.toHtmlEscaped());
    if (m_data.categories.size() > 8)
        axis->setLabelsAngle(-60);
    return axis;
}

void ChartView::recolor()
{
    const Colors &c = colors(palette());
    m_chart->setBackgroundBrush(palette().color(QPalette::Base));
    m_view->setBackgroundBrush(palette().color(QPalette::Base));
    m_chart->legend()->setLabelColor(palette().color(QPalette::Text));
    for (QAbstractAxis *axis : m_chart->axes()) {
        axis->setLabelsColor(c.muted);
        axis->setTitleBrush(c.muted);
        axis->setLinePenColor(c.border);
        axis->setGridLineColor(mixed(c.border, palette().color(QPalette::Base), 0.6));
        QFont font = this->font();
        axis->setTitleFont(font);
        axis->setLabelsFont(font);
    }
    std::size_t number = 0;
    for (QAbstractSeries *series : m_chart->series()) {
        if (auto *line = qobject_cast<QLineSeries *>(series)) {
            line->setPen(QPen(seriesColor(palette(), number++), 2));
            continue;
        }
        auto *bars = qobject_cast<QBarSeries *>(series);
        for (QBarSet *set : bars ? bars->barSets() : QList<QBarSet *>()) {
            set->setColor(seriesColor(palette(), number++));
            set->setBorderColor(palette().color(QPalette::Base));
        }
    }
}

void ChartView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        recolor();
}

base::Result<void> ChartView::savePicture(const std::filesystem::path &file) const
{
    QImage image(m_view->size() * pictureScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pictureScale);
    image.fill(palette().color(QPalette::Base));
    {
        QPainter painter(&image);
        m_view->render(&painter, QRectF(QPointF(), QSizeF(m_view->size())), m_view->rect());
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        return base::fail("file.write", "The picture could not be made.", {file.string()});
    auto output = data::OutputFile::create(file);
    if (!output)
        return std::unexpected(std::move(output.error()));
    if (auto written = output->write(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size()))); !written)
        return written;
    return output->finish();
}

} // namespace cleat::ui
