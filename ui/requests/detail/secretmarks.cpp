// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/secretmarks.h"

#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <nlohmann/json.hpp>

#include <set>
#include <string_view>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::string_view opening = "[secret ";

bool isNamePart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '-' || c == '.';
}

/// The name of the mark that begins at `at`; empty: none does.
template <typename Text>
Text nameAt(Text text, std::size_t at)
{
    std::size_t end = at + opening.size();
    while (end < static_cast<std::size_t>(text.size()) && isNamePart(text[end]))
        ++end;
    return end < static_cast<std::size_t>(text.size()) && text[end] == ']' ? text.substr(at + opening.size(), end - at - opening.size()) : Text();
}

template <typename Use>
void eachText(events::RequestRecord &record, Use use)
{
    enum : bool { plain = false, json = true };
    for (std::string *text : {&record.request.target, &record.request.error, &record.content.requestHead, &record.content.responseHead, &record.content.requestBody, &record.content.responseBody})
        use(*text, plain);
    use(record.content.cf, json);
    for (events::CallEvent &call : record.calls) {
        use(call.arguments, json);
        use(call.result, json);
        use(call.error, plain);
    }
    for (events::ConsoleEvent &line : record.console) {
        use(line.text, plain);
        use(line.values, json);
    }
    for (events::ExceptionEvent &exception : record.exceptions) {
        use(exception.message, plain);
        use(exception.stack, plain);
        use(exception.excerpt, plain);
    }
}

void replaceIn(std::string &text, const SecretValues &values, bool json)
{
    for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
        const std::string name(nameAt(std::string_view(text), at));
        const auto value = values.find(name);
        if (name.empty() || value == values.end()) {
            at += opening.size();
            continue;
        }
        std::string shown = value->second;
        if (json) {
            shown = nlohmann::json(shown).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
            shown = shown.substr(1, shown.size() - 2);
        }
        text.replace(at, opening.size() + name.size() + 1, shown);
        at += shown.size();
    }
}

} // namespace

std::vector<SecretMark> secretMarks(const QString &text)
{
    std::vector<SecretMark> marks;
    for (qsizetype at = text.indexOf("[secret "_L1); at >= 0; at = text.indexOf("[secret "_L1, at + 1)) {
        qsizetype end = at + static_cast<qsizetype>(opening.size());
        while (end < text.size() && text[end].unicode() < 128 && isNamePart(static_cast<char>(text[end].unicode())))
            ++end;
        if (end < text.size() && text[end] == u']' && end > at + static_cast<qsizetype>(opening.size()))
            marks.push_back({at, end + 1 - at, text.mid(at + static_cast<qsizetype>(opening.size()), end - at - static_cast<qsizetype>(opening.size()))});
    }
    return marks;
}

QStringList secretNames(const events::RequestRecord &record)
{
    std::set<std::string> names;
    // eachText() gives what may be changed; nothing is here.
    eachText(const_cast<events::RequestRecord &>(record), [&names](const std::string &text, bool) { // NOLINT(cppcoreguidelines-pro-type-const-cast)
        const std::string_view view(text);
        for (std::size_t at = view.find(opening); at != std::string_view::npos; at = view.find(opening, at + 1)) {
            if (const std::string_view name = nameAt(view, at); !name.empty())
                names.emplace(name);
        }
    });
    QStringList result;
    for (const std::string &name : names)
        result << fromUtf8(name);
    return result;
}

events::RequestRecord withSecrets(events::RequestRecord record, const SecretValues &values)
{
    if (!values.empty())
        eachText(record, [&values](std::string &text, bool json) { replaceIn(text, values, json); });
    return record;
}

QTextCharFormat secretFormat(const QPalette &palette)
{
    QTextCharFormat format;
    format.setBackground(colors(palette).warningBack);
    format.setForeground(colors(palette).warning);
    return format;
}

QList<QTextLayout::FormatRange> secretFormats(const QString &text, const QPalette &palette)
{
    QList<QTextLayout::FormatRange> ranges;
    for (const SecretMark &mark : secretMarks(text))
        ranges.append({static_cast<int>(mark.begin), static_cast<int>(mark.length), secretFormat(palette)});
    return ranges;
}

} // namespace cleat::ui
