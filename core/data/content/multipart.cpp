// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/content/multipart.h"

#include <algorithm>

namespace cleat::data::content {

namespace {

constexpr std::size_t mostHeadBytes = 64U << 10;

struct Delimiter {
    std::size_t begin = 0; ///< of the line end before it, which belongs to it
    std::size_t end = 0; ///< behind its own line end
    bool last = false;
};

/// The first delimiter line at or behind `from`; npos as its begin: none.
Delimiter findDelimiter(std::string_view body, std::string_view dashed, std::size_t from)
{
    for (std::size_t at = body.find(dashed, from); at != std::string_view::npos; at = body.find(dashed, at + 1)) {
        if (at > 0 && body[at - 1] != '\n')
            continue;
        std::size_t end = at + dashed.size();
        const bool last = body.substr(end).starts_with("--");
        if (last)
            end += 2;
        while (end < body.size() && (body[end] == ' ' || body[end] == '\t'))
            ++end;
        const std::string_view rest = body.substr(end);
        if (rest.starts_with("\r\n"))
            end += 2;
        else if (rest.starts_with('\n'))
            end += 1;
        else if (!rest.empty() && !last) // a longer word that begins the same
            continue;
        std::size_t begin = at;
        if (begin > 0)
            begin -= begin > 1 && body[begin - 2] == '\r' ? 2 : 1;
        return {begin, end, last};
    }
    return {std::string_view::npos, std::string_view::npos, false};
}

/// Where the content begins: behind the empty line that ends the head.
std::size_t headLength(std::string_view part)
{
    if (part.starts_with("\r\n"))
        return 2;
    if (part.starts_with('\n'))
        return 1;
    const std::string_view looked = part.substr(0, mostHeadBytes);
    const std::size_t dos = looked.find("\r\n\r\n");
    const std::size_t unix = looked.find("\n\n");
    if (dos == std::string_view::npos && unix == std::string_view::npos)
        return std::string_view::npos;
    return dos < unix ? dos + 4 : unix + 2;
}

Part partOf(std::string_view body, std::size_t begin, std::size_t end)
{
    Part part;
    const std::string_view text = body.substr(begin, end - begin);
    // An empty part's empty line may be the line end that belongs to the delimiter.
    const std::size_t found = headLength(body.substr(begin, end - begin + 2));
    const std::size_t head = found == std::string_view::npos ? 0 : std::min(found, text.size()); // no empty line: all is taken for content
    part.head = parseHead(text.substr(0, head));
    part.begin = begin + head;
    part.length = text.size() - head;
    const MediaType disposition = parseMediaType(part.head.value("content-disposition"));
    part.name = disposition.parameter("name");
    part.fileName = disposition.parameter("filename");
    part.contentType = part.head.value("content-type");
    return part;
}

} // namespace

Multipart parseMultipart(std::string_view body, std::string_view boundary, std::size_t mostParts)
{
    Multipart result;
    if (boundary.empty())
        return result;
    const std::string dashed = "--" + std::string(boundary);
    Delimiter at = findDelimiter(body, dashed, 0);
    if (at.begin == std::string_view::npos)
        return result;
    while (!at.last) {
        if (result.parts.size() == mostParts) {
            result.end = Multipart::End::TooMany;
            return result;
        }
        // The line end of the delimiter before may be the one that belongs to the next, when the part is empty.
        const Delimiter next = findDelimiter(body, dashed, at.end);
        if (next.begin == std::string_view::npos) {
            result.end = Multipart::End::CutOff;
            if (at.end < body.size())
                result.parts.push_back(partOf(body, at.end, body.size()));
            return result;
        }
        result.parts.push_back(partOf(body, at.end, std::max(at.end, next.begin)));
        at = next;
    }
    result.end = Multipart::End::Closed;
    return result;
}

std::vector<ServerEvent> parseEventStream(std::string_view text, std::size_t most)
{
    std::vector<ServerEvent> result;
    const std::size_t whole = text.size();
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    ServerEvent event;
    bool any = false;
    bool data = false;
    while (!text.empty() && result.size() < most) {
        const std::size_t begin = whole - text.size();
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end);
        text.remove_prefix(text.starts_with("\r\n") ? 2 : text.empty() ? 0 : 1);
        if (line.empty()) {
            if (any)
                result.push_back(std::move(event));
            event = {};
            any = false;
            data = false;
            continue;
        }
        if (!any)
            event.begin = begin;
        any = true;
        const std::size_t colon = std::min(line.find(':'), line.size());
        const std::string_view name = line.substr(0, colon);
        std::string_view value = colon < line.size() ? line.substr(colon + 1) : std::string_view();
        if (value.starts_with(' '))
            value.remove_prefix(1);
        if (colon == 0) {
            event.comment += event.comment.empty() ? "" : "\n";
            event.comment += value;
        } else if (name == "event") {
            event.type = value;
        } else if (name == "id") {
            event.id = value;
        } else if (name == "data") {
            event.data += data ? "\n" : "";
            event.data += value;
            data = true;
        }
    }
    if (any && result.size() < most) {
        event.complete = false;
        result.push_back(std::move(event));
    }
    return result;
}

} // namespace cleat::data::content
