// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "ui/data/analytics/chartdata.h"

#include <QWidget>

#include <filesystem>

class QAbstractAxis;
class QChart;
class QChartView;

namespace cleat::ui {

class ToneLabel;

/// A chart of a result, in the theme's colours. GUI thread.
class ChartView final : public QWidget
{
    Q_OBJECT
public:
    explicit ChartView(QWidget *parent = nullptr);
    ~ChartView() override;

    void setData(ChartData shown, ChartKind kind);
    bool isEmpty() const { return m_data.series.empty(); }
    /// A PNG of what is to be seen, at twice its size. Codes: file.denied, file.full, file.write.
    base::Result<void> savePicture(const std::filesystem::path &file) const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void draw();
    void addLines();
    void addBars();
    QAbstractAxis *makeAcross() const;
    void recolor();

    ChartData m_data;
    ChartKind m_kind = ChartKind::Lines;
    QChart *m_chart;
    QChartView *m_view;
    ToneLabel *m_note;
};

} // namespace cleat::ui
