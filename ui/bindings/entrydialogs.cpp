// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydialogs.h"

#include "core/config/devvarsfile.h"
#include "core/session/databasecheck.h"
#include "core/session/session.h"
#include "ui/bindings/entrydialog.h"
#include "ui/widgets/text.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

namespace cleat::ui {

namespace {

EntryAccess::Keychain stateOf(session::SecretStore::State state)
{
    switch (state) {
    case session::SecretStore::State::Loading:
        return EntryAccess::Keychain::Asking;
    case session::SecretStore::State::Ready:
        return EntryAccess::Keychain::Ready;
    case session::SecretStore::State::Unavailable:
        break;
    }
    return EntryAccess::Keychain::Unavailable;
}

/// Where a run of the set reads: its own file wins over the common one.
std::filesystem::path devVarsFile(const session::ConfigStore &store, config::Scope scope)
{
    const std::filesystem::path common = store.folder() / ".dev.vars";
    std::filesystem::path own = common;
    if (scope != config::Scope::TopLevel)
        own += scope == config::Scope::Preview ? ".preview" : ".production";
    std::error_code error;
    return std::filesystem::exists(own, error) ? own : common;
}

std::set<std::filesystem::path> devVarsFiles(const session::ConfigStore &store, const std::vector<config::Scope> &scopes)
{
    std::set<std::filesystem::path> files;
    for (const config::Scope scope : scopes)
        files.insert(devVarsFile(store, scope));
    return files;
}

std::vector<config::Scope> scopesWith(const session::SecretStore &secrets, const std::vector<config::Scope> &scopes, const std::string &name)
{
    std::vector<config::Scope> found;
    for (const config::Scope scope : scopes) {
        const std::vector<std::string> names = secrets.names(scope);
        if (std::ranges::find(names, name) != names.end())
            found.push_back(scope);
    }
    return found;
}

EntryAccess accessTo(session::Session &session)
{
    session::ConfigStore &store = session.config();
    session::SecretStore &secrets = session.secrets();
    EntryAccess access;
    access.fileName = fromPath(store.path().filename());
    access.config = [&store]() -> const config::WranglerConfig & { return store.config(); };
    access.text = [&store] { return store.text(); };
    access.form = [&store] { return store.form(); };
    access.preview = [&store](std::span<const config::Edit> edits) { return store.preview(edits); };
    access.apply = [&store](std::span<const config::Edit> edits, const QString &step, const std::string &seen) { return store.apply(edits, step, seen); };
    access.conflict = [&store] { return store.conflict(); };
    access.known = [&session](config::Kind kind) { return session.knownResources(kind); };
    access.keychain = [&secrets] { return stateOf(secrets.state()); };
    access.keychainError = [&secrets] { return secrets.error(); };
    access.askKeychain = [&secrets] { secrets.reload(); };
    access.secretNames = [&secrets](config::Scope scope) { return secrets.names(scope); };
    access.setSecret = [&secrets](const std::vector<config::Scope> &scopes, const std::string &name, secrets::SecretText value, EntryAccess::Done done) {
        std::vector<std::pair<std::string, secrets::SecretText>> values;
        values.emplace_back(name, std::move(value));
        secrets.set(scopes, values, std::move(done));
    };
    access.copySecret = [&secrets](const std::vector<config::Scope> &scopes, const std::string &from, const std::string &to, EntryAccess::Done done) {
        struct Copies {
            std::size_t left = 1; // until all have begun
            base::Result<void> result;
            EntryAccess::Done done;
            void one(const base::Result<void> &copied)
            {
                if (!copied && result)
                    result = copied;
                if (--left == 0)
                    done(result);
            }
        };
        const auto copies = std::make_shared<Copies>();
        copies->done = std::move(done);
        for (const config::Scope scope : scopesWith(secrets, scopes, from)) {
            const auto &values = secrets.values(scope);
            const auto value = std::ranges::find(values, from, [](const auto &secret) { return secret.first; });
            if (value == values.end()) {
                copies->result = std::unexpected(secrets.error().code.empty() ? base::Error{"secrets.missing", "The keychain has not answered yet. Try again.", {}} : secrets.error());
                continue;
            }
            ++copies->left;
            secrets.set({scope}, {{to, value->second}}, [copies](const base::Result<void> &copied) { copies->one(copied); });
        }
        QMetaObject::invokeMethod(&secrets, [copies] { copies->one({}); }, Qt::QueuedConnection);
    };
    access.removeSecret = [&secrets](const std::vector<config::Scope> &scopes, const std::string &name) {
        for (const config::Scope scope : scopesWith(secrets, scopes, name))
            secrets.remove(scope, {name}, [](const base::Result<void> &) {});
    };
    access.completeConnection = [&secrets](const std::vector<config::Scope> &scopes, const std::string &binding, const std::string &text) {
        for (const config::Scope scope : scopes) {
            for (const auto &[name, value] : secrets.values(scope)) {
                if (name == session::passwordSecret(binding))
                    return session::withPassword(text, value.reveal());
            }
        }
        return text;
    };
    access.devVarsFiles = [&store](const std::vector<config::Scope> &scopes) {
        QStringList names;
        for (const std::filesystem::path &file : devVarsFiles(store, scopes))
            names << fromPath(file.filename());
        return names;
    };
    access.writeDevVars = [&store](const std::vector<config::Scope> &scopes, const std::string &name, const secrets::SecretText &value) -> base::Result<void> {
        for (const std::filesystem::path &file : devVarsFiles(store, scopes)) {
            if (auto written = config::setDevVars(file, {{name, std::string(value.reveal())}}); !written)
                return written;
        }
        return {};
    };
    return access;
}

QDialog *shown(EntryDialog *dialog, session::Session &session)
{
    QObject::connect(&session.config(), &session::ConfigStore::changed, dialog, &EntryDialog::refresh);
    QObject::connect(&session.secrets(), &session::SecretStore::changed, dialog, &EntryDialog::refresh);
    dialog->open();
    return dialog;
}

} // namespace

QDialog *openAddDialog(session::Session &session, config::Scope environment, std::optional<EntryStart> start, QWidget *parent)
{
    return shown(new EntryDialog(accessTo(session), environment, start, parent), session);
}

QDialog *openChangeDialog(session::Session &session, const EntryDraft &draft, config::Scope environment, QWidget *parent)
{
    return shown(new EntryDialog(accessTo(session), draft, environment, parent), session);
}

} // namespace cleat::ui
