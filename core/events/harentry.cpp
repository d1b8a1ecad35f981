// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/harentry.h"

#include "core/base/bytes.h"
#include "core/events/harnames.h"
#include "core/events/headfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

namespace cleat::events {

namespace {

using Json = nlohmann::json;
using Failure = std::unexpected<std::string>;

const Json &member(const Json &json, const char *name)
{
    static const Json none;
    const auto found = json.is_object() ? json.find(name) : json.end();
    return json.is_object() && found != json.end() ? *found : none;
}

std::string text(const Json &json)
{
    if (json.is_string())
        return json.get_ref<const std::string &>();
    if (const Json &encoded = member(json, "base64"); encoded.is_string())
        return base::fromBase64(encoded.get_ref<const std::string &>()).value_or(std::string());
    return {};
}

std::string text(const Json &json, const char *name)
{
    return text(member(json, name));
}

template <typename Number>
Number number(const Json &json)
{
    if (!json.is_number())
        return 0;
    if (json.is_number_unsigned() && std::cmp_less_equal(json.get<std::uint64_t>(), std::numeric_limits<Number>::max()))
        return static_cast<Number>(json.get<std::uint64_t>());
    if (std::is_signed_v<Number> && json.is_number_integer() && !json.is_number_unsigned())
        return static_cast<Number>(json.get<std::int64_t>());
    const auto value = json.get<double>();
    if (!(value > 0))
        return 0;
    constexpr auto most = static_cast<double>(std::numeric_limits<Number>::max());
    return value >= most ? std::numeric_limits<Number>::max() : static_cast<Number>(value);
}

template <typename Number>
Number number(const Json &json, const char *name)
{
    return number<Number>(member(json, name));
}

/// Milliseconds, -1 for "does not apply".
std::uint32_t micros(const Json &json)
{
    const double ms = json.is_number() ? json.get<double>() : 0;
    return ms > 0 ? static_cast<std::uint32_t>(std::min(std::round(ms * 1000), 4294967295.0)) : 0;
}

std::optional<std::int64_t> timeOf(const std::string &text)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &used) != 6)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    const auto within = [](int value, int most) { return value >= 0 && value <= most; };
    if (!date.ok() || !within(hour, 24) || !within(minute, 59) || !within(second, 60))
        return std::nullopt;
    std::string_view rest = std::string_view(text).substr(static_cast<std::size_t>(used));
    std::int64_t us = 0;
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        for (std::int64_t unit = 100'000; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; unit /= 10, rest.remove_prefix(1))
            us += (rest.front() - '0') * unit;
    }
    int zoneHours = 0;
    int zoneMinutes = 0;
    char sign = '+';
    if (rest != "Z" && !rest.empty() && std::sscanf(std::string(rest).c_str(), "%c%2d:%2d", &sign, &zoneHours, &zoneMinutes) != 3
        && std::sscanf(std::string(rest).c_str(), "%c%2d%2d", &sign, &zoneHours, &zoneMinutes) != 3)
        return std::nullopt;
    const std::int64_t zone = (zoneHours * 60 + zoneMinutes) * (sign == '-' ? -60 : 60);
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return (days * 86'400 + hour * 3600 + minute * 60 + second - zone) * 1'000'000 + us;
}

/// Fields as lines. Pseudo-fields of HTTP/2 (":authority") go; several values that a browser put into one, on lines of their own, come apart.
std::expected<std::string, std::string> headOf(const Json &fields)
{
    std::string head;
    if (!fields.is_array())
        return head;
    for (const Json &field : fields) {
        const std::string name = text(field, "name");
        if (name.starts_with(':'))
            continue;
        if (!isToken(name))
            return Failure("a field has a name that no field can have.");
        const Json &bytes = member(field, "_base64");
        const std::string value = bytes.is_string() ? base::fromBase64(bytes.get_ref<const std::string &>()).value_or(std::string()) : text(field, "value");
        if (value.contains('\0'))
            return Failure("the field " + name + " has a value with a zero byte.");
        for (std::string_view rest = value;;) {
            const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
            if (end > 0 || rest.size() == value.size())
                head.append(name).append(": ").append(rest.substr(0, end)).append("\r\n");
            if (end == rest.size())
                break;
            rest.remove_prefix(end + 1);
        }
    }
    return head;
}

