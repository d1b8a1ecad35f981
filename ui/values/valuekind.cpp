// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/valuekind.h"

#include "ui/values/utf8.h"

#include <QCoreApplication>
#include <QImageReader>

#include <algorithm>
#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t looked = 64 * 1024;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::ValueKind)
};

struct Magic {
    std::string_view begin;
    const char *name;
    const char *ending;
    bool picture;
};

using namespace std::string_view_literals;

constexpr std::array magics = {
    Magic{"\x89PNG\r\n\x1a\n"sv, "PNG", "png", true},
    Magic{"\xFF\xD8\xFF"sv, "JPEG", "jpg", true},
    Magic{"GIF87a"sv, "GIF", "gif", true},
    Magic{"GIF89a"sv, "GIF", "gif", true},
    Magic{"BM"sv, "BMP", "bmp", true},
    Magic{"\0\0\1\0"sv, "ICO", "ico", true},
    Magic{"II*\0"sv, "TIFF", "tif", false},
    Magic{"MM\0*"sv, "TIFF", "tif", false},
    Magic{"\x1F\x8B"sv, "Gzip", "gz", false},
    Magic{"PK\3\4"sv, "Zip", "zip", false},
    Magic{"\x28\xB5\x2F\xFD"sv, "Zstandard", "zst", false},
    Magic{"%PDF-"sv, "PDF", "pdf", false},
    Magic{"\0asm"sv, "WebAssembly", "wasm", false},
    Magic{"SQLite format 3\0"sv, "SQLite", "sqlite", false},
    Magic{"wOF2"sv, "WOFF2", "woff2", false},
    Magic{"wOFF"sv, "WOFF", "woff", false},
    Magic{"OggS"sv, "Ogg", "ogg", false},
    Magic{"ID3"sv, "MP3", "mp3", false},
    Magic{"\x1A\x45\xDF\xA3"sv, "Matroska", "mkv", false},
};

std::string_view trimmed(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    while (!text.empty() && std::string_view(" \t\r\n").find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
    return text;
}

/// Whether it begins as an object or array does; a lone number or word is better read as text.
bool beginsLikeJson(std::string_view text)
{
    text = trimmed(text);
    if (text.empty() || (text[0] != '{' && text[0] != '['))
        return false;
    const char open = text[0];
    text = trimmed(text.substr(1));
    if (text.empty())
        return false;
    if (open == '{')
        return text[0] == '"' || text[0] == '}';
    return std::string_view("{[\"]-0123456789tfn").find(text[0]) != std::string_view::npos;
}

ValueKind picture(const QString &name, const QString &ending)
{
    static const QList<QByteArray> readable = QImageReader::supportedImageFormats();
    return {readable.contains(ending.toLatin1()) ? ValueKind::Nature::Picture : ValueKind::Nature::Binary, name, ending};
}

bool isSvg(std::string_view text)
{
    text = trimmed(text).substr(0, 4096);
    return text.starts_with("<svg") || ((text.starts_with("<?xml") || text.starts_with("<!--") || text.starts_with("<!DOCTYPE svg")) && text.find("<svg") != std::string_view::npos);
}

} // namespace

ValueForm ValueKind::form() const
{
    switch (nature) {
    case Nature::Empty:
    case Nature::Text:
        return ValueForm::Text;
    case Nature::Json:
        return ValueForm::Json;
    case Nature::Picture:
        return ValueForm::Image;
    case Nature::Binary:
        return ValueForm::Hex;
    }
    return ValueForm::Hex;
}

ValueKind valueKind(std::string_view bytes, const ValueHint &hint)
{
    using Nature = ValueKind::Nature;
    if (bytes.empty())
        return {Nature::Empty, Words::tr("Empty"), {}};
    const std::string_view head = bytes.substr(0, looked);
    const QString type = hint.contentType.section(u';', 0, 0).trimmed().toLower();
    const auto valid = utf8ValidUntil(head, bytes.size() > head.size() || hint.wholeSize > bytes.size() ? Utf8End::MayBeCut : Utf8End::Whole) == head.size();
    const auto odd = std::ranges::count_if(head, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1b'; });
    // A text may have a stray control character; many of them are none.
    const bool text = valid && static_cast<std::size_t>(odd) * 20 <= head.size();
    const auto magic = std::ranges::find_if(magics, [head](const Magic &one) { return head.starts_with(one.begin); });
    const bool wordMagic = magic != magics.end() && magic->begin.size() <= 3 && text; // "BM" and "ID3" may begin a word
    if (magic != magics.end() && !wordMagic)
        return magic->picture ? picture(QString::fromLatin1(magic->name), QString::fromLatin1(magic->ending))
                              : ValueKind{Nature::Binary, QString::fromLatin1(magic->name), QString::fromLatin1(magic->ending)};
    if (head.size() > 12 && head.starts_with("RIFF") && head.substr(8, 4) == "WEBP")
        return picture(u"WebP"_s, u"webp"_s);
    if (head.size() > 12 && head.substr(4, 4) == "ftyp") {
        const std::string_view brand = head.substr(8, 4);
        if (brand == "avif" || brand == "avis")
            return picture(u"AVIF"_s, u"avif"_s);
        return {Nature::Binary, u"MP4"_s, u"mp4"_s};
    }
    if (!text)
        return {Nature::Binary, Words::tr("Binary"), {}};
    if (isSvg(head))
        return picture(u"SVG"_s, u"svg"_s);
    const QString ending = hint.name.section(u'.', -1).toLower();
    const bool saysJson = type == u"application/json"_s || type.endsWith(u"+json"_s) || (type.isEmpty() && hint.name.contains(u'.') && ending == u"json"_s);
    if (saysJson || beginsLikeJson(head))
        return {Nature::Json, u"JSON"_s, u"json"_s};
    if (type == u"text/html"_s || trimmed(head).starts_with("<!DOCTYPE html") || trimmed(head).starts_with("<!doctype html"))
        return {Nature::Text, u"HTML"_s, u"html"_s};
    if (type == u"text/css"_s)
        return {Nature::Text, u"CSS"_s, u"css"_s};
    if (type.endsWith(u"javascript"_s))
        return {Nature::Text, u"JavaScript"_s, u"js"_s};
    if (type == u"text/csv"_s)
        return {Nature::Text, u"CSV"_s, u"csv"_s};
    return {Nature::Text, Words::tr("Text"), u"txt"_s};
}

} // namespace cleat::ui
