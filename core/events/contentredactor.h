// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "core/events/redactor.h"

#include <array>
#include <cstdint>
#include <string>

namespace cleat::events {

/// Redacts contents, and remembers what became of heads and small bodies, because they repeat. One thread.
class ContentRedactor final
{
public:
    /// nullptr: as it is. The redactor is told apart by its secrets.
    void redact(ContentEvent &content, const Redactor *redactor);

private:
    void redact(std::string &text, const Redactor &redactor);

    struct Known {
        std::uint64_t hash = 0;
        std::string before;
        std::string after;
    };
    std::array<Known, 64> m_known;
    std::vector<Redactor::Secret> m_secrets; ///< what m_known was made with
};

} // namespace cleat::events