std::expected<std::string, std::string> bodyOf(const Json &holder)
{
    std::string body = text(holder, "text");
    if (text(holder, "encoding") != "base64")
        return body;
    auto decoded = base::fromBase64(body);
    return decoded ? std::expected<std::string, std::string>(std::move(*decoded)) : Failure("a body is no valid base64.");
}

std::string formText(const Json &pairs)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    const auto append = [&result](const std::string &piece) {
        for (const char c : piece) {
            const auto byte = static_cast<unsigned char>(c);
            if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || std::string_view("*-._").contains(c))
                result += c;
            else if (c == ' ')
                result += '+';
            else
                result.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
        }
    };
    for (const Json &pair : pairs) {
        if (!result.empty())
            result += '&';
        append(text(pair, "name"));
        result += '=';
        append(text(pair, "value"));
    }
    return result;
}

std::string withoutField(std::string_view head, std::string_view name)
{
    std::string result;
    for (const HeadField &field : headFields(head))
        if (!sameName(field.name, name))
            result.append(field.name).append(": ").append(field.value).append("\r\n");
    return result;
}

base::Place placeOf(const Json &json)
{
    return {text(json, "file"), number<int>(json, "line"), number<int>(json, "column")};
}

CallEvent callOf(const Json &json, RequestId id)
{
    CallEvent call;
    call.request = id;
    call.span = number<std::uint32_t>(json, "span");
    call.parent = number<std::uint32_t>(json, "parent");
    call.startUs = number<std::uint32_t>(json, "startUs");
    call.durationUs = number<std::uint32_t>(json, "durationUs");
    call.kind = text(json, "kind");
    call.binding = text(json, "binding");
    call.method = text(json, "method");
    call.place = placeOf(json);
    call.rowsRead = number<std::uint64_t>(json, "rowsRead");
    call.rowsWritten = number<std::uint64_t>(json, "rowsWritten");
    call.arguments = text(json, "arguments");
    call.result = text(json, "result");
    call.error = text(json, "error");
    call.bytes = number<std::uint64_t>(json, "bytes");
    return call;
}

void readOwn(RequestRecord &record, const Json &own)
{
    RequestEvent &request = record.request;
    request.id = number<std::uint64_t>(own, "id");
    record.content.request = request.id;
    request.kind = harValue<RequestKind>(text(own, "kind")).value_or(request.kind);
    request.state = harValue<RequestState>(text(own, "state")).value_or(request.state);
    request.answer = harValue<Answer>(text(own, "answer")).value_or(request.answer);
    request.durationUs = number<std::uint32_t>(own, "durationUs");
    request.handedUs = number<std::uint32_t>(own, "handedUs");
    request.beganUs = number<std::uint32_t>(own, "beganUs");
    request.answeredUs = number<std::uint32_t>(own, "answeredUs");
    request.environment = text(own, "environment");
    request.handler = text(own, "handler");
    request.error = text(own, "error");
    request.cause = number<std::uint64_t>(own, "cause");
    request.secure = member(own, "secure") == Json(true);
    record.content.cf = text(own, "cf");
    if (own.contains("target"))
        request.target = text(own, "target");
    if (member(own, "responseHead") == Json(false))
        record.content.responseHead.clear();
    for (const Json &call : member(own, "spans"))
        record.calls.push_back(callOf(call, request.id));
    for (const Json &line : member(own, "console"))
        record.console.push_back({request.id, number<std::int64_t>(line, "timeUs"), harValue<Level>(text(line, "level")).value_or(Level::Log),
            text(line, "text"), text(line, "values"), placeOf(line)});
    for (const Json &exception : member(own, "exceptions"))
        record.exceptions.push_back({request.id, number<std::int64_t>(exception, "timeUs"), text(exception, "message"), text(exception, "stack"),
            placeOf(exception), text(exception, "excerpt"), number<int>(exception, "excerptLine")});
}

