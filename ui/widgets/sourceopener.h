// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QObject>

#include <filesystem>

namespace cleat::ui {

/// Opens files of the project in the user's editor, at their line where the editor can: what the settings name ("editor/command", with {file}, {line} and {column}),
/// else an editor that is found (VS Code and its like, Sublime, Zed, Kate, KDevelop, Qt Creator, GNOME Builder, JetBrains), else what the desktop opens such a file with. GUI thread.
class SourceOpener final : public QObject
{
    Q_OBJECT
public:
    /// Relative places are below `project`.
    explicit SourceOpener(std::filesystem::path project, QObject *parent = nullptr);

    /// Emits failed() when it cannot.
    void open(const base::Place &place);

Q_SIGNALS:
    /// A whole sentence.
    void failed(const QString &why);

private:
    const std::filesystem::path m_project;
};

} // namespace cleat::ui
