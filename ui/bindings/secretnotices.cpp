// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/secretnotices.h"

#include "core/base/file.h"
#include "core/session/gitstate.h"
#include "core/session/session.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QPushButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::GitState;
using session::SecretStore;

namespace {

/// The file of local secrets that is there; empty when none is.
std::filesystem::path localSecretsFile(const std::filesystem::path &folder)
{
    std::error_code error;
    for (const char *name : {".dev.vars", ".dev.vars.preview", ".dev.vars.production"}) {
        if (std::filesystem::is_regular_file(folder / name, error))
            return folder / name;
    }
    return {};
}

} // namespace

base::Result<void> addToGitIgnore(const std::filesystem::path &file)
{
    const std::filesystem::path ignore = file.parent_path() / ".gitignore";
    auto text = base::readFile(ignore);
    if (!text && text.error().code != "file.missing")
        return std::unexpected(text.error());
    std::string now = text ? *text : std::string();
    const bool crlf = now.find("\r\n") != std::string::npos;
    const std::string end = crlf ? "\r\n" : "\n";
    if (!now.empty() && !now.ends_with('\n'))
        now += end;
    // .dev.vars.preview and its like hold secrets, too
    return base::writeFileAtomically(ignore, now + ".dev.vars*" + end);
}

SecretNotices::SecretNotices(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_keychain(new MessageBar(MessageBar::Closing::ByUser)), m_git(new MessageBar(MessageBar::Closing::ByUser))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_keychain);
    column->addWidget(m_git);
    connect(m_git, &MessageBar::closed, this, [this] { m_closed = true; });
    connect(&m_session.secrets(), &SecretStore::changed, this, &SecretNotices::refreshKeychain);
    refresh();
}

void SecretNotices::refresh()
{
    refreshKeychain();
    refreshGit();
}

void SecretNotices::refreshKeychain()
{
    const bool unavailable = m_session.secrets().state() == SecretStore::State::Unavailable;
    const base::Error error = m_session.secrets().error(); // also while it is ready: a secret that is gone, names that could not be saved
    if (error == m_told)
        return;
    m_told = error;
    const bool wrong = !error.code.empty();
    if (wrong) {
        m_keychain->setMessage(MessageBar::Kind::Warning,
            unavailable ? tr("Secrets cannot be reached, and are not in context.env. %1").arg(formatError(error)) : formatPlacedError(error));
        connect(m_keychain->addButton(tr("Try again")), &QPushButton::clicked, this, [this] { m_session.secrets().reload(); });
    }
    m_keychain->setVisible(wrong);
}

void SecretNotices::refreshGit()
{
    const std::filesystem::path file = localSecretsFile(m_session.config().folder());
    if (file == m_asked || m_closed)
        return;
    m_asked = file;
    m_git->hide();
    if (file.empty())
        return;
    session::askGit(file, this, [this, file](GitState state) {
        if (m_asked != file)
            return;
        const QString name = fromPath(file.filename());
        switch (state) {
        case GitState::Ignored:
        case GitState::NoGit:
            return;
        case GitState::NotIgnored:
            m_git->setMessage(MessageBar::Kind::Warning, tr("Git does not ignore %1: its secrets would go into the next commit.").arg(name));
            connect(m_git->addButton(tr("Add to .gitignore")), &QPushButton::clicked, this, [this, file] { ignoreInGit(file); });
            break;
        case GitState::Tracked:
            m_git->setMessage(MessageBar::Kind::Warning,
                tr("Git has %1 in its index, with the secrets in it. Run “git rm --cached %1”, and replace secrets that others may have seen.").arg(name));
            break;
        }
        m_git->show();
    });
}

void SecretNotices::ignoreInGit(const std::filesystem::path &file)
{
    const auto added = addToGitIgnore(file);
    if (!added) {
        m_git->setMessage(MessageBar::Kind::Error, tr("Add to .gitignore: not done. %1").arg(formatPlacedError(added.error())));
        return;
    }
    m_asked.clear();
    refreshGit();
}

} // namespace cleat::ui