/// What it says of the request itself.
std::expected<void, std::string> readRequest(RequestRecord &record, const Json &json)
{
    record.request.method = text(json, "method");
    const std::string url = text(json, "url");
    if (!isToken(record.request.method))
        return Failure("its request has no valid method.");
    if (url.empty())
        return Failure("its request has no URL.");
    record.request.secure = url.starts_with("https:");
    record.request.target = urlPath(std::string_view(url).substr(0, url.find('#')));
    auto head = headOf(member(json, "headers"));
    if (!head)
        return Failure(std::move(head.error()));
    record.content.requestHead = std::move(*head);
    const Json &post = member(json, "postData");
    auto body = bodyOf(post);
    if (!body)
        return Failure(std::move(body.error()));
    record.content.requestBody = std::move(*body);
    if (record.content.requestBody.empty() && text(post, "mimeType").starts_with("application/x-www-form-urlencoded"))
        record.content.requestBody = formText(member(post, "params"));
    record.request.requestBytes = std::max<std::uint64_t>(record.content.requestBody.size(), number<std::uint64_t>(json, "bodySize"));
    return {};
}

std::expected<void, std::string> readResponse(RequestRecord &record, const Json &json, bool encoded)
{
    const Json &content = member(json, "content");
    auto head = headOf(member(json, "headers"));
    auto body = bodyOf(content);
    if (!head || !body)
        return Failure(std::move(head ? body.error() : head.error()));
    record.request.status = number<std::uint16_t>(json, "status");
    if (record.request.status > 999)
        return Failure("its response has no valid status.");
    const std::vector<HeadField> fields = headFields(*head);
    const bool decoded = !encoded && !body->empty() && hasField(fields, "content-encoding");
    if (decoded)
        head = withoutField(withoutField(*head, "content-encoding"), "content-length");
    std::string reason = text(json, "statusText");
    std::string version = text(json, "httpVersion");
    std::erase_if(reason, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    std::erase_if(version, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
    const bool usual = version.starts_with("HTTP/") || version.starts_with("http/");
    if (record.request.status != 0 || !head->empty())
        record.content.responseHead = (usual ? version : "HTTP/1.1") + " " + std::to_string(record.request.status) + " " + reason + "\r\n" + *head;
    const auto size = number<std::uint64_t>(content, "size");
    record.request.responseBytes = decoded ? size : std::max(size, body->empty() ? number<std::uint64_t>(json, "bodySize") : 0);
    record.request.responseBytes = std::max<std::uint64_t>(record.request.responseBytes, body->size());
    record.content.responseBody = std::move(*body);
    record.request.error = text(json, "_error");
    return {};
}

} // namespace

std::expected<RequestRecord, std::string> recordOfHarEntry(const Json &entry)
{
    RequestRecord record;
    const auto time = timeOf(text(entry, "startedDateTime"));
    if (!time)
        return Failure("startedDateTime is no time.");
    record.request.startUs = *time;
    const Json &own = member(entry, "_cleat");
    if (auto done = readRequest(record, member(entry, "request")); !done)
        return Failure(std::move(done.error()));
    if (auto done = readResponse(record, member(entry, "response"), member(own, "encoded") == Json(true)); !done)
        return Failure(std::move(done.error()));
    record.request.state = record.request.status == 0 ? RequestState::Abandoned : RequestState::Finished;
    const std::uint32_t receive = micros(member(member(entry, "timings"), "receive"));
    record.request.durationUs = micros(member(entry, "time"));
    record.request.answeredUs = record.request.durationUs - std::min(receive, record.request.durationUs);
    if (own.is_object())
        readOwn(record, own);
    return record;
}

} // namespace cleat::events
