// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/content/fields.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::content {

/// One part of a multipart body.
struct Part {
    Head head;
    std::string name; ///< of form-data; empty: none
    std::string fileName; ///< empty: none
    std::string contentType; ///< as it stands; empty: none
    std::size_t begin = 0; ///< of its content, in bytes of the body
    std::size_t length = 0;
    bool operator==(const Part &) const = default;
};

struct Multipart {
    std::vector<Part> parts;
    enum class End {
        Closed, ///< its last boundary was there
        CutOff, ///< not: the last part may be longer
        TooMany, ///< more parts than were asked for
        NoBoundary, ///< not one boundary was found, or none was named
    };
    End end = End::NoBoundary;
    bool operator==(const Multipart &) const = default;
};

/// Takes a body apart at its boundary (RFC 2046, 5.1; RFC 7578). Boundaries count at the beginning of a line alone. Parts in parts are not taken apart. Any thread.
Multipart parseMultipart(std::string_view body, std::string_view boundary, std::size_t mostParts = 1000);

/// One event of a text/event-stream (WHATWG HTML, 9.2).
struct ServerEvent {
    std::string type; ///< empty: "message"
    std::string id;
    std::string data; ///< its lines joined
    std::string comment; ///< lines that begin with ':'
    std::size_t begin = 0; ///< byte of the stream
    bool complete = true; ///< the empty line behind it was there
    bool operator==(const ServerEvent &) const = default;
};
std::vector<ServerEvent> parseEventStream(std::string_view text, std::size_t most = 10'000);

} // namespace cleat::data::content
