// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/imageview.h"

#include "ui/widgets/emptystate.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QImageReader>
#include <QPainter>
#include <QScrollArea>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int memoryLimitMB = 320;
constexpr int square = 8; ///< of the chequerboard

} // namespace

/// What the picture is painted on.
class ImageView::Canvas final : public QWidget
{
public:
    void setPicture(const QImage &image)
    {
        m_image = image;
        m_scaled = {};
        update();
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QPainter painter(this);
        const QRect area = event->rect();
        if (m_image.hasAlphaChannel()) {
            const bool dark = palette().color(QPalette::Base).lightness() < 128;
            const QColor one = dark ? QColor(0x3a, 0x3d, 0x42) : QColor(0xff, 0xff, 0xff);
            const QColor other = dark ? QColor(0x2c, 0x2f, 0x34) : QColor(0xe4, 0xe6, 0xe9);
            painter.fillRect(area, one);
            for (int y = area.top() / square; y <= area.bottom() / square; ++y) {
                for (int x = area.left() / square; x <= area.right() / square; ++x) {
                    if ((x + y) % 2)
                        painter.fillRect(QRect(x * square, y * square, square, square) & rect(), other);
                }
            }
        }
        const QSize wanted = size() * devicePixelRatioF();
        if (m_image.size() == wanted || wanted.width() > m_image.width()) {
            painter.setRenderHint(QPainter::SmoothPixmapTransform, wanted.width() < 2 * m_image.width());
            painter.drawImage(rect(), m_image);
            return;
        }
        if (m_scaled.size() != wanted) { // once for each size, by halves until it is near
            const bool large = qint64(m_image.width()) * m_image.height() > 4'000'000;
            const QImage near = large ? m_image.scaled(wanted * 2, Qt::IgnoreAspectRatio, Qt::FastTransformation) : m_image;
            m_scaled = near.scaled(wanted, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        }
        painter.drawImage(rect(), m_scaled);
    }

private:
    QImage m_image;
    QImage m_scaled;
};

ImageView::ImageView(QWidget *parent)
    : QWidget(parent), m_canvas(new Canvas), m_area(new QScrollArea), m_trouble(new EmptyState("circle-alert"_L1, tr("This cannot be shown as a picture"), {}))
{
    m_area->setWidget(m_canvas);
    m_area->setAlignment(Qt::AlignCenter);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->viewport()->setBackgroundRole(QPalette::Base);
    m_area->viewport()->setAutoFillBackground(true);
    m_area->setFocusPolicy(Qt::StrongFocus);
    m_area->setAccessibleName(tr("Value as a picture"));
    setFocusProxy(m_area);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_area);
    column->addWidget(m_trouble);
    m_trouble->hide();
}

ImageView::~ImageView() = default;

void ImageView::setBytes(ValueBytes bytes)
{
    m_movie.reset();
    m_movieBuffer.close();
    m_bytes = std::move(bytes);
    m_image = {};
    m_size = {};
    m_problem.clear();
    m_facts.clear();
    m_trouble->hide();
    m_area->show();
    m_canvas->hide();
    m_reading.drop();
    if (m_bytes)
        m_reading.start([bytes = m_bytes](std::stop_token) { return decode(bytes); }, [this](Decoded &&decoded) { take(std::move(decoded)); });
}

ImageView::Decoded ImageView::decode(const ValueBytes &bytes)
{
    Decoded out;
    QByteArray view = QByteArray::fromRawData(bytes->data(), static_cast<qsizetype>(bytes->size()));
    QBuffer buffer(&view);
    buffer.open(QIODevice::ReadOnly);
    QImageReader::setAllocationLimit(memoryLimitMB);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    out.format = reader.format();
    if (out.format.isEmpty()) {
        out.problem = tr("It is of no kind of picture that Cleat can read.");
        return out;
    }
    out.size = reader.size();
    if (qint64(out.size.width()) * out.size.height() > mostPixels) {
        out.problem = tr("It says that it is %L1 × %L2 pixels large. That many are not decoded; save it to look at it elsewhere.").arg(out.size.width()).arg(out.size.height());
        return out;
    }
    if (out.format.startsWith("svg") && !out.size.isEmpty()) // sharp on dense screens and at sizes that people look at
        reader.setScaledSize(out.size.scaled(std::max(out.size.width(), 1024), std::max(out.size.height(), 1024), Qt::KeepAspectRatio));
    out.image = reader.read();
    if (out.image.isNull()) {
        out.problem = tr("It is damaged, or cut off: %1").arg(reader.errorString());
        return out;
    }
    if (reader.transformation() & QImageIOHandler::TransformationRotate90)
        out.size.transpose();
    if (!out.size.isValid())
        out.size = out.image.size();
    if (out.image.format() != QImage::Format_RGB32 && out.image.format() != QImage::Format_ARGB32_Premultiplied)
        out.image.convertTo(out.image.hasAlphaChannel() ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    out.moves = reader.supportsAnimation() && (reader.imageCount() > 1 || (reader.imageCount() == 0 && reader.canRead()));
    return out;
}

void ImageView::take(Decoded &&decoded)
{
    m_problem = decoded.problem;
    m_image = std::move(decoded.image);
    m_size = decoded.size;
    if (!m_problem.isEmpty()) {
        m_trouble->setSentence(m_problem);
        m_area->hide();
        m_trouble->show();
        Q_EMIT factsChanged();
        return;
    }
    m_facts = tr("%1, %L2 × %L3").arg(QString::fromLatin1(decoded.format).toUpper()).arg(m_size.width()).arg(m_size.height());
    if (decoded.moves && qint64(m_size.width()) * m_size.height() <= mostMovingPixels)
        play();
    else if (decoded.moves)
        m_facts += tr(", shown still");
    m_canvas->setPicture(m_image);
    m_canvas->show();
    layOut();
    Q_EMIT factsChanged();
}

void ImageView::play()
{
    m_movieBytes = QByteArray::fromRawData(m_bytes->data(), static_cast<qsizetype>(m_bytes->size()));
    m_movieBuffer.setBuffer(&m_movieBytes);
    m_movieBuffer.open(QIODevice::ReadOnly);
    m_movie = std::make_unique<QMovie>(&m_movieBuffer);
    connect(m_movie.get(), &QMovie::frameChanged, this, [this] { m_canvas->setPicture(m_movie->currentImage()); });
    if (isVisible())
        m_movie->start();
}

void ImageView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (m_movie)
        m_movie->setPaused(true);
}

void ImageView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_movie && m_movie->state() == QMovie::NotRunning)
        m_movie->start();
    else if (m_movie)
        m_movie->setPaused(false);
    layOut();
}

void ImageView::setZoom(Zoom zoom)
{
    m_zoom = zoom;
    layOut();
}

void ImageView::layOut()
{
    if (m_image.isNull())
        return;
    QSize size = m_size / devicePixelRatioF();
    const QSize room = m_area->maximumViewportSize() - QSize(8, 8);
    if (m_zoom == Zoom::Fit && (size.width() > room.width() || size.height() > room.height()))
        size.scale(room, Qt::KeepAspectRatio);
    m_canvas->resize(size.expandedTo({1, 1}));
}

void ImageView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void ImageView::copy()
{
    if (!m_image.isNull())
        QGuiApplication::clipboard()->setImage(m_image);
}

} // namespace cleat::ui
