// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/r2/transfer.h"
#include "core/session/dataresources.h"
#include "ui/data/progressstrip.h"

#include <QObject>
#include <QTemporaryDir>

#include <memory>

class QMimeData;

namespace cleat::ui {

/// What a bucket's view can do to objects: each asks where it must, and runs in the strip. GUI thread.
class BucketCommands final : public QObject
{
    Q_OBJECT
public:
    /// `view` is what questions stand over; `strip` is borrowed.
    BucketCommands(session::DataResource resource, ProgressStrip &strip, QWidget *view);
    ~BucketCommands() override;

    /// Files, and folders with all in them, into a folder of the bucket. What is there already stays, and can be replaced afterwards with one click.
    void upload(const std::vector<std::filesystem::path> &sources, const std::string &folder);
    void chooseFiles(const std::string &folder);
    void chooseFolder(const std::string &folder);
    /// Objects and folders (keys that end with '/') to a place that the user chooses.
    void download(const std::vector<std::string> &keys, const std::string &folder);
    /// A copy of one object, in the program that the system has for such files.
    void openOutside(const std::string &key, const std::string &folder);
    void remove(const std::vector<std::string> &keys);
    /// One object or folder: its name in its folder, or (moveTo, copyTo) its whole key.
    void rename(const std::string &key);
    void moveTo(const std::vector<std::string> &keys, const std::string &folder);
    void copyTo(const std::vector<std::string> &keys, const std::string &folder);
    /// A new text object.
    void create(const std::string &folder);
    void put(const std::string &key, const std::string &bytes, const std::string &http, const std::string &custom, data::r2::ObjectEditor::Existing existing);
    void describe(const std::string &key, const std::string &http, const std::string &custom);
    /// What is dragged out of the window: files that are written once they are dropped. nullptr, and a word to the user: it is too much for that.
    QMimeData *dragged(const std::vector<data::r2::FolderRow> &rows, const std::string &folder);

Q_SIGNALS:
    /// Something is done; what there is may be another now. `key`: what to show, or empty.
    void changed(const std::string &key);
    void told(const QString &sentence);
    void failed(const QString &sentence);
    /// The upload left what was there: `replace` does it again over them.
    void kept(const QString &sentence, const std::function<void()> &replace);

private:
    using Existing = data::r2::ObjectEditor::Existing;
    template <typename Result, typename Work, typename Done>
    void run(const QString &title, ProgressStrip::Unit unit, Work work, Done done);
    void upload(const std::vector<std::filesystem::path> &sources, const std::string &folder, Existing existing);
    enum class Transfer { Move, Copy };
    void transfer(Transfer how, const std::vector<std::pair<std::string, std::string>> &fromTo, Existing existing);
    void askWhere(Transfer how, const std::vector<std::string> &keys, const std::string &folder);

    const session::DataResource m_resource;
    ProgressStrip &m_strip;
    QWidget *const m_view;
    std::vector<std::unique_ptr<QTemporaryDir>> m_copies; ///< kept while other programs may still read from them
};

} // namespace cleat::ui
