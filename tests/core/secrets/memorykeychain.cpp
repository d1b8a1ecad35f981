// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/secrets/memorykeychain.h"

#include <QTimer>

#include <utility>

namespace cleat::tests {

void MemoryKeychain::later(std::function<void()> work)
{
    ++m_calls;
    if (m_mood == Mood::Silent)
        m_held.push_back(std::move(work));
    else
        QTimer::singleShot(0, &m_context, std::move(work));
}

void MemoryKeychain::answerHeld()
{
    for (auto &work : std::exchange(m_held, {}))
        QTimer::singleShot(0, &m_context, std::move(work));
}

base::Result<void> MemoryKeychain::willing(Mood alsoNot) const
{
    if (m_mood == Mood::Unavailable)
        return base::fail("secrets.unavailable", "No keychain is running. Start one.");
    if (m_mood == Mood::Locked)
        return base::fail("secrets.locked", "The keychain is locked.");
    if (m_mood == alsoNot)
        return base::fail("secrets.failed", "The keychain did not do what Cleat asked.");
    return {};
}

void MemoryKeychain::read(const std::string &key, Read answer)
{
    later([this, key, answer] {
        if (const auto able = willing(Mood::Silent); !able)
            answer(std::unexpected(able.error()));
        else if (const auto found = entries.find(key); found != entries.end())
            answer(secrets::SecretText(found->second));
        else
            answer(std::nullopt);
    });
}

void MemoryKeychain::write(const std::string &key, secrets::SecretText value, Done answer)
{
    later([this, key, answer, value = std::move(value)] {
        const auto able = willing(Mood::FailingWrites);
        if (able)
            entries[key] = value.reveal();
        answer(able);
    });
}

void MemoryKeychain::remove(const std::string &key, Done answer)
{
    later([this, key, answer] {
        const auto able = willing(Mood::FailingWrites);
        if (able)
            entries.erase(key);
        answer(able);
    });
}

} // namespace cleat::tests
