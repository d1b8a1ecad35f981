// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/har.h"

#include "core/base/bytes.h"
#include "core/base/json.h"
#include "core/events/harnames.h"
#include "core/events/headfields.h"
#include "core/events/masking.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cleat::events {

namespace {

using base::Json;
namespace fs = std::filesystem;

/// A file that takes the place of the old one when it is complete, and leaves nothing behind otherwise.
class Replacement final
{
public:
    explicit Replacement(fs::path path) : m_path(std::move(path)) {}
    ~Replacement()
    {
        if (m_fd >= 0)
            ::close(m_fd);
        if (!m_temporary.empty())
            ::unlink(m_temporary.c_str());
    }
    Replacement(const Replacement &) = delete;
    Replacement &operator=(const Replacement &) = delete;

    base::Result<void> open(mode_t newMode)
    {
        std::error_code error;
        if (fs::is_symlink(m_path, error))
            m_path = fs::weakly_canonical(m_path, error);
        std::string name = m_path.string() + ".XXXXXX";
        m_fd = ::mkostemp(name.data(), O_CLOEXEC);
        if (m_fd < 0)
            return failed();
        m_temporary = name;
        struct stat old {};
        if (::stat(m_path.c_str(), &old) == 0)
            newMode = old.st_mode & 07777;
        return ::fchmod(m_fd, newMode) == 0 ? base::Result<void>() : failed();
    }
    base::Result<void> write(std::string_view bytes)
    {
        m_buffer += bytes;
        return m_buffer.size() < (1U << 20) ? base::Result<void>() : flush();
    }
    base::Result<void> finish()
    {
        if (auto done = flush(); !done)
            return done;
        if (::fsync(m_fd) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
            return failed();
        m_temporary.clear();
        return {};
    }

private:
    base::Result<void> flush()
    {
        for (std::string_view rest = m_buffer; !rest.empty();) {
            const ssize_t n = ::write(m_fd, rest.data(), rest.size());
            if (n < 0 && errno != EINTR)
                return failed();
            rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
        }
        m_buffer.clear();
        return {};
    }
    base::Result<void> failed() const
    {
        const int error = errno;
        return base::fail(
            "har.write", "Could not write " + m_path.string() + ": " + std::strerror(error) + ". Choose another place, or make room.", {m_path.string()});
    }

    fs::path m_path;
    std::string m_temporary;
    std::string m_buffer;
    int m_fd = -1;
};

std::string timeText(std::int64_t us)
{
    std::int64_t micros = us % 1'000'000;
    std::time_t seconds = us / 1'000'000;
    if (micros < 0) {
        micros += 1'000'000;
        --seconds;
    }
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
        utc.tm_sec, static_cast<int>(micros));
    return text.data();
}

double milliseconds(std::uint32_t us)
{
    return us / 1000.0;
}

/// JSON strings are UTF-8: other bytes are read as Latin-1, as browsers read fields.
std::string shown(std::string_view bytes)
{
    if (base::isUtf8(bytes))
        return std::string(bytes);
    std::string result;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            result += c;
        } else {
            result += static_cast<char>(0xC0 | byte >> 6);
            result += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return result;
}

/// Text as it is; other bytes as {"base64": "..."}.
Json exact(std::string_view bytes)
{
    return base::isUtf8(bytes) ? Json(bytes) : Json{{"base64", base::toBase64(base::asBytes(bytes))}};
}

void add(Json &json, const char *key, std::string_view bytes)
{
    if (!bytes.empty())
        json[key] = exact(bytes);
}

void add(Json &json, const base::Place &place)
{
    add(json, "file", place.file);
    if (place.line > 0)
        json["line"] = place.line;
    if (place.column > 0)
        json["column"] = place.column;
}

Json fieldList(std::string_view head, Masks masks)
{
    Json list = Json::array();
    for (const HeadField &field : headFields(head)) {
        const bool hide = masks == Masks::Kept && isSensitiveField(field.name);
        const std::string_view value = hide ? maskedValue : field.value;
        Json one{{"name", shown(field.name)}, {"value", shown(value)}};
        if (!base::isUtf8(value))
            one["_base64"] = base::toBase64(base::asBytes(value));
        list.push_back(std::move(one));
    }
    return list;
}

Json cookie(std::string_view pair, Masks masks)
{
    const std::size_t equals = pair.find('=');
    const std::size_t start = std::min(pair.find_first_not_of(' '), pair.size());
    if (equals == std::string_view::npos || equals < start)
        return Json{{"name", ""}, {"value", masks == Masks::Kept ? std::string(maskedValue) : shown(pair.substr(start))}};
    return Json{
        {"name", shown(pair.substr(start, equals - start))}, {"value", masks == Masks::Kept ? std::string(maskedValue) : shown(pair.substr(equals + 1))}};
}

Json requestCookies(std::string_view head, Masks masks)
{
    Json list = Json::array();
    for (const HeadField &field : headFields(head)) {
        if (!sameName(field.name, "cookie"))
            continue;
        for (std::string_view rest = field.value; !rest.empty();) {
            const std::size_t end = std::min(rest.find(';'), rest.size());
            if (const std::string_view pair = rest.substr(0, end); pair.find_first_not_of(' ') != std::string_view::npos)
                list.push_back(cookie(pair, masks));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return list;
}

Json responseCookies(std::string_view head, Masks masks)
{
    Json list = Json::array();
    for (const HeadField &field : headFields(head)) {
        if (!sameName(field.name, "set-cookie"))
            continue;
        std::size_t end = std::min(field.value.find(';'), field.value.size());
        Json one = cookie(field.value.substr(0, end), masks);
        for (std::string_view rest = field.value.substr(end); !rest.empty(); rest.remove_prefix(end)) {
            rest.remove_prefix(std::min(rest.find_first_not_of("; "), rest.size()));
            end = std::min(rest.find(';'), rest.size());
            const std::string_view attribute = rest.substr(0, end);
            const std::size_t equals = std::min(attribute.find('='), attribute.size());
            const std::string_view name = attribute.substr(0, equals);
            const std::string_view value = attribute.substr(std::min(equals + 1, attribute.size()));
            if (sameName(name, "path"))
                one["path"] = shown(value);
            else if (sameName(name, "domain"))
                one["domain"] = shown(value);
            else if (sameName(name, "httponly"))
                one["httpOnly"] = true;
            else if (sameName(name, "secure"))
                one["secure"] = true;
            else if (sameName(name, "samesite"))
                one["sameSite"] = shown(value);
        }
        list.push_back(std::move(one));
    }
    return list;
}

Json pairList(std::string_view text)
{
    Json list = Json::array();
    for (const FormPair &pair : formPairs(text))
        list.push_back({{"name", shown(pair.name)}, {"value", shown(pair.value)}});
    return list;
}

std::string urlOf(const RequestRecord &record, const HarOptions &options)
{
    const std::string_view host = headValue(headFields(record.content.requestHead), "host");
    std::string base = options.base;
    if (!host.empty() && host.find_first_of("/?#@\\ ") == std::string_view::npos && base::isUtf8(host))
        base = (record.request.secure ? "https://" : "http://") + std::string(host);
    while (base.ends_with('/'))
        base.pop_back();
    return base + urlPath(record.request.target);
}

std::string_view firstLine(std::string_view head)
{
    return head.substr(0, head.find("\r\n"));
}

Json describeRequest(const RequestRecord &record, const HarOptions &options)
{
    const std::string &head = record.content.requestHead;
    const std::string &target = record.request.target;
    const std::string &body = record.content.requestBody;
    const std::size_t mark = std::min(target.find('?'), target.size());
    Json json{{"method", shown(record.request.method)}, {"url", urlOf(record, options)}, {"httpVersion", "HTTP/1.1"},
        {"cookies", requestCookies(head, options.masks)}, {"headers", fieldList(head, options.masks)},
        {"queryString", pairList(std::string_view(target).substr(std::min(mark + 1, target.size())))},
        {"headersSize", record.request.method.size() + target.size() + std::strlen("  HTTP/1.1\r\n\r\n") + head.size()},
        {"bodySize", record.request.requestBytes}};
    if (body.empty())
        return json;
    const std::string type = shown(headValue(headFields(head), "content-type"));
    Json post{{"mimeType", type}};
    if (base::isUtf8(body)) {
        post["text"] = body;
        if (sameName(type.substr(0, type.find(';')), "application/x-www-form-urlencoded"))
            post["params"] = pairList(body);
    } else {
        post["text"] = base::toBase64(base::asBytes(body));
        post["encoding"] = "base64";
    }
    json["postData"] = std::move(post);
    return json;
}

struct Described {
    Json json;
    bool encoded = false; ///< the body is still in its Content-Encoding
};

Described describeResponse(const RequestRecord &record, const HarOptions &options)
{
    const std::string &head = record.content.responseHead;
    const std::vector<HeadField> fields = headFields(head);
    const std::string_view line = firstLine(head);
    const bool known = line.starts_with("HTTP/");
    const std::size_t blank = known ? line.find(' ') : std::string_view::npos;
    const std::size_t reason = blank == std::string_view::npos ? blank : line.find(' ', blank + 1);
    const std::string_view encoding = headValue(fields, "content-encoding");
    Described result;
    std::string decoded;
    std::string_view body = record.content.responseBody;
    std::uint64_t size = record.request.responseBytes;
    result.encoded = !encoding.empty() && !sameName(encoding, "identity") && !body.empty();
    if (result.encoded && options.decode && body.size() >= size) {
        if (auto plain = options.decode(encoding, body)) {
            decoded = std::move(*plain);
            body = decoded;
            size = decoded.size();
            result.encoded = false;
        }
    }
    const std::string_view type = headValue(fields, "content-type");
    Json content{{"size", size}, {"mimeType", type.empty() ? "x-unknown" : shown(type)}};
    if (size > record.request.responseBytes)
        content["compression"] = size - record.request.responseBytes;
    if (!body.empty() && base::isUtf8(body)) {
        content["text"] = body;
    } else if (!body.empty()) {
        content["text"] = base::toBase64(base::asBytes(body));
        content["encoding"] = "base64";
    }
    if (body.size() < size)
        content["comment"] = "Only the first " + std::to_string(body.size()) + " bytes were kept.";
    result.json = Json{{"status", record.request.status}, {"statusText", reason == std::string_view::npos ? std::string() : shown(line.substr(reason + 1))},
        {"httpVersion", known ? shown(line.substr(0, blank)) : std::string("HTTP/1.1")}, {"cookies", responseCookies(head, options.masks)},
        {"headers", fieldList(head, options.masks)}, {"content", std::move(content)}, {"redirectURL", shown(headValue(fields, "location"))},
        {"headersSize", head.empty() ? Json(-1) : Json(head.size() + 2)}, {"bodySize", record.request.responseBytes}};
    if (!record.request.error.empty())
        result.json["_error"] = shown(record.request.error);
    return result;
}

Json describe(const CallEvent &call, Masks masks)
{
    const auto said = [masks](const std::string &text) { return masks == Masks::Kept ? maskedJson(text) : text; };
    Json json{{"span", call.span}, {"parent", call.parent}, {"startUs", call.startUs}, {"durationUs", call.durationUs}};
    add(json, "kind", call.kind);
    add(json, "binding", call.binding);
    add(json, "method", call.method);
    add(json, call.place);
    if (call.rowsRead > 0)
        json["rowsRead"] = call.rowsRead;
    if (call.rowsWritten > 0)
        json["rowsWritten"] = call.rowsWritten;
    add(json, "arguments", said(call.arguments));
    add(json, "result", said(call.result));
    add(json, "error", call.error);
    if (call.bytes > 0)
        json["bytes"] = call.bytes;
    return json;
}

Json describe(const ConsoleEvent &line, Masks masks)
{
    Json json{{"timeUs", line.timeUs}, {"level", harName(line.level)}};
    add(json, "text", line.text);
    add(json, "values", masks == Masks::Kept ? maskedJson(line.values) : line.values);
    add(json, line.place);
    return json;
}

Json describe(const ExceptionEvent &exception)
{
    Json json{{"timeUs", exception.timeUs}};
    add(json, "message", exception.message);
    add(json, "stack", exception.stack);
    add(json, exception.place);
    add(json, "excerpt", exception.excerpt);
    if (exception.excerptLine != 0)
        json["excerptLine"] = exception.excerptLine;
    return json;
}

Json describeOwn(const RequestRecord &record, const HarOptions &options, bool encoded)
{
    const RequestEvent &request = record.request;
    Json json{{"id", request.id}, {"kind", harName(request.kind)}, {"state", harName(request.state)}, {"answer", harName(request.answer)},
        {"durationUs", request.durationUs}, {"handedUs", request.handedUs}, {"beganUs", request.beganUs}, {"answeredUs", request.answeredUs}};
    add(json, "environment", request.environment);
    add(json, "handler", request.handler);
    add(json, "error", request.error);
    add(json, "cf", record.content.cf);
    if (request.cause != 0)
        json["cause"] = request.cause;
    if (request.secure)
        json["secure"] = true;
    if (urlPath(request.target) != request.target)
        json["target"] = exact(request.target);
    if (record.content.responseHead.empty())
        json["responseHead"] = false;
    if (encoded)
        json["encoded"] = true;
    json["truncated"] =
        Json{{"request", record.content.requestBody.size() < request.requestBytes}, {"response", record.content.responseBody.size() < request.responseBytes}};
    for (const char *list : {"spans", "console", "exceptions"})
        json[list] = Json::array();
    for (const CallEvent &call : record.calls)
        json["spans"].push_back(describe(call, options.masks));
    for (const ConsoleEvent &line : record.console)
        json["console"].push_back(describe(line, options.masks));
    for (const ExceptionEvent &exception : record.exceptions)
        json["exceptions"].push_back(describe(exception));
    return json;
}

/// What browsers' tools file an entry under (their own field of HAR), by the client's Sec-Fetch-Dest (Fetch Metadata Request Headers).
std::string_view resourceType(std::string_view requestHead)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> types = {{{"document", "document"}, {"iframe", "document"}, {"style", "stylesheet"},
        {"script", "script"}, {"worker", "script"}, {"image", "image"}, {"font", "font"}, {"audio", "media"}, {"video", "media"}, {"manifest", "manifest"}, {"websocket", "websocket"}}};
    const std::string_view destination = headValue(headFields(requestHead), "Sec-Fetch-Dest");
    const auto known = std::ranges::find(types, destination, &std::pair<std::string_view, std::string_view>::first);
    return known == types.end() ? "fetch" : known->second;
}

Json describe(const RequestRecord &record, const HarOptions &options)
{
    const RequestEvent &request = record.request;
    Described response = describeResponse(record, options);
    const std::uint32_t answered = std::min(request.answeredUs == 0 ? request.durationUs : request.answeredUs, request.durationUs);
    const std::uint32_t began = std::min(request.beganUs, answered);
    Json entry{{"startedDateTime", timeText(request.startUs)}, {"time", milliseconds(request.durationUs)}, {"request", describeRequest(record, options)},
        {"response", std::move(response.json)}, {"cache", Json::object()}};
    entry["timings"] = Json{{"blocked", milliseconds(began)}, {"dns", -1}, {"connect", -1}, {"ssl", -1}, {"send", 0}, {"wait", milliseconds(answered - began)},
        {"receive", milliseconds(request.durationUs - answered)}};
    entry["_resourceType"] = resourceType(record.content.requestHead);
    entry["_cleat"] = describeOwn(record, options, response.encoded);
    return entry;
}

} // namespace

base::Result<void> writeHar(
    const std::filesystem::path &file, const std::function<base::Result<std::optional<RequestRecord>>()> &next, const HarOptions &options)
{
    mode_t mode = 0600;
    if (options.masks == Masks::Kept) {
        const mode_t mask = ::umask(077);
        ::umask(mask);
        mode = 0666 & ~mask;
    }
    Replacement output(file);
    auto done = output.open(mode);
    const Json creator{{"name", "Cleat"}, {"version", options.version}};
    if (done)
        done = output.write(
            "{\"log\":{\"version\":\"1.2\",\"creator\":" + creator.dump(-1, ' ', false, Json::error_handler_t::replace) + ",\"pages\":[],\"entries\":[");
    for (const char *before = "\n"; done; before = ",\n") {
        auto record = next();
        if (!record)
            return std::unexpected(std::move(record.error()));
        if (!*record)
            break;
        done = output.write(before + describe(**record, options).dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    if (done)
        done = output.write("\n]}}\n");
    return done ? output.finish() : done;
}

} // namespace cleat::events
