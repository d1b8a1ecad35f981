// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolepaint.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QFileInfo>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using events::Level;
using Type = ConsoleNode::Type;

namespace {

constexpr int margin = 8;
constexpr int padding = 2; ///< above and below
constexpr int indent = 16;
constexpr int iconSize = 14;
constexpr int maxLines = 12;
constexpr int timeFrom = 560; ///< widths of the row from which it has room for these
constexpr int requestFrom = 760;

QTextCharFormat ink(const QColor &color)
{
    QTextCharFormat format;
    format.setForeground(color);
    return format;
}

QColor typeColor(Type type, const QPalette &palette)
{
    const Colors &c = colors(palette);
    switch (type) {
    case Type::String:
        return c.success;
    case Type::Number:
    case Type::Word:
    case Type::Symbol:
        return c.warning;
    case Type::Nothing:
    case Type::Accessor:
        return c.muted;
    case Type::Error:
    case Type::Trace:
        return c.danger;
    case Type::Function:
        return c.accent;
    case Type::Text:
    case Type::Object:
    case Type::Bytes:
    case Type::Frame:
    case Type::Table:
        break;
    }
    return palette.color(QPalette::Text);
}

/// Colours the short form of a value: its texts, numbers, words and keys.
void colorShort(const QString &text, int from, int length, const QPalette &palette, QList<QTextLayout::FormatRange> &out)
{
    const Colors &c = colors(palette);
    const int end = std::min(from + length, static_cast<int>(text.size()));
    const auto isWord = [](QChar ch) { return ch.isLetterOrNumber() || ch == u'_' || ch == u'$' || ch == u'.' || ch == u'-'; };
    for (int at = from; at < end;) {
        const QChar ch = text[at];
        if (ch == u'\'') {
            int close = at + 1;
            while (close < end && text[close] != u'\'')
                close += text[close] == u'\\' ? 2 : 1;
            close = std::min(close + 1, end);
            out.append({at, close - at, ink(c.success)});
            at = close;
        } else if (isWord(ch)) {
            int close = at;
            while (close < end && isWord(text[close]))
                ++close;
            const QStringView word = QStringView(text).mid(at, close - at);
            if (close < end && text[close] == u':')
                out.append({at, close - at, ink(c.accent)});
            else if (ch.isDigit() || (ch == u'-' && word.size() > 1) || word == u"NaN" || word == u"Infinity" || word == u"true" || word == u"false")
                out.append({at, close - at, ink(c.warning)});
            else if (word == u"null" || word == u"undefined" || word == u"empty")
                out.append({at, close - at, ink(c.muted)});
            at = close;
        } else {
            ++at;
        }
    }
}

QString keyOf(const ConsoleNode &node)
{
    if (node.key.isEmpty())
        return {};
    return node.key + (node.kind == ConsoleNode::Kind::Entry ? u" => "_s : u": "_s);
}

QString shownText(const ConsoleNode &node)
{
    if (node.type != Type::String)
        return node.text;
    QString escaped = node.text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'\n', u"\\n"_s).replace(u'\r', u"\\r"_s).replace(u'\t', u"\\t"_s).replace(u'\'', u"\\'"_s);
    return u'\'' + escaped + u'\'';
}

} // namespace

ConsolePaint::ConsolePaint(const ConsoleModel &model)
    : m_model(model), m_icons{icon("bug"_L1, Tone::Muted), {}, icon("info"_L1, Tone::Accent), icon("triangle-alert"_L1, Tone::Warning), icon("circle-alert"_L1, Tone::Danger)},
      m_notice(icon("megaphone"_L1, Tone::Accent))
{
}

int ConsolePaint::lineHeight(const Look &look)
{
    return QFontMetrics(look.font).height() + 2 * padding;
}

QString ConsolePaint::text(int row) const
{
    const ConsoleItem *item = m_model.item(row);
    QString text;
    if (!item)
        text = m_model.head(row);
    else if (item->node)
        text = keyOf(*item->node) + shownText(*item->node);
    else
        text = item->text;
    if (text.endsWith(u'\n'))
        text.chop(1);
    text.replace(u'\n', QChar::LineSeparator);
    text.replace(u'\t', u"    "_s);
    return text;
}

