// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/background.h"
#include "ui/values/valueview.h"

#include <QBuffer>
#include <QImage>
#include <QMovie>
#include <QWidget>

#include <memory>

class QScrollArea;
class QToolButton;

namespace cleat::ui {

class EmptyState;
class ToneLabel;

/// A picture, over a chequerboard where it is transparent; one that moves, moves. It is decoded away from the GUI thread, and not at all when its dimensions are out of proportion. GUI thread.
class ImageView final : public QWidget
{
    Q_OBJECT
public:
    /// More pixels than this are not decoded.
    static constexpr qint64 mostPixels = 64LL * 1024 * 1024;
    /// A picture that moves is shown still above this size of a frame, because frames are decoded on the GUI thread.
    static constexpr qint64 mostMovingPixels = 1024LL * 1024;

    explicit ImageView(QWidget *parent = nullptr);
    ~ImageView() override;

    void setBytes(ValueBytes bytes);
    bool isReading() const { return m_reading.isRunning(); }
    /// Null while there is none.
    const QImage &image() const { return m_image; }
    /// Why there is none; empty: there is, or it is on its way.
    QString problem() const { return m_problem; }
    /// "PNG, 640 × 480"; empty while nothing is known.
    QString facts() const { return m_facts; }
    enum class Zoom { Fit, Whole };
    void setZoom(Zoom zoom);
    Zoom zoom() const { return m_zoom; }
    void copy();

Q_SIGNALS:
    void factsChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    class Canvas;
    struct Decoded {
        QImage image;
        QByteArray format;
        QSize size;
        bool moves = false;
        QString problem;
    };
    static Decoded decode(const ValueBytes &bytes);
    void take(Decoded &&decoded);
    void play();
    void layOut();

    Canvas *m_canvas;
    QScrollArea *m_area;
    EmptyState *m_trouble;
    ValueBytes m_bytes;
    QImage m_image;
    QSize m_size; ///< of the picture; an SVG is decoded larger than that
    QString m_facts;
    QString m_problem;
    Zoom m_zoom = Zoom::Fit;
    QByteArray m_movieBytes; ///< refers to m_bytes
    QBuffer m_movieBuffer;
    std::unique_ptr<QMovie> m_movie;
    BackgroundWork m_reading;
};

} // namespace cleat::ui
