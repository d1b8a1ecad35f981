// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme.h"

#include "ui/widgets/style.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QTimer>
#include <QToolTip>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

struct Basics {
    QColor window, base, alternate, text, button, highlight, highlightedText, disabled, light, mid, dark, tip;
};

QPalette makePalette(const Basics &b, const Colors &c)
{
    QPalette p;
    p.setColor(QPalette::Window, b.window);
    p.setColor(QPalette::WindowText, b.text);
    p.setColor(QPalette::Base, b.base);
    p.setColor(QPalette::AlternateBase, b.alternate);
    p.setColor(QPalette::Text, b.text);
    p.setColor(QPalette::PlaceholderText, c.muted);
    p.setColor(QPalette::Button, b.button);
    p.setColor(QPalette::ButtonText, b.text);
    p.setColor(QPalette::BrightText, Qt::white);
    p.setColor(QPalette::Light, b.light);
    p.setColor(QPalette::Midlight, b.light);
    p.setColor(QPalette::Mid, b.mid);
    p.setColor(QPalette::Dark, b.dark);
    p.setColor(QPalette::Shadow, QColor(0, 0, 0, 90));
    p.setColor(QPalette::Highlight, b.highlight);
    p.setColor(QPalette::HighlightedText, b.highlightedText);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::ToolTipBase, b.tip);
    p.setColor(QPalette::ToolTipText, b.text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
        p.setColor(QPalette::Disabled, role, b.disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, b.mid);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, b.disabled);
    return p;
}

const Colors &lightColors()
{
    static const Colors c = {
        .accent = QColor(0x1f, 0x66, 0xb8), .muted = QColor(0x63, 0x6b, 0x74), .border = QColor(0xd5, 0xd9, 0xde),
        .surface = QColor(0xed, 0xef, 0xf2), .success = QColor(0x1b, 0x7f, 0x4b), .warning = QColor(0x93, 0x5f, 0x00),
        .danger = QColor(0xbf, 0x2c, 0x2c), .infoBack = QColor(0xe3, 0xee, 0xfa), .warningBack = QColor(0xfd, 0xf3, 0xd7),
        .dangerBack = QColor(0xfb, 0xe5, 0xe3), .addedBack = QColor(0xd9, 0xf2, 0xe2), .removedBack = QColor(0xfb, 0xdd, 0xdb)};
    return c;
}

const Colors &darkColors()
{
    static const Colors c = {
        .accent = QColor(0x6d, 0xae, 0xf5), .muted = QColor(0x9a, 0xa3, 0xad), .border = QColor(0x3a, 0x40, 0x47),
        .surface = QColor(0x1b, 0x1e, 0x22), .success = QColor(0x5c, 0xc8, 0x8c), .warning = QColor(0xe3, 0xb3, 0x4c),
        .danger = QColor(0xf2, 0x80, 0x7a), .infoBack = QColor(0x1f, 0x33, 0x4a), .warningBack = QColor(0x3d, 0x33, 0x1a),
        .dangerBack = QColor(0x46, 0x24, 0x25), .addedBack = QColor(0x1c, 0x3d, 0x2b), .removedBack = QColor(0x4a, 0x26, 0x27)};
    return c;
}

QPalette lightPalette()
{
    return makePalette({.window = QColor(0xf7, 0xf8, 0xf9), .base = Qt::white, .alternate = QColor(0xf7, 0xf8, 0xfa), .text = QColor(0x1c, 0x20, 0x24),
                        .button = QColor(0xf4, 0xf5, 0xf7), .highlight = QColor(0x1f, 0x66, 0xb8), .highlightedText = Qt::white,
                        .disabled = QColor(0x9c, 0xa3, 0xab), .light = Qt::white, .mid = QColor(0xc4, 0xc9, 0xcf), .dark = QColor(0xa6, 0xac, 0xb3),
                        .tip = Qt::white},
                       lightColors());
}

QPalette darkPalette()
{
    return makePalette({.window = QColor(0x22, 0x25, 0x2a), .base = QColor(0x1a, 0x1d, 0x21), .alternate = QColor(0x1f, 0x22, 0x27),
                        .text = QColor(0xe2, 0xe5, 0xe9), .button = QColor(0x2e, 0x32, 0x38), .highlight = QColor(0x2a, 0x5d, 0x9c),
                        .highlightedText = Qt::white, .disabled = QColor(0x6c, 0x74, 0x7d), .light = QColor(0x3a, 0x3f, 0x46),
                        .mid = QColor(0x3a, 0x40, 0x47), .dark = QColor(0x14, 0x16, 0x19), .tip = QColor(0x2e, 0x32, 0x38)},
                       darkColors());
}

/// Applies the palette now and whenever the platform says that its theme changed.
class ThemeWatcher final : public QObject
{
public:
    explicit ThemeWatcher(QApplication &application) : QObject(&application), m_application(application)
    {
        const QString wish = qEnvironmentVariable("CLEAT_THEME").toLower();
        m_fixed = wish == u"light"_s || wish == u"dark"_s;
        if (m_fixed)
            QApplication::setPalette(wish == u"dark"_s ? darkPalette() : lightPalette());
        else
            follow();
        application.installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::ThemeChange && !m_fixed && !m_pending) {
            m_pending = true;
            QTimer::singleShot(0, this, [this] { follow(); });
        }
        return QObject::eventFilter(watched, event);
    }

private:
    void follow()
    {
        QApplication::setPalette(QPalette()); // back to the platform's own, to see whether it is light or dark
        QApplication::setPalette(isDark(QApplication::palette()) ? darkPalette() : lightPalette());
        QToolTip::setPalette(QApplication::palette());
        m_pending = false;
    }

    QApplication &m_application;
    bool m_fixed = false;
    bool m_pending = false;
};

} // namespace

const Colors &colors(const QPalette &palette)
{
    return isDark(palette) ? darkColors() : lightColors();
}

QColor toneColor(const QPalette &palette, Tone tone)
{
    const Colors &c = colors(palette);
    switch (tone) {
    case Tone::Normal:
        return palette.color(QPalette::WindowText);
    case Tone::Muted:
        return c.muted;
    case Tone::Accent:
        return c.accent;
    case Tone::Success:
        return c.success;
    case Tone::Warning:
        return c.warning;
    case Tone::Danger:
        return c.danger;
    }
    return palette.color(QPalette::WindowText);
}

QColor mixed(const QColor &front, const QColor &back, double part)
{
    const auto mix = [part](int a, int b) { return static_cast<int>(a * part + b * (1 - part)); };
    return QColor(mix(front.red(), back.red()), mix(front.green(), back.green()), mix(front.blue(), back.blue()));
}

void setupTheme(QApplication &application)
{
    QApplication::setStyle(new Style);
    new ThemeWatcher(application);
    QToolTip::setPalette(QApplication::palette());
}

QFont monospaceFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const qreal wanted = QApplication::font().pointSizeF();
    if (wanted > 0)
        font.setPointSizeF(wanted);
    return font;
}

QFont headingFont()
{
    QFont font = QApplication::font();
    font.setBold(true);
    return font;
}

} // namespace cleat::ui
