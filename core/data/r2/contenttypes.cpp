// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/transfer.h"

#include <algorithm>
#include <array>

namespace cleat::data::r2 {

namespace {

struct Type {
    std::string_view ending;
    std::string_view name;
};

// IANA's media types of what people keep in buckets, by ending.
constexpr std::array types{
    Type{"7z", "application/x-7z-compressed"},
    Type{"aac", "audio/aac"},
    Type{"apng", "image/apng"},
    Type{"avif", "image/avif"},
    Type{"bmp", "image/bmp"},
    Type{"bz2", "application/x-bzip2"},
    Type{"css", "text/css"},
    Type{"csv", "text/csv"},
    Type{"doc", "application/msword"},
    Type{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Type{"epub", "application/epub+zip"},
    Type{"flac", "audio/flac"},
    Type{"gif", "image/gif"},
    Type{"gz", "application/gzip"},
    Type{"heic", "image/heic"},
    Type{"htm", "text/html"},
    Type{"html", "text/html"},
    Type{"ico", "image/vnd.microsoft.icon"},
    Type{"ics", "text/calendar"},
    Type{"jpeg", "image/jpeg"},
    Type{"jpg", "image/jpeg"},
    Type{"js", "text/javascript"},
    Type{"json", "application/json"},
    Type{"jsonld", "application/ld+json"},
    Type{"m4a", "audio/mp4"},
    Type{"m4v", "video/mp4"},
    Type{"map", "application/json"},
    Type{"md", "text/markdown"},
    Type{"mjs", "text/javascript"},
    Type{"mov", "video/quicktime"},
    Type{"mp3", "audio/mpeg"},
    Type{"mp4", "video/mp4"},
    Type{"mpeg", "video/mpeg"},
    Type{"ndjson", "application/x-ndjson"},
    Type{"odt", "application/vnd.oasis.opendocument.text"},
    Type{"ogg", "audio/ogg"},
    Type{"ogv", "video/ogg"},
    Type{"opus", "audio/ogg"},
    Type{"otf", "font/otf"},
    Type{"parquet", "application/vnd.apache.parquet"},
    Type{"pdf", "application/pdf"},
    Type{"png", "image/png"},
    Type{"ppt", "application/vnd.ms-powerpoint"},
    Type{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    Type{"rtf", "application/rtf"},
    Type{"sql", "application/sql"},
    Type{"sqlite", "application/vnd.sqlite3"},
    Type{"svg", "image/svg+xml"},
    Type{"tar", "application/x-tar"},
    Type{"tif", "image/tiff"},
    Type{"tiff", "image/tiff"},
    Type{"toml", "application/toml"},
    Type{"tsv", "text/tab-separated-values"},
    Type{"ttf", "font/ttf"},
    Type{"txt", "text/plain"},
    Type{"wasm", "application/wasm"},
    Type{"wav", "audio/wav"},
    Type{"webm", "video/webm"},
    Type{"webmanifest", "application/manifest+json"},
    Type{"webp", "image/webp"},
    Type{"woff", "font/woff"},
    Type{"woff2", "font/woff2"},
    Type{"xhtml", "application/xhtml+xml"},
    Type{"xls", "application/vnd.ms-excel"},
    Type{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Type{"xml", "application/xml"},
    Type{"yaml", "application/yaml"},
    Type{"yml", "application/yaml"},
    Type{"zip", "application/zip"},
    Type{"zst", "application/zstd"},
};
static_assert(std::ranges::is_sorted(types, {}, &Type::ending));

} // namespace

std::string contentTypeOf(std::string_view name)
{
    constexpr auto unknown = "application/octet-stream";
    const std::size_t dot = name.rfind('.');
    if (dot == name.npos)
        return unknown;
    std::string ending(name.substr(dot + 1));
    std::ranges::transform(ending, ending.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    const auto found = std::ranges::lower_bound(types, std::string_view(ending), {}, &Type::ending);
    return found != types.end() && found->ending == ending ? std::string(found->name) : unknown;
}

} // namespace cleat::data::r2
