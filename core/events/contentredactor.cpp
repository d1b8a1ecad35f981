// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/contentredactor.h"

#include <functional>
#include <string_view>

namespace cleat::events {

namespace {

constexpr std::size_t longestKnown = 4096;

} // namespace

void ContentRedactor::redact(std::string &text, const Redactor &redactor)
{
    if (text.empty())
        return;
    if (text.size() > longestKnown) {
        redactor.redact(text);
        return;
    }
    const std::uint64_t hash = std::hash<std::string_view>()(text);
    Known &known = m_known[hash % m_known.size()];
    if (known.hash != hash || known.before != text) {
        known.hash = hash;
        known.before = text;
        known.after = text;
        redactor.redact(known.after);
    }
    text = known.after;
}

void ContentRedactor::redact(ContentEvent &content, const Redactor *redactor)
{
    if (!redactor || redactor->secrets().empty())
        return;
    if (redactor->secrets() != m_secrets) {
        m_known = {};
        m_secrets = redactor->secrets();
    }
    for (std::string *text : {&content.requestHead, &content.responseHead, &content.cf, &content.requestBody, &content.responseBody})
        redact(*text, *redactor);
}

} // namespace cleat::events
