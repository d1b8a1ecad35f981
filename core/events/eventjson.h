// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <string>

namespace cleat::events {

/// One event as one line of JSON without its line break, for programs that read along:
///
///     {"type":"request","id":7,"time":"2026-11-28T04:00:00.123456Z","state":"finished","method":"GET","target":"/api?x=1","status":200,"durationUs":812,
///      "answer":"code","handler":"functions/api.ts","requestBytes":0,"responseBytes":17}
///     {"type":"call","request":7,"startUs":102,"durationUs":31,"kind":"kv","binding":"TODO","method":"get","arguments":["key"],"result":"value","bytes":5}
///     {"type":"console","request":7,"time":...,"level":"log","text":"...","file":"functions/api.ts","line":3,"column":5}
///     {"type":"exception","request":7,"time":...,"message":"...","stack":"...","file":...}
///     {"type":"notice","time":...,"level":"error","code":"build.failed","text":"..."}
///
/// Members that have nothing to say ("error", "file", "request" outside of one) are left out. Arguments and results are JSON where they were not shortened, else the
/// shortened text. Bytes that are not UTF-8 become U+FFFD. Any thread.
std::string toJson(const Event &event);

} // namespace cleat::events