QList<QTextLayout::FormatRange> ConsolePaint::colors(int row, const QPalette &palette) const
{
    QList<QTextLayout::FormatRange> out;
    const Colors &c = ui::colors(palette);
    if (const ConsoleItem *item = m_model.item(row)) {
        if (item->node) {
            const int key = static_cast<int>(keyOf(*item->node).size());
            const bool quiet = item->node->kind == ConsoleNode::Kind::Quiet || item->node->kind == ConsoleNode::Kind::Index;
            out.append({0, key, ink(quiet ? c.muted : c.accent)});
            const QString shown = text(row);
            const int length = static_cast<int>(shown.size()) - key;
            if (item->node->type == Type::Object)
                colorShort(shown, key, length, palette, out);
            else
                out.append({key, length, ink(typeColor(item->node->type, palette))});
        } else if (item->style == ConsoleItem::Style::Frame && item->place.line > 0) {
            const int begin = static_cast<int>(item->text.lastIndexOf(fromUtf8(item->place.file)));
            if (begin >= 0) {
                QTextCharFormat link = ink(c.accent);
                link.setFontUnderline(true);
                out.append({begin, static_cast<int>(item->text.size()) - begin - (item->text.endsWith(u')') ? 1 : 0), link});
            }
        } else if (item->style == ConsoleItem::Style::Source) {
            out.append({0, static_cast<int>(item->text.size()), ink(c.muted)});
        } else if (item->style == ConsoleItem::Style::Left) {
            out.append({0, static_cast<int>(item->text.size()), ink(c.muted)});
        }
        return out;
    }
    if (!m_model.showsValues(row))
        return out;
    int at = 0;
    const QString shown = text(row);
    for (const ConsoleNode &node : m_model.values(row)->nodes) {
        const int length = static_cast<int>(node.text.size());
        if (node.type == Type::Object)
            colorShort(shown, at, length, palette, out);
        else if (node.type != Type::Text)
            out.append({at, length, ink(typeColor(node.type, palette))});
        at += length;
    }
    return out;
}

int ConsolePaint::layOut(QTextLayout &layout, int row, const Look &look, int width) const
{
    layout.setText(text(row));
    layout.setFont(look.font);
    layout.setFormats(colors(row, look.palette));
    QTextOption option;
    option.setWrapMode(look.wrap == Wrap::Yes ? QTextOption::WrapAtWordBoundaryOrAnywhere : QTextOption::ManualWrap);
    layout.setTextOption(option);
    const int height = QFontMetrics(look.font).height();
    int lines = 0;
    layout.beginLayout();
    while (lines < maxLines) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(std::max(40, width));
        line.setPosition(QPointF(0, lines++ * height));
    }
    layout.endLayout();
    return std::max(1, lines) * height;
}

ConsolePaint::Parts ConsolePaint::parts(int row, const Look &look) const
{
    Parts parts;
    const QFontMetrics metrics(look.font);
    const ConsoleLine &line = m_model.line(row);
    const ConsoleItem *item = m_model.item(row);
    const int height = metrics.height();
    int x = margin;
    if (look.width >= timeFrom) {
        const int width = metrics.horizontalAdvance(u"00:00:00.000"_s);
        parts.time = {x, padding, width, height};
        x += width + margin;
    }
    parts.level = {x, padding + (height - iconSize) / 2, iconSize, iconSize};
    x += iconSize + 5;
    int right = look.width - margin;
    if (item) {
        parts.time = parts.level = {};
        x += indent * (std::min(item->depth, 20) + line.depth);
    } else {
        if (m_model.times(row) > 1) {
            const int width = metrics.horizontalAdvance(u"×%1"_s.arg(m_model.times(row))) + 10;
            parts.times = {x, padding, width, height};
            x += width + 5;
        }
        x += indent * line.depth;
        if (line.place.line > 0) {
            parts.placeText = u"%1:%2"_s.arg(QFileInfo(fromUtf8(line.place.file)).fileName()).arg(line.place.line);
            const int width = std::min(metrics.horizontalAdvance(parts.placeText) + 3, look.width / 4);
            parts.place = {right - width, padding, width, height};
            right -= width + 2 * margin;
        }
        if (line.request != 0 && look.width >= requestFrom) {
            parts.requestText = m_model.requestLabel(line.request);
            const int width = std::min(metrics.horizontalAdvance(parts.requestText) + 3, look.width / 5);
            parts.request = {right - width, padding, width, height};
            right -= width + 2 * margin;
        }
    }
    parts.fold = m_model.isFoldable(row) ? QRect(x, padding, indent, height) : QRect();
    x += indent;
    QTextLayout layout;
    const int textHeight = layOut(layout, row, look, right - x);
    parts.text = {x, padding, std::max(20, right - x), textHeight};
    parts.height = textHeight + 2 * padding;
    return parts;
}

