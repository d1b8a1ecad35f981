// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secrets/keychain.h"

#include <QObject>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cleat::tests {

/// A keychain for tests: entries in memory, answers after a turn of the event loop.
class MemoryKeychain final : public secrets::Keychain
{
public:
    enum class Mood {
        Well,
        Unavailable,
        Locked,
        FailingWrites, ///< reads succeed, writes and removals do not
        Silent,        ///< keeps what it is asked until answerHeld()
    };

    void setMood(Mood mood) { m_mood = mood; }
    /// Runs what came while Silent, by the mood of now.
    void answerHeld();
    /// Calls so far: how often a real one would have been woken.
    int calls() const { return m_calls; }
    /// What it holds, to be looked at and changed from outside.
    std::map<std::string, std::string> entries;

    void read(const std::string &key, Read answer) override;
    void write(const std::string &key, secrets::SecretText value, Done answer) override;
    void remove(const std::string &key, Done answer) override;

private:
    base::Result<void> willing(Mood alsoNot) const;
    void later(std::function<void()> work);

    Mood m_mood = Mood::Well;
    int m_calls = 0;
    std::vector<std::function<void()>> m_held;
    QObject m_context;
};

} // namespace cleat::tests
