// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/consolemodel.h"

#include <QFont>
#include <QIcon>
#include <QPalette>
#include <QRect>
#include <QTextLayout>

#include <array>

class QPainter;

namespace cleat::ui {

/// Lays a row of the console out and draws it. GUI thread.
class ConsolePaint final
{
public:
    explicit ConsolePaint(const ConsoleModel &model);

    enum class Wrap { No, Yes };
    struct Look {
        QFont font;
        QPalette palette;
        int width = 0; ///< of the row
        Wrap wrap = Wrap::No;
    };
    /// Parts of a row, relative to its top left; what is not there is empty.
    struct Parts {
        QRect time, level, times, fold, text, request, place;
        QString requestText;
        QString placeText;
        int height = 0;
    };
    Parts parts(int row, const Look &look) const;
    enum class State { Plain, Selected };
    void paint(QPainter &painter, int row, const QPoint &at, const Look &look, State state) const;
    static int lineHeight(const Look &look);

private:
    QString text(int row) const;
    QList<QTextLayout::FormatRange> colors(int row, const QPalette &palette) const;
    int layOut(QTextLayout &layout, int row, const Look &look, int width) const;
    void paintLevel(QPainter &painter, int row, const QRect &rect) const;

    const ConsoleModel &m_model;
    std::array<QIcon, 5> m_icons; ///< of levels
    QIcon m_notice;
};

} // namespace cleat::ui
