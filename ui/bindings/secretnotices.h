// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QWidget>

#include <filesystem>

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class MessageBar;

/// What there is to know about the project's secrets as a whole: that no keychain can be reached, and that git would take .dev.vars. Hidden while there is nothing.
class SecretNotices final : public QWidget
{
    Q_OBJECT
public:
    /// `session` is borrowed.
    explicit SecretNotices(session::Session &session, QWidget *parent = nullptr);
    /// Looks at the keychain and the files again.
    void refresh();

private:
    void refreshKeychain();
    void refreshGit();
    void ignoreInGit(const std::filesystem::path &file);

    session::Session &m_session;
    std::filesystem::path m_asked; ///< the file that git was asked about last; empty: none is there
    bool m_closed = false; ///< the user has read what it says of git
    base::Error m_told; ///< of the keychain; empty: none
    MessageBar *m_keychain;
    MessageBar *m_git;
};

/// Puts a line for a file into the .gitignore of its folder. Codes: those of reading and writing files.
base::Result<void> addToGitIgnore(const std::filesystem::path &file);

} // namespace cleat::ui
