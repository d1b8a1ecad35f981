// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entryroles.h"

#include "ui/widgets/text.h"

#include <QStringList>
#include <QStringTokenizer>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

bool fitsFilter(const QString &filter, const QString &text)
{
    for (const QStringView word : QStringTokenizer{filter, u' ', Qt::SkipEmptyParts}) {
        if (!text.contains(word, Qt::CaseInsensitive))
            return false;
    }
    return true;
}

QString plainTip(const QString &text)
{
    return text.toHtmlEscaped().replace(u'\n', u"<br>"_s);
}

QString findingsTip(std::span<const config::Finding> findings)
{
    QStringList lines;
    for (const config::Finding &finding : findings) {
        const QString place = formatPlace(finding.place);
        const QString message = fromUtf8(finding.message);
        lines << plainTip(place.isEmpty() ? message : u"%1: %2"_s.arg(place, message));
    }
    return lines.join(u"<br>"_s);
}

bool holdsError(std::span<const config::Finding> findings)
{
    return std::ranges::any_of(findings, [](const config::Finding &finding) { return finding.severity == config::Finding::Severity::Error; });
}

} // namespace cleat::ui
