// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace cleat::test {

/// A head of about 300 bytes, always the same.
inline std::string longHead(const char *start)
{
    std::string head = start;
    for (int i = 0; i < 7; ++i)
        head += "X-Header-Number-" + std::to_string(i) + ": a value of some length\r\n";
    return head;
}

/// What one hello request tells: itself, its handler's span, its content.
inline void addHello(events::Batch &batch, events::RequestId id, std::int64_t startUs)
{
    static const std::string requestHead = longHead("Host: localhost:8788\r\n");
    static const std::string responseHead = longHead("HTTP/1.1 200 OK\r\n");
    events::CallEvent call;
    call.request = id;
    call.span = 1;
    call.startUs = 20;
    call.durationUs = static_cast<std::uint32_t>(30 + id % 7);
    call.kind = "handler";
    call.binding = "functions/hello.ts";
    call.method = "onRequestGet";
    call.place = {"functions/hello.ts", 3, 14};
    batch.emplace_back(std::move(call));
    events::RequestEvent request;
    request.id = id;
    request.startUs = startUs;
    request.durationUs = static_cast<std::uint32_t>(100 + id % 101);
    request.status = 200;
    request.state = events::RequestState::Finished;
    request.handedUs = 10;
    request.beganUs = 15;
    request.answeredUs = 60;
    request.environment = "production";
    request.method = "GET";
    request.target = "/hello";
    request.handler = "functions/hello.ts";
    request.responseBytes = 13;
    batch.emplace_back(std::move(request));
    events::ContentEvent content;
    content.request = id;
    content.requestHead = requestHead;
    content.responseHead = responseHead;
    content.responseBody = "Hello, world!";
    batch.emplace_back(std::move(content));
}

/// Events of random requests, in any order, with everything that can be in one.
class RandomTraffic final
{
public:
    explicit RandomTraffic(std::uint32_t seed) : m_random(seed) {}

    std::uint32_t below(std::uint32_t bound) { return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(m_random); }
    std::string word()
    {
        static constexpr const char *words[] = {"", "todos", "Users", "a", "error: no such table", "/api/v1", "sess\xc3\xb6n", "x=1&y=2", "0123456789", "nothing"};
        std::string text = words[below(10)];
        if (below(8) == 0)
            text += std::to_string(below(1000));
        if (below(200) == 0)
            text.append(5000 + below(40000), static_cast<char>('a' + below(26)));
        return text;
    }
    base::Place place() { return below(2) == 0 ? base::Place{} : base::Place{word(), static_cast<int>(below(100)), static_cast<int>(below(100))}; }
    std::string head()
    {
        static constexpr const char *names[] = {"Accept", "content-type", "X-Thing", "Host"};
        std::string head;
        for (std::uint32_t i = below(4); i > 0; --i)
            head += std::string(names[below(4)]) + ": " + word() + "\r\n";
        return head;
    }
    events::RequestEvent request(events::RequestId id)
    {
        static constexpr const char *methods[] = {"GET", "POST", "put", "QUEUE"};
        static constexpr const char *environments[] = {"", "preview", "production"};
        events::RequestEvent event;
        event.id = id;
        event.startUs = 1'000'000'000 + static_cast<std::int64_t>(id) * 1000 + below(5000);
        event.durationUs = below(3) == 0 ? below(40) : below(2'000'000);
        event.status = static_cast<std::uint16_t>(below(6) * 100 + below(5));
        event.state = static_cast<events::RequestState>(below(3));
        event.answer = static_cast<events::Answer>(below(3));
        event.kind = static_cast<events::RequestKind>(below(4));
        event.secure = below(2) == 0;
        event.handedUs = below(100);
        event.beganUs = below(100);
        event.answeredUs = below(1000);
        event.environment = environments[below(3)];
        event.method = methods[below(4)];
        event.target = "/" + word() + "?" + word();
        event.handler = word();
        event.requestBytes = below(100000);
        event.responseBytes = below(100000);
        event.error = below(4) == 0 ? word() : "";
        event.cause = event.kind != events::RequestKind::Http && event.durationUs % 2 == 0 ? id - id % 30 : 0;
        return event;
    }
    events::CallEvent call(events::RequestId id)
    {
        static constexpr const char *kinds[] = {"kv", "d1", "handler", "middleware", "fetch", "cache", "waituntil"};
        events::CallEvent event;
        event.request = id;
        event.span = below(5);
        event.parent = below(3);
        event.startUs = below(1000);
        event.durationUs = below(1000);
        event.kind = kinds[below(7)];
        event.binding = word();
        event.method = word();
        event.place = place();
        event.rowsRead = below(10);
        event.rowsWritten = below(10);
        event.arguments = word();
        event.result = word();
        event.error = below(4) == 0 ? word() : "";
        event.bytes = below(1000);
        return event;
    }
    events::ContentEvent content(events::RequestId id) { return {id, head(), "HTTP/1.1 200 OK\r\n" + head(), word(), word(), word()}; }
    events::Event event(events::RequestId id)
    {
        switch (below(8)) {
        case 0:
        case 1:
        case 2:
            return request(id);
        case 3:
        case 4:
            return call(id);
        case 5:
            return events::ConsoleEvent{id, below(100000), static_cast<events::Level>(below(5)), word(), word(), place()};
        case 6:
            return events::ExceptionEvent{id, below(100000), word(), word(), place(), word(), static_cast<int>(below(50))};
        default:
            return content(id);
        }
    }

private:
    std::mt19937 m_random;
};

} // namespace cleat::test
