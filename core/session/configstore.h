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
#include <span>
#include <string>
#include <vector>

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
        Broken,   ///< it does not parse, or cannot be read: error() says where and why; only save() touches it
    };
    Status status() const;
    base::Error error() const;
    /// Of the file, or where create() would put it.
    std::filesystem::path path() const;
    /// Where a run looks for .wrangler/state, .dev.vars and the like: beside the user's own file, also when a build tool's redirect leads to another one.
    std::filesystem::path folder() const;
    /// The current content as on disk; empty when Missing.
    std::string text() const;
    /// The last content that parsed. Empty values while Missing or before the first good parse.
    const config::WranglerConfig &config() const;

    /// How the file is spelled; of a file that is not there yet, how create() would spell it.
    config::Form form() const;

    /// The text that apply() would write, for a preview. Nothing is written. Errors as config::applyEdits.
    base::Result<std::string> preview(std::span<const config::Edit> edits) const;
    base::Result<std::string> preview(const config::Edit &edit) const { return preview(std::span(&edit, 1)); }
    /// Applies the edits, as one step, to the file as it is on disk now, and saves. `what` names the step for undo ("Add KV namespace TODO_LIST").
    /// `seen` is the text on which the user decided, when that is a while ago: what others changed in the file since stays, unless it is one of the very entries
    /// that the edits concern. Then it fails with config.conflict, and conflict() tells both sides; the same call with `seen` as text() is now overwrites theirs.
    /// Other errors as config::applyEdits and base::writeFileAtomically. On any error nothing has changed.
    base::Result<void> apply(std::span<const config::Edit> edits, const QString &what, const std::optional<std::string> &seen = {});
    base::Result<void> apply(const config::Edit &edit, const QString &what, const std::optional<std::string> &seen = {})
    {
        return apply(std::span(&edit, 1), what, seen);
    }
    /// Saves a whole text, edited by hand from the text `seen`, as one step; the text may be broken. Merges with what others changed since, as apply().
    base::Result<void> save(const std::string &text, const QString &what, const std::string &seen);
    /// Writes the first file of a project without one. `edits` are made in it before it is saved. Codes: config.exists, those of applyEdits and writing.
    struct NewFile {
        config::Form form = config::Form::Toml;
        std::string projectName; ///< empty: from the folder's name
        std::string outputDir;
        std::string compatibilityDate; ///< empty: today
        std::vector<std::string> compatibilityFlags;
        std::vector<config::Edit> edits;
    };
    /// The text that create() would write.
    base::Result<std::string> newText(const NewFile &file) const;
    base::Result<void> create(const NewFile &file);
    /// What Pages would take as the name of a project in this folder.
    std::string suggestedName() const;

    /// The two sides of the last call that failed with config.conflict.
    struct Conflict {
        std::string seen;   ///< the text from which both come
        std::string mine;   ///< what Cleat wanted to write, had nobody else written
        std::string theirs; ///< the file as it is now
    };
    const Conflict &conflict() const;

    bool canUndo() const;
    bool canRedo() const;
    QString undoText() const;
    QString redoText() const;
    /// Takes the last step back. What others changed in the file since stays; where it is in the very place of the step, the call fails with config.conflict (see
    /// conflict()), and nothing has changed. OnConflict::Overwrite overwrites theirs there. config.changed-outside: the file is gone.
    enum class OnConflict { Fail, Overwrite };
    base::Result<void> undo(OnConflict onConflict = OnConflict::Fail);
    base::Result<void> redo(OnConflict onConflict = OnConflict::Fail);

Q_SIGNALS:
    /// After every change of status, text or history, whoever made it.
    void changed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
