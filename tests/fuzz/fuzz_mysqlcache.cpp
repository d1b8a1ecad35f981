// SPDX-License-Identifier: GPL-3.0-or-later
// A driver that talks to MySQL through the query cache gets, byte by byte, what it gets without: whatever it asks, in which pieces the bytes come, and however late the answers are. The database
// here never changes and always answers the same, so that a kept answer is as good as a new one. And nonsense passes, without harm.
#include "core/bindings/hyperdrive/mysqlcache.h"
#include "core/bindings/hyperdrive/mysqlwire.h"
#include "tests/fuzz/choices.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using cleat::bindings::hyperdrive::MySqlCache;
using cleat::bindings::hyperdrive::QueryCache;
using cleat::fuzz::check;
using cleat::fuzz::Choices;
using namespace cleat::bindings::hyperdrive::mysqlwire;

const std::string zero(1, '\0');
constexpr std::array<const char *, 9> texts{
    "select a", "select b from c", "select 'x@y; now()'", "insert into a values (1)", "select now()", "begin", "commit", "fail", "select found_rows()"};
constexpr std::array<std::uint32_t, 4> styles{0, withoutEof, queryAttributes, withoutEof | queryAttributes};

/// As much of MySQL as it takes.
class Server
{
public:
    explicit Server(std::uint32_t capabilities) : m_capabilities(capabilities) {}

    std::string greeting() const
    {
        return packet(0,
            "\x0a" + std::string("8") + zero + number(1, 4) + "12345678" + zero + number(m_capabilities & 0xFFFF, 2) + "\x2d" + number(2, 2)
                + number(m_capabilities >> 16, 2) + "\x15" + std::string(10, '\0') + "123456789012" + zero);
    }
    std::string answer(std::string_view bytes)
    {
        m_bytes += bytes;
        m_out.clear();
        while (m_bytes.size() >= headBytes) {
            Reader head(m_bytes);
            const std::size_t length = head.integer(3);
            check(m_bytes.size() >= headBytes + length, "A packet comes in pieces.");
            m_sequence = static_cast<std::uint8_t>(head.integer(1) + 1);
            const std::string payload = m_bytes.substr(headBytes, length);
            m_bytes.erase(0, headBytes + length);
            if (m_isIn)
                take(payload);
            else if (std::exchange(m_responded, true))
                m_isIn = (done(0), true);
            else
                send("\xfe" + std::string("other") + zero + "12345678901234567890" + zero);
        }
        return m_out;
    }

private:
    bool has(std::uint32_t capability) const { return (m_capabilities & capability) != 0; }
    std::uint32_t status() const { return m_open ? 3 : 2; }
    void send(const std::string &payload) { m_out += packet(m_sequence++, payload); }
    void done(std::uint32_t flags) { send(std::string(3, '\0') + number(status() | flags, 2) + number(0, 2)); }
    void fail() { send("\xff" + number(1064, 2) + "#42000no"); }
    void end(std::uint32_t flags)
    {
        if (has(withoutEof))
            send(std::string("\xfe\0\0", 3) + number(status() | flags, 2) + number(0, 2));
        else
            send("\xfe" + number(0, 2) + number(status() | flags, 2));
    }
    void result(const std::string &sql, const std::string &parameters, bool binary, bool cursor)
    {
        if (sql == "begin" || sql == "commit")
            m_open = sql == "begin";
        const std::size_t before = std::exchange(m_rows, 0);
        if (sql == "fail") {
            fail();
            return;
        }
        if (!sql.starts_with("select")) {
            done(0);
            return;
        }
        const std::string about = sql == "select found_rows()" ? std::to_string(before) : sql;
        m_rows = sql.size();
        send("\x02");
        send("\x03" + std::string("def") + sql);
        send("\x03" + std::string("def"));
        if (cursor) {
            end(0x40);
            return;
        }
        if (!has(withoutEof))
            end(0);
        for (std::size_t i = 0; i < sql.size() % 3; ++i) {
            const std::string value = about + parameters;
            send((binary ? zero + zero : std::string()) + static_cast<char>(value.size()) + value + "\xfb");
        }
        end(0);
    }
    void take(const std::string &payload)
    {
        Reader reader(payload);
        switch (reader.integer(1)) {
        case 0x03:
            if (has(queryAttributes))
                check(reader.integer(2) == 0x100, "There are no attributes.");
            result(std::string(reader.rest()), "", false, false);
            return;
        case 0x16: {
            const std::string sql(reader.rest());
            if (sql == "fail") {
                fail();
                return;
            }
            const bool withParameter = sql.starts_with("select a") || sql.starts_with("select b");
            m_statements[++m_lastStatement] = {sql, withParameter, "", ""};
            send(zero + number(m_lastStatement, 4) + number(1, 2) + number(withParameter ? 1 : 0, 2) + std::string(3, '\0'));
            for (int i = 0; i < (withParameter ? 2 : 1); ++i) {
                send("\x03" + std::string("def"));
                if (!has(withoutEof))
                    end(0);
            }
            return;
        }
        case 0x17: {
            const auto found = m_statements.find(reader.integer(4));
            if (found == m_statements.end()) {
                fail();
                return;
            }
            auto &[sql, withParameter, types, given] = found->second;
            const std::uint32_t flags = reader.integer(1);
            reader.integer(4);
            if (has(queryAttributes))
                check(reader.integer(1) == (withParameter ? 1 : 0), "The parameters are counted.");
            std::string value;
            if (withParameter) {
                reader.integer(1);
                if (reader.integer(1) == 1)
                    types = reader.text(has(queryAttributes) ? 3 : 2);
                check(!types.empty(), "The server knows the types.");
                value = types + std::string(reader.rest()) + given;
            }
            result(sql, value, true, (flags & 1) != 0);
            return;
        }
        case 0x18:
            m_rows = 0;
            if (const auto found = m_statements.find(reader.integer(4)); found != m_statements.end())
                std::get<3>(found->second) += reader.rest();
            return;
        case 0x19:
            m_rows = 0;
            m_statements.erase(reader.integer(4));
            return;
        case 0x1C:
            send(zero + zero
                + "\x01"
                  "f\xfb");
            end(0x80);
            return;
        default:
            done(0);
            return;
        }
    }

