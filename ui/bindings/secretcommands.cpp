// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/secretcommands.h"

#include "core/config/devvarsfile.h"
#include "core/config/dotvars.h"
#include "core/session/session.h"
#include "ui/bindings/entrydraft.h"
#include "ui/widgets/text.h"

#include <QMessageBox>
#include <QPointer>
#include <QPushButton>

#include <algorithm>
#include <map>
#include <set>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using session::SecretStore;
using session::VariableOrigin;
using Secrets = std::vector<std::pair<std::string, secrets::SecretText>>;

namespace {

QString listed(const std::set<std::string> &names)
{
    QStringList words;
    for (const std::string &name : names) {
        if (words.size() == 8)
            return SecretCommands::tr("%1 and %2 more").arg(words.join(u", "_s)).arg(names.size() - 8);
        words << fromUtf8(name);
    }
    return words.join(u", "_s);
}

bool isInKeychain(const VariableRow &row)
{
    return row.source.origin == VariableOrigin::Keychain;
}

/// The sets that a file of local values is for.
std::vector<Scope> scopesOfFile(const std::string &file)
{
    const std::string name = std::filesystem::path(file).filename().string();
    if (name.ends_with(".preview"))
        return {Scope::Preview};
    if (name.ends_with(".production"))
        return {Scope::Production};
    return {Scope::TopLevel, Scope::Preview, Scope::Production};
}

std::string environmentOf(const std::vector<Scope> &scopes)
{
    if (scopes.size() != 1)
        return {};
    return scopes.front() == Scope::Preview ? "preview" : "production";
}

} // namespace

bool holdsKeychainRows(const PageRows &rows)
{
    return std::ranges::any_of(rows.variables, isInKeychain);
}

SecretCommands::SecretCommands(session::Session &session, QWidget *parent) : QObject(parent), m_session(session), m_parent(parent) {}

void SecretCommands::ask(const QString &text, const QString &detail, const QString &verb, std::function<void()> yes)
{
    auto *box = new QMessageBox(QMessageBox::Warning, verb, text, QMessageBox::Cancel, m_parent->window());
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(detail);
    const QPushButton *go = box->addButton(verb, QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [go, yes = std::move(yes)](const QAbstractButton *button) {
        if (button == go)
            yes();
    });
    box->open();
}

std::function<void(base::Result<void>)> SecretCommands::teller(const QString &step, const QString &sentence)
{
    return [self = QPointer(this), step, sentence](const base::Result<void> &result) {
        if (!self)
            return;
        if (!result)
            Q_EMIT self->failed(step, result.error());
        else if (!sentence.isEmpty())
            Q_EMIT self->noted(sentence);
    };
}

void SecretCommands::remove(const PageRows &rows, Scope environment)
{
    std::map<Scope, std::vector<std::string>> doomed;
    std::set<std::string> names;
    for (const VariableRow &row : rows.variables) {
        if (!isInKeychain(row))
            continue;
        doomed[scopeOf(row.origin, environment)].push_back(row.source.name);
        names.insert(row.source.name);
    }
    if (names.empty())
        return;
    Q_EMIT begun();
    ask(names.size() == 1 ? tr("Remove the secret %1 from the keychain?").arg(listed(names)) : tr("Remove %1 secrets from the keychain?").arg(names.size()),
        tr("This cannot be undone: nobody can read a secret to put it back.") + (names.size() == 1 ? QString() : u"\n\n"_s + listed(names)), tr("Remove"),
        [this, doomed] {
            for (const auto &[scope, list] : doomed)
                m_session.secrets().remove(scope, list, teller(tr("Remove secrets"), {}));
        });
}

