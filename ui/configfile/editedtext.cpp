// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/configfile/editedtext.h"

#include "core/base/linediff.h"
#include "ui/widgets/text.h"

#include <QPlainTextEdit>
#include <QTextDocument>

#include <algorithm>
#include <string_view>
#include <vector>

namespace cleat::ui {

namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view paragraphSeparator = "\xE2\x80\xA9"; // a line end to QTextDocument

/// A line of a file; the last one has no end.
struct RawLine {
    std::string_view content;
    std::string_view end;
};

std::vector<RawLine> rawLines(std::string_view bytes)
{
    std::vector<RawLine> lines;
    for (std::size_t at = 0;;) {
        std::size_t end = at;
        std::size_t length = 0;
        for (; end < bytes.size() && length == 0; ++end) {
            const std::string_view rest = bytes.substr(end);
            length = rest.starts_with("\r\n") ? 2 : rest[0] == '\n' || rest[0] == '\r' ? 1 : rest.starts_with(paragraphSeparator) ? paragraphSeparator.size() : 0;
            if (length > 0)
                break;
        }
        lines.push_back({bytes.substr(at, end - at), bytes.substr(end, length)});
        if (length == 0)
            return lines;
        at = end + length;
    }
}

std::string_view usualEnd(const std::vector<RawLine> &lines)
{
    const auto crlf = std::ranges::count(lines, std::string_view("\r\n"), &RawLine::end);
    const auto lf = std::ranges::count(lines, std::string_view("\n"), &RawLine::end);
    return crlf > lf ? "\r\n" : "\n";
}

std::vector<std::string_view> splitAt(std::string_view text, char end)
{
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;;) {
        const std::size_t next = std::min(text.find(end, at), text.size());
        parts.push_back(text.substr(at, next - at));
        if (next == text.size())
            return parts;
        at = next + 1;
    }
}

} // namespace

QString editorText(const QPlainTextEdit &editor)
{
    return editor.document()->toRawText().replace(QChar::ParagraphSeparator, u'\n');
}

QString shownText(const std::string &bytes)
{
    std::string_view rest = bytes;
    if (rest.starts_with(byteOrderMark))
        rest.remove_prefix(byteOrderMark.size());
    QString text;
    for (const RawLine &line : rawLines(rest)) {
        text += fromUtf8(line.content);
        if (!line.end.empty())
            text += u'\n';
    }
    return text;
}

std::string editedBytes(const std::string &seen, const QString &edited)
{
    std::string_view rest = seen;
    const bool marked = rest.starts_with(byteOrderMark);
    if (marked)
        rest.remove_prefix(byteOrderMark.size());
    const std::vector<RawLine> before = rawLines(rest);
    const std::string_view newEnd = usualEnd(before);

    const std::string shownBefore = toUtf8(shownText(seen));
    const std::string now = toUtf8(edited);
    const std::vector<std::string_view> old = splitAt(shownBefore, '\n'); // one for each of `before`
    const std::vector<std::string_view> lines = splitAt(now, '\n');
    std::string out(marked ? byteOrderMark : std::string_view());
    std::size_t a = 0;
    std::size_t b = 0;
    const auto put = [&](std::string_view content, std::string_view end) {
        out += content;
        if (++b < lines.size())
            out += end.empty() ? newEnd : end;
    };
    const auto keepUntil = [&](std::size_t until) {
        for (; a < until; ++a)
            put(before[a].content, before[a].end);
    };
    for (const base::Hunk &hunk : base::diffLines(old, lines)) {
        keepUntil(hunk.beforeBegin);
        for (; a < hunk.beforeEnd && b < hunk.afterEnd; ++a) // a line that was changed keeps its end
            put(lines[b], before[a].end);
        while (b < hunk.afterEnd)
            put(lines[b], newEnd);
        a = hunk.beforeEnd;
    }
    keepUntil(before.size());
    return out;
}

} // namespace cleat::ui