    const std::uint32_t m_capabilities;
    std::string m_bytes;
    std::string m_out;
    std::uint8_t m_sequence = 0;
    bool m_responded = false;
    bool m_isIn = false;
    bool m_open = false;
    std::size_t m_rows = 0;
    std::uint32_t m_lastStatement = 0;
    std::map<std::uint32_t, std::tuple<std::string, bool, std::string, std::string>>
        m_statements; ///< text, whether it has a parameter, the parameter's type, what was sent of it before
};

/// A statement as the driver knows it.
struct Made {
    std::uint32_t id = 0;
    bool withParameter = false;
    bool isTold = false;
};

std::string execution(Choices &choices, Made &made, std::uint32_t capabilities)
{
    const bool attributes = (capabilities & queryAttributes) != 0;
    const std::uint32_t flags = (attributes ? 8U : 0U) | (choices.of(12) == 0 ? 1U : 0U);
    std::string out = "\x17" + number(made.id, 4) + number(flags, 1) + number(1, 4);
    if (attributes)
        out += made.withParameter ? "\x01" : zero;
    if (made.withParameter) {
        const bool tells = !made.isTold || choices.of(2) == 0;
        made.isTold = true;
        out += zero + (tells ? "\x01" : zero);
        if (tells)
            out += std::string("\xfd\0", 2) + (attributes ? zero : std::string());
        out += "\x01";
        out += static_cast<char>('a' + choices.of(3));
    }
    return packet(0, out);
}

