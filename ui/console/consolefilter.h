// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/consoleline.h"

#include <QRegularExpression>
#include <QString>

#include <string>
#include <vector>

namespace cleat::ui {

/// What one line asks of console lines. Its terms stand apart by spaces, and all must fit; a '-' in front turns a term round.
///
///     words  "two words"       the text, file or stack contains it, in any case
///     /regex/                  a regular expression finds something; /regex/c minds the case
///     level:warn,error         one of these levels: debug, log, info, warn, error
///     kind:exception           console, exception, notice
///     file:users.ts            the place's file contains it
///     request:12               the lines of that request
///
/// A value; GUI thread.
class ConsoleFilter final
{
public:
    ConsoleFilter() = default;
    /// What is not right is told in trouble(), and then everything fits. A term whose value is still to be typed fits everything.
    static ConsoleFilter parse(const QString &line);

    bool empty() const { return m_terms.empty(); }
    /// A sentence; empty when all is well.
    const QString &trouble() const { return m_trouble; }
    bool fits(const ConsoleLine &line) const;

private:
    struct Term {
        enum class Key { Text, Regex, Level, Kind, File, Request };
        Key key = Key::Text;
        bool negated = false;
        std::string text; ///< lower case
        QRegularExpression regex;
        unsigned levels = 0; ///< a bit for each, of kinds too
        events::RequestId request = 0;
        bool plain = true; ///< the text is ASCII
    };
    static bool fits(const Term &term, const ConsoleLine &line);
    QString add(const QString &word, bool quoted, bool negated);

    std::vector<Term> m_terms;
    QString m_trouble;
};

} // namespace cleat::ui
