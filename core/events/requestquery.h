// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/event.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::events {

/// A request and what is known of its inside; all borrowed.
struct RequestFacts {
    const RequestEvent &request;
    std::span<const CallEvent> calls;
    std::span<const ConsoleEvent> console;
    std::span<const ExceptionEvent> exceptions;
    const ContentEvent *content = nullptr; ///< nullptr: not known, and so without heads and bodies
};

/// What one line asks of requests. Its terms stand apart by spaces, and all must fit; a '-' in front turns a term round.
///
///     /api                  the path, method, handler or error contains it, in any case of its ASCII letters; "two words" in quotes are one
///     503  5xx              a word that is a status, or a class of them
///     method:post,put       one of them; a name with * stands for many: method:P*
///     path:/api/*.json      contains it, or with a * is it as a whole
///     handler:users         the same of the file that answered
///     status:500-599        a number, a class, a range (400-499, 400..499), a bound (>=500, <400)
///     kind:kv  binding:TODO some call of that kind, of that binding; or work without a request: queue, cron, alarm
///     dur:>100  dur:10ms-2s milliseconds, or with a unit: us, ms, s
///     size:>=10k            bytes of the response's body, or with a unit: k, M, G (powers of 1000)
///     error:text  console:x some error, some console line contains it; * for any
///     env:preview           the set that ran; "top" is the top level
///     body:text             the body of the request or of the response contains it, in any case of its ASCII letters
///     header.accept:json    a field of that name, of the request or of the response, contains it, or with a * is it as a whole; * for any value
///
/// A value, not more than that; any thread.
class RequestQuery final
{
public:
    RequestQuery() = default;
    /// Code query.value: a term's value makes no sense; the message says what would, the place's column (from 1, bytes) where it stands. A term whose value is still to
    /// be typed ("status:") fits everything.
    static base::Result<RequestQuery> parse(std::string_view line);

    bool empty() const { return m_terms.empty(); }
    /// Whether it asks of calls, console lines, exceptions, heads or bodies.
    bool asksInside() const;
    bool matches(const RequestFacts &facts) const;
    bool operator==(const RequestQuery &) const = default;

    /// "method:", "path:", ...: what may stand in front of a value, in the order of the list above; "header." wants a name and a colon behind it.
    static std::span<const std::string_view> keys();

    // What it was parsed to, for who looks through columns rather than requests.

    enum class Key { Text, Method, Path, Handler, Status, Kind, Binding, Duration, Size, Error, Console, Environment, Body, Header };
    struct Alternative {
        std::string pattern; ///< lower case; of a key that asks for text
        bool wild = false; ///< holds a '*'
        double from = 0; ///< inclusive; of a key that asks for a number
        double to = 0;
        bool operator==(const Alternative &) const = default;
    };
    struct Term {
        Key key = Key::Text;
        bool negated = false; ///< what follows leaves it out of account
        std::string field; ///< of a header, lower case
        std::vector<Alternative> any;
        bool operator==(const Term &) const = default;

        /// Whether one text of those that the key is about fits: a method, a call's kind, an error, an environment's name ... A head, for Header.
        bool fitsText(std::string_view text) const;
        /// Whether the status, the duration in microseconds or the size fits.
        bool fitsNumber(double number) const;
    };
    const std::vector<Term> &terms() const { return m_terms; }

private:
    static base::Result<Term> term(std::string_view word, bool quoted);
    static base::Result<Alternative> alternative(Key key, std::string_view text);
    static bool fits(const Term &term, const RequestFacts &facts);

    std::vector<Term> m_terms;
};

} // namespace cleat::events
