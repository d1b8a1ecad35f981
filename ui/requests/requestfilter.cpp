// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestfilter.h"

#include "ui/widgets/text.h"

#include <QRegularExpression>

#include <algorithm>
#include <string_view>

namespace cleat::ui {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool contains(std::string_view text, std::string_view lowered)
{
    return std::search(text.begin(), text.end(), lowered.begin(), lowered.end(), [](char a, char b) { return lower(a) == b; }) != text.end();
}

} // namespace

RequestFilter::RequestFilter(const QString &line)
{
    static const QRegularExpression spaces(QStringLiteral("\\s+"));
    const QStringList parts = line.split(spaces, Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        Word word{.text = toUtf8(part)};
        std::transform(word.text.begin(), word.text.end(), word.text.begin(), lower);
        const std::string &t = word.text;
        if (t.size() == 3 && t[0] >= '1' && t[0] <= '9') {
            const int hundreds = (t[0] - '0') * 100;
            if (t[1] == 'x' && t[2] == 'x') {
                word.statusFrom = hundreds;
                word.statusTo = hundreds + 99;
            } else if (isDigit(t[1]) && isDigit(t[2])) {
                word.statusFrom = word.statusTo = hundreds + (t[1] - '0') * 10 + (t[2] - '0');
            }
        }
        m_words.push_back(std::move(word));
    }
}

bool RequestFilter::matches(const events::RequestEvent &request) const
{
    return std::all_of(m_words.begin(), m_words.end(), [&request](const Word &word) {
        if (word.statusFrom > 0)
            return request.status >= word.statusFrom && request.status <= word.statusTo;
        return contains(request.target, word.text) || contains(request.method, word.text) || contains(request.handler, word.text)
            || contains(request.error, word.text);
    });
}

} // namespace cleat::ui
