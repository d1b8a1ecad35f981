// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <mutex>

/// The linker drops a static library's resources unless something asks for them. Must stand outside of a namespace.
static void initIcons()
{
    static std::once_flag once;
    std::call_once(once, [] { Q_INIT_RESOURCE(cleat_icons); });
}

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

class SvgEngine final : public QIconEngine
{
public:
    enum class Coloring { Tone, Own };

    SvgEngine(QString path, Tone tone, Coloring coloring) : m_path(std::move(path)), m_tone(tone), m_coloring(coloring) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatio() : 1.0;
        QPixmap pixmap = scaledPixmap(rect.size() * ratio, mode, state, ratio);
        pixmap.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect.topLeft(), pixmap);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1.0); }

    /// `size` is in device pixels.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        const QColor ink = color(mode);
        const QString key = u"cleat-icon:%1:%2:%3x%4"_s.arg(m_path, ink.name(QColor::HexArgb)).arg(size.width()).arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly))
            return pixmap;
        QByteArray svg = file.readAll();
        if (m_coloring == Coloring::Tone)
            svg.replace("currentColor", ink.name().toLatin1());
        QSvgRenderer renderer(svg);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QString key() const override { return u"cleat-svg"_s; }
    QIconEngine *clone() const override { return new SvgEngine(m_path, m_tone, m_coloring); }
    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override
    {
        return {QSize(16, 16), QSize(24, 24), QSize(32, 32), QSize(48, 48), QSize(64, 64), QSize(128, 128)};
    }

private:
    QColor color(QIcon::Mode mode) const
    {
        if (m_coloring == Coloring::Own)
            return Qt::black;
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled:
            return palette.color(QPalette::Disabled, QPalette::WindowText);
        case QIcon::Selected:
            return palette.color(QPalette::HighlightedText);
        case QIcon::Normal:
        case QIcon::Active:
            break;
        }
        return toneColor(palette, m_tone);
    }

    QString m_path;
    Tone m_tone;
    Coloring m_coloring;
};

} // namespace

QIcon icon(QLatin1StringView name, Tone tone)
{
    initIcons();
    return QIcon(new SvgEngine(u":/icons/"_s + name + u".svg"_s, tone, SvgEngine::Coloring::Tone));
}

QIcon applicationIcon()
{
    initIcons();
    return QIcon(new SvgEngine(u":/icons/cleat.svg"_s, Tone::Normal, SvgEngine::Coloring::Own));
}

} // namespace cleat::ui
