// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"

/// A request as a project of some size has them: two functions in a chain, calls of several kinds, a console line, headers, bodies.
inline cleat::events::RequestRecord sampleRecord()
{
    using namespace cleat::events;
    RequestRecord r;
    r.request.startUs = 1'795'850'000'000'000;
    r.request.durationUs = 18'400;
    r.request.handedUs = 150;
    r.request.beganUs = 900;
    r.request.answeredUs = 16'200;
    r.request.status = 200;
    r.request.state = RequestState::Finished;
    r.request.environment = "preview";
    r.request.method = "POST";
    r.request.target = "/api/todos/42?sort=done&q=a+b";
    r.request.handler = "functions/api/todos/[id].ts";
    r.content.requestHead = "Host: localhost:8788\r\nContent-Type: application/x-www-form-urlencoded\r\nCookie: session=3f9a; theme=dark\r\nAuthorization: Bearer abcdef\r\n"
                            "X-Api-Key: [secret API_KEY]\r\nUser-Agent: curl/8.1\r\n";
    r.content.requestBody = "title=Buy+milk&done=0";
    r.request.requestBytes = r.content.requestBody.size();
    r.content.responseHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: session=77; Path=/; HttpOnly\r\nX-Trace: abc\r\n";
    r.content.responseBody = R"({"id":42,"title":"Buy milk","done":false,"tags":["home","[secret API_KEY]"],"owner":{"name":"Ada","mail":"ada@example.org"}})";
    r.request.responseBytes = r.content.responseBody.size();
    r.content.cf = R"({"country":"DE","colo":"FRA"})";

    const auto add = [&r](std::uint32_t span, std::uint32_t parent, std::uint32_t start, std::uint32_t duration, const char *kind, const char *binding, const char *method,
                         std::string arguments = {}, std::string result = {}) -> CallEvent & {
        CallEvent call;
        call.span = span;
        call.parent = parent;
        call.startUs = start;
        call.durationUs = duration;
        call.kind = kind;
        call.binding = binding;
        call.method = method;
        call.arguments = std::move(arguments);
        call.result = std::move(result);
        call.place = {"functions/api/todos/[id].ts", static_cast<int>(10 + span), 7};
        r.calls.push_back(std::move(call));
        return r.calls.back();
    };
    add(3, 2, 1'400, 320, "kv", "SESSIONS", "get", R"(["session:3f9a","json"])", R"({"user":7,"roles":["admin","editor"]})").bytes = 214;
    CallEvent &d1 = add(5, 4, 2'600, 2'900, "d1", "DB", "all", R"(["select t.id, t.title, u.name from todos t left join users u on u.id = t.owner where t.id = ?1 and t.done = ?2 order by t.title limit 10",42,0])",
        R"([{"id":42,"title":"Buy milk","name":"Ada"}])");
    d1.rowsRead = 3;
    d1.bytes = 57;
    add(6, 4, 5'800, 6'100, "fetch", "api.example.org", "GET", R"(["https://api.example.org/v1/rates?base=EUR",{"headers":{"accept":"application/json","authorization":"[masked]"}}])",
        R"({"status":200,"statusText":"OK","headers":{"content-type":"application/json"},"body":"{\"USD\":1.08}","headUs":5600,"complete":true})");
    add(7, 4, 12'100, 650, "r2", "FILES", "head", R"(["todos/42.txt"])", "").error = "R2 FILES.head: the bucket has no such object";
    add(8, 4, 12'900, 900, "cache", "default", "match", R"(["http://localhost:8788/api/rates"])", "null");
    add(4, 2, 2'300, 12'800, "handler", "api/todos/[id].ts", "onRequestPost");
    add(2, 1, 1'100, 14'600, "middleware", "api/_middleware.ts", "onRequest");
    add(1, 0, 920, 15'100, "middleware", "_middleware.ts", "onRequest");
    add(10, 9, 16'900, 3'800, "queue", "JOBS", "send", R"([{"kind":"mail","to":"ada@example.org"}])");
    add(9, 0, 15'600, 6'400, "waituntil", "", "waitUntil");

    ConsoleEvent line;
    line.timeUs = r.request.startUs + 2'500;
    line.text = "loading todo { id: 42, filter: { done: false } }";
    line.values = R"(["loading todo",{"id":42,"filter":{"done":false}}])";
    line.place = {"functions/api/todos/[id].ts", 14, 3};
    r.console.push_back(line);
    line.timeUs += 9'800;
    line.level = Level::Warn;
    line.text = "no file for todo 42\nkey was [secret API_KEY]";
    line.values.clear();
    r.console.push_back(line);
    return r;
}

/// One whose code threw.
inline cleat::events::RequestRecord failingRecord()
{
    using namespace cleat::events;
    RequestRecord r = sampleRecord();
    r.request.status = 500;
    r.request.error = "TypeError: Cannot read properties of undefined (reading 'title')";
    r.request.durationUs = 7'000;
    r.request.answeredUs = 6'500;
    r.calls.resize(2);
    r.calls[1].error = "D1_ERROR: no such column: t.owner";
    r.calls[1].result.clear();
    ExceptionEvent exception;
    exception.message = r.request.error;
    exception.stack = r.request.error + "\n    at titleOf (functions/lib/todo.ts:8:23)\n    at onRequestPost (functions/api/todos/[id].ts:17:12)\n    at async Promise.all (index 0)";
    exception.place = {"functions/lib/todo.ts", 8, 23};
    exception.excerpt = "export function titleOf(todo?: Todo): string {\n  // Old rows have no title.\n  const fallback = \"untitled\";\n  return todo.title ?? fallback;\n}\n\nexport const one = 1;\n";
    exception.excerptLine = 5;
    r.exceptions.push_back(std::move(exception));
    r.content.responseHead = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nX-Trace: abc\r\n";
    r.content.responseBody = "Internal error";
    r.request.responseBytes = r.content.responseBody.size();
    return r;
}
