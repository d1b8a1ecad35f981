// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventjson.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <array>
#include <ctime>

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
    Json json{{"type", "request"}, {"id", event.id}, {"time", timeText(event.startUs)}, {"state", name(event.state)}, {"method", event.method}, {"target", event.target}};
    if (event.status != 0)
        json["status"] = event.status;
    if (event.state != RequestState::Running)
        json["durationUs"] = event.durationUs;
    json["answer"] = name(event.answer);
    add(json, "handler", event.handler);
    json["requestBytes"] = event.requestBytes;
    json["responseBytes"] = event.responseBytes;
    add(json, "error", event.error);
    return json;
}

Json describe(const CallEvent &event)
{
    Json json{{"type", "call"}};
    addRequest(json, event.request);
    json["startUs"] = event.startUs;
    json["durationUs"] = event.durationUs;
    json["kind"] = event.kind;
    json["binding"] = event.binding;
    json["method"] = event.method;
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
    return json;
}

Json describe(const NoticeEvent &event)
{
    Json json{{"type", "notice"}, {"time", timeText(event.timeUs)}, {"level", name(event.level)}, {"code", event.code}, {"text", event.text}};
    add(json, event.place);
    return json;
}

} // namespace

std::string toJson(const Event &event)
{
    return std::visit([](const auto &known) { return describe(known); }, event).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace cleat::events
