// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "core/events/redactor.h"

#include <string>

namespace cleat::events {

/// One event as one line of JSON without its line break, for programs that read along:
///
///     {"type":"request","id":7,"kind":"http","time":"2026-11-28T04:00:00.123456Z","state":"finished","method":"GET","target":"/api?x=1","status":200,
///      "environment":"preview","durationUs":812,"handedUs":40,"beganUs":65,"answeredUs":790,"answer":"code","handler":"functions/api.ts","requestBytes":0,
///      "responseBytes":17}
///     {"type":"call","request":7,"span":2,"parent":1,"startUs":102,"durationUs":31,"kind":"kv","binding":"TODO","method":"get","file":"functions/api.ts",
///      "line":4,"column":31,"arguments":["key"],"result":"value","bytes":5}
///     {"type":"content","request":7,"requestHeaders":[["Host","localhost:8788"],["Cookie","[masked]"]],"requestBody":"...",
///      "statusLine":"HTTP/1.1 200 OK","responseHeaders":[["Content-Length","17"]],"responseBody":{"base64":"/9j/4AAQ"}}
///     {"type":"console","request":7,"time":...,"level":"log","text":"...","values":[...],"file":"functions/api.ts","line":3,"column":5}
///     {"type":"exception","request":7,"time":...,"message":"...","stack":"...","file":...,"excerpt":"...","excerptLine":1}
///     {"type":"notice","time":...,"level":"error","code":"build.failed","text":"..."}
///
/// Members that have nothing to say ("error", "file", "request" outside of one, "secure" without TLS, phases that were not reached, rows of D1) are left out. Arguments and
/// results are JSON where they were not shortened, else the shortened text. Bytes that are not UTF-8 become U+FFFD, but in bodies: one that is no text is base64, and of a text the last
/// character is left out when only its beginning is there.
/// A body is its beginning; the request's row says how long the whole was. Values of sensitive fields are masked (masking.h), and of a content's secrets the
/// redactor takes care, if there is one: what else the log tells has passed through it already. Any thread.
std::string toJson(const Event &event, const Redactor *redactor = nullptr);

} // namespace cleat::events
