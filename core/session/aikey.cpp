// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/aikey.h"

#include "core/secrets/keychain.h"

#include <QPointer>

#include <system_error>
#include <utility>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

std::string nameFor(const fs::path &project)
{
    std::error_code error;
    fs::path path = fs::weakly_canonical(project, error);
    if (error)
        path = project.lexically_normal();
    return (path.has_filename() ? path : path.parent_path()).string() + " (Workers AI)";
}

} // namespace

AiKey::AiKey(secrets::Keychain &keychain, const fs::path &project, QObject *parent) : QObject(parent), m_keychain(keychain), m_name(nameFor(project)) {}

void AiKey::load()
{
    m_keychain.read(m_name, [self = QPointer<AiKey>(this)](base::Result<std::optional<secrets::SecretText>> answer) {
        if (!self)
            return;
        self->m_error = {};
        self->m_value = {};
        if (!answer)
            self->m_error = std::move(answer.error());
        else if (*answer)
            self->m_value = **std::move(answer);
        else
            self->m_error = {"ai.key-missing", "The system keychain has lost the key of the AI provider. Enter it again under Settings.", {}};
        Q_EMIT self->changed();
    });
}

void AiKey::set(secrets::SecretText key, Done done)
{
    const auto finish = [self = QPointer<AiKey>(this), key, done = std::move(done)](base::Result<void> result) {
        if (!self)
            return;
        if (result) {
            self->m_value = key;
            self->m_error = {};
            Q_EMIT self->changed();
        }
        done(std::move(result));
    };
    if (key.empty())
        m_keychain.remove(m_name, finish);
    else
        m_keychain.write(m_name, key, finish);
}

} // namespace cleat::session
