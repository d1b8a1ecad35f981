// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventjson.h"

#include "core/base/bytes.h"
#include "core/base/json.h"
#include "core/events/masking.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>
#include <type_traits>

namespace cleat::events {

namespace {

using base::Json;

std::string timeText(std::int64_t us)
{
    const std::time_t seconds = us / 1'000'000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06uZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
        utc.tm_sec, static_cast<unsigned>(us % 1'000'000) % 1'000'000U);
    return text.data();
}

const char *name(RequestState state)
{
    switch (state) {
    case RequestState::Running:
        return "running";
    case RequestState::Finished:
        return "finished";
    case RequestState::Abandoned:
        return "abandoned";
    }
    return "";
}

const char *name(Answer answer)
{
    switch (answer) {
    case Answer::Code:
        return "code";
    case Answer::Asset:
        return "asset";
    case Answer::Refused:
        return "refused";
    }
    return "";
}

std::string_view name(RequestKind kind)
{
    return kindName(kind);
}

const char *name(Level level)
{
    switch (level) {
    case Level::Debug:
        return "debug";
    case Level::Log:
        return "log";
    case Level::Info:
        return "info";
    case Level::Warn:
        return "warn";
    case Level::Error:
        return "error";
    }
    return "";
}

void add(Json &json, const char *key, const std::string &text)
{
    if (!text.empty())
        json[key] = text;
}

void add(Json &json, const base::Place &place)
{
    add(json, "file", place.file);
    if (place.line > 0)
        json["line"] = place.line;
    if (place.column > 0)
        json["column"] = place.column;
}

void add(Json &json, const char *key, std::uint64_t number)
{
    if (number != 0)
        json[key] = number;
}

void addRequest(Json &json, RequestId id)
{
    if (id != 0)
        json["request"] = id;
}

/// JSON text as what it means; as text where it was shortened and is none any more.
void addParsed(Json &json, const char *key, const std::string &text)
{
    if (text.empty())
        return;
    Json parsed = Json::parse(text, nullptr, false);
    json[key] = parsed.is_discarded() ? Json(text) : std::move(parsed);
}

Json describe(const RequestEvent &event)
{
    Json json{{"type", "request"}, {"id", event.id}, {"kind", name(event.kind)}, {"time", timeText(event.startUs)}, {"state", name(event.state)},
        {"method", event.method}, {"target", event.target}};
    if (event.secure)
        json["secure"] = true;
    add(json, "environment", event.environment);
    if (event.status != 0)
        json["status"] = event.status;
    if (event.state != RequestState::Running)
        json["durationUs"] = event.durationUs;
    add(json, "handedUs", event.handedUs);
    add(json, "beganUs", event.beganUs);
    add(json, "answeredUs", event.answeredUs);
    json["answer"] = name(event.answer);
    add(json, "handler", event.handler);
    json["requestBytes"] = event.requestBytes;
    json["responseBytes"] = event.responseBytes;
    add(json, "error", event.error);
    add(json, "cause", event.cause);
    return json;
}

Json describe(const CallEvent &event)
{
    Json json{{"type", "call"}};
    addRequest(json, event.request);
    add(json, "span", event.span);
    add(json, "parent", event.parent);
    json["startUs"] = event.startUs;
    json["durationUs"] = event.durationUs;
    json["kind"] = event.kind;
    json["binding"] = event.binding;
    json["method"] = event.method;
    add(json, event.place);
    add(json, "rowsRead", event.rowsRead);
    add(json, "rowsWritten", event.rowsWritten);
    addParsed(json, "arguments", event.arguments);
    addParsed(json, "result", event.result);
    add(json, "error", event.error);
    json["bytes"] = event.bytes;
    return json;
}

Json describe(const ConsoleEvent &event)
{
    Json json{{"type", "console"}};
    addRequest(json, event.request);
    json["time"] = timeText(event.timeUs);
    json["level"] = name(event.level);
    json["text"] = event.text;
    addParsed(json, "values", event.values);
    add(json, event.place);
    return json;
}

Json describe(const ExceptionEvent &event)
{
    Json json{{"type", "exception"}};
    addRequest(json, event.request);
    json["time"] = timeText(event.timeUs);
    json["message"] = event.message;
    add(json, "stack", event.stack);
    add(json, event.place);
    add(json, "excerpt", event.excerpt);
    if (!event.excerpt.empty())
        json["excerptLine"] = event.excerptLine;
    return json;
}

/// [[name, value], ...], as a field may come more than once and in an order that matters.
Json fieldsOf(std::string_view head)
{
    Json fields = Json::array();
    while (!head.empty()) {
        const std::size_t end = std::min(head.find("\r\n"), head.size());
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + 2, head.size()));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            fields.push_back(Json::array({line, ""}));
            continue;
        }
        std::string_view value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        fields.push_back(Json::array({line.substr(0, colon), value}));
    }
    return fields;
}

/// How many bytes at the end are the beginning of a character in UTF-8: a bound may have cut it.
std::size_t unfinished(std::string_view text)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0) == 0x80)
            continue;
        const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
        return byte >= 0xC2 && byte <= 0xF4 && length > back ? back : 0;
    }
    return 0;
}

/// Its beginning as text, or as base64 where it is none.
void addBody(Json &json, const char *key, std::string body, const Redactor *redactor)
{
    if (body.empty())
        return;
    if (redactor)
        redactor->redact(body);
    const std::string_view finished = std::string_view(body).substr(0, body.size() - unfinished(body));
    if (base::isUtf8(finished)) {
        json[key] = finished;
    } else {
        json[key] = Json{{"base64", base::toBase64(base::asBytes(body))}};
    }
}

Json describe(const ContentEvent &event, const Redactor *redactor)
{
    Json json{{"type", "content"}};
    addRequest(json, event.request);
    const auto head = [redactor](const std::string &text) {
        std::string masked = maskedHead(text);
        if (redactor)
            redactor->redact(masked);
        return masked;
    };
    json["requestHeaders"] = fieldsOf(head(event.requestHead));
    addBody(json, "requestBody", event.requestBody, redactor);
    if (!event.responseHead.empty()) {
        const std::string text = head(event.responseHead);
        const std::size_t line = std::min(text.find("\r\n"), text.size());
        json["statusLine"] = text.substr(0, line);
        json["responseHeaders"] = fieldsOf(std::string_view(text).substr(std::min(line + 2, text.size())));
    }
    addBody(json, "responseBody", event.responseBody, redactor);
    if (!event.cf.empty()) {
        std::string cf = event.cf;
        if (redactor)
            redactor->redact(cf);
        addParsed(json, "cf", cf);
    }
    return json;
}

Json describe(const NoticeEvent &event)
{
    Json json{{"type", "notice"}, {"time", timeText(event.timeUs)}, {"level", name(event.level)}, {"code", event.code}, {"text", event.text}};
    add(json, event.place);
    return json;
}

} // namespace

std::string toJson(const Event &event, const Redactor *redactor)
{
    const auto described = [redactor](const auto &known) {
        if constexpr (std::is_same_v<std::decay_t<decltype(known)>, ContentEvent>)
            return describe(known, redactor);
        else
            return describe(known);
    };
    return std::visit(described, event).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace cleat::events
