// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/vectorize/projection.h"

#include <QPolygonF>
#include <QWidget>

namespace cleat::ui {

/// Vectors as dots in the plane: under the mouse they tell their id, a click chooses one. A colour for each namespace. GUI thread.
class ScatterView final : public QWidget
{
    Q_OBJECT
public:
    explicit ScatterView(QWidget *parent = nullptr);

    void setProjection(data::vectorize::Projection projection);
    const data::vectorize::Projection &projection() const { return m_projection; }
    /// Marks the dot of this vector, if there is one.
    void setCurrent(const std::string &id);
    /// In what place of the widget the dot is.
    QPointF placeOf(std::size_t spot) const;

    QSize sizeHint() const override { return {480, 360}; }

Q_SIGNALS:
    void chosen(const std::string &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    /// The dot that is nearest, when it is near enough; -1: none.
    int spotAt(const QPointF &place) const;
    QColor colorOf(std::size_t spot) const;

    data::vectorize::Projection m_projection;
    QRectF m_bounds; ///< of all dots, in their own units
    std::vector<std::string> m_namespaces; ///< those that have a colour, by how many dots they have
    std::vector<int> m_spaceOf; ///< of each dot: which of them, or -1
    std::string m_current;
    int m_hovered = -1;
};

} // namespace cleat::ui
