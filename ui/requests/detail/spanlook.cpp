// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/spanlook.h"

#include "ui/bindings/kindlook.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::SpanLook)
};

struct Look {
    std::string_view kind;
    QLatin1StringView icon;
    QRgb light;
    QRgb dark;
};

/// Told apart by hue as well as by lightness; readable as a bar on white and on near-black.
const std::array<Look, 16> &looks()
{
    static const std::array<Look, 16> all = {{
        {"kv", kindIcon(config::Kind::KvNamespace), 0xff1f66b8, 0xff6daef5},
        {"r2", kindIcon(config::Kind::R2Bucket), 0xffb05a10, 0xffe8a05c},
        {"d1", kindIcon(config::Kind::D1Database), 0xff7645c4, 0xffb494f2},
        {"do", kindIcon(config::Kind::DurableObject), 0xff4a5bd0, 0xff96a4f5},
        {"queue", kindIcon(config::Kind::Queue), 0xff8a6d00, 0xffd6bd4f},
        {"vectorize", kindIcon(config::Kind::Vectorize), 0xff2f7d4f, 0xff7ccf9b},
        {"ai", kindIcon(config::Kind::Ai), 0xffb0305c, 0xfff58cae},
        {"service", kindIcon(config::Kind::Service), 0xff2a7f9e, 0xff72c3de},
        {"fetch", "globe"_L1, 0xffa8377f, 0xffee8ac8},
        {"websocket", "message-square-text"_L1, 0xff9c4638, 0xffe59c8c},
        {"connect", "plug"_L1, 0xff7a5230, 0xffcfa57e},
        {"cache", "copy"_L1, 0xff117a68, 0xff5cc9b4},
        {"assets", "file-text"_L1, 0xff5d7a14, 0xffa9c65a},
        {"middleware", "waypoints"_L1, 0xff8b95a0, 0xff7d8791},
        {"handler", "file-code"_L1, 0xff6a7480, 0xff9aa4ae},
        {"waituntil", "redo-2"_L1, 0xffa39887, 0xff8f867a},
    }};
    return all;
}

const Look *lookOf(std::string_view kind)
{
    const auto found = std::ranges::find(looks(), kind, &Look::kind);
    return found == looks().end() ? nullptr : &*found;
}

} // namespace

QLatin1StringView spanIcon(std::string_view kind)
{
    const Look *look = lookOf(kind);
    return look ? look->icon : "plug"_L1;
}

QColor spanColor(const QPalette &palette, const events::CallEvent &call)
{
    if (!call.error.empty())
        return colors(palette).danger;
    const Look *look = lookOf(call.kind);
    if (!look)
        return colors(palette).accent;
    const bool dark = palette.color(QPalette::Base).lightness() < palette.color(QPalette::Text).lightness();
    return QColor::fromRgb(dark ? look->dark : look->light);
}

QString spanKindTitle(std::string_view kind)
{
    if (kind == "middleware")
        return Words::tr("Middleware");
    if (kind == "handler")
        return Words::tr("Handler");
    if (kind == "waituntil")
        return Words::tr("waitUntil");
    if (kind == "fetch")
        return Words::tr("fetch");
    if (kind == "websocket")
        return Words::tr("WebSocket");
    if (kind == "connect")
        return Words::tr("connect");
    if (kind == "cache")
        return Words::tr("Cache");
    if (kind == "assets")
        return Words::tr("Assets");
    if (kind == "service")
        return Words::tr("Service");
    if (kind == "queue")
        return Words::tr("Queue");
    if (kind == "vectorize")
        return Words::tr("Vectorize");
    if (kind == "ai")
        return Words::tr("Workers AI");
    return fromUtf8(kind).toUpper();
}

QString spanLabel(const events::CallEvent &call)
{
    const QString title = spanKindTitle(call.kind);
    if (call.kind == "middleware" || call.kind == "handler")
        return title + u' ' + fromUtf8(call.binding) + (call.method.empty() ? QString() : u' ' + fromUtf8(call.method));
    if (call.kind == "websocket")
        return title + u' ' + fromUtf8(call.method) + (call.binding.empty() ? QString() : u' ' + fromUtf8(call.binding));
    if (call.kind == "fetch")
        return title + u' ' + fromUtf8(call.method) + u' ' + fromUtf8(call.binding);
    if (call.kind == "connect")
        return title + u' ' + fromUtf8(call.binding);
    if (call.kind == "waituntil")
        return title;
    return title + u' ' + fromUtf8(call.binding) + u'.' + fromUtf8(call.method);
}

} // namespace cleat::ui
