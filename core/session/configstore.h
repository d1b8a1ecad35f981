// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/edit.h"
#include "core/config/wranglerconfig.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>

namespace cleat::session {

/// The project's Wrangler file: read, edited with undo and redo, saved at once, watched for changes from outside.
/// Main thread only.
class ConfigStore final : public QObject
{
    Q_OBJECT
public:
    explicit ConfigStore(std::filesystem::path project, QObject *parent = nullptr);
    ~ConfigStore() override;

    enum class Status {
        Missing,  ///< the project has no Wrangler file: create() makes one
        Readable, ///< config() is current
        Broken,   ///< it does not parse, or cannot be read or is of a form not supported: error() says where and why; the file is never touched
    };
    Status status() const;
    base::Error error() const;
    /// Of the file, or where create() would put it.
    std::filesystem::path path() const;
    /// The current content as on disk; empty when Missing.
    std::string text() const;
    /// The last content that parsed. Empty values while Missing or before the first good parse.
    const config::WranglerConfig &config() const;

    /// The text that apply() would write, for a preview. Nothing is written. Errors as config::applyEdit.
    base::Result<std::string> preview(const config::Edit &edit) const;
    /// Applies the edit to the file as it is on disk now and saves. `what` names the step for undo ("Add KV namespace TODO_LIST").
    /// Errors as config::applyEdit and base::writeFileAtomically; then nothing has changed.
    base::Result<void> apply(const config::Edit &edit, const QString &what);
    /// Writes a minimal file for a project without one.
    base::Result<void> create(const std::string &outputDir);

    bool canUndo() const;
    bool canRedo() const;
    QString undoText() const;
    QString redoText() const;
    /// Fails with config.changed-outside when the file is no longer what this store wrote; the history is then dropped.
    base::Result<void> undo();
    base::Result<void> redo();

Q_SIGNALS:
    /// After every change of status, text or history, whoever made it.
    void changed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
