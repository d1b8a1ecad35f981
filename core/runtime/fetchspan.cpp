// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/fetchspan.h"

#include "core/base/clock.h"
#include "core/events/masking.h"
#include "core/runtime/preview.h"

#include <algorithm>

namespace cleat::runtime {

namespace {

constexpr std::size_t shownFields = 64;
constexpr std::size_t keptBody = 1025; ///< preview() shows 1024 bytes, and has to see that there are more

/// {"name": "value", ...}; fields that come more than once as a list.
std::string shownHeaders(const std::vector<std::pair<std::string, std::string>> &fields)
{
    std::vector<std::pair<std::string_view, std::string>> shown;
    for (const auto &[name, value] : fields) {
        if (shown.size() == shownFields)
            break;
        std::string text = events::isSensitiveField(name) ? jsonString(events::maskedValue) : preview(value);
        const auto same = std::ranges::find(shown, std::string_view(name), &std::pair<std::string_view, std::string>::first);
        if (same == shown.end())
            shown.emplace_back(name, std::move(text));
        else if (same->second.starts_with('['))
            same->second.insert(same->second.size() - 1, ',' + text);
        else
            same->second = '[' + same->second + ',' + text + ']';
    }
    std::string json = "{";
    for (const auto &[name, text] : shown)
        json.append(json.size() > 1 ? "," : "").append(jsonString(name)).append(":").append(text);
    return json + '}';
}

/// The beginning of a body of this many bytes.
std::string shownBody(const std::string &beginning, std::uint64_t bytes)
{
    if (beginning.size() >= bytes)
        return preview(beginning);
    std::string shown = preview(beginning);
    // preview() takes what it was given for all there is.
    const std::string given = std::to_string(beginning.size()) + " bytes";
    if (const std::size_t at = shown.rfind(given); at != std::string::npos)
        shown.replace(at, given.size(), std::to_string(bytes) + " bytes");
    return shown;
}

} // namespace

std::string_view authorityOf(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return url;
    url.remove_prefix(scheme + 3);
    url = url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
    const std::size_t at = url.rfind('@');
    return at == std::string_view::npos ? url : url.substr(at + 1);
}

FetchSpan::FetchSpan(const FetchClient::Request &request, CallMark mark) : m_mark(mark)
{
    m_event.kind = "fetch";
    m_event.binding = authorityOf(request.url);
    m_event.method = request.method;
    m_event.arguments = '[' + preview(request.url);
    std::string options;
    if (!request.fields.empty())
        options = "\"headers\":" + shownHeaders(request.fields);
    if (request.bodyKind == FetchClient::Request::Body::Whole)
        options.append(options.empty() ? "" : ",").append("\"body\":").append(preview(request.body));
    else if (request.bodyKind == FetchClient::Request::Body::Streaming)
        options.append(options.empty() ? "" : ",").append("\"body\":\"<stream>\"");
    if (!options.empty())
        m_event.arguments += ",{" + options + '}';
    m_event.arguments += ']';
}

void FetchSpan::head(const FetchClient::Head &head, std::int64_t atNs)
{
    m_headUs = static_cast<std::uint64_t>((atNs - m_mark.beginNs + 500) / 1000);
    m_head = "\"status\":" + std::to_string(head.status) + ",\"statusText\":" + jsonString(head.statusText) + ",\"headers\":" + shownHeaders(head.fields);
}

void FetchSpan::data(std::string_view bytes)
{
    m_event.bytes += bytes.size();
    if (m_body.size() < keptBody)
        m_body.append(bytes.substr(0, keptBody - m_body.size()));
}

events::CallEvent FetchSpan::finish(std::string error, End end)
{
    m_event.durationUs = static_cast<std::uint32_t>((base::steadyNs() - m_mark.beginNs + 500) / 1000);
    m_event.span = m_mark.span;
    m_event.parent = m_mark.parent;
    m_event.error = std::move(error);
    if (!m_head.empty()) {
        m_event.result = '{' + m_head;
        if (m_event.bytes > 0)
            m_event.result += ",\"body\":" + shownBody(m_body, m_event.bytes);
        m_event.result += ",\"headUs\":" + std::to_string(m_headUs) + ",\"complete\":" + (end == End::Complete ? "true" : "false") + '}';
    }
    return std::move(m_event);
}

} // namespace cleat::runtime