void SecretCommands::copyHere(const PageRows &rows, Scope environment)
{
    Secrets copies;
    const auto &known = m_session.secrets().values(Scope::TopLevel);
    for (const VariableRow &row : rows.variables) {
        const auto found = std::ranges::find(known, row.source.name, &Secrets::value_type::first);
        if (isInKeychain(row) && found != known.end())
            copies.push_back(*found);
    }
    if (!copies.empty())
        m_session.secrets().set({environment}, copies, teller(tr("Copy secrets to %1").arg(scopeName(environment)), {}));
    else if (holdsKeychainRows(rows))
        Q_EMIT noted(tr("The keychain has not answered, so its secrets cannot be copied now."));
}

void SecretCommands::importRows(const std::vector<VariableRow> &rows)
{
    std::vector<VariableRow> fromFiles;
    std::set<std::string> replaced;
    for (const VariableRow &row : rows) {
        if (row.source.origin != VariableOrigin::DevVars && row.source.origin != VariableOrigin::DotEnv)
            continue;
        for (const Scope scope : scopesOfFile(row.source.place.file)) {
            if (std::ranges::binary_search(m_session.secrets().names(scope), row.source.name))
                replaced.insert(row.source.name);
        }
        fromFiles.push_back(row);
    }
    if (fromFiles.empty())
        return;
    Q_EMIT begun();
    if (replaced.empty()) {
        store(std::move(fromFiles));
        return;
    }
    ask(tr("The keychain holds secrets of these names already: %1").arg(listed(replaced)), tr("Their values there would be replaced by those of the file. This cannot be undone."),
        tr("Replace"), [this, fromFiles] { store(fromFiles); });
}

void SecretCommands::store(std::vector<VariableRow> rows)
{
    const QString step = tr("Import into the keychain");
    std::map<std::vector<Scope>, std::set<std::string>> wanted;
    std::set<std::string> files;
    for (const VariableRow &row : rows) {
        wanted[scopesOfFile(row.source.place.file)].insert(row.source.name);
        files.insert(std::filesystem::path(row.source.place.file).filename().string());
    }
    const std::filesystem::path folder = m_session.config().folder();
    std::size_t count = 0;
    for (const auto &[scopes, names] : wanted) {
        const auto local = config::readLocalSecrets(folder, environmentOf(scopes));
        if (!local) {
            Q_EMIT failed(step, local.error());
            return;
        }
        Secrets secrets;
        for (const auto &[name, value] : local->values) {
            if (names.contains(name))
                secrets.emplace_back(name, secrets::SecretText(value));
        }
        count += secrets.size();
        const QString sentence = tr("%1 values are in the keychain now, and win over those of the file. %2 still holds them in plain text: delete them there.")
                                     .arg(count)
                                     .arg(listed(files));
        m_session.secrets().set(scopes, secrets, teller(step, sentence));
    }
}

void SecretCommands::exportSecrets(Scope environment)
{
    const SecretStore &secrets = m_session.secrets();
    if (secrets.state() != SecretStore::State::Ready) {
        Q_EMIT noted(tr("The keychain has not answered, so its secrets cannot be exported now."));
        return;
    }
    Q_EMIT begun();
    const std::filesystem::path file = m_session.config().folder() / (".dev.vars." + environmentOf({environment}));
    const auto &values = secrets.values(environment);
    std::set<std::string> names;
    for (const auto &secret : values)
        names.insert(secret.first);
    ask(tr("Write the secrets of %1 to %2, in plain text?").arg(scopeName(environment), fromPath(file.filename())),
        tr("Whoever can read the file can read the secrets: other programs, backups, and everybody who gets the folder if the file is committed. "
           "While the file is there, .dev.vars is not read for %1.")
                .arg(scopeName(environment))
            + u"\n\n"_s + listed(names),
        tr("Export"), [this, environment, file] {
            config::NamedValues plain;
            for (const auto &[name, value] : m_session.secrets().values(environment))
                plain.emplace_back(name, std::string(value.reveal()));
            const auto written = config::setDevVars(file, plain);
            if (!written)
                Q_EMIT failed(tr("Export secrets"), written.error());
            else
                Q_EMIT noted(tr("%1 holds the secrets of %2 in plain text now.").arg(fromPath(file.filename()), scopeName(environment)));
        });
}

} // namespace cleat::ui
