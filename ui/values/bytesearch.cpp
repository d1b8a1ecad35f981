// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/bytesearch.h"

#include "ui/values/utf8.h"

#include <algorithm>
#include <cstring>

namespace cleat::ui {

namespace {

constexpr std::size_t slice = 1 << 20;

char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equalFolded(const char *text, std::string_view needle)
{
    for (const char c : needle) {
        if (folded(*text++) != c)
            return false;
    }
    return true;
}

bool add(ByteHits &found, std::size_t begin, std::size_t end)
{
    if (found.hits.size() >= ByteHits::most) {
        found.hasMore = true;
        return false;
    }
    found.hits.push_back({begin, end});
    return true;
}

void findExact(std::string_view bytes, std::string_view needle, ByteHits &found, const std::stop_token &stop)
{
    std::size_t look = slice;
    for (std::size_t at = bytes.find(needle); at != std::string_view::npos; at = bytes.find(needle, at + needle.size())) {
        if (!add(found, at, at + needle.size()))
            return;
        if (at >= look && stop.stop_requested())
            return;
        look = std::max(look, at + slice);
    }
}

/// For a needle of ASCII: by bytes.
void findFolded(std::string_view bytes, std::string_view needle, ByteHits &found, const std::stop_token &stop)
{
    const char lower = needle[0];
    const char upper = lower >= 'a' && lower <= 'z' ? static_cast<char>(lower - 32) : lower;
    const std::size_t last = bytes.size() < needle.size() ? 0 : bytes.size() - needle.size() + 1;
    for (std::size_t from = 0; from < last && !stop.stop_requested(); from += slice) {
        const std::size_t end = std::min(last, from + slice);
        for (std::size_t at = std::max(from, found.hits.empty() ? 0 : found.hits.back().end); at < end;) {
            if ((bytes[at] == lower || bytes[at] == upper) && equalFolded(bytes.data() + at, needle)) {
                if (!add(found, at, at + needle.size()))
                    return;
                at += needle.size();
            } else {
                ++at;
            }
        }
    }
}

/// Capitals of other scripts: by Qt, slice by slice, each of which overlaps the next by the length of the needle.
void findUnicode(std::string_view bytes, const QString &needle, ByteHits &found, const std::stop_token &stop)
{
    const std::size_t overlap = static_cast<std::size_t>(needle.size()) * 4;
    for (std::size_t from = 0; from < bytes.size() && !stop.stop_requested(); from += slice) {
        const std::size_t begin = utf8Floor(bytes, from);
        const std::size_t end = utf8Floor(bytes, std::min(bytes.size(), from + slice + overlap));
        const std::string_view part = bytes.substr(begin, end - begin);
        const QString text = QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
        std::size_t place = begin; // the bytes of the units that were passed
        qsizetype units = 0;
        const auto advance = [&](qsizetype to) {
            while (units < to && place < bytes.size()) {
                const Utf8Step step = utf8At(bytes, place);
                units += step.character > 0xFFFF ? 2 : 1;
                place += step.length;
            }
            return place;
        };
        for (qsizetype at = text.indexOf(needle, 0, Qt::CaseInsensitive); at >= 0; at = text.indexOf(needle, at + needle.size(), Qt::CaseInsensitive)) {
            const std::size_t hit = advance(at);
            const std::size_t hitEnd = advance(at + needle.size());
            if (hit >= from + slice)
                break;
            if (!found.hits.empty() && hit < found.hits.back().end)
                continue;
            if (!add(found, hit, hitEnd))
                return;
        }
    }
}

} // namespace

std::optional<std::string> parseHex(const QString &digits)
{
    QString bare = digits.simplified().remove(u' ').remove(u',');
    if (bare.startsWith(u"0x", Qt::CaseInsensitive))
        bare.remove(0, 2);
    if (bare.isEmpty() || bare.size() % 2 != 0)
        return {};
    for (const QChar c : bare) {
        if (!((c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F')))
            return {};
    }
    return QByteArray::fromHex(bare.toLatin1()).toStdString();
}

ByteHits findBytes(std::string_view bytes, const FindWish &wish, std::stop_token stop)
{
    ByteHits found;
    if (wish.means == FindWish::Means::Bytes) {
        if (const auto needle = parseHex(wish.text))
            findExact(bytes, *needle, found, stop);
        return found;
    }
    const std::string needle = wish.text.toStdString();
    if (needle.empty())
        return found;
    if (wish.capitals == FindWish::Capitals::Matched) {
        findExact(bytes, needle, found, stop);
    } else if (std::ranges::all_of(needle, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        std::string lower(needle.size(), '\0');
        std::ranges::transform(needle, lower.begin(), folded);
        findFolded(bytes, lower, found, stop);
    } else {
        findUnicode(bytes, wish.text, found, stop);
    }
    return found;
}

} // namespace cleat::ui
