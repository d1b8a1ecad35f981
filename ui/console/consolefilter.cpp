// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolefilter.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::ConsoleFilter)
};

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool containsAscii(const std::string &text, const std::string &lowered)
{
    return std::ranges::search(text, lowered, [](char a, char b) { return lower(a) == b; }).begin() != text.end() || lowered.empty();
}

bool contains(const std::string &text, const std::string &lowered, bool plain)
{
    return plain ? containsAscii(text, lowered) : fromUtf8(text).contains(fromUtf8(lowered), Qt::CaseInsensitive);
}

/// Where a regular expression that begins here ends, its flag and spaces within it included; 0: none begins, or it is still being typed.
qsizetype regexEnd(const QString &line, qsizetype begin)
{
    if (line[begin] != u'/')
        return 0;
    qsizetype end = begin + 1;
    while (end < line.size() && line[end] != u'/')
        end += line[end] == u'\\' ? 2 : 1;
    if (end >= line.size() || end == begin + 1)
        return 0;
    ++end;
    const qsizetype flag = end < line.size() && line[end] == u'c' ? end + 1 : end;
    return flag == line.size() || line[flag].isSpace() ? flag : 0; // "/api/users" is a path
}

} // namespace

ConsoleFilter ConsoleFilter::parse(const QString &line)
{
    ConsoleFilter filter;
    for (qsizetype at = 0; at < line.size();) {
        if (line[at].isSpace()) {
            ++at;
            continue;
        }
        const bool negated = line[at] == u'-' && at + 1 < line.size() && !line[at + 1].isSpace();
        at += negated ? 1 : 0;
        QString word;
        bool quoted = false;
        if (const qsizetype end = regexEnd(line, at); end > 0) {
            word = line.mid(at, end - at);
            at = end;
        } else {
            for (bool inside = false; at < line.size() && (inside || !line[at].isSpace()); ++at) {
                if (line[at] == u'"') {
                    inside = !inside;
                    quoted = true;
                } else {
                    word += line[at];
                }
            }
        }
        const QString trouble = filter.add(word, quoted, negated);
        if (!trouble.isEmpty() && filter.m_trouble.isEmpty())
            filter.m_trouble = trouble;
    }
    if (!filter.m_trouble.isEmpty())
        filter.m_terms.clear();
    return filter;
}

QString ConsoleFilter::add(const QString &word, bool quoted, bool negated)
{
    if (word.isEmpty())
        return {};
    Term term;
    term.negated = negated;
    const qsizetype slash = word.lastIndexOf(u'/');
    if (!quoted && word.startsWith(u'/') && slash > 1 && (slash == word.size() - 1 || word.mid(slash + 1) == "c"_L1)) {
        term.key = Term::Key::Regex;
        const bool mindsCase = word.endsWith("/c"_L1);
        term.regex = QRegularExpression(word.mid(1, slash - 1), mindsCase ? QRegularExpression::NoPatternOption : QRegularExpression::CaseInsensitiveOption);
        if (!term.regex.isValid())
            return Words::tr("The regular expression is not complete: %1.").arg(term.regex.errorString());
        m_terms.push_back(std::move(term));
        return {};
    }
    const qsizetype colon = word.indexOf(u':');
    const QString key = quoted && colon < 0 ? QString() : word.left(std::max<qsizetype>(0, colon)).toLower();
    const QString value = word.mid(colon + 1);
    const auto bits = [&term, &value](const QStringList &names) {
        for (const QString &part : value.toLower().split(u',', Qt::SkipEmptyParts)) {
            const qsizetype at = names.indexOf(part == "warning"_L1 ? u"warn"_s : part);
            if (at < 0)
                return Words::tr("\"%1\" is none of %2.").arg(part, names.join(u", "_s));
            term.levels |= 1U << at;
        }
        return QString();
    };
    if (key == "level"_L1 || key == "kind"_L1) {
        term.key = key == "level"_L1 ? Term::Key::Level : Term::Key::Kind;
        if (value.isEmpty())
            return {};
        const QString trouble = key == "level"_L1 ? bits({u"debug"_s, u"log"_s, u"info"_s, u"warn"_s, u"error"_s}) : bits({u"console"_s, u"exception"_s, u"notice"_s});
        if (!trouble.isEmpty())
            return trouble;
    } else if (key == "request"_L1) {
        if (value.isEmpty())
            return {};
        bool number = false;
        term.key = Term::Key::Request;
        term.request = value.toULongLong(&number);
        if (!number)
            return Words::tr("request: wants a number.");
    } else {
        const bool file = key == "file"_L1;
        if (file && value.isEmpty())
            return {};
        term.key = file ? Term::Key::File : Term::Key::Text;
        term.text = toUtf8((file ? value : word).toLower());
        term.plain = std::ranges::all_of(term.text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    }
    m_terms.push_back(std::move(term));
    return {};
}

bool ConsoleFilter::fits(const Term &term, const ConsoleLine &line)
{
    switch (term.key) {
    case Term::Key::Text:
        return contains(line.text, term.text, term.plain) || contains(line.place.file, term.text, term.plain) || contains(line.stack, term.text, term.plain);
    case Term::Key::Regex:
        return term.regex.match(fromUtf8(line.text)).hasMatch() || (!line.stack.empty() && term.regex.match(fromUtf8(line.stack)).hasMatch());
    case Term::Key::Level:
        return term.levels >> static_cast<unsigned>(line.level) & 1;
    case Term::Key::Kind:
        return term.levels >> static_cast<unsigned>(line.kind) & 1;
    case Term::Key::File:
        return contains(line.place.file, term.text, term.plain);
    case Term::Key::Request:
        return line.request == term.request;
    }
    return true;
}

bool ConsoleFilter::fits(const ConsoleLine &line) const
{
    return std::ranges::all_of(m_terms, [&line](const Term &term) { return fits(term, line) != term.negated; });
}

} // namespace cleat::ui