void talk(Choices &choices, const std::shared_ptr<QueryCache> &cache, std::int64_t &now)
{
    const std::uint32_t capabilities = protocol41 | secureConnection | pluginAuthentication | withDatabase | styles[choices.of(styles.size())];
    MySqlCache filter(cache);
    Server behind(capabilities);
    Server alone(capabilities);
    std::string late = behind.greeting(); // what the server says, and has not come yet
    std::string given;
    std::string expected = alone.greeting();
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
    const auto settle = [&] {
        while (!late.empty())
            come(1 + choices.of(100));
    };
    settle();
    send(packet(1, number(capabilities, 4) + number(0, 4) + "\x2d" + std::string(23, '\0') + "ada" + zero + "\x02" + "pw" + "records" + zero + "other" + zero));
    settle();
    send(packet(3, "scrambled"));
    settle();
    std::vector<Made> made;
    std::uint32_t last = 0;
    for (int i = 0; i < 60; ++i) {
        if (choices.of(4) == 0)
            now += static_cast<std::int64_t>(choices.of(1500)); // answers become too old, some of them too old for anything
        const std::string sql = texts[choices.of(texts.size())];
        const std::size_t kind = choices.of(12);
        Made *const statement = made.empty() ? nullptr : &made[choices.of(made.size())];
        if (kind < 4 || (kind < 9 && !statement)) {
            send(packet(0, "\x03" + ((capabilities & queryAttributes) != 0 ? std::string("\0\1", 2) : std::string()) + sql));
        } else if (kind < 9) {
            send(execution(choices, *statement, capabilities));
        } else if (kind == 9) {
            send(packet(0, "\x16" + sql));
            settle(); // its number is in the answer
            if (sql != "fail")
                made.push_back({++last, sql.starts_with("select a") || sql.starts_with("select b"), false});
        } else if (kind == 10 && statement) {
            switch (choices.of(4)) {
            case 0:
                send(packet(0, "\x18" + number(statement->id, 4) + number(0, 2) + "+"));
                break;
            case 1:
                send(packet(0, "\x1c" + number(statement->id, 4) + number(5, 4)));
                break;
            default:
                send(packet(0, "\x19" + number(statement->id, 4)));
                made.erase(made.begin() + (statement - made.data()));
                break;
            }
        } else if (kind == 11 && choices.of(30) == 0) {
            send(packet(0,
                choices.of(2) == 0 ? "\x02other"
                                   : "\x03" + ((capabilities & queryAttributes) != 0 ? std::string("\0\1", 2) : std::string()) + "set names latin1"));
        } else {
            send(packet(0, "\x0e"));
        }
        if (choices.of(4) != 0)
            come(choices.of(2) == 0 ? choices.of(100) : late.size());
    }
    settle();
    check(given == expected, "The driver gets something else than without the cache.");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    Choices choices(data, size);
    const auto cache = std::make_shared<QueryCache>(1000, 1000);
    std::int64_t now = 0;
    for (int i = 0; i < 6; ++i)
        talk(choices, cache, now);
    // Nonsense, in both directions.
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    MySqlCache filter(cache);
    std::string passed;
    std::string back;
    for (std::size_t at = 0; at < size; at += 7) {
        passed += filter.fromClient(bytes.substr(at, 7), 0).toServer;
        back += filter.fromServer(bytes.substr(at, 3), 0);
    }
    check(bytes.starts_with(passed), "What the client sends does not pass as it is.");
    // And behind a login.
    MySqlCache in(cache);
    const std::uint32_t capabilities = protocol41 | secureConnection | withDatabase;
    (void)in.fromServer(Server(capabilities).greeting(), 0);
    (void)in.fromClient(packet(1, number(capabilities, 4) + number(0, 4) + "\x2d" + std::string(23, '\0') + "ada" + zero + zero + "records" + zero), 0);
    (void)in.fromServer(packet(2, std::string(3, '\0') + number(2, 2) + number(0, 2)), 0);
    for (std::size_t at = 0; at < size; at += 7) {
        (void)in.fromClient(packet(0, bytes.substr(at, 7)), 0);
        (void)in.fromServer(bytes.substr(at, 5), 0);
    }
    return 0;
}
