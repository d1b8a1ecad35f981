// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <string>
#include <vector>

class QString;

namespace cleat::ui {

/// What the filter line says: words that must all fit. A word of three digits, or one like 4xx, fits the status; every other word fits when method, path,
/// handler or error contain it, in any case of its ASCII letters.
class RequestFilter final
{
public:
    RequestFilter() = default;
    explicit RequestFilter(const QString &line);

    bool empty() const { return m_words.empty(); }
    bool matches(const events::RequestEvent &request) const;
    bool operator==(const RequestFilter &) const = default;

private:
    struct Word {
        std::string text; ///< lower case
        int statusFrom = 0; ///< 0: not a status
        int statusTo = 0;
        bool operator==(const Word &) const = default;
    };
    std::vector<Word> m_words;
};

} // namespace cleat::ui
