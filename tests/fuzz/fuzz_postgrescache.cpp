// SPDX-License-Identifier: GPL-3.0-or-later
// A driver that talks to a database through the query cache gets, byte by byte, what it gets without: whatever it asks, in which pieces the bytes come, and however late the answers are. The
// database here never changes and always answers the same, so that a kept answer is as good as a new one. And nonsense passes, without harm.
#include "core/bindings/hyperdrive/postgrescache.h"
#include "core/bindings/hyperdrive/postgreswire.h"
#include "tests/fuzz/choices.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace {

using cleat::bindings::hyperdrive::PostgresCache;
using cleat::bindings::hyperdrive::QueryCache;
using cleat::bindings::hyperdrive::postgreswire::message;
using cleat::bindings::hyperdrive::postgreswire::number;
using cleat::fuzz::check;
using cleat::fuzz::Choices;

const std::string zero(1, '\0');
constexpr std::array<const char *, 6> texts{"select a", "select b from c", "insert into a values (1)", "select now()", "begin", "commit"};
constexpr std::array<const char *, 3> names{"", "one", "two"};

/// As much of PostgreSQL as it takes.
class Server
{
public:
    std::string answer(std::string_view bytes)
    {
        m_bytes += bytes;
        std::string out;
        if (!m_started && !m_bytes.empty()) {
            const std::size_t length = lengthAt(0);
            m_bytes.erase(0, length);
            m_started = true;
            out += message('R', number(0)) + ready();
        }
        while (!m_bytes.empty()) {
            const std::size_t length = 1 + lengthAt(1);
            take(m_bytes[0], m_bytes.substr(5, length - 5), out);
            m_bytes.erase(0, length);
        }
        return out;
    }

private:
    std::size_t lengthAt(std::size_t at) const
    {
        std::size_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value = value << 8 | static_cast<unsigned char>(m_bytes[at + i]);
        return value;
    }
    std::string ready() const { return message('Z', m_open ? "T" : "I"); }
    std::string done(const std::string &sql, const std::string &parameter)
    {
        if (sql == "begin" || sql == "commit")
            m_open = sql == "begin";
        return (sql.starts_with("select") ? message('D', sql + '|' + parameter) : std::string()) + message('C', sql + zero);
    }
    void fail(std::string &out)
    {
        out += message('E', "no" + zero);
        m_skips = true;
    }
    void take(char type, const std::string &body, std::string &out)
    {
        if (type == 'S') {
            m_skips = false;
            out += ready();
            return;
        }
        if (type == 'Q') {
            const std::string sql = body.substr(0, body.find('\0'));
            m_statements.erase("");
            out += message('T', sql);
            out += done(sql, "");
            out += ready();
            return;
        }
        if (m_skips)
            return;
        const std::string first = body.substr(0, body.find('\0'));
        const std::string rest = first.size() < body.size() ? body.substr(first.size() + 1) : std::string();
        const std::string second = rest.substr(0, rest.find('\0'));
        switch (type) {
        case 'P':
            if (!first.empty() && m_statements.contains(first))
                return fail(out);
            m_statements[first] = second;
            out += message('1', "");
            return;
        case 'B': {
            const auto known = m_statements.find(second);
            if (known == m_statements.end())
                return fail(out);
            m_portal = {known->second, rest.substr(second.size() + 1)};
            out += message('2', "");
            return;
        }
        case 'D': {
            const auto known = m_statements.find(first.substr(1));
            if (first[0] == 'S' && known == m_statements.end())
                return fail(out);
            out += (first[0] == 'S' ? message('t', known->second) : std::string()) + message('T', first[0] == 'S' ? known->second : m_portal.first);
            return;
        }
        case 'E':
            out += done(m_portal.first, m_portal.second);
            return;
        case 'C':
            m_statements.erase(first.substr(1));
            out += message('3', "");
            return;
        default:
            return;
        }
    }

    std::string m_bytes;
    bool m_started = false;
    bool m_skips = false;
    bool m_open = false;
    std::map<std::string, std::string> m_statements;
    std::pair<std::string, std::string> m_portal;
};

/// What a driver asks next: one question, up to Sync.
std::string question(Choices &choices, std::set<std::string> &made)
{
    const std::string sql = texts[choices.of(texts.size())];
    if (choices.of(3) == 0) {
        made.erase("");
        return message('Q', sql + zero);
    }
    const std::string name = names[choices.of(names.size())];
    const std::string bind = message('B', zero + name + zero + std::string(1, static_cast<char>('a' + choices.of(3))));
    std::string unit;
    if (!made.contains(name) || (name.empty() && choices.of(2) == 0)) {
        unit += message('P', name + zero + sql + zero + std::string(2, '\0'));
        made.insert(name);
        if (choices.of(3) == 0)
            unit += message('D', "S" + name + zero) + (choices.of(2) == 0 ? message('S', "") : message('H', ""));
    } else if (!name.empty() && choices.of(6) == 0) {
        made.erase(name);
        return message('C', "S" + name + zero) + message('S', "");
    }
    if (choices.of(8) == 0)
        return unit + message('B', zero + "unknown" + zero) + message('S', "");
    unit += bind;
    if (choices.of(2) == 0)
        unit += message('D', "P" + zero);
    return unit + message('E', zero + number(0)) + message('S', "");
}

void talk(Choices &choices, const std::shared_ptr<QueryCache> &cache, std::int64_t &now)
{
    PostgresCache filter(cache);
    Server behind;
    Server alone;
    std::string late; // what the server says, and has not come yet
    std::string given;
    std::string expected;
    std::set<std::string> made;
    const auto send = [&](const std::string &bytes) {
        const std::size_t piece = 1 + choices.of(60);
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            const auto passed = filter.fromClient(std::string_view(bytes).substr(at, piece), now);
            late += behind.answer(passed.toServer);
            given += passed.toClient;
        }
        expected += alone.answer(bytes);
    };
    const auto come = [&](std::size_t size) {
        given += filter.fromServer(late.substr(0, size), now);
        late.erase(0, size);
    };
    const std::string body = number(196608) + "user" + zero + "a" + zero + zero;
    send(number(static_cast<std::uint32_t>(body.size() + 4)) + body);
    for (int i = 0; i < 40; ++i) {
        if (choices.of(4) == 0)
            now += static_cast<std::int64_t>(choices.of(1500)); // answers become too old, some of them too old for anything
        send(question(choices, made));
        if (choices.of(3) != 0)
            come(choices.of(2) == 0 ? choices.of(100) : late.size());
    }
    while (!late.empty())
        come(late.size());
    check(given == expected, "The driver gets something else than without the cache.");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    Choices choices(data, size);
    const auto cache = std::make_shared<QueryCache>(1000, 1000);
    std::int64_t now = 0;
    for (int i = 0; i < 4; ++i)
        talk(choices, cache, now);
    // Nonsense, in both directions.
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    PostgresCache filter(cache);
    std::string passed;
    for (std::size_t at = 0; at < size; at += 7) {
        passed += filter.fromClient(bytes.substr(at, 7), 0).toServer;
        (void)filter.fromServer(bytes.substr(at, 3), 0);
    }
    check(bytes.starts_with(passed), "What the client sends does not pass as it is.");
    return 0;
}