void ConsolePaint::paintLevel(QPainter &painter, int row, const QRect &rect) const
{
    const ConsoleLine &line = m_model.line(row);
    const bool told = line.kind == ConsoleLine::Kind::Notice && (line.level == Level::Info || line.level == Level::Log);
    const QIcon &picture = told ? m_notice : m_icons.at(static_cast<std::size_t>(line.level));
    picture.paint(&painter, rect);
}

void ConsolePaint::paint(QPainter &painter, int row, const QPoint &at, const Look &look, State state) const
{
    const Parts parts = this->parts(row, look);
    const ConsoleLine &line = m_model.line(row);
    const ConsoleItem *item = m_model.item(row);
    const Colors &c = ui::colors(look.palette);
    const QColor plain = look.palette.color(QPalette::Text);
    const QFontMetrics metrics(look.font);
    const QRect whole(at, QSize(look.width, parts.height));
    if (!item && line.level == Level::Error)
        painter.fillRect(whole, c.dangerBack);
    else if (!item && line.level == Level::Warn)
        painter.fillRect(whole, c.warningBack);
    else if (item && item->style == ConsoleItem::Style::SourceMarked)
        painter.fillRect(whole.adjusted(parts.text.left(), 0, 0, 0), c.dangerBack);
    if (state == State::Selected) {
        painter.fillRect(whole, mixed(look.palette.color(QPalette::Highlight), look.palette.color(QPalette::Base), 0.25));
        painter.fillRect(at.x(), at.y(), 3, parts.height, c.accent);
    }
    painter.fillRect(at.x(), at.y() + parts.height - 1, item ? 0 : look.width, 1, mixed(c.border, look.palette.color(QPalette::Base), 0.45));

    painter.setFont(look.font);
    const auto word = [&](const QRect &rect, const QString &text, const QColor &color, Qt::TextElideMode elide = Qt::ElideRight) {
        painter.setPen(color);
        painter.drawText(rect.translated(at), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, metrics.elidedText(text, elide, rect.width()));
    };
    if (!parts.time.isEmpty())
        word(parts.time, formatTime(line.timeUs), c.muted);
    if (!parts.level.isEmpty())
        paintLevel(painter, row, parts.level.translated(at));
    if (!parts.times.isEmpty()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(mixed(c.accent, look.palette.color(QPalette::Base), 0.22));
        painter.drawRoundedRect(parts.times.translated(at).adjusted(0, 1, 0, -1), 6, 6);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(plain);
        painter.drawText(parts.times.translated(at), Qt::AlignCenter, u"×%1"_s.arg(m_model.times(row)));
    }
    if (!parts.fold.isEmpty()) {
        const QPointF middle = QRectF(parts.fold.translated(at)).center() - QPointF(2, 0);
        QPolygonF arrow;
        if (m_model.isOpen(row))
            arrow << middle + QPointF(-4, -2) << middle + QPointF(4, -2) << middle + QPointF(0, 3);
        else
            arrow << middle + QPointF(-2, -4) << middle + QPointF(3, 0) << middle + QPointF(-2, 4);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.muted);
        painter.drawPolygon(arrow);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    if (!parts.request.isEmpty())
        word(parts.request, parts.requestText, c.accent, Qt::ElideMiddle);
    if (!parts.place.isEmpty())
        word(parts.place, parts.placeText, c.accent, Qt::ElideLeft);

    QTextLayout layout;
    layOut(layout, row, look, parts.text.width());
    const bool quiet = !item && line.level == Level::Debug;
    painter.setPen(!item && line.level == Level::Error ? c.danger : quiet ? c.muted : plain);
    painter.save();
    painter.setClipRect(parts.text.translated(at), Qt::IntersectClip);
    layout.draw(&painter, QPointF(at + parts.text.topLeft()));
    painter.restore();
    // What is cut off at the right fades into three dots.
    if (look.wrap == Wrap::No && layout.maximumWidth() > parts.text.width() + 1) {
        const int dots = metrics.horizontalAdvance(u'…') + 4;
        const QRect end(at.x() + parts.text.right() - dots + 1, at.y() + padding, dots, parts.text.height());
        painter.setPen(c.muted);
        for (int i = 0; i < layout.lineCount(); ++i) {
            if (layout.lineAt(i).naturalTextWidth() > parts.text.width()) {
                const QRect spot(end.left(), end.top() + i * metrics.height(), dots, metrics.height());
                painter.fillRect(spot, !item && line.level == Level::Error ? c.dangerBack : !item && line.level == Level::Warn ? c.warningBack : look.palette.color(QPalette::Base));
                painter.drawText(spot, Qt::AlignRight | Qt::AlignVCenter, u"…"_s);
            }
        }
    }
}

} // namespace cleat::ui
