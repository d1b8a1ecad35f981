// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/inspectortext.h"

#include "core/base/bytes.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <filesystem>

namespace cleat::runtime {

using nlohmann::json;

namespace {

constexpr std::string_view markScheme = "cleat-map:";
constexpr std::string_view markedField = "\"sourceMapURL\":\"cleat-map:";

std::string dumped(const json &value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

std::string sourceMapMark(std::uint64_t generation)
{
    return std::string(markScheme) + std::to_string(generation);
}

std::string fileUrl(std::string_view path)
{
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string url = "file://";
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos;
        if (plain) {
            url += c;
        } else {
            url += '%';
            url += hex[static_cast<unsigned char>(c) >> 4];
            url += hex[static_cast<unsigned char>(c) & 15];
        }
    }
    return url;
}

std::string sourceMapUrl(std::string_view map, std::string_view folder)
{
    json parsed = json::parse(map, nullptr, false);
    if (!parsed.is_object())
        return {};
    if (const auto sources = parsed.find("sources"); sources != parsed.end() && sources->is_array()) {
        for (json &source : *sources) {
            if (!source.is_string() || folder.empty())
                continue;
            const auto path = std::filesystem::path(folder) / source.get<std::string>();
            source = fileUrl(path.lexically_normal().generic_string());
        }
    }
    return "data:application/json;charset=utf-8;base64," + base::toBase64(base::asBytes(dumped(parsed)));
}

std::optional<std::uint64_t> markedGeneration(std::string_view notification)
{
    if (!notification.starts_with(R"({"method":"Debugger.script)"))
        return std::nullopt;
    const std::size_t at = notification.find(markedField);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::uint64_t generation = 0;
    const char *begin = notification.data() + at + markedField.size();
    const auto [end, error] = std::from_chars(begin, notification.data() + notification.size(), generation);
    return error == std::errc() && end != begin ? std::optional(generation) : std::nullopt;
}

std::string withSourceMapUrl(std::string_view notification, std::string_view url)
{
    const std::size_t field = notification.find(markedField);
    const std::size_t begin = field + markedField.size() - markScheme.size();
    const std::size_t end = notification.find('"', begin);
    std::string out;
    out.reserve(notification.size() + url.size());
    out.append(notification.substr(0, begin)).append(url).append(notification.substr(end));
    return out;
}

std::string withoutTopFrames(std::string &&notification, std::string_view script)
{
    if (!notification.starts_with(R"({"method":"Runtime.consoleAPICalled")"))
        return std::move(notification);
    json parsed = json::parse(notification, nullptr, false);
    if (!parsed.is_object())
        return std::move(notification);
    const json::json_pointer place("/params/stackTrace/callFrames");
    if (!parsed.contains(place) || !parsed[place].is_array())
        return std::move(notification);
    json &frames = parsed[place];
    std::size_t top = 0;
    while (top < frames.size() && frames[top].is_object() && frames[top].value("url", std::string()) == script)
        ++top;
    if (top == 0 || top == frames.size())
        return std::move(notification);
    frames.erase(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(top));
    return dumped(parsed);
}

std::string withBlackboxPattern(std::string_view message, std::string_view pattern)
{
    json parsed = json::parse(message, nullptr, false);
    const json::json_pointer place("/params/patterns");
    if (!parsed.is_object() || !parsed.contains(place) || !parsed[place].is_array())
        return std::string(message); // V8 says what is wrong with it
    parsed[place].push_back(pattern);
    return dumped(parsed);
}

} // namespace cleat::runtime
